"""What was measured: one observation an indicator, a community and a day."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from communs.core.communities.owned import Owned
from communs.core.indicators.engine.combining import Daily
from communs.core.indicators.enums import Provenance


class Observation(Owned):
    """The value of an indicator on a day; without a value it was measured and is unknown.

    A day without an observation was not measured.
    """

    indicator = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    day = models.DateField()
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    denominator = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    n = models.PositiveBigIntegerField(null=True, blank=True)
    provenance = models.CharField(max_length=10, choices=Provenance, default=Provenance.MEASURED)
    source = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=100, blank=True)
    demonstration = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Privacy:
        """Figures about a community; those about few people are not published."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["indicator", "day"]
        constraints = [
            UniqueConstraint(
                fields=["community", "indicator", "version", "day"],
                name="indicators_one_observation_a_day",
            ),
            CheckConstraint(
                condition=Q(provenance__in=Provenance.values), name="indicators_provenance_known"
            ),
            CheckConstraint(
                condition=~Q(provenance=Provenance.IMPORTED) | ~Q(source=""),
                name="indicators_import_has_a_source",
            ),
        ]
        indexes = [models.Index(fields=["indicator", "day"], name="indicators_by_day")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.day}"

    def daily(self) -> Daily:
        """Give it as the arithmetic takes it."""
        return Daily(
            self.day,
            self.value,
            self.numerator,
            self.denominator,
            self.n,
            self.version,
            self.provenance,
            self.demonstration,
        )
