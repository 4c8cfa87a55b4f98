"""Reads of the register, for its pages, its API and its files alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from communs.core.communities.models import Community
from communs.core.communities.queries import territory_names
from communs.core.kit.text import nearest, words
from communs.core.registry import queries as registry
from communs.core.registry.service import Finding, Service, noop
from communs.core.search.documents import Searchable
from communs.services.fund.enums import Progress
from communs.services.fund.models import Fact, Grant, GrantQuerySet, Round

_LISTED = (
    "reference",
    "title",
    "amount",
    "theme",
    "row",
    "awarded_on",
    "number",
    "beneficiary__slug",
    "beneficiary__name",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked of the register; None is no condition."""

    q: str | None = None
    theme: str | None = None
    challenge: str | None = None
    territory: str | None = None
    year: int | None = None


@dataclass(slots=True)
class Counted:
    """How many grants each choice would leave, and how many there are."""

    total: int = 0
    themes: dict[str, int] = field(default_factory=dict)
    challenges: dict[str, int] = field(default_factory=dict)
    territories: dict[str, int] = field(default_factory=dict)
    territory_names: dict[str, str] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)
    understood: str | None = None

    def add(self, facet: str, value: str, number: int, names: dict[str, tuple[str, str]]) -> None:
        """Count one choice of a facet."""
        if facet == "day":
            year = int(value[:4])
            self.years[year] = self.years.get(year, 0) + number
        elif facet == "territory":
            slug, name = names[value.replace("-", "")]
            self.territory_names[slug] = name
            self.territories[slug] = number
        else:
            {"theme": self.themes, "challenge": self.challenges}[facet][value] = number


@dataclass(frozen=True, slots=True)
class Answer:
    """The service that answers to a grant's row, and how far it is."""

    progress: Progress
    service: Service | None = None

    @property
    def label(self) -> str:
        return str(self.progress.label)


def grants(asked: Asked) -> GrantQuerySet:
    """Give the grants asked for, in the register's order, with what a list shows."""
    return asked_for(asked).select_related("beneficiary", "territory")


def listed(asked: Asked) -> GrantQuerySet:
    """Give the grants asked for with only what a row of a list shows."""
    return asked_for(asked).select_related("beneficiary").only(*_LISTED)


def count(asked: Asked) -> int:
    """Give how many grants were asked for."""
    return asked_for(asked).count()


def corrected(asked: Asked) -> Asked:
    """Give the same question with misspelt words replaced by the nearest that the register has."""
    vocabulary = {
        word for text in Grant.objects.values_list("words", flat=True) for word in text.split()
    }
    told = [_meant(word, vocabulary) for word in words(asked.q or "")]
    return replace(asked, q=" ".join(told))


def counts(asked: Asked) -> Counted:
    """Give the total and each filter's counts, in one query; its own choices stay open."""
    parts = [
        _tally("theme", F("theme"), replace(asked, theme=None)),
        _tally("challenge", F("challenge"), replace(asked, challenge=None)),
        _tally("territory", Cast("territory_id", CharField()), replace(asked, territory=None)),
        _tally("day", Cast("awarded_on", CharField()), replace(asked, year=None)),
    ]
    found = Counted()
    names = territory_names()
    for facet, value, number in parts[0].union(*parts[1:], all=True):
        if value is not None:
            found.add(facet, value, number, names)
    found.total = found.years.get(asked.year, 0) if asked.year else sum(found.years.values())
    return found


def territory_name(slug: str) -> str | None:
    """Give the name of a territory, or None if there is none of this slug."""
    return dict(territory_names().values()).get(slug)


def grant(reference: str) -> Grant | None:
    """Give one grant with its round and its facts."""
    rows = Grant.objects.select_related("beneficiary", "territory", "round__programme")
    return (
        rows.prefetch_related(Prefetch("facts", shown_facts())).filter(reference=reference).first()
    )


def shown_facts() -> QuerySet[Fact]:
    """Give what is known of experiments, in the order of time, but for what was withdrawn."""
    return Fact.objects.filter(withdrawn=False).order_by("when", "code")


def fact(reference: str, code: str) -> Fact | None:
    """Give one fact of a grant with its grant, unless it was withdrawn."""
    found = shown_facts().filter(grant__reference=reference, code=code)
    return found.select_related("grant__beneficiary", "grant__round__programme").first()


def awarded_by(on: date) -> GrantQuerySet:
    """Give the grants awarded that day or before."""
    return Grant.objects.filter(awarded_on__lte=on)


def published_amount(on: date) -> Decimal | None:
    """Give the sum of the amounts published for awards up to that day; None if none was."""
    return awarded_by(on).aggregate(total=Sum("amount"))["total"]


def last_correction(on: date) -> date | None:
    """Give the day, not after this one, when something known was last added or corrected."""
    moments = Fact.objects.filter(corrected_at__date__lte=on).order_by("-corrected_at")
    last = moments.values_list("corrected_at", flat=True).first()
    return last.astimezone(timezone.get_current_timezone()).date() if last else None


