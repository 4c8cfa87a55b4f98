"""Writes the files of a new service: all of them, or none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory

from django.core.management import CommandError

import communs
from communs.project import messages, prepare
from communs.project.scaffold.asked import Asked

FILES = Path(__file__).parent / "files"
CHECKOUT = Path(communs.__file__).parent.parent.parent

_SERVICES = Path("src/communs/services")
_TESTS = Path("tests/services")


def write(asked: Asked, root: Path = CHECKOUT) -> list[Path]:
    """Write the service and its tests into a checkout; give both folders.

    They are made in a folder beside, then put in place: trouble leaves nothing behind.
    """
    places = {"service": root / _SERVICES / asked.name, "tests": root / _TESTS / asked.name}
    _refuse_where_not(root, places)
    try:
        with TemporaryDirectory(prefix=".new-service-", dir=root) as folder:
            made = Path(folder)
            for path, text in rendered(asked).items():
                file = made / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            _translate(asked.name, made / "service")
            _put(made, places)
    except OSError as error:
        message = f"{error.filename or root}: {error.strerror}; nothing was written."
        raise CommandError(message) from error
    return list(places.values())


def rendered(asked: Asked) -> dict[str, str]:
    """Give each file's text by its path: `service/…` or `tests/…`."""
    words = asked.words
    return {path: _text(template, words) for path, template in _templates(asked.name)}


def _templates(name: str) -> Iterator[tuple[str, Path]]:
    """Find the templates; a folder bears `.tmpl` too where its plain name would mean something."""
    for template in sorted(path for path in FILES.rglob("*.tmpl") if path.is_file()):
        path = template.relative_to(FILES).as_posix()
        yield path.replace("NAME", name).replace(".tmpl", ""), template


def _text(template: Path, words: Mapping[str, str]) -> str:
    return Template(template.read_text(encoding="utf-8")).substitute(words)


def _refuse_where_not(root: Path, places: Mapping[str, Path]) -> None:
    if not all(place.parent.is_dir() for place in places.values()):
        message = f"A service is written into a checkout of Communs; {root} is not one."
        raise CommandError(message)
    for place in places.values():
        if place.exists():
            message = f"NAME: {place.relative_to(root)} is there already; nothing was written."
            raise CommandError(message)


def _translate(name: str, folder: Path) -> None:
    """Bring the catalogue to the form that `update-messages` gives it, and compile it."""
    domain = messages.Domain(name, (folder,), folder / "locale")
    lacking = messages.update(domain, "fr")
    if lacking:
        message = f"The scaffold lacks the French of « {lacking[0]} »."
        raise CommandError(message)
    prepare.compile_translations([domain.locale])


def _put(made: Path, places: Mapping[str, Path]) -> None:
    done: list[Path] = []
    try:
        for part, place in places.items():
            (made / part).rename(place)
            done.append(place)
    except BaseException:
        for place in done:
            shutil.rmtree(place)
        raise
