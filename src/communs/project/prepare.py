"""What must stand before Communs opens: translations, static files, and plain words for trouble."""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

import django
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db.utils import OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.utils.translation.reloader import translation_file_changed

from communs.core.registry.service import Service

PACKAGE = Path(__file__).resolve().parent.parent


class Compiled(NamedTuple):
    """The translations written, and those whose folder could not be written."""

    written: list[Path]
    refused: list[Path]


def house_folders() -> list[Path]:
    """Give the folders of this package that hold translations."""
    return sorted(path for path in PACKAGE.rglob("locale") if path.is_dir())


def all_folders() -> list[Path]:
    """Give the house's folders of translations, and those of services from other packages."""
    services = (app.module for app in apps.get_app_configs() if isinstance(app, Service))
    places = {Path(next(iter(module.__path__))) / "locale" for module in services if module}
    return sorted({*house_folders(), *(path for path in places if path.is_dir())})


def compile_translations(folders: Iterable[Path]) -> Compiled:
    """Compile each `.po` newer than its `.mo`, leaving fuzzy sentences out.

    It needs no settings, so that tests may call it before Django starts.
    """
    done = Compiled([], [])
    sources = (path for folder in folders for path in sorted(folder.glob("*/LC_MESSAGES/*.po")))
    for source in sources:
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        try:
            _compile(source, target)
        except PermissionError:
            done.refused.append(target)
        except OSError as error:
            if error.errno != errno.EROFS:
                raise
            done.refused.append(target)
        else:
            done.written.append(target)
    if done.written:
        translation_file_changed(sender=None, file_path=done.written[0])
    return done


def _compile(source: Path, target: Path) -> None:
    """Write beside, then rename: two processes at once never read half a file."""
    with source.open("rb") as text:
        catalogue = read_po(text)
    part = target.with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("wb") as binary:
            write_mo(binary, catalogue)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def collect_static() -> bool:
    """Collect the static files if any changed since the last time; tell whether it did."""
    root = Path(settings.STATIC_ROOT)
    mark = root.with_name(f"{root.name}.sum")
    current = _static_sum()
    if root.is_dir() and mark.is_file() and mark.read_text(encoding="ascii") == current:
        return False
    mark.unlink(missing_ok=True)
    # Anew each time: collectstatic alone skips files that carry an older date, as upgrades do.
    call_command("collectstatic", clear=True, interactive=False, verbosity=0)
    mark.write_text(current, encoding="ascii")
    return True


def _static_sum() -> str:
    """Sum up names, sizes and dates of the sources, and what turns them into served files."""
    lines = [f"{django.VERSION} {settings.STORAGES['staticfiles']}"]
    for finder in get_finders():
        for name, files in finder.list([]):
            facts = Path(files.path(name)).stat()
            lines.append(f"{name} {facts.st_size} {facts.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def terminal_language() -> AbstractContextManager[None]:
    """Speak as the terminal does in English, else as the platform does.

    Only our own sentences are said so: the data that commands write keep the platform's language.
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return override("en" if locale.lower().startswith("en") else settings.LANGUAGE_CODE)


def spoken(sentence: str | Promise) -> str:
    """Give a lazy sentence in the terminal's language."""
    with terminal_language():
        return str(sentence)


@contextmanager
def plain_errors() -> Iterator[None]:
    """End foreseeable trouble in one sentence that names the setting."""
    try:
        yield
    except (OSError, OperationalError) as error:
        with terminal_language():
            sentence = explain(error)
        if sentence is None:
            raise
        raise CommandError(sentence) from error


def explain(error: OSError | OperationalError) -> str | None:
    """Say what to mend, or nothing when the error is not a foreseen one."""
    if isinstance(error, OSError):
        return _explain_disk(error)
    if isinstance(error.__cause__, sqlite3.Error):
        return _explain_sqlite(str(error))
    reason = next(iter(str(error).strip().splitlines()), "")
    return _("DATABASE_URL: the database does not answer (%(reason)s).") % {"reason": reason}


def _explain_disk(error: OSError) -> str | None:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _full()
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return _denied(error.filename or settings.COMMUNS_DATA)
    return None


def _explain_sqlite(message: str) -> str | None:
    if "full" in message:
        return _full()
    if "readonly" in message or "unable to open" in message:
        return _denied(str(settings.DATABASES["default"]["NAME"]))
    if "locked" in message:
        return _("The database of COMMUNS_DATA is held by another program; stop it first.")
    return None


def _full() -> str:
    place = {"folder": settings.COMMUNS_DATA}
    return _("COMMUNS_DATA: no space is left on the disk of %(folder)s.") % place


def _denied(path: str | Path) -> str:
    return _("COMMUNS_DATA: %(path)s cannot be written.") % {"path": path}
