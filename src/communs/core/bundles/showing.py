"""Configurations as pages and programs show them: differences and contents in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communs.core.bundles.documents import Document, Origin
from communs.core.bundles.engine.merging import ABSENT, Change, Outcome
from communs.core.bundles.enums import Licence
from communs.core.bundles.installing import Plan
from communs.core.bundles.signing import Signer, Trust
from communs.core.bundles.travel import Table, tables
from communs.core.bundles.wording import field_words, option_title, option_words, row_words, words
from communs.core.registry.service import Service, travelling

MOST_LINES = 300
_STATES = {
    Outcome.ADDED: gettext_lazy("added"),
    Outcome.CHANGED: gettext_lazy("changed"),
    Outcome.REMOVED: gettext_lazy("removed"),
    Outcome.KEPT: gettext_lazy("yours is kept"),
    Outcome.CONFLICT: gettext_lazy("yours is kept, unless you choose"),
    Outcome.HELD: gettext_lazy("kept: something points at it"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One difference in words."""

    ref: str
    what: str
    before: str
    after: str
    outcome: Outcome
    taken: bool

    @property
    def sentence(self) -> str:
        """The whole of it on one line."""
        sides = {"before": self.before, "after": self.after}
        facts = {name: side.replace("\n", ", ") for name, side in sides.items()}
        return _("%(what)s: %(before)s → %(after)s") % (facts | {"what": self.what})

    @property
    def state(self) -> str:
        """What becomes of it, in words."""
        return _("taken from the configuration") if self.taken else str(_STATES[self.outcome])


@dataclass(frozen=True, slots=True)
class Group:
    """A table's rows in words, the first of them."""

    title: str
    rows: Sequence[dict[str, str]]
    columns: Sequence[dict[str, str]]
    count: int


def lines(plan: Plan) -> list[Line]:
    """Give every difference in words, those that a person may decide first."""
    known = {table.name: table for table in tables(plan.service)}
    told = [_line(plan.service, known.get(change.table), change) for change in plan.changes]
    return sorted(told, key=lambda line: line.outcome is not Outcome.CONFLICT)


def options(document: Document) -> list[dict[str, str]]:
    """Give the options of a document in words."""
    service, held = document.service, document.content.options
    return [
        {"label": option_title(service, name), "value": option_words(service, name, held[name])}
        for name in travelling(service.options)
        if name in held
    ]


def groups(document: Document) -> list[Group]:
    """Give the rows of a document in words."""
    return [_group(table, document) for table in tables(document.service) if _rows(table, document)]


def shared_things(service: Service) -> list[str]:
    """Say what of a service is shared: titles of its options, then of its tables."""
    names = [option_title(service, name) for name in travelling(service.options)]
    return names + [str(table.title) for table in tables(service)]


def staying(service: Service) -> list[str]:
    """Say which options are not shared."""
    goes = travelling(service.options)
    return [option_title(service, n) for n in service.options.model_fields if n not in goes]


def licence_words(licence: str) -> str:
    """Give a licence in words; one that is not of our list by its identifier."""
    return str(Licence(licence).label) if licence in Licence.values else licence


def lineage_words(lineage: Sequence[Origin]) -> list[str]:
    """Give earlier origins in words, the oldest first."""
    facts = ({"place": one.community, "version": one.version} for one in lineage)
    return [_("%(place)s, version %(version)d") % fact for fact in facts]


def signer_words(signer: Signer) -> str:
    """Say who signed."""
    if signer.trust is Trust.HERE:
        return _("Signed here, by this site.")
    if signer.trust is Trust.TRUSTED:
        return _("Signed by %(name)s, which this site knows.") % {"name": signer.name}
    return _("Signed by an installation that is not known here.")


def _line(service: Service, table: Table | None, change: Change) -> Line:
    return Line(
        change.ref,
        _what(service, table, change),
        _side(service, table, change, change.before),
        _side(service, table, change, change.after),
        change.outcome,
        change.taken,
    )


def _what(service: Service, table: Table | None, change: Change) -> str:
    if table is None:
        return option_title(service, change.field)
    row = change.before if not change.field and change.before else change.after
    named = row_words(table, change.key, None if change.field else row)
    return f"{named}, {table.words[change.field]}" if change.field else named


def _side(service: Service, table: Table | None, change: Change, value: Any) -> str:
    if table is None:
        return option_words(service, change.field, value)
    if change.field:
        return field_words(table, change.field, value)
    if value is None or value is ABSENT:
        return words(None)
    said = {name: one for name, one in value.items() if one not in (None, "", [], {})}
    told = (f"{table.words[name]} = {field_words(table, name, one)}" for name, one in said.items())
    return "\n".join(told) or words("")


def _rows(table: Table, document: Document) -> list[dict[str, Any]]:
    return list(document.shape.data.get(table.name, ()))


def _group(table: Table, document: Document) -> Group:
    held = _rows(table, document)
    shown = [
        {name: field_words(table, name, row[name]) if name in row else "" for name in table.words}
        for row in held[:MOST_LINES]
    ]
    columns = [{"key": name, "label": str(label)} for name, label in table.words.items()]
    return Group(str(table.title), shown, columns, len(held))
