"""Working out what a configuration changes here, and writing it, inside a running action."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from communs.core.bundles.accepting import check_options
from communs.core.bundles.content import Here, here
from communs.core.bundles.engine.merging import (
    Change,
    Content,
    Key,
    Outcome,
    Row,
    merge,
    trimmed,
)
from communs.core.bundles.travel import Table, held, tables
from communs.core.bundles.wording import named, row_words
from communs.core.kit.errors import Refused
from communs.core.registry.actions import keep_activation
from communs.core.registry.service import Service
from communs.core.search.rebuilding import rebuild

STAYING = (Outcome.KEPT, Outcome.CONFLICT, Outcome.HELD)

Rows = dict[str, dict[Key, models.Model]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change here, worked out from the rows as they are now."""

    service: Service
    here: Here
    changes: Sequence[Change]

    @property
    def applied(self) -> list[Change]:
        """The changes that are written."""
        return [change for change in self.changes if change.applies]

    def among(self, *outcomes: Outcome) -> list[Change]:
        """Give the changes with one of these outcomes."""
        return [change for change in self.changes if change.outcome in outcomes]


def plan(
    service: Service, base: Content, theirs: Content, *, take: Iterable[str] = (), on: date
) -> Plan:
    """Compare what came, what is here and what is to come; a row that others need stays."""
    found = here(service, on=on)
    changes = merge(base, found.content, theirs, take=take)
    return Plan(service, found, _holding(service, found, changes))


def carry_out(
    what: Plan, *, switched_on: bool, from_bundle: str, on: date
) -> tuple[Content, Content]:
    """Write a plan; give what it touched as it was before and as it is after."""
    rows = {table: dict(held_rows) for table, held_rows in what.here.rows.items()}
    for table in tables(what.service):
        _write(table, rows, [c for c in what.applied if c.table == table.name])
    for table in reversed(tables(what.service)):
        for change in what.applied:
            if change.table == table.name and not change.field and change.after is None:
                rows[table.name].pop(change.key).delete()
    options = what.here.options | {c.field: c.after for c in what.applied if not c.table}
    check_options(what.service, options)
    keep_activation(
        service=what.service, on=switched_on, options=options, from_bundle=from_bundle[:200]
    )
    if any(change.table for change in what.applied):
        rebuild()
    return trimmed(what.here.content, here(what.service, on=on).content)


def _holding(service: Service, found: Here, changes: Sequence[Change]) -> list[Change]:
    """Keep rows that would be removed while something that stays points at them."""
    leaving: dict[tuple[str, Key], models.Model] = {
        (c.table, c.key): found.rows[c.table][c.key]
        for c in changes
        if c.applies and not c.field and c.table and c.after is None
    }
    turned = _turned(found, changes)
    for table in reversed(tables(service)):
        rows = [row for (name, _key), row in leaving.items() if name == table.name]
        gone = {row.pk for row in leaving.values()}
        needed = held(table, rows, gone, turned)
        leaving = {path: row for path, row in leaving.items() if row.pk not in needed}
    return [_held(change, leaving) for change in changes]


def _held(change: Change, leaving: Mapping[tuple[str, Key], models.Model]) -> Change:
    removes = change.applies and change.table and not change.field and change.after is None
    if removes and (change.table, change.key) not in leaving:
        return replace(change, outcome=Outcome.HELD, taken=False)
    return change


def _turned(found: Here, changes: Sequence[Change]) -> dict[tuple[str, str], set[Any]]:
    """Give the rows whose field will point elsewhere, by table and field."""
    turned: dict[tuple[str, str], set[Any]] = {}
    for change in changes:
        row = found.rows.get(change.table, {}).get(change.key)
        if change.applies and change.field and row is not None:
            turned.setdefault((change.table, change.field), set()).add(row.pk)
    return turned


def _write(table: Table, rows: Rows, changes: Sequence[Change]) -> None:
    """Add and change rows of a table; those it points at are written already."""
    touched: dict[Key, Row] = {}
    for change in changes:
        if change.field:
            touched.setdefault(change.key, {})
            touched[change.key] = {**touched[change.key], change.field: change.after}
        elif change.after is not None:
            own = dict(zip(table.key, change.key, strict=True))
            touched[change.key] = {**own, **change.after}
    for key, values in touched.items():
        row = rows[table.name].get(key) or table.model()
        _fill(table, row, key, values, rows)
        _save(table, row, key)
        rows[table.name][key] = row


def _fill(table: Table, row: models.Model, key: Key, values: Row, rows: Rows) -> None:
    targets = table.points_at()
    for name, value in values.items():
        pointed = rows[targets[name].name] if name in targets else {}
        try:
            table.set(row, name, value, pointed)
        except KeyError as error:
            words = _(
                "%(row)s points at %(target)s, which was removed here: take it too, or keep yours."
            )
            facts = {"row": row_words(table, key, values), "target": named(value)}
            raise Refused(words % facts) from error


def _save(table: Table, row: models.Model, key: Key) -> None:
    """Write a row; what its table or the database refuses is said with its name."""
    try:
        row.clean()
        with transaction.atomic():
            row.save()
    except (ValidationError, IntegrityError) as error:
        reason = " ".join(error.messages) if isinstance(error, ValidationError) else ""
        words = _("%(row)s cannot be written: it breaks a rule of its table. %(reason)s")
        facts = {"row": row_words(table, key, table.told(row)), "reason": reason}
        raise Refused((words % facts).strip()) from error
