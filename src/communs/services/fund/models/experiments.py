"""Experiments: what a grant tries, how it will be judged, and what happens on the way."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.models import Community
from communs.core.communities.owned import History, Owned
from communs.core.kit.privacy import NOBODY, Basis, Fate
from communs.services.fund.enums import Aim, ExperimentState
from communs.services.fund.models.register import Grant

FIGURE: dict[str, Any] = {"max_digits": 24, "decimal_places": 6}
_STARTED = Q(state__in=ExperimentState.agreed())


class Experiment(Owned):
    """What a grant tries in a commune with a service, under a protocol agreed before the start.

    `agreed_at` is when the protocol was agreed, `protocol_sha256` its digest then.
    """

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="experiments")
    code = models.SlugField(max_length=60, db_index=False)
    title = models.CharField(max_length=160)
    service = models.CharField(max_length=40)
    site = models.ForeignKey(Community, models.PROTECT, related_name="+")
    question = models.CharField(max_length=500)
    state = models.CharField(
        max_length=10, choices=ExperimentState, default=ExperimentState.DESIGNED
    )
    state_since = models.DateTimeField()
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    protocol_sha256 = models.CharField(max_length=64, blank=True)
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    demonstration = models.BooleanField(default=False)

    class Privacy:
        """The adviser's account."""

        personal = ("adviser",)
        what = _("Experiments: the account of who advises each")
        purpose = _("To know whom a commune may ask")
        keep_days = None
        whose: ClassVar[dict[str, Any]] = {"adviser": Fate.UNLINK}

    class Meta(Owned.Meta):
        ordering = ["code"]
        constraints = [
            UniqueConstraint(fields=["community", "code"], name="fund_one_experiment_a_code"),
            UniqueConstraint(fields=["community", "grant"], name="fund_one_experiment_a_grant"),
            CheckConstraint(
                condition=Q(state__in=ExperimentState.values), name="fund_experiment_state_known"
            ),
            CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="fund_experiment_ends_after_it_begins",
            ),
            CheckConstraint(
                condition=~_STARTED
                | (Q(agreed_at__isnull=False, starts_on__isnull=False) & ~Q(protocol_sha256="")),
                name="fund_experiment_agreed_before_it_starts",
            ),
        ]
        indexes = [Index(fields=["community", "state", "code"], name="fund_experiments_by_state")]

    def __str__(self) -> str:
        return self.code


class ProtocolIndicator(Owned):
    """An indicator that judges an experiment: its baseline, its target, what it is set against.

    `control` names an indicator of the same commune where nothing is tried. `target` is a value of
    the indicator in its own unit. `least_days` are the days with a value that each period needs.
    """

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="indicators")
    position = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    control = models.CharField(max_length=60, blank=True)
    aim = models.CharField(max_length=4, choices=Aim)
    baseline_from = models.DateField()
    baseline_until = models.DateField()
    target = models.DecimalField(**FIGURE, null=True, blank=True)
    least_days = models.PositiveSmallIntegerField(default=14)

    class Privacy:
        """A protocol names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["experiment", "position"]
        constraints = [
            UniqueConstraint(
                fields=["community", "experiment", "indicator"], name="fund_one_indicator_judges"
            ),
            CheckConstraint(condition=Q(aim__in=Aim.values), name="fund_aim_known"),
            CheckConstraint(
                condition=Q(baseline_until__gte=F("baseline_from")), name="fund_baseline_in_order"
            ),
            CheckConstraint(
                condition=Q(least_days__gte=3, least_days__lte=366),
                name="fund_some_days_are_needed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.experiment_id} {self.indicator}"


class Comparison(Owned):
    """A commune that an experiment is compared with: the same indicators, nothing tried."""

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="comparisons")
    other = models.ForeignKey(Community, models.PROTECT, related_name="+")

    class Privacy:
        """A commune is nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["experiment", "id"]
        constraints = [
            UniqueConstraint(fields=["community", "experiment", "other"], name="fund_compared_once")
        ]

    def __str__(self) -> str:
        return f"{self.experiment_id} {self.other_id}"


class ProtocolChange(History):
    """A change of the protocol after the start: what was, what is, why; the verdict weighs it."""

    experiment = models.ForeignKey(Experiment, models.PROTECT, related_name="changes")
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Privacy:
        """A protocol names nobody."""

        personal = ()

    class Meta(History.Meta):
        ordering = ["experiment", "at", "id"]
        constraints = [
            CheckConstraint(condition=~Q(reason=""), name="fund_protocol_change_says_why")
        ]

    def __str__(self) -> str:
        return f"{self.experiment_id} {self.at:%Y-%m-%d}"