def rounds() -> QuerySet[Round]:
    """Give every round, newest first, with `grant_count` and `published_sum` (None if none is)."""
    held = Grant.objects.filter(round=OuterRef("pk")).order_by().values("round")
    return Round.objects.select_related("programme").annotate(
        grant_count=Coalesce(Subquery(held.annotate(n=Count("*")).values("n")), 0),
        published_sum=Subquery(held.annotate(n=Sum("amount")).values("n")),
    )


def latest_round() -> Round | None:
    """Give the latest round, those of example calls left out: what is made up opens no home."""
    made_up = Grant.objects.filter(round=OuterRef("pk"), application__call__example=True)
    return rounds().exclude(Exists(made_up)).first()


def latest_day() -> date | None:
    """Give the day of the latest awards, as `latest_round` has it."""
    award = latest_round()
    return award.awarded_on if award else None


def round_of(day: date) -> Round | None:
    """Give the round of a day."""
    return rounds().filter(awarded_on=day).first()


def grants_of(beneficiary: Community) -> GrantQuerySet:
    """Give a beneficiary's grants."""
    return Grant.objects.of(beneficiary).select_related("beneficiary").only(*_LISTED)


def by_beneficiary() -> dict[str, int]:
    """Give, by the beneficiary's slug, how many grants it holds."""
    rows = Grant.objects.order_by().values_list("beneficiary__slug").annotate(n=Count("*"))
    return dict(rows)


def beneficiaries() -> QuerySet[Community]:
    """Give every beneficiary, by name."""
    held = Grant.objects.order_by().values("beneficiary")
    return Community.objects.filter(pk__in=held).order_by("slug")


def answers(found: Sequence[Grant]) -> dict[Any, Answer]:
    """Give, by each grant's key, which service answers to it and how far; one query at most."""
    answered = any(row.row and registry.answering(row.row) for row in found)
    on = registry.activations_on() if answered else set()
    return {row.pk: _answer(row, on) for row in found}


def grant_documents(round_key: Any = None) -> Iterator[Searchable]:
    """Give what the site's search finds of grants: every one, or those of one round."""
    rows = Grant.objects.filter(round=round_key) if round_key else Grant.objects.all()
    rows = rows.select_related("beneficiary", "territory").order_by("pk")
    for grant in rows.prefetch_related(Prefetch("facts", shown_facts())).iterator(chunk_size=500):
        yield searchable(grant)


def findings() -> Sequence[Finding]:
    """Tell what is not well with the register."""
    unclassified = Grant.objects.filter(Q(theme__isnull=True) | Q(challenge__isnull=True)).count()
    if unclassified:
        return (Finding("warning", _("Some grants have no theme or no challenge.")),)
    return ()


def searchable(grant: Grant) -> Searchable:
    """Give what the site's search finds of a grant."""
    parts = [
        grant.beneficiary.name,
        grant.territory.name if grant.territory else "",
        grant.beneficiary_as_published,
        grant.reference,
        *_labels(grant, "fr"),
        *(fact.text_fr for fact in grant.facts.all()),
        *_labels(grant, "en"),  # found by them too; last, as readers are shown what comes first
    ]
    return Searchable(
        subject=grant,
        kind=noop("Grant"),
        title=grant.title,
        text=" · ".join(dict.fromkeys(part for part in parts if part)),
        route="fund:grant",
        args=(grant.reference,),
        on=grant.awarded_on,
    )


def _labels(grant: Grant, language: str) -> list[str]:
    """Give the names of the theme and the challenge in a language."""
    with translation.override(language):
        theme, challenge = grant.get_theme_display(), grant.get_challenge_display()
        return [str(label) for label in (theme, challenge) if label]


def asked_for(asked: Asked) -> GrantQuerySet:
    """Give the grants asked for, bare."""
    rows = Grant.objects.all()
    for word in words(asked.q or ""):
        rows = rows.filter(words__contains=word)
    if asked.theme:
        rows = rows.filter(theme=asked.theme)
    if asked.challenge:
        rows = rows.filter(challenge=asked.challenge)
    if asked.territory:
        rows = rows.filter(territory__slug=asked.territory)
    return rows.awarded_in(asked.year) if asked.year else rows


def _tally(facet: str, value: Any, asked: Asked) -> Any:
    rows = asked_for(asked).order_by().annotate(facet=Value(facet, CharField()), value=value)
    return rows.values("facet", "value").annotate(n=Count("*")).values_list("facet", "value", "n")


def _meant(word: str, vocabulary: set[str]) -> str:
    if any(word in known for known in vocabulary):
        return word
    return next(iter(nearest(word, vocabulary, limit=1)), word)


def _answer(row: Grant, on: set[tuple[str, str]]) -> Answer:
    service = registry.answering(row.row) if row.row else None
    if service is None:
        return Answer(Progress.NONE)
    running = (service.key, row.beneficiary.slug) in on
    return Answer(Progress.ON if running else Progress.AVAILABLE, service)
