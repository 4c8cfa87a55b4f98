"""A new service: refused in one sentence, or written whole and passing every check."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import chain
from pathlib import Path
from unittest.mock import patch

import pytest
from babel.messages.pofile import read_po
from django.core.management import CommandError, call_command

from communs.core.registry import queries as registry
from communs.project.scaffold import asked, writing
from communs.project.scaffold.asked import Asked, typographic
from tests.launcher.starting import copy_checkout, environment

NBSP = "\N{NO-BREAK SPACE}"
ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
GUIDE = ROOT / "docs" / "a-service.md"

WANTED = {"slug": "nulle-part", "title": "Nowhere", "title_fr": "Nulle part"}
GARDENS = Asked(
    name="gardens",
    slug="jardins",
    title="Gardens",
    title_fr="Jardins",
    summary=asked.SUMMARY,
    summary_fr=asked.SUMMARY_FR,
    rows=(14,),
)
# The longest and the shortest words, for the lines that hold them.
LONG = Asked("n" * 20, "s" * 30, "T" * 40, "U" * 40, "v" * 80, "w" * 80, tuple(range(10, 24)))
SHORT = Asked("ab", "c", "D", "E", "f", "g", ())

NAME_RULE = (
    " will not do; write 2 to 20 lower-case letters, digits and single underscores, beginning with"
    " a letter, for example gardens."
)
SLUG_RULE = (
    " will not do; write at most 30 lower-case letters, digits and hyphens, beginning with a"
    " letter, for example jardins."
)
ROWS_RULE = "--rows: write numbers from 1 to 23, for example --rows 7 8 21."
ALIKE = " is the English too; write it in French."
UNFIT = 'leave out " \\ % { } < > & $ and invisible characters.'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that holds no service yet."""
    (tmp_path / "src/communs/services").mkdir(parents=True)
    (tmp_path / "tests/services").mkdir(parents=True)
    return tmp_path


def refusal(name: str = "nowhere", rows: tuple[str, ...] = (), **changes: str) -> str:
    """Ask for a service on the command line; give the sentence that refuses it."""
    words = WANTED | changes
    options = [f"--{key.replace('_', '-')}={value}" for key, value in words.items()]
    before = services_and_tests()
    written = AssertionError("written all the same")
    with (
        patch.object(writing, "write", side_effect=written),
        pytest.raises(CommandError) as refused,
    ):
        call_command("new_service", name, *options, *(("--rows", *rows) if rows else ()))
    assert services_and_tests() == before
    return str(refused.value)


def services_and_tests() -> set[Path]:
    folders = [ROOT / "src/communs/services", ROOT / "tests/services"]
    return {path for folder in folders for path in folder.iterdir()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Gardens", f"NAME: « Gardens »{NAME_RULE}"),
        ("2gardens", f"NAME: « 2gardens »{NAME_RULE}"),
        ("my-gardens", f"NAME: « my-gardens »{NAME_RULE}"),
        ("my__gardens", f"NAME: « my__gardens »{NAME_RULE}"),
        ("jardin_privé", f"NAME: « jardin_privé »{NAME_RULE}"),
        ("../fund", f"NAME: « ../fund »{NAME_RULE}"),
        ("gardens\n", f"NAME: « gardens\n »{NAME_RULE}"),
        ("g" * 21, f"NAME: « {'g' * 21} »{NAME_RULE}"),
        ("g", f"NAME: « g »{NAME_RULE}"),
        ("", f"NAME: «  »{NAME_RULE}"),
        ("fund", "NAME: « fund » is a service already; choose another."),
        ("journal", "NAME: « journal » is a part of the core; choose another."),
        ("class", "NAME: « class » is a word of Python; choose another."),
        ("calendar", "NAME: « calendar » is a word of Python; choose another."),
        ("sessions", "NAME: « sessions » is a word of the house; choose another."),
        ("opendata", "NAME: « opendata » is a word of the house; choose another."),
        ("service", "NAME: « service » is a word of the house; choose another."),
    ],
)
def test_a_name_that_will_not_do(name: str, sentence: str) -> None:
    assert refusal(name) == sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("Jardins", f"--slug: « Jardins »{SLUG_RULE}"),
        ("-jardins", f"--slug: « -jardins »{SLUG_RULE}"),
        ("jardins/", f"--slug: « jardins/ »{SLUG_RULE}"),
        ("s" * 31, f"--slug: « {'s' * 31} »{SLUG_RULE}"),
        ("", f"--slug: «  »{SLUG_RULE}"),
        ("fonds", "--slug: « fonds » is the address of the service fund; choose another."),
        ("api", "--slug: « api » is an address of the site; choose another."),
        ("donnees", "--slug: « donnees » is an address of the site; choose another."),
        ("en", "--slug: « en » is an address of the site; choose another."),
        ("static", "--slug: « static » is an address of the site; choose another."),
        ("admin", "--slug: « admin » is an address of the site; choose another."),
        ("antony", "--slug: « antony » is the address of a community; choose another."),
        (
            "plaine-commune",
            "--slug: « plaine-commune » is the address of a community; choose another.",
        ),
        ("metropole", "--slug: « metropole » is the address of a community; choose another."),
    ],
)
def test_an_address_that_will_not_do(slug: str, sentence: str) -> None:
    assert refusal(slug=slug) == sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "--title: write something."),
        ({"title": "T" * 41}, "--title: write at most 40 characters; there are 41."),
        ({"title_fr": 'Les "jardins"'}, f"--title-fr: {UNFIT}"),
        ({"title_fr": "100 % jardins"}, f"--title-fr: {UNFIT}"),
        ({"title": "Gar\x00dens"}, f"--title: {UNFIT}"),
        (
            {"summary": "Documents.", "summary_fr": "Documents."},
            f"--summary-fr: « Documents. »{ALIKE}",
        ),
        (
            {"summary": "To grow."},
            "--summary and --summary-fr go together: write both, or none.",
        ),
        (
            {"summary": "s" * 81, "summary_fr": "f"},
            "--summary: write at most 80 characters; there are 81.",
        ),
    ],
)
def test_words_that_will_not_do(changes: dict[str, str], sentence: str) -> None:
    assert refusal(**changes) == sentence


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [("0",), ("24",), ("7,-1",), ("7", "x"), ("²",), ("1.5",)])
def test_rows_that_are_not_of_the_communique(rows: tuple[str, ...]) -> None:
    assert refusal(rows=rows) == ROWS_RULE


