"""What a service is set to here, and what a document says of it, in one shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from communs.core.bundles.engine.merging import Content, Key
from communs.core.bundles.travel import frozen, rows_out, tables
from communs.core.communities.queries import metropolis as the_metropolis
from communs.core.communities.scope import current
from communs.core.registry import queries as registry
from communs.core.registry.service import Running, Service, travelling


@dataclass(frozen=True, slots=True)
class Here:
    """A service in the community in force: how it runs, what travels, the rows themselves."""

    running: Running
    content: Content
    rows: Mapping[str, Mapping[Key, models.Model]]

    @property
    def options(self) -> dict[str, Any]:
        """Every option, those that stay at home included."""
        return self.running.options.model_dump(mode="json")


def here(service: Service, *, on: date) -> Here:
    """Give what a service is set to here on a day; a query a table, and two for the options."""
    found = _running(service, on)
    rows = {table.name: table.here() for table in tables(service)}
    data = {
        table.name: {key: table.told(row) for key, row in rows[table.name].items()}
        for table in tables(service)
    }
    told = {name: held for name, held in data.items() if held}
    return Here(found, Content(_travelling(service, found.options), told), rows)


def shared(service: Service, *, on: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the options and the rows of a service here, as a document has them."""
    options = _travelling(service, _running(service, on).options)
    data = {table.name: rows_out(table, table.here().values()) for table in tables(service)}
    return options, {name: rows for name, rows in data.items() if rows}


def unset(service: Service) -> dict[str, Any]:
    """Give the options of a service before anybody sets them."""
    return _travelling(service, service.options())


def said(service: Service, options: Mapping[str, Any], data: Mapping[str, Any]) -> Content:
    """Give a document's content by natural keys; what is not known here is left out."""
    known = {name: options[name] for name in travelling(service.options) if name in options}
    found: dict[str, dict[Key, dict[str, Any]]] = {}
    for table in tables(service):
        for row in data.get(table.name, ()):
            if not set(table.key) <= set(row):
                continue  # of a former version of the table
            key = tuple(frozen(row[name]) for name in table.key)
            told = {name: row[name] for name in table.words if name in row}
            found.setdefault(table.name, {})[key] = told
    return Content(known, found)


def came(service: Service, document: Mapping[str, Any]) -> Content:
    """Give what came with an installed document; what it did not know was as usual."""
    held = said(service, document["options"], document["data"])
    usual = {t.name: {name: t.usual(name) for name in t.words} for t in tables(service)}
    data = {
        table: {key: {**usual[table], **row} for key, row in rows.items()}
        for table, rows in held.data.items()
    }
    return Content({**unset(service), **held.options}, data)


def kept(content: Content) -> dict[str, Any]:
    """Give a content as a snapshot keeps it."""
    data = {
        table: [[_listed(key), dict(row)] for key, row in rows.items()]
        for table, rows in content.data.items()
    }
    return {"options": dict(content.options), "data": data}


def reread(service: Service, snapshot: Mapping[str, Any]) -> Content:
    """Give back a content that was kept, as far as the service still knows it."""
    data = {
        table.name: [
            {**dict(zip(table.key, key, strict=True)), **row}
            for key, row in snapshot["data"].get(table.name, ())
            if len(key) == len(table.key)
        ]
        for table in tables(service)
    }
    return said(service, snapshot["options"], data)


def _running(service: Service, on: date) -> Running:
    metropolis = the_metropolis() or current()
    found, _metropolitan = registry.running(current(), metropolis, on=on)
    return found[service.key]


def _travelling(service: Service, options: Any) -> dict[str, Any]:
    told = options.model_dump(mode="json")
    return {name: told[name] for name in travelling(service.options)}


def _listed(value: Any) -> Any:
    return [_listed(part) for part in value] if isinstance(value, tuple) else value
