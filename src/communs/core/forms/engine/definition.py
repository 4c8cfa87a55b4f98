"""What a form is: pages, their sections, their fields; plain data that any program may read.

Every page, section and field has a key of its own in the whole form. A section that repeats keeps
a list of rows; its fields belong to each row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED = frozenset({"id"})  # what a row is known by
LONGEST_LABEL = 300
LONGEST_HELP = 2_000
MOST_NODES = 600
MOST_ROWS = 50


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words in French and, if somebody wrote them, in English."""

    fr: str
    en: str = ""


Words = str | Text
"""A plain string is French alone."""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A question, or words between questions; `settings` are those of its kind."""

    key: str
    kind: str
    label: Words
    help: Words = ""
    required: bool = False
    when: dict[str, Any] | None = None
    settings: dict[str, Any] = {}


class Repeat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How many rows a section may have, and what one is called."""

    min: int = 0
    max: int = 10
    row: Words = ""


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Fields that belong together under one title."""

    key: str
    title: Words = ""
    help: Words = ""
    when: dict[str, Any] | None = None
    repeat: Repeat | None = None
    fields: tuple[Field, ...] = ()


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is asked on one page."""

    key: str
    title: Words
    help: Words = ""
    when: dict[str, Any] | None = None
    sections: tuple[Section, ...] = ()


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A form; a draft is kept `draft_days` after its last change, what is sent `keep_days`."""

    pages: tuple[Page, ...] = ()
    draft_days: int = 180
    keep_days: int = 3653

    def page(self, key: str) -> Page | None:
        """Give a page, or None."""
        return next((page for page in self.pages if page.key == key), None)


Node = Page | Section | Field


class Spot(NamedTuple):
    """A field and where it stands."""

    page: Page
    section: Section
    field: Field


def spots(definition: Definition) -> Iterator[Spot]:
    """Give every field with its page and section, in order."""
    for page in definition.pages:
        for section in page.sections:
            for field in section.fields:
                yield Spot(page, section, field)


def spot_of(definition: Definition, key: str) -> Spot | None:
    """Give a field by its key, with where it stands."""
    return next((spot for spot in spots(definition) if spot.field.key == key), None)


def nodes(definition: Definition) -> Iterator[Node]:
    """Give every page, section and field, in order."""
    for page in definition.pages:
        yield page
        for section in page.sections:
            yield section
            yield from section.fields


def node_of(definition: Definition, key: str) -> Node | None:
    """Give a page, a section or a field by its key."""
    return next((node for node in nodes(definition) if node.key == key), None)


def said(words: Words, language: str = "fr") -> str:
    """Give words in a language; in French where nobody wrote the other."""
    if isinstance(words, str):
        return words
    return (words.en if language.startswith("en") else words.fr) or words.fr


def title_of(node: Node, language: str = "fr") -> str:
    """Give what a page, a section or a field is called."""
    words = node.label if isinstance(node, Field) else node.title
    return said(words, language) or node.key


def plain(definition: Definition) -> dict[str, Any]:
    """Give a definition as JSON has it."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(definition))
    return found


def settings_of(field: Field) -> Mapping[str, Any]:
    """Give what is set of a field."""
    return field.settings
