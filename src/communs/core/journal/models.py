"""The journal: what was done, where, when, by whom. It is only ever added to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import History, Owned
from communs.core.journal.enums import Delivery
from communs.core.kit.privacy import Fate


class Event(History):
    """One thing done. It points at nothing, so that no deletion can touch it.

    Soon after it is written it gets its place in its community's chain, and its listeners hear
    of it. The database refuses to change anything else, or to delete it before its time.
    """

    name = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)
    actor = models.UUIDField(null=True)
    subject = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    position = models.BigIntegerField(null=True, editable=False)
    digest = models.CharField(max_length=64, null=True, editable=False)

    fill_once: ClassVar[tuple[str, ...]] = ("position", "digest")

    class Privacy:
        """The actor is a key, which says nothing once the account is gone."""

        personal = ("actor",)
        what = _("Journal: the key of the account that did each thing")
        purpose = _("To know who did what, and to be able to put it right")
        keep_days = 3653
        kept_from = "at"
        whose = {"actor": Fate.KEEP}

    class Meta(Owned.Meta):
        ordering = ["id"]
        constraints = [
            UniqueConstraint(fields=["community", "position"], name="one_event_a_position"),
        ]
        indexes = [
            models.Index(fields=["community", "name"], name="event_by_name"),
            models.Index(fields=["community", "subject"], name="event_by_subject"),
            models.Index(fields=["community"], name="event_to_tell", condition=Q(position=None)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


class Chain(Owned):
    """The end of a community's chain of events, and its last seal: whoever adds holds this row."""

    position = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    class Privacy:
        """Nothing about anybody."""

        personal = ()

    class Meta(Owned.Meta):
        constraints = [UniqueConstraint(fields=["community"], name="one_chain_a_community")]

    def __str__(self) -> str:
        return f"{self.position}"


class Seal(History):
    """A day's end: how far the chain went, and its last digest; stamped by a third party if any."""

    day = models.DateField()
    at = models.DateTimeField()
    position = models.BigIntegerField()
    event_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    stamp = models.BinaryField(null=True)

    fill_once: ClassVar[tuple[str, ...]] = ("stamp",)
    keep_days: ClassVar[int] = 36_525

    class Privacy:
        """Nothing about anybody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["position"]
        constraints = [UniqueConstraint(fields=["community", "day"], name="one_seal_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.position}"


class Undelivered(Owned):
    """A listener that failed on an event: tried again, then given up with its reason."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    listener = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=Delivery, default=Delivery.WAITING)
    attempts = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()
    reason = models.TextField()

    class Privacy:
        """Nothing about anybody: events name accounts by their keys only."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["due_at"]
        constraints = [
            UniqueConstraint(fields=["community", "event", "listener"], name="one_failure_each"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="failure_due", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.listener} {self.state}"
