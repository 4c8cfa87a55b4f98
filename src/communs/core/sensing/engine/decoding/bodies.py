"""A body of JSON, read so that it means one thing only."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from communs.core.sensing.engine.decoding.limits import MOST_BYTES, MOST_DEPTH, MOST_READINGS
from communs.core.sensing.engine.readings import Malformed

_BOM = b"\xef\xbb\xbf"


def parse(body: bytes) -> Any:
    """Read a body of JSON, and refuse what the standard forbids or leaves open.

    That is NaN and infinities, a key written twice, other bytes than UTF-8, too many levels.
    """
    if len(body) > MOST_BYTES:
        raise Malformed("too_large", "body")
    try:
        found = json.loads(
            body.removeprefix(_BOM).decode(), object_pairs_hook=_once, parse_constant=_refuse
        )
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, Malformed) else Malformed("not_json") from None
    if body.count(b"[") + body.count(b"{") > MOST_DEPTH:
        _check_depth(found)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("unknown_shape", "a key twice")
    return found


def _refuse(word: str) -> NoReturn:
    raise Malformed("not_json", word)


def _check_depth(found: Any) -> None:
    level = [found]
    for _ in range(MOST_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return
    raise Malformed("too_large", "depth")


def many(found: Any, field: str) -> list[Any]:
    """Give the readings of a body, when they are a list and not too many."""
    if not isinstance(found, list):
        raise Malformed("unknown_shape", field)
    if len(found) > MOST_READINGS:
        raise Malformed("too_large", field)
    return found


def at_path(found: Any, path: str) -> Any:
    """Give what stands at a dotted path, or None; a whole key goes before its parts."""
    if not isinstance(found, dict):
        return None
    if path in found:
        return found[path]
    for part in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(part)
    return found
