"""Reads of the master plan: its workstreams and lessons, and how far grants came by challenge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber
from django.utils.translation import pgettext_lazy

from communs.core.registry import queries as registry
from communs.services.fund.enums import (
    Challenge,
    ExperimentState,
    LessonState,
    ReplicationState,
    Verdict,
)
from communs.services.fund.models import (
    Evaluation,
    Experiment,
    Grant,
    GrantQuerySet,
    Lesson,
    Organisation,
    Partner,
    Replication,
    Session,
    Workstream,
    standing_of,
)
from communs.services.fund.queries.experiments import published

UNCLASSIFIED = "non-classes"
_SHOWN = 3  # lessons of a challenge on the plan's page
_SILENT, _LESSONS = "silent", "lessons"
_TOLD = (
    "challenge",
    "finding",
    "recommendation",
    "edition",
    "reviewed_at",
    "workstream__title",
    "evaluation__experiment__title",
    "evaluation__experiment__site__name",
)
_SHOWN_WITH = ("workstream", "evaluation__experiment__site")
# Every figure behind an evaluation: never for a list.
HEAVY = ("evaluation__frozen", "evaluation__results")
_RELATED = (
    "workstream",
    "reviewed_in",
    "evaluation__experiment__site",
    "evaluation__experiment__grant__beneficiary",
)


class Rung(TextChoices):
    """How far a grant came; each rung is part of the one before. Values stand in addresses."""

    FUNDED = "financees", pgettext_lazy("rung", "funded")
    LIVE = "en-service", pgettext_lazy("rung", "live")
    PROVEN = "prouvees", pgettext_lazy("rung", "proven")
    REPLICATED = "repliquees", pgettext_lazy("rung", "replicated")


@dataclass(slots=True)
class Row:
    """A challenge of the plan: how many grants came how far, its workstreams, its lessons.

    `silent` are the grants of which nothing tells whether they run.
    """

    challenge: Challenge | None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Rung.values, 0))
    silent: int = 0
    workstreams: list[Workstream] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)
    lesson_count: int = 0

    def known(self, rung: str) -> int | None:
        """Give how many grants are there; None where nothing is known of any."""
        unknown = rung != Rung.FUNDED and 0 < self.counts[Rung.FUNDED] == self.silent
        return None if unknown else self.counts[rung]


@dataclass(frozen=True, slots=True)
class Edition:
    """What entered the plan together: its number, its day, its lessons."""

    number: int
    at: datetime
    lessons: Sequence[Lesson]


def rows() -> list[Row]:
    """Give the six challenges, then the grants without one if there are any; four queries."""
    found = {key: Row(Challenge(key)) for key in Challenge.values}
    unclassified = Row(None)
    for rung, challenge, number in _counted():
        row = found.get(challenge, unclassified)
        if rung == _SILENT:
            row.silent = number
        elif rung == _LESSONS:
            row.lesson_count = number
        else:
            row.counts[rung] = number
    for stream in workstreams():
        found[stream.challenge].workstreams.append(stream)
    for lesson in _latest_lessons():
        found[lesson.challenge].lessons.append(lesson)
    rest = [unclassified] if unclassified.counts[Rung.FUNDED] else []
    return [*found.values(), *rest]


def grants_at(challenge: Challenge | None, rung: Rung) -> GrantQuerySet:
    """Give the grants of a challenge that came as far as a rung, in the register's order.

    Each has its experiment, if everybody may read it, with what was decided.
    """
    rows = _climbed(registry.activations_on())[rung].filter(challenge=challenge)
    decided = Prefetch("evaluations", _decided())
    experiments = Experiment.objects.filter(published()).prefetch_related(decided)
    found: GrantQuerySet = rows.select_related("beneficiary").prefetch_related(
        Prefetch("experiments", experiments)
    )
    return found.order_by("-awarded_on", "number", "reference")


def workstreams(*, closed: bool = True) -> QuerySet[Workstream]:
    """Give the workstreams by challenge, in the plan's order."""
    rows = Workstream.objects.all() if closed else Workstream.objects.filter(closed_on=None)
    order = [When(challenge=one, then=place) for place, one in enumerate(Challenge)]
    return rows.order_by(Case(*order, default=len(order)), "position", "code")


