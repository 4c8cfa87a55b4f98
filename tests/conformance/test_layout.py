"""Where things are, and how large they may be."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import communs
from communs.core.registry.service import Service

PACKAGE = Path(communs.__file__).parent
ROOT = PACKAGE.parent.parent
LIMIT = 400

FILES = {
    "__init__", "manifest", "enums", "options", "models", "rules", "queries", "actions",
    "indicators", "forms", "schemas", "listeners", "ports", "jobs", "bundle", "demo", "views",
    "api", "urls",
}  # fmt: skip
FOLDERS = {"templates", "static", "migrations", "locale", "engine", "data"}
REQUIRED = {"__init__", "manifest", "options"}
SECTIONS = ("## What it is for", "## Rows served", "## Standards", "## Who runs it")


def test_a_service_holds_only_files_of_the_house(service: Service) -> None:
    folder = Path(service.path)
    names = {p.stem if p.suffix == ".py" else p.name for p in folder.iterdir()} - {"__pycache__"}
    assert names - FILES - FOLDERS == {"README.md"}
    assert names >= REQUIRED


def test_a_services_readme_says_what_a_newcomer_asks(service: Service) -> None:
    text = (Path(service.path) / "README.md").read_text()
    assert [section for section in SECTIONS if section not in text] == []


def test_a_service_has_its_tests_its_samples_and_its_visits(service: Service) -> None:
    folder = ROOT / "tests" / "services" / service.key
    assert (folder / "samples.py").is_file()
    assert (folder / "visits.py").is_file()
    assert list(folder.glob("test_*.py"))


def test_no_file_is_longer_than_the_limit() -> None:
    sources = [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "launch"]
    sources += [*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.css"), *PACKAGE.rglob("*.js")]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources
        if "vendor" not in path.parts and "migrations" not in path.parts
        for lines in [len(path.read_text().splitlines())]
        if lines > LIMIT
    }
    assert long == {}


def test_a_view_parses_asks_and_answers_in_a_dozen_statements(service: Service) -> None:
    folder = Path(service.path)
    files = [folder / "views.py", folder / "api.py", *(folder / "views").glob("*.py")]
    long = [
        f"{file.name}:{function.name}"
        for file in files
        if file.exists()
        for function in ast.walk(ast.parse(file.read_text()))
        if isinstance(function, ast.FunctionDef) and _statements(function) > 12
    ]
    assert long == []


def test_the_walls_between_parts_stand() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_lock_files_name_no_registry() -> None:
    locks = [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"]
    named = {
        lock.name: line
        for lock in locks
        if lock.exists()
        for line in lock.read_text().splitlines()
        if "://" in line and "funding" not in line and '"url":' not in line
    }
    assert named == {}


@pytest.mark.parametrize(
    "parts", [("/wo", "rk/"), ("/ro", "ot/"), ("python", "hosted"), ("registry", ".npmjs")]
)
def test_no_tracked_file_names_a_machine_or_a_registry(parts: tuple[str, str]) -> None:
    word = "".join(parts)  # in two, so that this file does not name it either
    done = subprocess.run(
        ["git", "grep", "-lIF", word, "--", "."],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode > 1:
        pytest.skip("not a git checkout")
    assert done.stdout.split() == []


def _statements(function: ast.FunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return sum(isinstance(node, ast.stmt) for part in body for node in ast.walk(part))
