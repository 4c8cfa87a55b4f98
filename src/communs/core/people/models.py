"""People: residents, agents, elected members."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communs.core.kit.ids import time_ordered_id
from communs.core.kit.privacy import ACCOUNT, NOBODY, Fate


class PersonManager(BaseUserManager["Person"]):
    """Makes accounts."""

    @transaction.atomic
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Make an account whose address is known to be its person's, with or without password."""
        from allauth.account.models import EmailAddress  # loaded after this module

        person = self.model(email=email.lower(), **fields)
        person.set_password(password)
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").lower())


class Person(AbstractBaseUser):
    """Somebody with an account. What they may do depends on where: see core/access."""

    id = models.UUIDField(primary_key=True, default=time_ordered_id, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Privacy:
        """An account lives as long as its person wishes."""

        personal = ("email", "name", "password", "last_login")
        what = _("Accounts: e-mail address, name, password (unreadable), last sign-in")
        purpose = _("Signing in")
        keep_days = 1096
        kept_from = ACCOUNT
        whose = {"pk": Fate.ERASE}
        secret = ("password",)

    class Meta:
        ordering = ["email"]

    def __str__(self) -> str:
        return self.name or self.email


class FailedSignIns(models.Model):
    """Wrong passwords in a row for one address, whether it has an account or not."""

    account = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveSmallIntegerField()
    last = models.DateTimeField()

    class Privacy:
        """The address is kept as a fingerprint, which the installation's key alone can make."""

        personal = ("account",)
        whose = NOBODY  # forgotten with the account, by its address
        what = _("Wrong passwords: a fingerprint of the address, how many, when last")
        purpose = _("To stop those who try passwords one after the other")
        keep_days = 1

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(count__lte=5), name="failures_at_most_five")
        ]

    def __str__(self) -> str:
        return f"{self.account[:8]} {self.count}"
