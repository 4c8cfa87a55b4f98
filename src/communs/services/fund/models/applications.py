"""Applications: who asks together for what, how it is paid for, and each step that it took."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import (
    CheckConstraint,
    Exists,
    Index,
    OuterRef,
    Q,
    QuerySet,
    UniqueConstraint,
)
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Owned, OwnedManager, OwnedQuerySet
from communs.core.files.models import StoredFile
from communs.core.forms.models import Answers
from communs.core.kit.privacy import Fate
from communs.services.fund.enums import Funder, PartnerRole, Stage
from communs.services.fund.models.calls import Call, Site
from communs.services.fund.models.people import Organisation
from communs.services.fund.models.standing import Standing, standing_of

_MONEY: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}


def _partners(organisations: frozenset[UUID]) -> QuerySet[Partner]:
    """Give the partners, among these organisations, of the file at hand."""
    return Partner.objects.filter(
        application=OuterRef("pk"), organisation__in=organisations, left_at=None
    )


class ApplicationQuerySet(OwnedQuerySet):
    """Files, by who may read them."""

    def readable_by(self, person: Any, *, on: date) -> Self:
        """Keep what a person may read that day; the only way to lists and look-ups of files.

        A file is read by who writes for one of its partners; from its first filing on, by who
        examines files; once it is eligible, by who was given it and by who sits. While it is
        judged, whom it concerns is kept away, even as an applicant. Nobody else learns that it
        exists.
        """
        standing = standing_of(person, on=on)
        readable = Q(Exists(_partners(standing.writes))) if standing.writes else Q(pk__in=[])
        if standing.reads_files:
            readable |= Q(submitted_at__isnull=False)
        if standing.sits:
            readable |= Q(stage__in=Stage.after_eligible())
        if standing.pays:
            readable |= Q(stage=Stage.AWARDED)
        if standing.reviews:
            reviews: Any = self.model._meta.get_field("reviews").related_model
            given = reviews.objects.filter(application=OuterRef("pk"), person=person)
            readable |= Q(Exists(given), stage__in=Stage.after_eligible())
        return self.filter(readable).exclude(self._kept_away(standing))

    def countable_by(self, person: Any, *, on: date) -> Self:
        """Leave out what somebody with a task here may not even count."""
        return self.exclude(self._kept_away(standing_of(person, on=on)))

    def _kept_away(self, standing: Standing) -> Q:
        """Give the condition under which a file does not exist for somebody with a task here."""
        away = Q(pk__in=standing.shunned) if standing.shunned else Q(pk__in=[])
        if standing.concerned:
            judged = Q(Exists(_partners(standing.concerned)))
            if standing.writes & standing.concerned:
                judged &= Q(stage__in=Stage.judged())
            away |= judged
        return away


class ApplicationManager(OwnedManager.from_queryset(ApplicationQuerySet)):  # type: ignore[misc]
    """Files of the community in force."""


class Application(Owned):
    """A file of the fund; organisations ask, several of their agents write.

    `stage` moves by `engine/stages.py` alone; each move is a `Step`. `requested` is in euros, in
    the base that the call's rules say; None as long as nobody wrote it. `answers` are None once
    the form's own time to keep them is over. `score` is the mean of opinions out of 100; it and
    their numbers are written when an opinion is.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    number = models.SlugField(max_length=20, db_index=False)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=256, blank=True)
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.DRAFT)
    stage_since = models.DateTimeField()
    challenges = models.JSONField(default=list)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")
    answers = models.ForeignKey(Answers, models.SET_NULL, null=True, related_name="+")
    requested = models.DecimalField(**_MONEY, null=True, blank=True)
    begun_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    complete_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    early_start = models.BooleanField(null=True, blank=True)
    early_start_on = models.DateField(null=True, blank=True)
    early_start_reason = models.CharField(max_length=300, blank=True)
    instructor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    opinions_asked = models.PositiveSmallIntegerField(default=0)
    opinions_sent = models.PositiveSmallIntegerField(default=0)
    words = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = ApplicationManager()

    class Privacy:
        """What a public body asks; the account that examines it."""

        personal = ("instructor",)
        what = _("Files of the fund: the account of who examines them")
        purpose = _("To know who answers for a file")
        keep_days = None
        whose: ClassVar[dict[str, Any]] = {"instructor": Fate.UNLINK}

    class Meta(Owned.Meta):
        ordering = ["-number"]
        constraints = [
            UniqueConstraint(fields=["community", "number"], name="fund_one_application_a_number"),
            UniqueConstraint(fields=["community", "answers"], name="fund_one_application_a_form"),
            CheckConstraint(condition=Q(stage__in=Stage.values), name="fund_stage_known"),
            CheckConstraint(
                condition=Q(requested__isnull=True) | Q(requested__gt=0),
                name="fund_request_unknown_or_some",
            ),
            CheckConstraint(
                condition=Q(stage__in=Stage.unsent()) | Q(submitted_at__isnull=False),
                name="fund_submitted_says_when",
            ),
            CheckConstraint(
                condition=Q(stage__in=Stage.before_complete()) | Q(complete_at__isnull=False),
                name="fund_examined_once_complete",
            ),
        ]
        indexes = [
            Index(fields=["community", "call", "stage", "-number"], name="fund_files_of_call"),
            Index(fields=["community", "stage", "stage_since"], name="fund_files_waiting"),
            Index(
                fields=["community", "-stage_since", "-number"],
                condition=Q(submitted_at__isnull=False),
                name="fund_files_sent",
            ),
            Index(fields=["community", "instructor", "stage"], name="fund_files_of_instructor"),
        ]

    def __str__(self) -> str:
        return self.number


