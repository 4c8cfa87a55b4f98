"""Sessions of the committee and of the Bureau: who was there, what was proposed and decided."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import History, Owned
from communs.core.kit.privacy import NOBODY, Fate
from communs.services.fund.enums import Opinion, Outcome, Presence, RankingRule, SessionKind
from communs.services.fund.enums import SessionState as State
from communs.services.fund.models.applications import Application
from communs.services.fund.models.calls import Call, Envelope
from communs.services.fund.models.people import Appointment

_MONEY: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}


class Session(Owned):
    """A meeting: planned, open, closed; the Bureau's is sealed with its deliberations.

    `quorum` is the share of those entitled to vote who must be there, in percent.
    """

    kind = models.CharField(max_length=10, choices=SessionKind)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    call = models.ForeignKey(Call, models.PROTECT, null=True, blank=True, related_name="sessions")
    envelope = models.ForeignKey(Envelope, models.PROTECT, null=True, blank=True, related_name="+")
    held_at = models.DateTimeField()
    place = models.CharField(max_length=160, blank=True)
    quorum = models.PositiveSmallIntegerField(default=50)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        """A session names nobody; who was there stands in its attendance."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-held_at", "-id"]
        constraints = [
            CheckConstraint(condition=Q(kind__in=SessionKind.values), name="fund_session_known"),
            CheckConstraint(condition=Q(state__in=State.values), name="fund_session_state_known"),
            CheckConstraint(condition=Q(quorum__lte=100), name="fund_quorum_is_a_share"),
            CheckConstraint(
                condition=Q(state=State.PLANNED) | Q(opened_at__isnull=False),
                name="fund_session_opened_says_when",
            ),
        ]
        indexes = [Index(fields=["community", "kind", "-held_at"], name="fund_sessions_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.held_at:%Y-%m-%d}"


class Attendance(Owned):
    """Whether somebody entitled to vote is there, away, or stood in for by another member.

    Name and group stand here as they were that day: the minutes outlive the task.
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Appointment, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=150)
    group = models.CharField(max_length=120, blank=True)
    presence = models.CharField(max_length=12, choices=Presence)
    proxy = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="stands_for"
    )

    class Privacy:
        """Who sat, as the minutes of a public body say."""

        personal = ("member", "name", "group")
        what = _("Attendance of the committee and the Bureau: names, groups, who stood in for whom")
        purpose = _("To count the quorum, and to write the minutes")
        keep_days = None
        whose: ClassVar[dict[str, Any]] = {"member__person": Fate.KEEP}

    class Meta(Owned.Meta):
        ordering = ["session", "name", "id"]
        constraints = [
            UniqueConstraint(fields=["community", "session", "member"], name="fund_one_attendance"),
            UniqueConstraint(fields=["community", "proxy"], name="fund_one_proxy_a_member"),
            CheckConstraint(condition=Q(presence__in=Presence.values), name="fund_presence_known"),
            CheckConstraint(
                condition=Q(proxy=None) | Q(presence=Presence.REPRESENTED),
                name="fund_a_proxy_stands_in",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.presence}"


class AgendaItem(Owned):
    """A file on a session's agenda; what the committee proposes is told to nobody until the seal.

    `recused` are the members who were kept away, with the ground; they are not counted for it.
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="items")
    application = models.ForeignKey(Application, models.PROTECT, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    opinion = models.CharField(max_length=14, choices=Opinion, blank=True)
    amount = models.DecimalField(**_MONEY, null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    deferred = models.BooleanField(default=False)
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(null=True, blank=True)
    present = models.PositiveSmallIntegerField(null=True, blank=True)
    entitled = models.PositiveSmallIntegerField(null=True, blank=True)
    recused = models.JSONField(default=list, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        """Who was kept away from a file."""

        personal = ("recused",)
        what = _("Agenda of the committee: names of members kept away from a file, and why")
        purpose = _("To prove that nobody decided on what concerned them")
        keep_days = None
        whose = NOBODY  # names as the minutes print them: the act is public

    class Meta(Owned.Meta):
        ordering = ["session", "position"]
        constraints = [
            UniqueConstraint(fields=["community", "session", "application"], name="fund_one_item"),
            CheckConstraint(
                condition=Q(opinion="") | Q(opinion__in=Opinion.values),
                name="fund_item_opinion_known",
            ),
            CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="fund_item_amount"
            ),
            CheckConstraint(
                condition=Q(decided_at=None) | Q(deferred=True) | ~Q(opinion=""),
                name="fund_item_decided_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.application_id}"


class Scenario(Owned):
    """A ranking of a session's files against the envelope; several stand side by side."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="scenarios")
    title = models.CharField(max_length=120)
    rule = models.CharField(max_length=10, choices=RankingRule)
    limit = models.DecimalField(max_digits=14, decimal_places=2)
    retained = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Privacy:
        """A ranking names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["session", "id"]
        constraints = [
            UniqueConstraint(fields=["community", "session", "title"], name="fund_one_scenario"),
            UniqueConstraint(
                fields=["community", "session"],
                condition=Q(retained=True),
                name="fund_one_retained_scenario",
            ),
            CheckConstraint(condition=Q(rule__in=RankingRule.values), name="fund_ranking_known"),
            CheckConstraint(condition=Q(limit__gt=0), name="fund_scenario_has_a_limit"),
        ]

    def __str__(self) -> str:
        return self.title


class ScenarioLine(Owned):
    """A file's place in a scenario, and what it would get; nothing is not kept as 0."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="lines")
    application = models.ForeignKey(Application, models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    amount = models.DecimalField(**_MONEY, null=True, blank=True)

    class Privacy:
        """A place in a ranking names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["scenario", "rank"]
        constraints = [
            UniqueConstraint(
                fields=["community", "scenario", "application"], name="fund_one_line_a_file"
            ),
            CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="fund_line_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.application_id}"


class Deliberation(Owned):
    """An act of the Bureau: its number, its vote, its decisions. Once sealed it changes no more."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="deliberations")
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(null=True, blank=True)

    class Privacy:
        """An act of the Bureau names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["session", "number"]
        constraints = [
            UniqueConstraint(fields=["community", "number"], name="fund_one_deliberation_a_number")
        ]

    def __str__(self) -> str:
        return self.number


class Decision(Owned):
    """What a deliberation decides on a file: an amount awarded, or why not."""

    deliberation = models.ForeignKey(Deliberation, models.CASCADE, related_name="decisions")
    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions")
    position = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    amount = models.DecimalField(**_MONEY, null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)

    class Privacy:
        """A decision is about organisations."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["deliberation", "position"]
        constraints = [
            UniqueConstraint(
                fields=["community", "deliberation", "application"], name="fund_one_decision"
            ),
            CheckConstraint(condition=Q(outcome__in=Outcome.values), name="fund_outcome_known"),
            CheckConstraint(
                condition=Q(outcome=Outcome.AWARDED, amount__gt=0)
                | (~Q(outcome=Outcome.AWARDED) & Q(amount=None) & ~Q(reason="")),
                name="fund_awarded_how_much_or_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deliberation_id} {self.application_id}"


class Seal(History):
    """A deliberation as it was when it was sealed; the database refuses to change or lose it.

    `digest` is the SHA-256 of `content` written as canonical JSON, after the digest before it:
    each seal holds the ones before.
    """

    keep_days: ClassVar[int] = 36_525

    deliberation = models.ForeignKey(Deliberation, models.PROTECT, related_name="seals")
    content = models.JSONField()
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Privacy:
        """A public act."""

        personal = ()

    class Meta(History.Meta):
        ordering = ["at", "id"]
        constraints = [
            UniqueConstraint(fields=["community", "deliberation"], name="fund_sealed_once"),
            UniqueConstraint(fields=["community", "digest"], name="fund_one_seal_a_digest"),
            UniqueConstraint(fields=["community", "previous"], name="fund_seals_in_one_line"),
        ]

    def __str__(self) -> str:
        return self.digest
