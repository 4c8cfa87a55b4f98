"""Who answers for personal data here, who agreed to what, who read whose data."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import History, Owned
from communs.core.kit.privacy import ACCOUNT, NOBODY, Basis, Fate
from communs.core.privacy.enums import Way


class Controller(Owned):
    """Who answers for personal data in a community; what was not given is empty, and shown so."""

    address = models.TextField(max_length=500, blank=True)
    representative = models.CharField(max_length=200, blank=True)
    officer = models.CharField(max_length=200, blank=True)
    officer_email = models.EmailField(blank=True)
    officer_phone = models.CharField(max_length=16, blank=True)

    class Privacy:
        """Officials, named so that people can write to them."""

        personal = ("representative", "officer", "officer_email", "officer_phone")
        what = _("Data protection: who answers for it, and the officer’s address and telephone")
        purpose = _("To let people ask about their data")
        basis = Basis.LEGAL_DUTY
        keep_days = None
        whose = NOBODY  # replaced when the office changes hands
        readers = _("Everybody")

    class Meta(Owned.Meta):
        constraints = [UniqueConstraint(fields=["community"], name="one_controller_a_community")]

    def __str__(self) -> str:
        return self.officer or self.representative


class Consent(History):
    """One yes or one no to one question, as it was asked; the latest one counts.

    The person is a key: the proof outlives the account, and then names nobody.
    """

    person = models.UUIDField()
    purpose = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    given = models.BooleanField()
    wording = models.TextField()
    way = models.CharField(max_length=10, choices=Way, default=Way.SITE)
    noted_by = models.UUIDField(null=True)
    at = models.DateTimeField()

    keep_days: ClassVar[int] = 1827

    class Privacy:
        """The law asks who relies on a consent to be able to show it (article 7.1)."""

        personal = ("person", "purpose", "given", "noted_by")
        what = _("Consents: what was asked, in which words, the answer and its day")
        purpose = _("To do only what was agreed to, and to be able to show it")
        basis = Basis.LEGAL_DUTY
        keep_days = 1827
        kept_from = "at"
        whose = {"person": Fate.KEEP, "noted_by": Fate.KEEP}

    class Meta(Owned.Meta):
        ordering = ["-id"]
        indexes = [Index(fields=["community", "person", "purpose"], name="consent_by_person")]
        constraints = [CheckConstraint(condition=Q(way__in=Way.values), name="consent_way_known")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.given}"


class Consultation(Owned):
    """Somebody's data were read by an agent: once a day, reader and kind of page."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reader = models.UUIDField()
    what = models.CharField(max_length=80)
    day = models.DateField()

    class Privacy:
        """The person reads when and why; the community alone reads which agent it was."""

        personal = ("person", "reader")
        what = _("Consultations: whose data an agent has read, on which page, on which day")
        purpose = _("To let people know who reads their data, and to find who should not have")
        basis = Basis.LEGAL_DUTY
        keep_days = 366
        kept_from = "day"
        whose = {"person": Fate.ERASE, "reader": Fate.KEEP}

    class Meta(Owned.Meta):
        ordering = ["-day", "-id"]
        constraints = [
            UniqueConstraint(
                fields=["community", "person", "reader", "what", "day"],
                name="one_consultation_a_day",
            ),
        ]
        indexes = [Index(fields=["community", "day"], name="consultation_by_day")]

    def __str__(self) -> str:
        return f"{self.what} {self.day}"


class Departure(models.Model):
    """An account that nobody used for three years, and the day it goes unless it is used again."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    on = models.DateField()

    class Privacy:
        """Gone with the account, or as soon as somebody signs in."""

        personal = ("person",)
        what = _("Unused accounts: the day on which each goes")
        purpose = _("To warn people before their account is erased")
        keep_days = 1096
        kept_from = ACCOUNT
        whose = {"person": Fate.ERASE}

    def __str__(self) -> str:
        return f"{self.person_id} {self.on}"


class Erasure(models.Model):
    """The key of an account that was erased: a backup put back later loses it again."""

    person = models.UUIDField(primary_key=True)
    at = models.DateTimeField()

    class Privacy:
        """A key that leads to nobody any more."""

        personal = ()

    def __str__(self) -> str:
        return str(self.person)