@pytest.mark.django_db
def test_a_row_that_another_service_answers_to(monkeypatch: pytest.MonkeyPatch) -> None:
    fund = registry.by_key("fund")
    monkeypatch.setattr(registry, "answering", lambda row: fund if row == 14 else None)
    sentence = "--rows: the service fund answers to row 14 already."
    assert refusal(rows=("7,14", "8")) == sentence
    assert asked.check(name="nowhere", rows=["7, 8", "7"], **WANTED).rows == (7, 8)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("L'eau,  c'est la vie!", f"L’eau, c’est la vie{NBSP}!"),
        ("Qui ? Quoi?! Où :", f"Qui{NBSP}? Quoi{NBSP}?! Où{NBSP}:"),
        ("À 10:30 ; « ici »...", f"À 10:30{NBSP}; «{NBSP}ici{NBSP}»…"),
        (f"Déjà{NBSP}: bien", f"Déjà{NBSP}: bien"),
    ],
)
def test_french_is_set_as_print_sets_it(written: str, printed: str) -> None:
    assert typographic(written, french=True) == printed
    assert typographic(printed, french=True) == printed


def test_english_keeps_its_own_spaces() -> None:
    assert typographic("What's  new? Lots: see...") == "What’s new? Lots: see…"


def test_a_service_and_its_tests_are_written_whole(checkout: Path) -> None:
    places = writing.write(GARDENS, checkout)
    assert places == [
        checkout / "src/communs/services/gardens",
        checkout / "tests/services/gardens",
    ]
    written = [path for place in places for path in place.rglob("*") if path.is_file()]
    names = {path.name for path in written}
    assert names >= {"manifest.py", "0001_initial.py", "list.html", "django.mo", "samples.py"}
    assert [path for path in written if path.suffix == ".tmpl" or "NAME" in str(path)] == []
    texts = [path.read_text("utf-8") for path in written if path.suffix != ".mo"]
    assert [text for text in texts if re.search(r"\$\{?\w", text)] == []
    assert sorted(path.name for path in checkout.iterdir()) == ["src", "tests"]
    with (places[0] / "locale/fr/LC_MESSAGES/django.po").open("rb") as text:
        french = {entry.id: entry.string for entry in read_po(text) if entry.id}
    assert french["Gardens"] == "Jardins"
    assert [sentence for sentence, words in french.items() if not words] == []


@pytest.mark.parametrize("held", ["src/communs/services/gardens", "tests/services/gardens"])
def test_nothing_is_overwritten(checkout: Path, held: str) -> None:
    (checkout / held).mkdir()
    with pytest.raises(CommandError) as refused:
        writing.write(GARDENS, checkout)
    assert str(refused.value) == f"NAME: {held} is there already; nothing was written."
    assert [p for p in checkout.rglob("*") if p.name == "gardens"] == [checkout / held]
    assert list((checkout / held).iterdir()) == []


