"""How actions, queries and engines are written."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

import communs
from communs.core.registry.queries import services
from communs.core.registry.service import Service

PACKAGE = Path(communs.__file__).parent
CLOCKS = {"now", "today", "localdate", "localtime", "utcnow", "time"}


def test_an_actions_arguments_are_named_and_its_author_comes_last(service: Service) -> None:
    wrong = []
    for name, function in _public_functions(service, "actions"):
        parameters = list(inspect.signature(function).parameters.values())
        keyword_only = all(p.kind is p.KEYWORD_ONLY for p in parameters)
        if not keyword_only or not parameters or parameters[-1].name != "by":
            wrong.append(name)
    assert wrong == []


def test_an_action_is_named_after_its_service(service: Service) -> None:
    names = [
        function.action_name
        for _name, function in _public_functions(service, "actions")
        if hasattr(function, "action_name")
    ]
    assert [name for name in names if not re.fullmatch(rf"{service.key}\.[a-z_]+", name)] == []


@pytest.mark.parametrize("part", ["actions", "queries", "rules", "models", "engine", "indicators"])
def test_the_clock_is_read_by_views_and_jobs_only(service: Service, part: str) -> None:
    folder = Path(service.path)
    files = [folder / f"{part}.py", *(folder / part).rglob("*.py")]
    calls = [
        f"{file.name}:{node.lineno}"
        for file in files
        if file.exists()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"timezone", "datetime", "date", "time", "dt"}
    ]
    assert calls == []


def test_an_engine_knows_nothing_of_django(service: Service) -> None:
    engine = Path(service.path) / "engine"
    wrong = [
        str(file.relative_to(engine))
        for file in engine.rglob("*.py")
        if re.search(r"^\s*(from|import) (django|ninja)\b", file.read_text(), re.MULTILINE)
    ]
    assert wrong == []


def test_a_service_names_no_other_service(service: Service) -> None:
    others = "|".join(s.key for s in services() if s.key != service.key)
    if not others:
        pytest.skip("only one service is installed")
    pattern = re.compile(
        rf"""communs\.services\.({others})\b|["']({others}):[a-z_]+["']|["']({others})\.[A-Z]"""
    )
    wrong = [
        f"{file.name}: {found.group()}"
        for file in Path(service.path).rglob("*")
        if file.suffix in {".py", ".html"}
        for found in pattern.finditer(file.read_text())
    ]
    assert wrong == []


def test_a_service_does_not_look_models_up_by_name(service: Service) -> None:
    wrong = [
        file.name
        for file in Path(service.path).rglob("*.py")
        if re.search(r"\bget_model\(|\bContentType\b|@receiver\b", file.read_text())
    ]
    assert wrong == []


def test_a_foreign_key_points_at_its_own_service_or_the_core(service: Service) -> None:
    allowed = {service.label, "communities", "files", "forms", "people", "sensing"}
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in service.get_models()
        for field in model._meta.concrete_fields
        if field.related_model and field.related_model._meta.app_label not in allowed
    ]
    assert wrong == []


def test_no_style_or_script_stands_inside_a_page() -> None:
    folders = [Path(app.path) / "templates" for app in apps.get_app_configs()]
    pattern = re.compile(r"\sstyle=|<style|\son[a-z]+=[\"']|<script(?![^>]*\ssrc=)|https?://")
    wrong = [
        f"{file.name}: {found.group()}"
        for folder in folders
        if PACKAGE in folder.parents
        for file in folder.rglob("*.html")
        for found in pattern.finditer(file.read_text())
        if not found.group().startswith("http")
    ]
    assert wrong == []


def test_no_page_hides_where_its_forms_are_sent_from() -> None:
    """A page without referrer sends its forms from nowhere, and they are refused.

    The header keeps addresses that hold a secret on this site already.
    """
    assert settings.SECURE_REFERRER_POLICY == "same-origin"
    folders = [Path(app.path) / "templates" for app in apps.get_app_configs()]
    pages = [f for folder in folders if PACKAGE in folder.parents for f in folder.rglob("*.html")]
    assert [page.name for page in pages if "no-referrer" in page.read_text()] == []


def _public_functions(service: Service, part: str) -> list[tuple[str, object]]:
    module = service.module_named(part)
    if module is None:
        return []
    found = inspect.getmembers(module, inspect.isfunction)
    return [(n, f) for n, f in found if f.__module__ == module.__name__ and not n.startswith("_")]
