"""Sentences to translate: found in the code, compared with what is translated.

The house (core and project) has one catalogue; each service carries its own, so that it travels
whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import communs

PACKAGE = Path(communs.__file__).parent
_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
_METHODS = [("**/templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
_OPTIONS = {
    "**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
}
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "noop": None,
    "N_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


@dataclass(frozen=True, slots=True)
class Domain:
    """A catalogue, and the folders whose sentences it holds."""

    name: str
    folders: tuple[Path, ...]
    locale: Path

    def file(self, language: str) -> Path:
        """Give the catalogue's file in a language."""
        return self.locale / language / "LC_MESSAGES" / "django.po"


def domains() -> Iterator[Domain]:
    """Give the house's catalogue, then each service's."""
    yield Domain("house", (PACKAGE / "core", PACKAGE / "project"), PACKAGE / "locale")
    for folder in sorted((PACKAGE / "services").iterdir()):
        if (folder / "manifest.py").exists():
            yield Domain(folder.name, (folder,), folder / "locale")


def extract(domain: Domain) -> Catalog:
    """Find every sentence of a domain, without where it stands: places change too often."""
    catalog = Catalog(domain="django", charset="utf-8")
    for folder in domain.folders:
        found = extract_from_dir(
            folder, _METHODS, _OPTIONS, keywords=_KEYWORDS, directory_filter=_is_source
        )
        for _file, _line, message, _comments, context in found:
            catalog.add(message, context=context)
    return catalog


def read(domain: Domain, language: str) -> Catalog:
    """Read a catalogue, empty if there is none."""
    file = domain.file(language)
    if not file.exists():
        return _empty(language, domain)
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def update(domain: Domain, language: str) -> list[str]:
    """Bring a catalogue up to date, dropping what is no longer said; give what is missing."""
    known, wanted = read(domain, language), extract(domain)
    fresh = _empty(language, domain)
    for message in wanted:
        if message.id:
            old = known.get(message.id, message.context)
            fresh.add(message.id, old.string if old else None, context=message.context)
    file = domain.file(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, fresh, sort_output=True, omit_header=False, width=100, no_location=True)
    return missing(wanted, fresh)


def missing(wanted: Catalog, known: Catalog) -> list[str]:
    """Give the sentences that a catalogue does not translate."""
    found = []
    for message in wanted:
        translated = known.get(message.id, message.context) if message.id else message
        if not _whole(translated):
            found.append(str(message.id))
    return found


def _empty(language: str, domain: Domain) -> Catalog:
    """Give a catalogue whose header says nothing that changes by itself."""
    return Catalog(
        locale=language,
        charset="utf-8",
        project="Communs",
        version="1",
        header_comment=f"# Communs, {domain.name}. AGPL-3.0-or-later.",
        msgid_bugs_address="-",
        last_translator="Communs",
        language_team="Communs",
        creation_date=_SINCE,
        revision_date=_SINCE,
        fuzzy=False,
    )


def _whole(message: object) -> bool:
    string = getattr(message, "string", "")
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


def _is_source(folder: str) -> bool:
    return Path(folder).name not in {"migrations", "static", "data", "scaffold", "__pycache__"}
