"""Reading a definition that anybody may have written: it is whole and sound, or says where not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from communs.core.forms.engine.conditions import fields_of, loops, malformed
from communs.core.forms.engine.definition import (
    KEY,
    LONGEST_HELP,
    LONGEST_LABEL,
    MOST_NODES,
    MOST_ROWS,
    RESERVED,
    Definition,
    Field,
    Node,
    Page,
    Section,
    nodes,
    said,
    spot_of,
    spots,
    title_of,
)
from communs.core.forms.engine.kinds import KINDS
from communs.core.forms.engine.kinds.choosing import ChoiceKind

_MOST_DAYS = 36_525
_LATER = frozenset({"setting_options", "setting_parent", "setting_of"})
_PLACE = re.compile(r"^(?P<why>.*?)(?: - at `(?P<place>.*)`)?$", re.DOTALL)


class Malformed(Exception):
    """A definition cannot be; `place` says where, `code` and `facts` make the sentence."""

    def __init__(self, code: str, place: str, **facts: Any) -> None:
        super().__init__(f"{code} at {place}")
        self.code = code
        self.place = place
        self.facts = facts


def read(data: Any, *, draft: bool = False) -> Definition:
    """Read a definition from JSON's values; raises Malformed with the first fault.

    In a draft, answers to choose from may still be missing.
    """
    if not _writable(data):
        raise Malformed("characters", "$")
    try:
        definition = msgspec.convert(data, Definition)
    except (msgspec.ValidationError, RecursionError) as error:
        found = _PLACE.match(str(error))
        place, why = (found["place"] or "$", found["why"]) if found else ("$", str(error))
        raise Malformed("shape", place, why=why) from error
    later = _LATER if draft else frozenset()
    wrong = next((one for one in faults(definition) if one.code not in later), None)
    if wrong is not None:
        raise wrong
    return definition


def _writable(data: Any) -> bool:
    """Tell whether every database keeps this as JSON: no NUL, no half character, no NaN."""
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError, RecursionError):
        return False
    return "\\u0000" not in text


def faults(definition: Definition) -> Iterator[Malformed]:
    """Give what is wrong in a definition whose shape is right, the first things first."""
    checks: tuple[Callable[[Definition], Iterator[Malformed]], ...] = (
        _sizes,
        _keys,
        _words,
        _settings,
        _parents,
        _conditions,
        _loops,
    )
    for check in checks:
        found = list(check(definition))
        yield from found
        if any(one.code not in _LATER for one in found):
            return  # what follows relies on it


def _sizes(definition: Definition) -> Iterator[Malformed]:
    if sum(1 for _node in nodes(definition)) > MOST_NODES:
        yield Malformed("too_many_nodes", "$", most=MOST_NODES)
    days = (definition.draft_days, definition.keep_days)
    if not all(1 <= count <= _MOST_DAYS for count in days):
        yield Malformed("keeping", "$", most=_MOST_DAYS)
    for node in nodes(definition):
        repeat = node.repeat if isinstance(node, Section) else None
        if repeat and not (0 <= repeat.min <= repeat.max <= MOST_ROWS and repeat.max):
            yield Malformed("rows", node.key, most=MOST_ROWS)


def _keys(definition: Definition) -> Iterator[Malformed]:
    seen: set[str] = set()
    for node in nodes(definition):
        if not KEY.fullmatch(node.key) or node.key in RESERVED:
            yield Malformed("key", node.key[:60] or "$")
        elif node.key in seen:
            yield Malformed("key_twice", node.key)
        seen.add(node.key)


def _words(definition: Definition) -> Iterator[Malformed]:
    for node in nodes(definition):
        title = node.label if isinstance(node, Field) else node.title
        if not isinstance(node, Section) and not said(title).strip():
            yield Malformed("title", node.key)
        longest = LONGEST_HELP if isinstance(node, Field) and node.kind == "explanation" else 0
        for words, most in ((title, longest or LONGEST_LABEL), (node.help, LONGEST_HELP)):
            if max(len(said(words)), len(said(words, "en"))) > most:
                yield Malformed("words_long", node.key, most=most)


def _settings(definition: Definition) -> Iterator[Malformed]:
    for field in _fields(definition):
        kind = KINDS.get(field.kind)
        if kind is None:
            yield Malformed("kind", field.key, kind=field.kind[:40])
            continue
        try:
            wrong = kind.amiss(kind.set(field.settings))
        except msgspec.ValidationError as error:
            found = _PLACE.match(str(error))
            yield Malformed("shape", field.key, why=found["why"] if found else str(error))
            continue
        if wrong:
            yield Malformed(f"setting_{wrong[1]}", field.key, setting=wrong[0])


def _parents(definition: Definition) -> Iterator[Malformed]:
    for page, section, field in spots(definition):
        if field.kind != "linked":
            continue
        parent = spot_of(definition, str(field.settings.get("parent", "")))
        if (
            parent is None
            or parent.field.kind not in {ChoiceKind.key, "linked"}
            or parent.field.key == field.key
            or (parent.section.repeat and parent.section.key != section.key)
        ):
            yield Malformed("setting_parent", field.key, page=page.key)
            continue
        known = {option["key"] for option in parent.field.settings.get("options", ())}
        for option in field.settings.get("options", ()):
            if not option.get("of") or set(option["of"]) - known:
                yield Malformed("setting_of", field.key, option=option["key"])


def _conditions(definition: Definition) -> Iterator[Malformed]:
    for node, section in _conditioned(definition):
        wrong = malformed(node.when)
        if wrong:
            yield Malformed(wrong, node.key, title=title_of(node))
            continue
        for key in fields_of(node.when):
            read_one = spot_of(definition, key)
            if read_one is None or read_one.field.kind in {"explanation", "file"}:
                yield Malformed("condition_field", node.key, title=title_of(node), field=key)
            elif read_one.section.repeat and read_one.section.key != section:
                facts = {"title": title_of(node), "field": title_of(read_one.field)}
                yield Malformed("condition_row", node.key, **facts)


def _conditioned(definition: Definition) -> Iterator[tuple[Node, str]]:
    """Give what may have a condition, with the section whose rows it may read."""
    for page in definition.pages:
        yield page, ""
        for section in page.sections:
            yield section, ""
            for field in section.fields:
                yield field, section.key


def _loops(definition: Definition) -> Iterator[Malformed]:
    found = loops(definition)
    if found:
        titles = [title_of(spot.field) for spot in spots(definition) if spot.field.key in found]
        yield Malformed("loop", found[0], fields=found, titles=titles)
    links = {
        field.key: str(field.settings.get("parent", ""))
        for field in _fields(definition)
        if field.kind == "linked"
    }
    for start, above in links.items():
        seen, key = [start], above
        while key in links and key not in seen:
            seen.append(key)
            key = links[key]
        if key == start:
            titles = [title_of(field) for field in _fields(definition) if field.key in seen]
            yield Malformed("loop", start, fields=seen, titles=titles)
            return


def _fields(definition: Definition) -> Iterator[Field]:
    return (spot.field for spot in spots(definition))


__all__ = ["Malformed", "Page", "faults", "read"]
