"""Which service is on where, set how."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import UniqueConstraint

from communs.core.communities.owned import Owned
from communs.core.kit.remembered import Remembered

# Who runs what, by community and day: see `queries.running`.
activations: Remembered[Any] = Remembered(seconds=5)


class Activation(Owned):
    """A service in a community: on or off, its options, and the bundle it came from.

    `provenance` says by what it was switched on, where that was not somebody here.
    """

    service = models.CharField(max_length=40)
    on = models.BooleanField(default=True)
    options = models.JSONField(default=dict)
    from_bundle = models.CharField(max_length=200, blank=True)
    provenance = models.CharField(max_length=200, blank=True)
    covers_children = models.BooleanField(default=False)

    class Privacy:
        """Settings of a service name nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["service"]
        constraints = [
            UniqueConstraint(fields=["community", "service"], name="one_activation_a_service"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {'on' if self.on else 'off'}"

    def save(self, *args: Any, **options: Any) -> None:
        super().save(*args, **options)
        activations.forget()
