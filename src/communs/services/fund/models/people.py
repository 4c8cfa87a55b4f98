"""Who applies, and who has which task in the fund."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.models import Community
from communs.core.communities.owned import Owned
from communs.core.kit.privacy import Fate
from communs.services.fund.enums import Duty, OrganisationKind


class Organisation(Owned):
    """Who may apply: a commune, a territory, or, where a call asks for solutions, a firm.

    A commune's own agents act for it (their role there says so); a firm's contacts act for it.
    """

    kind = models.CharField(max_length=12, choices=OrganisationKind)
    body = models.ForeignKey(Community, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=160)
    siret = models.CharField(max_length=14, blank=True)

    class Privacy:
        """An organisation is nobody; its contacts stand apart."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["name"]
        constraints = [
            UniqueConstraint(fields=["community", "body"], name="fund_one_organisation_a_body"),
            UniqueConstraint(
                fields=["community", "siret"],
                condition=~Q(siret=""),
                name="fund_one_organisation_a_siret",
            ),
            CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values), name="fund_organisation_kind_known"
            ),
            CheckConstraint(
                condition=Q(body__isnull=False, kind__in=OrganisationKind.bodies())
                | Q(body__isnull=True, kind__in=OrganisationKind.others()),
                name="fund_organisation_is_a_body_or_not",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(Owned):
    """An account that acts for a firm or an association."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Privacy:
        """Who answers for a firm."""

        personal = ("person",)
        what = _("Contacts of firms and associations that apply to the fund: which account")
        purpose = _("To let them apply, and to reach them")
        keep_days = 1096
        kept_from = "until"
        whose: ClassVar[dict[str, Any]] = {"person": Fate.ERASE}

    class Meta(Owned.Meta):
        constraints = [
            UniqueConstraint(
                fields=["community", "organisation", "person"],
                condition=Q(until=None),
                name="fund_one_contact_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.person_id}"


class Appointment(Owned):
    """A task that a person has in the fund, from a day to another: instructor, member, chair…

    `mandate` is the commune or territory in which an elected member holds office, from which
    recusals are computed; `group` is a political group or a body that a member stands for;
    `challenges` are those that a reviewer knows.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    duty = models.CharField(max_length=12, choices=Duty)
    mandate = models.ForeignKey(Community, models.PROTECT, null=True, blank=True, related_name="+")
    group = models.CharField(max_length=120, blank=True)
    votes = models.BooleanField(default=False)
    challenges = models.JSONField(default=list, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Privacy:
        """Whom the metropolis trusts with the fund's files, and three years after."""

        personal = ("person", "mandate", "group")
        what = _("Tasks in the fund: which account, the commune of its mandate, its group")
        purpose = _("To examine applications, and to keep who is concerned away from them")
        keep_days = 1096
        kept_from = "until"
        whose: ClassVar[dict[str, Any]] = {"person": Fate.ERASE}

    class Meta(Owned.Meta):
        ordering = ["duty", "id"]
        constraints = [
            UniqueConstraint(
                fields=["community", "person", "duty"],
                condition=Q(until=None),
                name="fund_one_task_of_a_kind",
            ),
            CheckConstraint(condition=Q(duty__in=Duty.values), name="fund_duty_known"),
            CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="fund_task_ends_after_it_begins",
            ),
        ]
        indexes = [Index(fields=["community", "person"], name="fund_tasks_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.duty}"


class Interest(Owned):
    """What somebody of the fund declared to have in common with an organisation, or with one file.

    From then on, that organisation's files, or that file, do not exist for them.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="interests"
    )
    application = models.ForeignKey(
        "fund.Application", models.CASCADE, null=True, blank=True, related_name="interests"
    )
    words = models.CharField(max_length=300)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Privacy:
        """Ties that somebody declared."""

        personal = ("person", "words")
        what = _("Declared interests: the account, the organisation, in the person’s own words")
        purpose = _("To keep who is concerned away from a file")
        keep_days = 1096
        kept_from = "until"
        whose: ClassVar[dict[str, Any]] = {"person": Fate.ERASE}

    class Meta(Owned.Meta):
        ordering = ["-since", "-id"]
        constraints = [
            CheckConstraint(
                condition=Q(organisation__isnull=False, application=None)
                | Q(organisation=None, application__isnull=False),
                name="fund_an_interest_is_in_one_thing",
            ),
            UniqueConstraint(
                fields=["community", "person", "organisation"],
                condition=Q(until=None, application=None),
                name="fund_one_interest_an_organisation",
            ),
            UniqueConstraint(
                fields=["community", "person", "application"],
                condition=Q(until=None, organisation=None),
                name="fund_one_interest_a_file",
            ),
        ]
        indexes = [Index(fields=["community", "person"], name="fund_interests_of")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.organisation_id or self.application_id}"
