"""What is done before Communs opens, and how its troubles are told."""

from __future__ import annotations

import errno
import gettext
import os
import sqlite3
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.core.management import CommandError, call_command
from django.db.utils import OperationalError
from django.utils.translation import gettext_lazy

from communs.project import prepare
from communs.project.management.commands import prepare as command

NBSP = "\N{NO-BREAK SPACE}"
HERE = Path(prepare.__file__).parent
SENTENCES = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Library"
msgstr "Bibliothèque"

#, fuzzy
msgid "Garden"
msgstr "Jardin ?"
"""


@pytest.fixture(autouse=True)
def french_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    prepare.compile_translations(prepare.house_folders())


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A `.po` file in a folder of translations, `tmp_path / "locale"`."""
    path = tmp_path / "locale/fr/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    path.write_text(SENTENCES, encoding="utf-8")
    return path


def test_a_new_translation_is_compiled_without_its_fuzzy_sentences(source: Path, tmp_path: Path):
    target = source.with_suffix(".mo")
    assert prepare.compile_translations([tmp_path / "locale"]) == ([target], [])
    with target.open("rb") as binary:
        words = gettext.GNUTranslations(binary)
    assert [words.gettext(word) for word in ("Library", "Garden")] == ["Bibliothèque", "Garden"]
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]


def test_only_a_translation_newer_than_its_compiled_form_is_compiled_again(
    source: Path, tmp_path: Path
):
    prepare.compile_translations([tmp_path / "locale"])
    assert prepare.compile_translations([tmp_path / "locale"]) == ([], [])
    target = source.with_suffix(".mo")
    later = target.stat().st_mtime_ns + 1_000_000_000
    os.utime(source, ns=(later, later))
    assert prepare.compile_translations([tmp_path / "locale"]) == ([target], [])


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_cannot_be_written_is_told_not_fatal(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    def refuse(source: Path, target: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(prepare, "_compile", refuse)
    target = source.with_suffix(".mo")
    assert prepare.compile_translations([tmp_path / "locale"]) == ([], [target])


def test_a_full_disk_is_fatal_and_leaves_no_half_file(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fill_up(binary: Any, catalogue: object) -> None:
        binary.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(prepare, "write_mo", fill_up)
    with pytest.raises(OSError, match="No space left on device"):
        prepare.compile_translations([tmp_path / "locale"])
    assert [path.name for path in source.parent.iterdir()] == ["django.po"]


def test_the_folders_of_the_house_are_found():
    assert HERE.parent / "locale" in prepare.house_folders()
    assert set(prepare.house_folders()) <= set(prepare.all_folders())


def test_static_files_are_collected_only_when_they_changed(tmp_path: Path, settings):
    styles = tmp_path / "source/style.css"
    styles.parent.mkdir()
    styles.write_text("a {}")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [styles.parent]
    settings.STATIC_ROOT = tmp_path / "served"
    get_finder.cache_clear()
    try:
        assert [prepare.collect_static(), prepare.collect_static()] == [True, False]
        styles.write_text("a { color: navy }")
        assert [prepare.collect_static(), prepare.collect_static()] == [True, False]
    finally:
        get_finder.cache_clear()
    assert (tmp_path / "served/style.css").read_text() == "a { color: navy }"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["served", "served.sum", "source"]


def sqlite_error(message: str) -> OperationalError:
    error = OperationalError(message)
    error.__cause__ = sqlite3.OperationalError(message)
    return error


FULL = f"COMMUNS_DATA{NBSP}: il ne reste plus de place sur le disque de /d."
HELD = f"La base de COMMUNS_DATA est tenue par un autre programme{NBSP}; arrêtez-le d’abord."
MUTE = f"DATABASE_URL{NBSP}: la base de données ne répond pas (connection refused)."


def denied(path: str) -> str:
    return f"COMMUNS_DATA{NBSP}: {path} ne peut pas être écrit."


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, ""), FULL),
        (sqlite_error("database or disk is full"), FULL),
        (OSError(errno.EACCES, "", "/d/static"), denied("/d/static")),
        (OSError(errno.EROFS, ""), denied("/d")),
        (sqlite_error("attempt to write a readonly database"), denied("/d/c.sqlite3")),
        (sqlite_error("unable to open database file"), denied("/d/c.sqlite3")),
        (sqlite_error("database is locked"), HELD),
        (OperationalError("connection refused\nIs the server running?"), MUTE),
    ],
)
def test_foreseeable_trouble_ends_in_one_sentence_naming_the_setting(
    error: Exception, sentence: str, settings, monkeypatch: pytest.MonkeyPatch
):
    settings.COMMUNS_DATA = Path("/d")
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", "/d/c.sqlite3")
    with pytest.raises(CommandError) as told, prepare.plain_errors():
        raise error
    assert str(told.value) == sentence


@pytest.mark.parametrize(
    "error", [OSError(errno.EIO, "Input/output error"), sqlite_error("no such table: x")]
)
def test_unforeseen_trouble_keeps_its_traceback(error: Exception):
    with pytest.raises(type(error)) as raised, prepare.plain_errors():
        raise error
    assert raised.value is error


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "fr_FR.UTF-8"}, "Database"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "en_US.UTF-8"}, "Database"),
        ({"LC_ALL": "C.UTF-8", "LANG": "en_US.UTF-8"}, "Base de données"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}, "Base de données"),
    ],
)
def test_the_command_line_speaks_french_unless_the_terminal_is_english(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert prepare.spoken(gettext_lazy("Database")) == said


def test_each_step_is_one_line_with_its_seconds(monkeypatch: pytest.MonkeyPatch):
    clock = iter([10.0, 11.26, 20.0, 20.04])
    done: list[str] = []
    steps = [
        (gettext_lazy("Database"), lambda: done.append("tables")),
        (gettext_lazy("Static files"), lambda: done.append("files")),
    ]
    monkeypatch.setattr(command, "_steps", lambda *, empty: steps)
    monkeypatch.setattr(command.time, "monotonic", lambda: next(clock))
    said = StringIO()
    call_command("prepare", stdout=said)
    assert said.getvalue() == "Base de données… 1,3 s\nFichiers statiques… 0,0 s\n"
    assert done == ["tables", "files"]


def test_a_step_that_fails_leaves_its_line_before_the_reason(monkeypatch: pytest.MonkeyPatch):
    def fill_up() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    steps = [(gettext_lazy("Database"), fill_up)]
    monkeypatch.setattr(command, "_steps", lambda *, empty: steps)
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("prepare", stdout=said)
    assert said.getvalue() == "Base de données… \n"


def test_demonstration_data_are_a_step_unless_empty_is_asked():
    titles = [
        [str(title) for title, _work in command._steps(empty=empty)] for empty in (False, True)
    ]
    tables = ["Base de données", "Fichiers statiques"]
    assert titles == [[*tables, "Données de démonstration"], tables]