def test_half_a_service_is_never_left(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def full(path: Path, target: Path) -> Path:
        if path.name == "tests":
            raise OSError(28, "No space left on device", str(path))
        return rename(path, target)

    before = {path.name for path in checkout.rglob("*")}
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(CommandError, match=r": No space left on device; nothing was written\.$"):
        writing.write(GARDENS, checkout)
    assert {path.name for path in checkout.rglob("*")} == before


def test_an_installed_package_is_no_checkout(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        writing.write(GARDENS, tmp_path)
    sentence = f"A service is written into a checkout of Communs; {tmp_path} is not one."
    assert str(refused.value) == sentence


@pytest.mark.django_db
def test_the_command_says_what_comes_next(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing.write, "__defaults__", (checkout,))
    said = StringIO()
    options = ["--slug=nulle-part", "--title=Nowhere", "--title-fr=Nulle part"]
    call_command("new_service", "nowhere", *options, stdout=said)
    assert said.getvalue() == (
        "Written: src/communs/services/nowhere/ and tests/services/nowhere/.\n\nNext:\n"
        "  1. Try it, with a demonstration of its own:\n"
        "       COMMUNS_DATA=build/try-nowhere ./launch run\n"
        "     then open /antony/nulle-part/ and sign in there as antony@demo.example.\n"
        "  2. Test it:\n"
        "       ./launch test tests/conformance tests/services/nowhere\n"
        "  3. Read docs/a-service.md, then give Entry the name of what it is.\n"
    )
    assert (checkout / "src/communs/services/nowhere/manifest.py").is_file()


@pytest.mark.parametrize("service", [LONG, SHORT], ids=["long", "short"])
def test_what_is_written_is_in_the_style_of_the_house(checkout: Path, service: Asked) -> None:
    writing.write(service, checkout)
    (checkout / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    ours = 'lint.isort.known-first-party = ["communs", "tests"]'
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [BIN / "ruff", *command, "--no-cache", "--config", ours, "."],
            cwd=checkout,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def excerpts() -> Iterator[tuple[str, str]]:
    """Give the guide's excerpts: the file each is of, and each of its unbroken parts."""
    fenced = re.compile(r"```(?:python|html) (\S+)\n(.*?)```", re.DOTALL)
    for file, text in fenced.findall(GUIDE.read_text("utf-8")):
        for part in text.split("…\n"):
            yield file, part


@pytest.mark.parametrize(("file", "part"), list(excerpts()))
def test_the_guide_shows_what_the_command_writes(file: str, part: str) -> None:
    path = file if file.startswith("tests/") else f"service/{file}"
    assert part in writing.rendered(GARDENS)[path]


def test_the_guide_is_short_and_tells_of_every_file() -> None:
    text = GUIDE.read_text("utf-8")
    assert len(text.splitlines()) <= 250
    told = chain.from_iterable(re.findall(r"`([\w./]+)`", line) for line in text.splitlines())
    names = {name.removesuffix("/") for name in told}
    parts = {path.split("/")[1] for path in writing.rendered(GARDENS) if path.startswith("service")}
    silent = {"__init__.py", "migrations", "templates", "locale"}
    assert parts - silent - names == set()


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., None]:
    """Run commands in a copy of the checkout; the first that fails tells why."""
    copy = copy_checkout(tmp_path / "checkout")
    variables = environment(PYTHONPATH=str(copy / "src"), COMMUNS_DATA=str(tmp_path / "data"))

    def do(*commands: list[str | Path]) -> None:
        for command in commands:
            done = subprocess.run(
                command, cwd=copy, env=variables, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]

    return do


COMMUNS = [sys.executable, "-m", "communs.project.cli"]
PYTEST = [sys.executable, "-m", "pytest", "-n", "0"]


@pytest.mark.launcher
def test_a_new_service_passes_every_check_of_the_house(run: Callable[..., None]) -> None:
    free = [str(row) for row in range(1, 24) if registry.answering(row) is None][:1]
    rows = ["--rows", *free] if free else []
    words = ["--slug", "exemple", "--title", "Examples", "--title-fr", "Exemples"]
    folders = ["src/communs/services/example", "tests/services/example"]
    run(
        [*COMMUNS, "new-service", "example", *words, *rows],
        [*COMMUNS, "makemigrations", "--check", "--dry-run"],
        [BIN / "lint-imports", "--no-cache"],
        [BIN / "ruff", "check", "--no-cache", *folders],
        [BIN / "ruff", "format", "--check", "--no-cache", *folders],
        [BIN / "mypy", "--cache-dir", "build/mypy"],
        [*PYTEST, "tests/conformance", "tests/services/example"],
    )


@pytest.mark.launcher
def test_the_guides_renaming_leaves_a_whole_service(run: Callable[..., None]) -> None:
    blocks = re.findall(r"```console\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    renaming = next(block for block in blocks if block.startswith("find "))
    for ours, here in (("gardens", "example"), (".venv/bin", str(BIN))):
        renaming = renaming.replace(ours, here)
    renaming = renaming.replace("./launch communs", shlex.join(COMMUNS))
    words = ["--slug", "exemple", "--title", "Examples", "--title-fr", "Exemples"]
    run(
        [*COMMUNS, "new-service", "example", *words],
        ["bash", "-euc", renaming],
        [*COMMUNS, "makemigrations", "--check", "--dry-run"],
        [BIN / "ruff", "check", "--no-cache", "src/communs/services/example"],
        [*PYTEST, "tests/services/example"],
    )
