"""What is known of sources and things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Max,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from communs.core.sensing.engine.states import AHEAD
from communs.core.sensing.enums import Doubt, Outcome
from communs.core.sensing.models import Source, SpotCheck, State, Stranger, Tally, Thing

TAKEN = (Outcome.KEPT, Outcome.DOUBLED, Outcome.LATE)  # every other end is a refusal


def milliseconds(at: datetime) -> int:
    """Give an instant as observations have it."""
    return round(at.timestamp() * 1000)


def source_named(slug: str) -> Source | None:
    """Give the community's source of that short name, or None."""
    return Source.objects.filter(slug=slug).first()


def known(at: datetime, prefix: str = "") -> Q:
    """Give the condition under which a state may be believed; `prefix` leads to it."""
    now = milliseconds(at)
    spoke = Q(**{f"{prefix}value__isnull": False, f"{prefix}silent_from__gt": now})
    spoke &= Q(**{f"{prefix}heard__lte": now + AHEAD})  # or else our own clock was fast
    moves = Q(**{f"{prefix}stuck_from__isnull": True}) | Q(**{f"{prefix}stuck_from__gt": now})
    return spoke & moves & Q(**{f"{prefix}calm_from__lte": now, f"{prefix}drifting": False})


def doubt(state: State, at: datetime) -> Doubt:
    """Tell why a state is not believed, the gravest reason first; NONE when it is."""
    now = milliseconds(at)
    if state.value is None:
        return Doubt.NEVER
    if state.silent_from <= now or (state.heard or 0) > now + AHEAD:
        return Doubt.SILENT
    if state.drifting:
        return Doubt.DRIFTING
    if state.calm_from > now:
        return Doubt.FLAPPING
    if state.stuck_from is not None and state.stuck_from <= now:
        return Doubt.STUCK
    return Doubt.NONE


def believed(things: Iterable[UUID], *, at: datetime) -> dict[UUID, float]:
    """Give what things say, by their keys; those that are not believed are left out."""
    rows = State.objects.filter(known(at), pk__in=list(things)).order_by()
    return dict(rows.values_list("pk", "value"))


def doubted(at: datetime, prefix: str = "") -> Case:
    """Give the doubt of each state as the database works it out; the same as `doubt`."""
    now = milliseconds(at)
    return Case(
        When(Q(**{f"{prefix}value__isnull": True}), then=Value(Doubt.NEVER)),
        When(Q(**{f"{prefix}silent_from__lte": now}), then=Value(Doubt.SILENT)),
        When(Q(**{f"{prefix}heard__gt": now + AHEAD}), then=Value(Doubt.SILENT)),
        When(Q(**{f"{prefix}drifting": True}), then=Value(Doubt.DRIFTING)),
        When(Q(**{f"{prefix}calm_from__gt": now}), then=Value(Doubt.FLAPPING)),
        When(Q(**{f"{prefix}stuck_from__lte": now}), then=Value(Doubt.STUCK)),
        default=Value(Doubt.NONE),
        output_field=CharField(),
    )


def instant(at: int | None) -> datetime | None:
    """Give milliseconds as a moment; nothing of nothing."""
    return None if at is None else datetime.fromtimestamp(at / 1000, UTC)


@dataclass(frozen=True, slots=True)
class Overview:
    """A source, its sensors in place by what is doubted of them, and its messages."""

    source: Source
    standing: Mapping[Doubt, int]
    latest: datetime | None
    refused: int

    @property
    def in_place(self) -> int:
        """How many sensors there are."""
        return sum(self.standing.values())


def overview(at: datetime, **only: Any) -> list[Overview]:
    """Give every source of the community (or some), with how its sensors are."""
    standing: dict[UUID, dict[Doubt, int]] = defaultdict(dict)
    for key, found, count in _standing(at):
        standing[key][Doubt(found)] = count
    said = {key: (latest, refused) for key, latest, refused in _messages(at)}
    return [
        Overview(
            source,
            {one: standing[source.pk][one] for one in Doubt if one in standing[source.pk]},
            instant(said.get(source.pk, (None, 0))[0]),
            said.get(source.pk, (None, 0))[1] or 0,
        )
        for source in Source.objects.filter(**only)
    ]


def _standing(at: datetime) -> QuerySet[State, Any]:
    rows = State.objects.filter(thing__withdrawn_at=None).order_by()
    rows = rows.annotate(found=doubted(at)).values("thing__source", "found")
    return rows.annotate(count=Count("pk")).values_list("thing__source", "found", "count")


def _messages(at: datetime) -> QuerySet[Tally, Any]:
    refused = Q(day=at.astimezone(UTC).date()) & ~Q(outcome__in=TAKEN)
    rows = Tally.objects.order_by().values("source")
    rows = rows.annotate(last=Max("latest"), refused=Sum("count", filter=refused))
    return rows.values_list("source", "last", "refused")


def source_of(key: UUID) -> Source | None:
    """Give one source, or None when this community has none of that key."""
    return Source.objects.filter(pk=key).first()


def thing_of(key: UUID) -> Thing | None:
    """Give one sensor with its source, or None when this community has none of that key."""
    return Thing.objects.select_related("source").filter(pk=key).first()


def states_of(source: Source, *, withdrawn: bool = False) -> QuerySet[State]:
    """Give the states of a source's sensors, with them: those in place, or those withdrawn."""
    rows = State.objects.filter(thing__source=source, thing__withdrawn_at__isnull=not withdrawn)
    return rows.select_related("thing").order_by("thing__number")


@dataclass(slots=True)
class End:
    """How many readings met the same end in some days, and the latest of them."""

    outcome: Outcome
    count: int = 0
    latest: int = 0
    example: str = ""


def ends_of(source: Source, *, on: date, days: int = 14) -> list[End]:
    """Give what became of a source's readings in so many days, in the order of `Outcome`."""
    found: dict[Outcome, End] = {}
    since = on - timedelta(days=days - 1)
    for row in Tally.objects.filter(source=source, day__gte=since, day__lte=on).order_by("day"):
        end = found.setdefault(Outcome(row.outcome), End(Outcome(row.outcome)))
        end.count += row.count
        end.latest, end.example = row.latest, row.example or end.example
    return [found[outcome] for outcome in Outcome if outcome in found]


def strangers_of(source: Source) -> QuerySet[Stranger]:
    """Give the devices that speak and that nobody has put in place, the latest first."""
    return Stranger.objects.filter(source=source).order_by("-latest", "code")


class Accuracy(NamedTuple):
    """Of how many checks on the spot a source or a sensor was right; `silent` told nothing."""

    agreed: int
    of: int
    silent: int


def accuracy(**of: Any) -> Accuracy:
    """Give how often sensors were right when somebody looked; `thing=` or `thing__source=`."""
    told = Q(said__isnull=False)
    found = SpotCheck.objects.filter(**of).aggregate(
        agreed=Count("pk", filter=told & Q(said=F("seen"))),
        of=Count("pk", filter=told),
        silent=Count("pk", filter=~told),
    )
    return Accuracy(**found)