def workstream(key: UUID) -> Workstream | None:
    """Give one workstream."""
    return Workstream.objects.filter(pk=key).first()


def accepted(challenge: Challenge) -> QuerySet[Lesson]:
    """Give the lessons of a challenge that are in the plan, the latest first."""
    rows = _accepted().filter(challenge=challenge)
    return rows.order_by("-edition", "-reviewed_at", "pk")


def editions() -> list[Edition]:
    """Give the editions of the plan with what entered in each, the latest first; one query."""
    held: defaultdict[int, list[Lesson]] = defaultdict(list)
    for one in _accepted().order_by("-edition", "challenge", "pk"):
        held[one.edition or 0].append(one)
    return [
        Edition(number, min(filter(None, (one.reviewed_at for one in lessons))), lessons)
        for number, lessons in held.items()
    ]


def last_edition() -> tuple[int, datetime] | None:
    """Give the number and the instant of the latest edition, or None before the first."""
    rows = Lesson.objects.filter(state=LessonState.ACCEPTED)
    found = rows.values("edition").annotate(at=Min("reviewed_at")).order_by("-edition").first()
    return None if found is None else (found["edition"], found["at"])


def edition_for(session: Session | None, on: date) -> int:
    """Give the edition into which a lesson accepted now enters.

    What one session accepts, or one day without a session, makes one edition.
    """
    rows = Lesson.objects.filter(state=LessonState.ACCEPTED)
    same = rows.filter(reviewed_in=session)
    if session is None:
        same = same.filter(reviewed_at__date=on)
    held = same.order_by("-edition").values_list("edition", flat=True).first()
    return held or (rows.aggregate(last=Max("edition"))["last"] or 0) + 1


def lessons_open_to(person: Any, *, on: date) -> QuerySet[Lesson]:
    """Give the lessons that somebody may write or review: none of what concerns them."""
    rows = Lesson.objects.select_related(*_RELATED).defer(*HEAVY)
    return rows.exclude(_concerns(person, on, "evaluation__experiment__")).order_by(
        "challenge", "written_at", "pk"
    )


def lesson(key: UUID, person: Any, *, on: date) -> Lesson | None:
    """Give one such lesson."""
    return lessons_open_to(person, on=on).filter(pk=key).first()


def untold(person: Any, *, on: date) -> QuerySet[Evaluation]:
    """Give the decided evaluations of which no lesson was drawn yet, those of others alone."""
    told = Lesson.objects.filter(evaluation=OuterRef("pk"))
    rows = _decided().filter(~Exists(told))
    rows = rows.exclude(_concerns(person, on, "experiment__"))
    return rows.select_related("experiment__site", "experiment__grant__application").order_by(
        "-decided_at", "pk"
    )


def challenge_of(evaluation: Evaluation) -> str | None:
    """Give the challenge of what was evaluated: the grant's, or the first of its file's."""
    grant = evaluation.experiment.grant
    if grant.challenge or grant.application is None:
        return grant.challenge
    return next(iter(grant.application.challenges), None)


def sessions_of_committee() -> QuerySet[Session]:
    """Give the committee's sessions, the latest first."""
    return Session.objects.filter(kind="committee").order_by("-held_at", "-pk")


def proven_experiments() -> QuerySet[Experiment]:
    """Give the experiments that took place and whose latest decided evaluation is a success."""
    decided = Evaluation.objects.filter(experiment=OuterRef("pk"), decided_at__isnull=False)
    last = decided.order_by("-number").values("verdict")[:1]
    return (
        Experiment.objects.filter(state__in=ExperimentState.agreed())
        .alias(last=Subquery(last))
        .filter(last__in=Verdict.successes())
        .order_by()
    )


