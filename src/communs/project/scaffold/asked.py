"""What is asked of a new service: each answer checked, a refusal is one sentence."""

from __future__ import annotations

import keyword
import pkgutil
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.core.management import CommandError
from django.db import DatabaseError
from django.urls import get_resolver

from communs import core
from communs.core.communities.actions import DATA
from communs.core.communities.engine import reference
from communs.core.communities.models import Community
from communs.core.registry import queries as registry
from communs.project.reserved import TO_COME, reserved_segments

NBSP = "\N{NO-BREAK SPACE}"
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
SLUG = re.compile(r"[a-z][a-z0-9-]*")
NAME_LENGTHS = range(2, 21)
SLUG_LENGTH = 30
TITLE_LENGTH = 40
SUMMARY_LENGTH = 80
ROWS = range(1, 24)
UNFIT = '"\\%{}<>&$'

SUMMARY = "What this service offers in your commune."
SUMMARY_FR = "Ce que ce service propose dans votre commune."

# Names that the manifest imports: its class cannot bear them.
_OF_THE_HOUSE = {
    "any",
    "class_var",
    "dataset",
    "format",
    "mapping",
    "menu_entry",
    "sequence",
    "service",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A service to be written, all of it fit to be."""

    name: str
    slug: str
    title: str
    title_fr: str
    summary: str
    summary_fr: str
    rows: tuple[int, ...]

    @property
    def words(self) -> dict[str, str]:
        """What stands in the files in place of `$name`, `$slug` and the others."""
        return {
            "name": self.name,
            "klass": "".join(part.capitalize() for part in self.name.split("_")),
            "slug": self.slug,
            "title": self.title,
            "title_fr": self.title_fr,
            "summary": self.summary,
            "summary_fr": self.summary_fr,
            "rows": repr(self.rows),
            "rows_in_words": _in_words(self.rows),
        }


def check(
    *,
    name: str,
    slug: str,
    title: str,
    title_fr: str,
    summary: str | None = None,
    summary_fr: str | None = None,
    rows: Iterable[str] = (),
) -> Asked:
    """Give what is asked, tidied; raises CommandError with the argument that will not do."""
    if (summary is None) != (summary_fr is None):
        message = "--summary and --summary-fr go together: write both, or none."
        raise CommandError(message)
    asked = Asked(
        name=_name(name),
        slug=_slug(slug),
        title=_text("--title", title, TITLE_LENGTH),
        title_fr=_text("--title-fr", title_fr, TITLE_LENGTH, french=True),
        summary=_text("--summary", summary or SUMMARY, SUMMARY_LENGTH),
        summary_fr=_text("--summary-fr", summary_fr or SUMMARY_FR, SUMMARY_LENGTH, french=True),
        rows=_rows(rows),
    )
    _refuse_untranslated("--summary-fr", asked.summary, asked.summary_fr)
    return asked


def typographic(text: str, *, french: bool = False) -> str:
    """Give one line with the apostrophes and dots of print, and the spaces of French."""
    line = " ".join(text.split()).replace("'", "’").replace("...", "…")
    if not french:
        return line
    line = re.sub(r"\s*([;!?]+(?=\s|$)|:(?=\s|$))", NBSP + r"\1", line)
    return re.sub(r"\s*»", f"{NBSP}»", re.sub(r"«\s*", f"«{NBSP}", line))


def _name(name: str) -> str:
    if not NAME.fullmatch(name) or len(name) not in NAME_LENGTHS:
        message = (
            f"NAME: « {name} » will not do; write 2 to 20 lower-case letters, digits and single"
            " underscores, beginning with a letter, for example gardens."
        )
        raise CommandError(message)
    reason = _why_taken(name)
    if reason:
        message = f"NAME: « {name} » {reason}; choose another."
        raise CommandError(message)
    return name


def _why_taken(name: str) -> str:
    if registry.by_key(name) is not None:
        return "is a service already"
    if name in {module.name for module in pkgutil.iter_modules(core.__path__)}:
        return "is a part of the core"
    if keyword.iskeyword(name) or name in sys.stdlib_module_names:
        return "is a word of Python"
    labels = {app.label for app in apps.get_app_configs()}
    if name in labels | set(get_resolver().namespace_dict) | _OF_THE_HOUSE:
        return "is a word of the house"
    return ""


def _slug(slug: str) -> str:
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_LENGTH:
        message = (
            f"--slug: « {slug} » will not do; write at most {SLUG_LENGTH} lower-case letters,"
            " digits and hyphens, beginning with a letter, for example jardins."
        )
        raise CommandError(message)
    reason = _why_no_address(slug)
    if reason:
        message = f"--slug: « {slug} » {reason}; choose another."
        raise CommandError(message)
    return slug


def _why_no_address(slug: str) -> str:
    service = registry.by_slug(slug)
    if service is not None:
        return f"is the address of the service {service.key}"
    static = str(settings.STATIC_URL).strip("/").split("/")[0]
    if slug in (reserved_segments() - TO_COME) | {static}:
        return "is an address of the site"
    if slug in _communities():
        return "is the address of a community"
    return ""


def _communities() -> set[str]:
    """Give the addresses of the communities, of the reference and of this installation."""
    known = {reference.slug(row.name) for row in reference.read_communes(DATA / "communes.csv")}
    territories = reference.read_territories(DATA / "territories.csv")
    known |= {reference.slug(row.name) for row in territories}
    try:
        return known | set(Community.objects.values_list("slug", flat=True))
    except DatabaseError:
        return known  # a developer's checkout may have no tables yet


def _text(argument: str, text: str, longest: int, *, french: bool = False) -> str:
    line = " ".join(text.split())
    if not line:
        message = f"{argument}: write something."
        raise CommandError(message)
    if not line.isprintable() or set(line) & set(UNFIT):
        message = f"{argument}: leave out {' '.join(UNFIT)} and invisible characters."
        raise CommandError(message)
    line = typographic(line, french=french)
    if len(line) > longest:
        message = f"{argument}: write at most {longest} characters; there are {len(line)}."
        raise CommandError(message)
    return line


def _refuse_untranslated(argument: str, english: str, french: str) -> None:
    if english == french:
        message = f"{argument}: « {french} » is the English too; write it in French."
        raise CommandError(message)


def _rows(rows: Iterable[str]) -> tuple[int, ...]:
    words = [word for text in rows for word in re.split(r"[,\s]+", text) if word]
    if not all(re.fullmatch(r"[0-9]{1,2}", word) and int(word) in ROWS for word in words):
        message = "--rows: write numbers from 1 to 23, for example --rows 7 8 21."
        raise CommandError(message)
    found = tuple(sorted({int(word) for word in words}))
    for row in found:
        service = registry.answering(row)
        if service is not None:
            message = f"--rows: the service {service.key} answers to row {row} already."
            raise CommandError(message)
    return found


def _in_words(rows: tuple[int, ...]) -> str:
    if not rows:
        return "None of the 23 rows of the communiqué of 27 November 2018."
    numbers = [str(row) for row in rows]
    listed = " and ".join(part for part in (", ".join(numbers[:-1]), numbers[-1]) if part)
    noun = "Row" if len(rows) == 1 else "Rows"
    return (
        f"{noun} {listed} of the communiqué of 27 November 2018. Say whose, what was asked for, and"
        " which page here answers to it."
    )
