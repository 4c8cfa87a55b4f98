"""The documentation is true where a machine can tell."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import TextChoices

from communs.core.access.demo import ACCOUNTS, PASSWORD
from communs.core.registry.queries import services

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "src").rglob("*.md")])
DECISIONS = sorted((DOCS / "adr").glob("[0-9]*.md"))
SECTIONS = ["## Status", "## Context", "## Decision", "## Consequences"]

LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```[^\n]*\n.*?^```$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"^```python (\S+/\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TREE = re.compile(r"`((?:src|tests|docs|benchmarks|\.ci)/[\w./-]+)`")
SETTING = re.compile(r"(?:environ\.get|environ|\.str|switch|names)[(\[]\s*\"([A-Z_]+)\"")
# A page is read elsewhere: it names neither a machine's folders nor where packages came from.
ELSEWHERE = re.compile(r"(?<![\w.])/(?:work|root|home)/|python[h]osted|pypi\.org|registry\.npm")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def cells(page: str) -> list[str]:
    """Give the first cell of every line of a page's tables."""
    found = re.findall(r"^\| *(.+?) *\|", text(page), re.MULTILINE)
    return [cell.strip("`") for cell in found]


def titles(page: Path) -> set[str]:
    """Give the anchors of a page's headings."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_a_page_leads_to_what_exists(page: Path) -> None:
    lost = []
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        if not target.exists() or (anchor and anchor not in titles(target)):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_a_page_names_no_machine_and_no_registry(page: Path) -> None:
    assert ELSEWHERE.findall(page.read_text(encoding="utf-8")) == []


def test_files_that_pages_name_exist() -> None:
    named = {
        (page.name, path)
        for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
        for path in TREE.findall(page.read_text(encoding="utf-8"))
        if page.name != "a-service.md"  # it speaks of a service to be written
    }
    assert [pair for pair in sorted(named) if not (ROOT / pair[1]).exists()] == []


def test_examples_of_style_are_our_own_code() -> None:
    quoted = QUOTED.findall(text("docs/style.md"))
    lost = [
        (path, line)
        for path, code in quoted
        for line in code.splitlines()
        if line != "…" and line not in text(path).splitlines()
    ]
    assert lost == []
    assert len(quoted) >= 10


def test_every_setting_is_documented() -> None:
    read = {
        name
        for file in ("env.py", "files.py", "settings.py")
        for name in SETTING.findall(text(f"src/communs/project/{file}"))
    }
    assert {name for name in cells("docs/operate/settings.md") if name.isupper()} >= read
    assert len(read) >= 11


def test_the_launchers_variables_are_documented() -> None:
    page = text("docs/operate/settings.md")
    names = re.findall(r"\"(LC_\w+|LANG|PYTHONUTF8)\"", text("launch"))
    assert [name for name in names if f"`{name}`" not in page] == []


def test_the_parts_of_the_core_are_told_in_their_order() -> None:
    contracts = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["containers"] == ["communs.core"])
    folders = {p.parent.name for p in (ROOT / "src/communs/core").glob("*/__init__.py")}
    assert folders == set(layers)
    assert [cell for cell in cells("docs/architecture.md") if cell in folders] == layers


def test_every_service_is_told_of() -> None:
    told = cells("docs/architecture.md")
    untold = [service.key for service in services() if service.key not in told]
    assert untold == [], "add a line for each to docs/architecture.md"


def test_every_noun_of_the_code_is_in_the_glossary() -> None:
    models = [m.__name__ for m in apps.get_models() if m.__module__.startswith("communs.")]
    kinds = [k.__name__ for k in _subclasses(TextChoices) if k.__module__.startswith("communs.")]
    told = cells("docs/glossary.md")
    untold = sorted(noun for noun in {*models, *kinds} if noun not in told)
    assert untold == [], "add a line for each to docs/glossary.md"


@pytest.mark.parametrize("command", ["run", "test"])
def test_the_two_commands_are_said_and_exist(command: str) -> None:
    assert f"```console\n./launch {command}\n```" in text("README.md")
    assert f'word == "{command}"' in text("launch")


def test_the_accounts_of_the_demonstration_are_said() -> None:
    page = text("README.md")
    assert [a.email for a in ACCOUNTS if f"| `{a.email}` |" not in page] == []
    assert f"`{PASSWORD}`" in page


def test_the_picture_is_there_and_light() -> None:
    picture = DOCS / "pictures" / "home.png"
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert picture.stat().st_size < 250_000


def test_every_decision_is_in_the_index_and_in_its_form() -> None:
    index = text("docs/adr/README.md")
    for number, page in enumerate(DECISIONS, start=1):
        told = page.read_text(encoding="utf-8")
        title = told.splitlines()[0].removeprefix(f"# {number}. ")
        assert page.name.startswith(f"{number:04d}-")
        assert f"| [{number:04d}]({page.name}) | {title} |" in index
        assert re.search(r"^Date: \d{4}-\d{2}-\d{2}$", told, re.MULTILINE)
        assert re.findall(r"^## .*$", told, re.MULTILINE) == SECTIONS
    assert DECISIONS


def test_the_licence_is_whole() -> None:
    lines = text("LICENSE").splitlines()
    assert lines[0].strip() == "GNU AFFERO GENERAL PUBLIC LICENSE"
    assert lines[1].strip() == "Version 3, 19 November 2007"
    assert len(lines) == 661


def _subclasses(kind: type) -> list[type]:
    return [found for child in kind.__subclasses__() for found in (child, *_subclasses(child))]
