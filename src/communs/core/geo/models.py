"""Where things are, for who asks what is near."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from communs.core.communities.owned import Owned

FINE = 10_000_000  # of a degree: a centimetre, and whole numbers of 32 bits hold 214 degrees


class Spot(Owned):
    """Where one subject of a layer is, to a centimetre; the subject is whoever keeps the layer’s.

    `shelf` is a number made from the community and the layer: an index has numbers alone. Two
    layers may share one, so that it decides nothing.
    """

    layer = models.CharField(max_length=40)
    subject = models.UUIDField()
    lat = models.FloatField()
    lon = models.FloatField()
    shelf = models.PositiveIntegerField(editable=False)

    class Privacy:
        """A place on the ground names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["layer", "subject"]
        constraints = [
            UniqueConstraint(fields=["community", "layer", "subject"], name="geo_one_spot"),
            CheckConstraint(
                condition=Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="geo_spot_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.layer} {self.lat:.5f}, {self.lon:.5f}"
