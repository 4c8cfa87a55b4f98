"""The parts of a reading, each refused with its reason when it is not what it should be."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from math import isfinite
from typing import Any, Final

import msgspec

from communs.core.sensing.engine.decoding.limits import (
    CODE,
    LAST_INSTANT,
    LONGEST_CODE,
    LONGEST_PROPERTY,
    MOST_SEQUENCE,
    PROPERTY,
    SECONDS_BELOW,
)
from communs.core.sensing.engine.readings import Malformed

_FULL = 100  # percent
_WORDS: Final = {"occupied": 1.0, "free": 0.0, "true": 1.0, "false": 0.0, "on": 1.0, "off": 0.0}
_LONGEST_WORD = max(map(len, _WORDS))


@lru_cache(maxsize=65_536)
def is_code(text: str) -> bool:
    """Tell whether a text may identify a device; give it no text longer than `LONGEST_CODE`."""
    return CODE.fullmatch(text) is not None


@lru_cache(maxsize=256)
def is_property(text: str) -> bool:
    """Tell whether a text may name a property; give it none longer than `LONGEST_PROPERTY`."""
    return PROPERTY.fullmatch(text) is not None


def code_of(given: Any, field: str) -> str:
    """Give a device's identifier: up to 64 letters, digits and `._:@-`."""
    if given is None or given == "":
        raise Malformed("missing", field)
    if not isinstance(given, str) or len(given) > LONGEST_CODE or not is_code(given):
        raise Malformed("wrong_type", field)
    return given


def property_of(given: Any, field: str) -> str:
    """Give the name of a property: up to 32 small letters, digits, `_` and `-`."""
    if given is None or given == "":
        raise Malformed("missing", field)
    if not isinstance(given, str) or len(given) > LONGEST_PROPERTY or not is_property(given):
        raise Malformed("wrong_type", field)
    return given


def value_of(given: Any, field: str) -> float:
    """Give a number, or a boolean as 1 or 0; a number written as text is refused."""
    if given is None:
        raise Malformed("missing", field)
    if not isinstance(given, (int, float)):
        raise Malformed("wrong_type", field)
    return _finite(given, field)


def told_value_of(given: Any, field: str) -> float:
    """Give a number, a boolean, or a word that stands for one (occupied, free)."""
    if not isinstance(given, str):
        return value_of(given, field)
    word = _WORDS.get(given.lower()) if len(given) <= _LONGEST_WORD else None
    if word is None:
        raise Malformed("wrong_type", field)
    return word


def _finite(given: float, field: str) -> float:
    try:
        value = float(given)
    except OverflowError:
        raise Malformed("wrong_type", field) from None
    if not isfinite(value):
        raise Malformed("wrong_type", field)
    return value


def sequence_of(given: Any, field: str) -> int:
    """Give a device's counter; none is 0, and so is what a message leaves out because it is 0."""
    if given is None:
        return 0
    if type(given) is not int or not 0 <= given <= MOST_SEQUENCE:
        raise Malformed("wrong_type", field)
    return given


def battery_of(given: Any, field: str) -> float | None:
    """Give a percentage; a number that is none (255 is LoRaWAN's “unknown”) says nothing."""
    if given is None:
        return None
    value = value_of(given, field)
    return value if 0 <= value <= _FULL else None


def instant_of(given: Any, field: str) -> int:
    """Give milliseconds since 1970 of an ISO 8601 text with its offset, or of epoch seconds or ms.

    A local time without its offset is refused (`no_time`): it names two instants an hour apart on
    the night summer time ends.
    """
    if isinstance(given, str):
        return _read(given, field)
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise Malformed("missing" if given is None else "wrong_type", field)
    number = max(_finite(given, field), -1.0)  # what is before 1970 is refused, however far
    return _possible(int((number * 1000 if number < SECONDS_BELOW else number) + 0.5), field)


def _read(text: str, field: str) -> int:
    try:
        moment = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        raise Malformed("wrong_type", field) from None
    if moment.tzinfo is None:
        raise Malformed("no_time", field)
    return _possible(int(moment.timestamp() * 1000 + 0.5), field)


def _possible(at: int, field: str) -> int:
    if not 0 <= at <= LAST_INSTANT:
        raise Malformed("wrong_type", field)
    return at
