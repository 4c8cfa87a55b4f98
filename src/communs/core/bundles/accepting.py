"""What a document says must be known here, accepted by the service, and about nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from communs.core.bundles.engine import personal
from communs.core.bundles.travel import NotAccepted, Table, frozen, tables
from communs.core.bundles.wording import named, option_title, personal_words, row_words
from communs.core.kit.errors import Refused
from communs.core.kit.sentences import sentence
from communs.core.registry.service import Service, travelling

MOST_ROWS = 5_000
_FILE = "file"
_MOST_SAID = 3
_NAMED = {
    "title": lambda: _("the title"),
    "from": lambda: _("who packed it"),
    "lineage": lambda: _("the lineage"),
}


def accept(service: Service, options: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    """Raise Refused for the first option, table, field or value that is not accepted here."""
    _options(service, options)
    known = {table.name: table for table in tables(service)}
    for name in data:
        if name not in known:
            words = _(
                "This configuration holds “%(name)s”, which the service “%(service)s” of this site"
                " does not know: it was made for another version of it."
            )
            raise Refused(words % {"name": name, "service": service.title}, field=_FILE)
    if sum(len(rows) for rows in data.values()) > MOST_ROWS:
        raise Refused(_("This configuration holds more than 5 000 rows."), field=_FILE)
    for table in known.values():
        _rows(table, data)


def refuse_personal(service: Service, document: Mapping[str, Any]) -> None:
    """Raise Refused when a text looks like an address, a number or a plate of somebody."""
    found = list(_found(service, document))
    if found:
        only_notes = all(field == "notes" for field, _words in found)
        sentences = [words for _field, words in found[:_MOST_SAID]]
        if len(found) > _MOST_SAID:
            sentences.append(_("And %(count)d more.") % {"count": len(found) - _MOST_SAID})
        raise Refused(" ".join(sentences), field="notes" if only_notes else _FILE)


def _options(service: Service, options: Mapping[str, Any]) -> None:
    allowed = travelling(service.options)
    for name in options:
        if name not in allowed:
            words = _(
                "This configuration sets the option “%(name)s”, which the service “%(service)s” of"
                " this site does not know: it was made for another version of it."
            )
            if name in service.options.model_fields:
                words = _("The option “%(name)s” of the service “%(service)s” is not shared.")
            raise Refused(words % {"name": name, "service": service.title}, field=_FILE)
    check_options(service, options)


def check_options(service: Service, options: Mapping[str, Any]) -> None:
    """Raise Refused, naming the option, when the service's own model does not take a value."""
    try:
        service.options.model_validate(options)
    except ValidationError as error:
        problem = error.errors()[0]
        name = str(problem["loc"][0]) if problem["loc"] else ""
        words = _("The option “%(option)s” is not accepted. %(reason)s")
        facts = {"option": option_title(service, name), "reason": sentence(problem)}
        raise Refused(words % facts, field=_FILE) from error


def _rows(table: Table, data: Mapping[str, Any]) -> None:
    pointed = {
        name: {_key(target, row) for row in data.get(target.name, ())}
        for name, target in table.points_at().items()
    }
    seen = set()
    for number, row in enumerate(data.get(table.name, ()), start=1):
        _row(table, number, row)
        key = _key(table, row)
        if key in seen:
            words = _("Two rows of “%(table)s” have the same key: %(row)s.")
            raise Refused(words % {"table": table.title, "row": named(key)}, field=_FILE)
        seen.add(key)
        for name, keys in pointed.items():
            if row.get(name) is not None and frozen(row[name]) not in keys:
                words = _("%(row)s points at %(target)s, which is not in this file.")
                facts = {"row": row_words(table, key, row), "target": named(row[name])}
                raise Refused(words % facts, field=_FILE)


def _row(table: Table, number: int, row: Mapping[str, Any]) -> None:
    for name in (*table.key, *row):
        where = {"table": table.title, "number": number, "field": table.words.get(name, name)}
        if name not in row:
            words = _("Row %(number)d of “%(table)s” lacks “%(field)s”.")
            raise Refused(words % where, field=_FILE)
        if name not in table.columns:
            words = _(
                "Row %(number)d of “%(table)s” has “%(field)s”, which this site does not know: it"
                " was made for another version of the service."
            )
            raise Refused(words % where, field=_FILE)
        try:
            table.accepted(name, row[name])
        except NotAccepted as error:
            words = _("Row %(number)d of “%(table)s”: “%(field)s” is not accepted. %(reason)s")
            raise Refused(
                (words % (where | {"reason": error.sentence})).strip(), field=_FILE
            ) from error


def _key(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(frozen(row.get(name)) for name in table.key)


def _found(service: Service, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for where, field, value in _texts(service, document):
        for text in _strings(value):
            for kind, piece in personal.found_in(text):
                yield field, personal_words(kind, piece, where)


def _texts(service: Service, document: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Give every place that may hold a text: what it is called, a form's field, its value."""
    yield _("the notes"), "notes", document["notes"]
    for name, words in _NAMED.items():
        value = document[name]
        parts = value if isinstance(value, list) else [value]
        told = [p["community"] if isinstance(p, Mapping) else p for p in parts]
        yield words(), _FILE, told
    for name, value in document["options"].items():
        yield _("the option “%(title)s”") % {"title": option_title(service, name)}, _FILE, value
    for table in tables(service):
        for row in document["data"].get(table.name, ()):
            place = row_words(table, _key(table, row), row)
            for name, value in row.items():
                where = {"row": place, "field": table.words.get(name, name)}
                yield _("%(row)s, “%(field)s”") % where, _FILE, value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for pair in value.items() for part in pair for text in _strings(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _strings(part))
