"""The controls of one page, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from communs.core.files.purposes import named
from communs.core.files.words import size
from communs.core.forms.engine.conditions import deciders
from communs.core.forms.engine.definition import Definition, Field, Section, spot_of, spots
from communs.core.forms.engine.kinds import kind_of
from communs.core.forms.engine.kinds.choosing import LinkedSettings, Option
from communs.core.forms.engine.kinds.dates import in_words
from communs.core.forms.engine.sheets import Sheet
from communs.core.forms.engine.walking import Place, Shown, around, rows_of
from communs.core.forms.rules import FILES
from communs.core.forms.telling import Told, row_title
from communs.core.forms.wording import here, kinds_of_files, words

PREFIX = "v."
MEGA = 1024 * 1024
_DECIMAL = {"money", "number", "point"}
_FEW = 7  # answers that are shown as buttons rather than as a list
_SHORT = 30  # characters


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer offered."""

    key: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Control:
    """A question as it is drawn: its words, what was typed by part, what is wrong."""

    path: str
    kind: str
    label: str
    help: str
    required: bool
    typed: Mapping[str, Sequence[str]]
    settings: Any
    choices: list[tuple[str, list[Choice]]]
    error: str
    theirs: str
    decides: bool
    hint: str = ""
    accept: str = ""

    @property
    def name(self) -> str:
        """The name under which it is posted."""
        return PREFIX + self.path

    @property
    def id(self) -> str:
        """Where links lead to it."""
        return "f-" + self.path.replace(".", "-")

    @property
    def as_list(self) -> bool:
        """Whether the answers stand in a list that opens."""
        count = sum(len(group) for _title, group in self.choices)
        return self.kind == "linked" or (self.kind == "choice" and count > _FEW)

    @property
    def is_short(self) -> bool:
        """Whether little is typed."""
        few = self.kind in {"number", "money", "date", "telephone", "siret"}
        return few or (self.kind == "text" and self.settings.max_length <= _SHORT)

    @property
    def until(self) -> str:
        """The day on which a file goes, in words; nothing when it stays with the answers."""
        day = self.part("until")
        return in_words(day, here()) if day else ""

    def part(self, name: str = "") -> str:
        """Give what was typed in a part."""
        found = self.typed.get(name) or [""]
        return str(found[-1])


@dataclass(frozen=True, slots=True)
class Row:
    """The controls of one row, or of a section that does not repeat."""

    key: str
    title: str
    controls: list[Control]


