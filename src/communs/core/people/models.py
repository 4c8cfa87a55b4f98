"""People: residents, agents, elected members."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communs.core.kit.ids import time_ordered_id


class PersonManager(BaseUserManager["Person"]):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Make an account; without a password nobody can sign in with one."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save()
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

    class Meta:
        ordering = ["email"]

    def __str__(self) -> str:
        return self.name or self.email