def _concerns(person: Any, on: date, path: str) -> Q:
    """Give the condition under which a grant's evidence is kept from somebody with a task here."""
    standing = standing_of(person, on=on)
    away = Q(pk__in=[])
    if standing.shunned:
        away |= Q(**{f"{path}grant__application__in": standing.shunned})
    if standing.concerned:
        theirs = Partner.objects.filter(organisation__in=standing.concerned, left_at=None)
        away |= Q(**{f"{path}grant__application__in": theirs.values("application")})
        away |= Q(**{f"{path}site__in": _bodies(standing.concerned)})
        away |= Q(**{f"{path}grant__beneficiary__in": _bodies(standing.concerned)})
    return away


def _bodies(organisations: Any) -> Any:
    return Organisation.objects.filter(pk__in=organisations, body__isnull=False).values("body")


def _counted() -> Iterator[tuple[str, str, int]]:
    """Give how many grants of each challenge came as far as each rung, then its lessons.

    Two queries.
    """
    on = registry.activations_on()
    climbed = _climbed(on)
    parts = [_tally(rung, climbed[rung]) for rung in Rung.values]
    parts.append(_tally(_SILENT, _silent()))
    parts.append(_tally(_LESSONS, Lesson.objects.filter(state=LessonState.ACCEPTED)))
    yield from parts[0].union(*parts[1:], all=True)


def _climbed(on: set[tuple[str, str]]) -> Mapping[str, GrantQuerySet]:
    funded: GrantQuerySet = Grant.objects.all()
    started = Experiment.objects.filter(state__in=ExperimentState.agreed()).order_by()
    live = funded.filter(Q(pk__in=started.values("grant")) | _running(on))
    proven = funded.filter(pk__in=proven_experiments().values("grant"))
    copies = Replication.objects.filter(state=ReplicationState.CONFIRMED).order_by()
    replicated = proven.filter(pk__in=copies.values("common__evaluation__experiment__grant"))
    return dict(zip(Rung.values, (funded, live, proven, replicated), strict=True))


def _running(on: set[tuple[str, str]]) -> Q:
    """Give the condition under which the service that answers to a grant runs where it should."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for key, slug in on:
        places[key].append(slug)
    found = Q(pk__in=[])
    for service in registry.services():
        if service.rows and places[service.key]:
            found |= Q(row__in=service.rows, beneficiary__slug__in=places[service.key])
    return found


def _silent() -> GrantQuerySet:
    """Give the grants of which nothing here tells whether they run."""
    answered = [row for service in registry.services() for row in service.rows]
    tried = Experiment.objects.order_by().values("grant")
    silent: GrantQuerySet = Grant.objects.exclude(pk__in=tried)
    return silent.filter(Q(row=None) | ~Q(row__in=answered))


def _tally(rung: str, rows: QuerySet[Any]) -> Any:
    named = rows.order_by().annotate(rung=Value(rung, CharField()))
    held = named.values("rung", "challenge").annotate(n=Count("*"))
    return held.values_list("rung", "challenge", "n")


def _latest_lessons() -> QuerySet[Lesson]:
    """Give the latest accepted lessons of each challenge; one query."""
    order = [F("edition").desc(), F("reviewed_at").desc(), F("pk").asc()]
    place = Window(RowNumber(), partition_by=[F("challenge")], order_by=order)
    rows = Lesson.objects.filter(state=LessonState.ACCEPTED).annotate(place=place).order_by()
    latest = rows.filter(place__lte=_SHOWN).values("pk")
    return _accepted().filter(pk__in=latest).order_by("challenge", "-edition", "-reviewed_at", "pk")


def _accepted() -> QuerySet[Lesson]:
    rows = Lesson.objects.filter(state=LessonState.ACCEPTED).select_related(*_SHOWN_WITH)
    return rows.only(*_TOLD)


def _decided() -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(decided_at__isnull=False).defer("frozen", "results")
