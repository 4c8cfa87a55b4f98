"""Addresses of carriers that are called when something happens, and each call."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from communs.core.communities.owned import Owned
from communs.services.delivery.enums import CallState
from communs.services.delivery.models.bookings import Carrier

URL_LENGTH = 300


class Hook(Owned):
    """A carrier's own address; its secret is sealed, and shown once."""

    carrier = models.ForeignKey(Carrier, models.CASCADE, related_name="hooks")
    url = models.CharField(max_length=URL_LENGTH)
    secret = models.TextField(editable=False)
    lost = models.PositiveSmallIntegerField(default=0)  # calls given up one after the other
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_for = models.CharField(max_length=200, blank=True)

    class Privacy:
        """A firm’s machine."""

        personal = ()
        secret = ("secret",)

    class Meta(Owned.Meta):
        ordering = ["carrier"]
        constraints = [
            UniqueConstraint(fields=["community", "carrier"], name="delivery_one_hook_a_carrier"),
        ]

    def __str__(self) -> str:
        return self.url


class Call(Owned):
    """One thing told to a carrier's address; its key is the number by which a copy is known."""

    hook = models.ForeignKey(Hook, models.CASCADE, related_name="calls")
    kind = models.CharField(max_length=30)
    about = models.CharField(max_length=80)  # the event and its subject: told once each
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=CallState, default=CallState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        """A bay, a booking of a firm, an hour; nobody’s name."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-at", "-id"]
        constraints = [
            UniqueConstraint(
                fields=["community", "hook", "about"], name="delivery_one_call_a_thing"
            ),
            CheckConstraint(
                condition=Q(state__in=CallState.values), name="delivery_call_state_known"
            ),
        ]
        indexes = [Index(fields=["community", "hook", "-at"], name="delivery_calls_of_hook")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