class Partner(Owned):
    """An organisation of an application: its part, its share of the cost, its dated agreement.

    `share` is a percentage of the request, None where it bears no cost. What was signed off is
    signed again when a share changes: `signed_at` is emptied then.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=PartnerRole)
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    mandate = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    invited_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    left_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        """Who signed for an organisation."""

        personal = ("signed_by",)
        what = _("Partners of a file: the account that signed for its organisation")
        purpose = _("To prove that each partner agreed")
        keep_days = None
        whose: ClassVar[dict[str, Any]] = {"signed_by": Fate.UNLINK}

    class Meta(Owned.Meta):
        ordering = ["application", "id"]
        constraints = [
            UniqueConstraint(
                fields=["community", "application", "organisation"],
                name="fund_one_partner_an_organisation",
            ),
            UniqueConstraint(
                fields=["community", "application"],
                condition=Q(role=PartnerRole.LEAD, left_at=None),
                name="fund_one_lead_an_application",
            ),
            CheckConstraint(condition=Q(role__in=PartnerRole.values), name="fund_role_known"),
            CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=Decimal(100)),
                name="fund_share_is_a_part",
            ),
        ]
        indexes = [Index(fields=["community", "organisation"], name="fund_files_of_organisation")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.organisation_id}"


class Expense(Owned):
    """A line of what the project costs, in euros before tax and with tax; None is not known."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="expenses")
    position = models.PositiveSmallIntegerField()
    type = models.SlugField(max_length=40, db_index=False)
    label = models.CharField(max_length=160)
    before_tax = models.DecimalField(**_MONEY, null=True, blank=True)
    with_tax = models.DecimalField(**_MONEY, null=True, blank=True)

    class Privacy:
        """Costs name nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["application", "position"]
        constraints = [
            UniqueConstraint(
                fields=["community", "application", "position"], name="fund_one_expense_a_place"
            ),
            CheckConstraint(
                condition=Q(before_tax__gt=0) | Q(with_tax__gt=0), name="fund_expense_costs"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Resource(Owned):
    """A line of what pays for the project besides the grant, in euros."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="resources")
    position = models.PositiveSmallIntegerField()
    funder = models.CharField(max_length=10, choices=Funder)
    label = models.CharField(max_length=160)
    amount = models.DecimalField(**_MONEY)
    secured = models.BooleanField(default=False)

    class Privacy:
        """Funders are organisations."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["application", "position"]
        constraints = [
            UniqueConstraint(
                fields=["community", "application", "position"], name="fund_one_resource_a_place"
            ),
            CheckConstraint(condition=Q(amount__gt=0), name="fund_resource_brings_money"),
            CheckConstraint(condition=Q(funder__in=Funder.values), name="fund_funder_known"),
        ]

    def __str__(self) -> str:
        return self.label


class Step(Owned):
    """A move of an application from a stage to another: when, by whom, why."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="steps")
    before = models.CharField(max_length=16, choices=Stage, blank=True)
    after = models.CharField(max_length=16, choices=Stage)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    reason = models.TextField(blank=True)

    class Privacy:
        """Which account moved a file."""

        personal = ("by",)
        what = _("Steps of a file: the key of the account that took each")
        purpose = _("To prove how a public decision was reached")
        keep_days = None
        whose: ClassVar[dict[str, Any]] = {"by": Fate.UNLINK}

    class Meta(Owned.Meta):
        ordering = ["application", "id"]
        indexes = [Index(fields=["community", "application", "at"], name="fund_steps_of_file")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.after}"


class Missing(Owned):
    """Something that an application lacks: asked for, then answered, then accepted or not."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="missing")
    field = models.CharField(max_length=120, blank=True)
    what = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        """What is missing names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["application", "id"]
        constraints = [CheckConstraint(condition=~Q(what=""), name="fund_missing_says_what")]
        indexes = [Index(fields=["community", "application"], name="fund_missing_of_file")]

    def __str__(self) -> str:
        return self.what
