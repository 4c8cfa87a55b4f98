"""Observations that a client of SensorThings sends: taken in as those of any network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from communs.core.kit.errors import Refused
from communs.core.sensing.engine.decoding.limits import MOST_READINGS
from communs.core.sensing.engine.decoding.parts import instant_of, told_value_of
from communs.core.sensing.engine.readings import Malformed, Reading
from communs.core.sensing.enums import Outcome
from communs.core.sensing.intake import take
from communs.core.sensing.models import Observation, Source, Thing
from communs.core.sensing.standards.observations import key_of

_NUMBER = re.compile(r"[0-9]{1,9}")
_COMPONENTS = ("phenomenonTime", "resultTime", "result")


@dataclass(frozen=True, slots=True)
class Sent:
    """One observation: of which thing, and its reading."""

    thing: Thing
    reading: Reading

    @property
    def key(self) -> str:
        return key_of(self.thing.number, self.reading.at, self.reading.sequence)


def streams_of(source: Source, keys: Iterable[Any]) -> dict[str, Thing]:
    """Give a source’s things by the keys of their series."""
    numbers = {int(key) for key in map(str, keys) if _NUMBER.fullmatch(key)}
    rows = Thing.objects.filter(source=source, number__in=numbers, withdrawn_at=None)
    return {str(thing.number): thing for thing in rows}


def bring_one(source: Source, key: str, given: Mapping[str, Any], *, at: int) -> str:
    """Take one observation of a series in; give its key. Sent again, it is the same one."""
    thing = streams_of(source, [key]).get(key)
    if thing is None:
        raise Refused("No Datastream of yours has this identifier.", field="Datastream")
    sent = _read(thing, given, at)
    if isinstance(sent, Malformed):
        raise Refused(f"This observation is refused: {sent}.", field=sent.field)
    taken = take(source=source, readings=[sent.reading], at=at, by=None)
    if taken.refused:
        raise Refused(f"This observation is refused: {_reason(taken.counts)}.", field="result")
    return sent.key


def bring_arrays(source: Source, given: Any, *, at: int) -> list[str | None]:
    """Take the arrays of `CreateObservations` in; give the key of each, None where refused."""
    groups = [_group(one) for one in given] if isinstance(given, list) else [_group(None)]
    things = streams_of(source, [key for key, _names, _rows in groups])
    told = [_row(things.get(key), names, row, at) for key, names, rows in groups for row in rows]
    if len(told) > MOST_READINGS:
        raise Refused(f"More than {MOST_READINGS} observations at once.", field="dataArray")
    fine = [sent for sent in told if isinstance(sent, Sent)]
    readings = [sent.reading if isinstance(sent, Sent) else sent for sent in told]
    take(source=source, readings=readings, at=at, by=None)
    kept = _kept(fine)
    return [sent.key if isinstance(sent, Sent) and sent.key in kept else None for sent in told]


def _group(one: Any) -> tuple[str, list[Any], list[Any]]:
    if isinstance(one, Mapping) and isinstance(one.get("Datastream"), Mapping):
        names, rows = one.get("components"), one.get("dataArray")
        if isinstance(names, list) and isinstance(rows, list):
            return str(one["Datastream"].get("@iot.id")), names, rows
    raise Refused("Give a list of Datastream, components and dataArray.", field="body")


def _row(thing: Thing | None, names: list[Any], row: Any, at: int) -> Sent | Malformed:
    if thing is None:
        return Malformed("unknown_thing", "Datastream")
    if not isinstance(row, list) or len(row) != len(names):
        return Malformed("unknown_shape", "dataArray")
    pairs = zip(names, row, strict=True)
    return _read(thing, {name: value for name, value in pairs if name in _COMPONENTS}, at)


def _read(thing: Thing, given: Mapping[str, Any], at: int) -> Sent | Malformed:
    """Read an observation; over an interval it is of its end, when it was known."""
    try:
        value = told_value_of(given.get("result"), "result")
        time = given.get("phenomenonTime") or given.get("resultTime")
        end = time.rpartition("/")[2] if isinstance(time, str) else time
        moment = at if end is None else instant_of(end, "phenomenonTime")
    except Malformed as error:
        return error.with_traceback(None)
    return Sent(thing, Reading(thing.code, thing.property, moment, 0, value))


def _kept(sent: list[Sent]) -> set[str]:
    """Give which are among the observations now."""
    rows = Observation.objects.filter(
        thing__in={one.thing.number for one in sent}, at__in={one.reading.at for one in sent}
    )
    names = ("thing", "at", "sequence")
    return {key_of(*row) for row in rows.order_by().values_list(*names)}


def _reason(counts: Mapping[Outcome, int]) -> str:
    fine = (Outcome.KEPT, Outcome.DOUBLED, Outcome.LATE)
    return next(outcome.value for outcome, count in counts.items() if count and outcome not in fine)