class Milestone(Owned):
    """Something to be reached by a day."""

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="milestones")
    title = models.CharField(max_length=160)
    due_on = models.DateField()
    reached_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Privacy:
        """A milestone names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["experiment", "due_on", "id"]
        indexes = [Index(fields=["community", "experiment"], name="fund_milestones_of")]

    def __str__(self) -> str:
        return self.title


class Difficulty(Owned):
    """Something that went wrong, what follows, and when it was settled."""

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="difficulties")
    on = models.DateField()
    what = models.CharField(max_length=500)
    consequence = models.CharField(max_length=500, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    solution = models.CharField(max_length=500, blank=True)

    class Privacy:
        """What went wrong names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["experiment", "-on", "-id"]
        constraints = [
            CheckConstraint(
                condition=Q(settled_on=None) | Q(settled_on__gte=F("on")),
                name="fund_difficulty_settled_after",
            )
        ]
        indexes = [Index(fields=["community", "experiment"], name="fund_difficulties_of")]

    def __str__(self) -> str:
        return self.what


class AdviserVisit(Owned):
    """A visit of the adviser: what was seen, what is to be done."""

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="visits")
    on = models.DateField()
    seen = models.CharField(max_length=1000)
    advice = models.CharField(max_length=1000, blank=True)
    by = models.UUIDField(null=True)

    class Privacy:
        """Which account visited."""

        personal = ("by",)
        what = _("Advisers’ visits: the account of who came")
        purpose = _("To know who gave which advice")
        keep_days = None
        whose: ClassVar[dict[str, Any]] = {"by": Fate.UNLINK}

    class Meta(Owned.Meta):
        ordering = ["experiment", "-on", "-id"]
        indexes = [Index(fields=["community", "experiment"], name="fund_visits_of")]

    def __str__(self) -> str:
        return f"{self.experiment_id} {self.on:%Y-%m-%d}"


class Tester(Owned):
    """A resident who agreed to try a service and to say how it goes; they may leave at any time.

    `token_digest` is the SHA-256 of the link by which they answer and leave. `forget_on` is when
    the row goes.
    """

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="testers")
    name = models.CharField(max_length=80)
    contact = models.CharField(max_length=200, blank=True)
    token_digest = models.CharField(max_length=64)
    consented_at = models.DateTimeField()
    consent = models.TextField()
    with_help = models.BooleanField(default=False)
    left_at = models.DateTimeField(null=True, blank=True)
    forget_on = models.DateField()

    class Privacy:
        """First name and contact, given with consent."""

        personal = ("name", "contact")
        what = _("Residents who test: first name and how to reach them")
        purpose = _("To ask them how a service goes")
        basis = Basis.CONSENT
        keep_days = 365
        kept_from = "forget_on"
        whose = NOBODY  # they have no account: their own link lets them leave

    class Meta(Owned.Meta):
        ordering = ["experiment", "consented_at", "id"]
        constraints = [
            UniqueConstraint(fields=["community", "token_digest"], name="fund_one_tester_a_link")
        ]
        indexes = [Index(fields=["community", "experiment"], name="fund_testers_of")]

    def __str__(self) -> str:
        return f"{self.experiment_id} {self.consented_at:%Y-%m-%d}"


class Feedback(Owned):
    """What a tester says: how useful and how easy, from 1 to 5, and in their words.

    It stays, tied to nobody, when its tester leaves or is forgotten. `shown` is whether everybody
    reads the words; None until who runs the experiment has read them.
    """

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="feedback")
    tester = models.ForeignKey(
        Tester, models.SET_NULL, null=True, blank=True, related_name="feedback"
    )
    on = models.DateField()
    useful = models.PositiveSmallIntegerField()
    easy = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=1000, blank=True)
    shown = models.BooleanField(null=True, default=None)

    class Privacy:
        """What a resident writes may tell of them."""

        personal = ("words",)
        what = _("What residents who test say, in their words")
        purpose = _("To judge an experiment with those who tried it")
        basis = Basis.CONSENT
        keep_days = 1096
        kept_from = "on"
        whose = NOBODY  # they have no account: their own link lets them leave

    class Meta(Owned.Meta):
        ordering = ["experiment", "-on", "-id"]
        constraints = [
            CheckConstraint(
                condition=Q(useful__gte=1, useful__lte=5, easy__gte=1, easy__lte=5),
                name="fund_feedback_from_one_to_five",
            ),
            UniqueConstraint(
                fields=["community", "tester", "on"],
                condition=Q(tester__isnull=False),
                name="fund_one_feedback_a_day",
            ),
        ]
        indexes = [Index(fields=["community", "experiment"], name="fund_feedback_of")]

    def __str__(self) -> str:
        return f"{self.experiment_id} {self.on:%Y-%m-%d}"
