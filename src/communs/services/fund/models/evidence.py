"""What an experiment proved, what the master plan learns, and who takes it over."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.models import Community
from communs.core.communities.owned import Guard, Owned
from communs.core.kit.privacy import Fate
from communs.services.fund.enums import (
    Challenge,
    CommonState,
    LessonState,
    ReplicationState,
    Verdict,
)
from communs.services.fund.models.agreements import MONEY
from communs.services.fund.models.committee import Session
from communs.services.fund.models.experiments import Experiment

_DECIDED = Q(decided_at__isnull=False)


class Evaluation(Owned):
    """The series used, frozen with their digest; what was worked out; what somebody decided.

    `frozen` holds every figure that the results come from; `results` one finding an indicator.
    `proposed` follows from the results alone; `verdict` is a person's, with a reason where it
    differs. What was decided changes no more.
    """

    experiment = models.ForeignKey(Experiment, models.PROTECT, related_name="evaluations")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    until = models.DateField()
    frozen = models.JSONField()
    digest = models.CharField(max_length=64)
    results = models.JSONField()
    proposed = models.CharField(max_length=12, choices=Verdict)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    reason = models.TextField(blank=True)
    finding = models.TextField(blank=True)
    recommendation = models.TextField(blank=True)
    final_cost = models.DecimalField(**MONEY, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True)

    guards = (
        Guard(
            "frozen",
            "OLD.digest <> NEW.digest OR OLD.proposed <> NEW.proposed"
            " OR OLD.experiment_id <> NEW.experiment_id"
            " OR (OLD.decided_at IS NOT NULL AND (NEW.decided_at IS NULL"
            " OR OLD.verdict <> NEW.verdict OR OLD.reason <> NEW.reason))",
            ("UPDATE",),
        ),
    )

    class Privacy:
        """Which account decided."""

        personal = ("decided_by",)
        what = _("Evaluations: the account that decided each")
        purpose = _("To know who answers for a verdict")
        keep_days = None
        whose: ClassVar[dict[str, Any]] = {"decided_by": Fate.UNLINK}

    class Meta(Owned.Meta):
        ordering = ["experiment", "-number"]
        constraints = [
            UniqueConstraint(
                fields=["community", "experiment", "number"], name="fund_one_evaluation_a_number"
            ),
            CheckConstraint(
                condition=Q(proposed__in=Verdict.values), name="fund_proposed_verdict_known"
            ),
            CheckConstraint(
                condition=(~_DECIDED & Q(verdict="")) | (_DECIDED & Q(verdict__in=Verdict.values)),
                name="fund_verdict_is_decided",
            ),
            CheckConstraint(
                condition=Q(final_cost=None) | Q(final_cost__gte=0), name="fund_final_cost_unknown"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.experiment_id} {self.number}"


class Workstream(Owned):
    """A piece of work of the master plan, under one of its challenges."""

    challenge = models.CharField(max_length=20, choices=Challenge)
    code = models.SlugField(max_length=40, db_index=False)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    closed_on = models.DateField(null=True, blank=True)

    class Privacy:
        """A piece of work names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["challenge", "position", "code"]
        constraints = [
            UniqueConstraint(fields=["community", "code"], name="fund_one_workstream_a_code"),
            CheckConstraint(
                condition=Q(challenge__in=Challenge.values), name="fund_workstream_challenge_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Lesson(Owned):
    """What an evaluation teaches the master plan, as the steering committee reviewed it."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="lessons")
    challenge = models.CharField(max_length=20, choices=Challenge)
    workstream = models.ForeignKey(
        Workstream, models.PROTECT, null=True, blank=True, related_name="lessons"
    )
    state = models.CharField(max_length=10, choices=LessonState, default=LessonState.PROPOSED)
    finding = models.TextField()
    recommendation = models.TextField(blank=True)
    written_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_in = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=1000, blank=True)
    edition = models.PositiveSmallIntegerField(null=True, blank=True)

    class Privacy:
        """A lesson names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["challenge", "-written_at", "id"]
        constraints = [
            UniqueConstraint(
                fields=["community", "evaluation"], name="fund_one_lesson_an_evaluation"
            ),
            CheckConstraint(
                condition=Q(challenge__in=Challenge.values), name="fund_lesson_challenge_known"
            ),
            CheckConstraint(
                condition=Q(state__in=LessonState.values), name="fund_lesson_state_known"
            ),
            CheckConstraint(
                condition=Q(state=LessonState.PROPOSED) | Q(reviewed_at__isnull=False),
                name="fund_lesson_reviewed_says_when",
            ),
            CheckConstraint(
                condition=~Q(state=LessonState.ACCEPTED) | Q(edition__gte=1),
                name="fund_lesson_accepted_has_an_edition",
            ),
        ]
        indexes = [Index(fields=["community", "state", "challenge"], name="fund_lessons_by_state")]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.challenge}"


class Common(Owned):
    """An evaluated success in the catalogue: the bundle of its commune, with its evidence.

    `digest` is the bundle's own; later versions come by the bundle's lineage.
    """

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="commons")
    code = models.SlugField(max_length=60, db_index=False)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=500, blank=True)
    service = models.CharField(max_length=40)
    bundle = models.UUIDField()
    bundle_version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    licence = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=CommonState, default=CommonState.OFFERED)
    offered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=500, blank=True)

    guards = (
        Guard(
            "confirmed_elsewhere",
            "NEW.state = 'confirmed' AND NOT EXISTS (SELECT 1 FROM fund_replication AS r"
            " WHERE r.common_id = NEW.id AND r.state = 'confirmed')",
        ),
    )

    class Privacy:
        """A common names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-offered_at", "code"]
        constraints = [
            UniqueConstraint(fields=["community", "code"], name="fund_one_common_a_code"),
            UniqueConstraint(
                fields=["community", "evaluation"], name="fund_one_common_an_evaluation"
            ),
            CheckConstraint(
                condition=Q(state__in=CommonState.values), name="fund_common_state_known"
            ),
            CheckConstraint(
                condition=~Q(state=CommonState.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="fund_common_confirmed_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Replication(Owned):
    """A commune that takes a common over: asked, tried, installed, measured, confirmed, undone."""

    common = models.ForeignKey(Common, models.PROTECT, related_name="replications")
    place = models.ForeignKey(Community, models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=12, choices=ReplicationState, default=ReplicationState.REQUESTED
    )
    state_since = models.DateTimeField()
    requested_at = models.DateTimeField()
    message = models.CharField(max_length=1000, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    installed_at = models.DateTimeField(null=True, blank=True)
    measured = models.JSONField(default=list, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)

    class Privacy:
        """A commune is nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["common", "requested_at", "id"]
        constraints = [
            UniqueConstraint(
                fields=["community", "common", "place"],
                condition=~Q(state__in=ReplicationState.over()),
                name="fund_one_replication_a_place",
            ),
            CheckConstraint(
                condition=Q(state__in=ReplicationState.values), name="fund_replication_state_known"
            ),
            CheckConstraint(
                condition=~Q(state__in=ReplicationState.installed())
                | (Q(installed_at__isnull=False) & ~Q(digest="")),
                name="fund_replication_installed_says_what",
            ),
            CheckConstraint(
                condition=~Q(state=ReplicationState.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="fund_replication_confirmed_says_when",
            ),
        ]
        indexes = [
            Index(fields=["community", "place", "state"], name="fund_replications_of_place"),
            Index(fields=["community", "common", "state"], name="fund_replications_of_common"),
        ]

    def __str__(self) -> str:
        return f"{self.common_id} {self.place_id}"