@dataclass(frozen=True, slots=True)
class Group:
    """A section as it is drawn."""

    key: str
    title: str
    help: str
    repeats: bool
    rows: list[Row]
    may_add: bool
    may_remove: bool
    add_label: str
    error: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as it is drawn."""

    key: str
    title: str
    help: str
    groups: list[Group]
    errors: list[Told]
    conflicts: list[Told]
    revision: int
    communes: list[str]

    @property
    def asked(self) -> list[str]:
        """The paths that the page shows: what is not among them stays as it is."""
        rows = (row for group in self.groups for row in group.rows)
        return [c.path for row in rows for c in row.controls if c.kind != "explanation"]

    @property
    def sends_files(self) -> bool:
        """Whether a file may be sent with the page."""
        return self._has("file")

    @property
    def has_points(self) -> bool:
        """Whether a place may be chosen on a map."""
        return self._has("point")

    def _has(self, kind: str) -> bool:
        rows = (row for group in self.groups for row in group.rows)
        return any(c.kind == kind for row in rows for c in row.controls)


def drawn(
    definition: Definition,
    sheet: Sheet,
    page: str,
    *,
    errors: Sequence[Told] = (),
    conflicts: Sequence[Told] = (),
    communes: list[str] | None = None,
) -> Drawn:
    """Give the controls of a page; a key that is none raises LookupError."""
    one = definition.page(page)
    if one is None:
        raise LookupError(page)
    pencil = _Pencil(definition, sheet, errors, conflicts)
    groups = [
        pencil.group(one.key, section)
        for section in one.sections
        if pencil.shown.section(one, section)
    ]
    return Drawn(
        one.key,
        words(one.title),
        words(one.help),
        groups,
        list(errors),
        list(conflicts),
        sheet.revision,
        communes or [],
    )


class _Pencil:
    """What is needed to draw every control of a page."""

    def __init__(
        self,
        definition: Definition,
        sheet: Sheet,
        errors: Sequence[Told],
        conflicts: Sequence[Told],
    ) -> None:
        self.definition, self.sheet = definition, sheet
        self.errors = {one.path: one.sentence for one in errors}
        self.conflicts = {one.path: one for one in conflicts}
        self.shown = Shown(definition, sheet.values)
        self.decides = {
            key
            for spot in spots(definition)
            for key in deciders(spot.page, spot.section, spot.field)
        }
        self.decides |= {
            str(spot.field.settings.get("parent", ""))
            for spot in spots(definition)
            if spot.field.kind == "linked"
        }

    def group(self, page: str, section: Section) -> Group:
        repeat = section.repeat
        found = self.definition.page(page)
        rows: list[Row] = []
        for number, row in enumerate(rows_of(section, self.sheet.values) if repeat else [""], 1):
            title = row_title(section, row, number) if row else ""
            places = [Place(found, section, one, row or None) for one in section.fields if found]
            visible = [self.control(place) for place in places if self.shown.field(place)]
            rows.append(Row(row, title, visible))
        name = words(repeat.row) if repeat else ""
        return Group(
            section.key,
            words(section.title),
            words(section.help),
            bool(repeat),
            rows,
            bool(repeat and len(rows) < repeat.max),
            bool(repeat and len(rows) > repeat.min),
            _("Add: %(what)s") % {"what": name} if name else _("Add a row"),
            self.errors.get(section.key, ""),
        )

    def control(self, place: Place) -> Control:
        one, path = place.field, place.path
        kind = kind_of(one)
        settings = kind.set(one.settings)
        typed = self._typed(place)
        conflict = self.conflicts.get(path)
        return Control(
            path=path,
            kind=one.kind,
            label=words(one.label),
            help=words(one.help),
            required=one.required,
            typed=typed,
            settings=settings,
            choices=self._choices(place, settings, typed),
            error=self.errors.get(path, ""),
            theirs=conflict.theirs if conflict else "",
            decides=one.key in self.decides,
            hint=_hint(one, settings),
            accept=named(FILES).accept if one.kind == "file" else "",
        )

    def _typed(self, place: Place) -> Mapping[str, Sequence[str]]:
        conflict = self.conflicts.get(place.path)
        state = conflict.wanted if conflict else self.sheet.at(place.path)
        if "v" in state:
            return _as_read(place.field, kind_of(place.field).write(state["v"]))
        typed: Mapping[str, Sequence[str]] = state.get("t", {})
        return typed

    def _choices(
        self, place: Place, settings: Any, typed: Mapping[str, Sequence[str]]
    ) -> list[tuple[str, list[Choice]]]:
        chosen = set(typed.get("", ()))
        if place.field.kind == "yes_no":
            pairs = (("yes", _("Yes")), ("no", _("No")))
            return [("", [Choice(key, label, key in chosen) for key, label in pairs])]
        options: Sequence[Option] = getattr(settings, "options", ())
        if not isinstance(settings, LinkedSettings):
            return [("", _offered(options, chosen))]
        parent = spot_of(self.definition, settings.parent)
        above = around(self.sheet.values, place).get(settings.parent)
        wanted = kind_of(parent.field).set(parent.field.settings).options if parent else ()
        return [
            (words(one.label), _offered([o for o in options if one.key in o.of], chosen))
            for one in wanted
            if above in {None, one.key}
        ]


def _as_read(one: Field, typed: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    """Give numbers with the reader's decimal mark."""
    if one.kind not in _DECIMAL or here().startswith("en"):
        return typed
    return {part: [text.replace(".", ",") for text in found] for part, found in typed.items()}


def _offered(options: Sequence[Option], chosen: set[str]) -> list[Choice]:
    return [Choice(one.key, words(one.label), one.key in chosen) for one in options]


def _hint(one: Field, settings: Any) -> str:
    """Give how an answer of this kind is written."""
    if one.kind == "file":
        told = {
            "kinds": kinds_of_files(settings.kinds),
            "most": size(settings.max_mb * MEGA),
        }
        return _("%(kinds)s; at most %(most)s.") % told
    hints = {
        "money": _("In euros, as 1250.50"),
        "siret": _("14 figures"),
        "iban": _("It begins with two letters, as FR76"),
        "telephone": _("As 06 12 34 56 78"),
        "point": _("In degrees, as 48.7537 and 2.2972"),
    }
    return hints.get(one.kind, "")


__all__ = ["PREFIX", "Control", "Drawn", "Group", "Row", "drawn"]
