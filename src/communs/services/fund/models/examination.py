"""Examination: who examines which file, and what each thinks of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Owned
from communs.core.kit.privacy import Fate
from communs.services.fund.enums import Opinion, Way
from communs.services.fund.models.applications import Application
from communs.services.fund.models.calls import Criterion, Phase

_PERSON: dict[str, Any] = {"on_delete": models.CASCADE, "related_name": "+"}


class Review(Owned):
    """A file given to a reviewer in a phase, and their opinion once it is sent."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="reviews")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, **_PERSON)
    way = models.CharField(max_length=10, choices=Way, default=Way.HAND)
    assigned_at = models.DateTimeField()
    opinion = models.CharField(max_length=14, choices=Opinion, blank=True)
    comment = models.TextField(blank=True)
    abstained = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        """What a reviewer wrote."""

        personal = ("person", "comment")
        what = _("Opinions on files of the fund: the account, its scores, its words")
        purpose = _("To decide on a grant, and to prove how")
        keep_days = 1461  # four years, as long as a public debt may be claimed
        kept_from = "assigned_at"
        whose: ClassVar[dict[str, Any]] = {"person": Fate.ERASE}

    class Meta(Owned.Meta):
        ordering = ["application", "phase", "id"]
        constraints = [
            UniqueConstraint(
                fields=["community", "application", "phase", "person"],
                name="fund_one_review_a_phase",
            ),
            CheckConstraint(
                condition=Q(opinion="") | Q(opinion__in=Opinion.values), name="fund_opinion_known"
            ),
            CheckConstraint(
                condition=Q(sent_at=None) | Q(abstained=True) | ~Q(opinion=""),
                name="fund_a_review_sent_says_something",
            ),
            CheckConstraint(condition=Q(way__in=Way.values), name="fund_way_known"),
        ]
        indexes = [Index(fields=["community", "person", "sent_at"], name="fund_reviews_of")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.person_id}"


class Score(Owned):
    """What a reviewer gives for a criterion, in halves, from 0 to its scale."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=4, decimal_places=1)

    class Privacy:
        """A score is its review’s."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["review", "criterion"]
        constraints = [
            UniqueConstraint(fields=["community", "review", "criterion"], name="fund_one_score"),
            CheckConstraint(condition=Q(value__gte=0), name="fund_score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id} {self.value}"


class Agreed(Owned):
    """What the reviewers together give for a criterion, after each gave their own."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="agreed")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=4, decimal_places=1)
    at = models.DateTimeField()

    class Privacy:
        """A score given together is nobody’s."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["application", "criterion"]
        constraints = [
            UniqueConstraint(
                fields=["community", "application", "criterion"], name="fund_one_agreed_score"
            ),
            CheckConstraint(condition=Q(value__gte=0), name="fund_agreed_score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id} {self.value}"
