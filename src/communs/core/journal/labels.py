"""What events and tasks are called in words; each part says it where it declares itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.apps import apps


@lru_cache(maxsize=1)
def events() -> dict[str, Any]:
    """Give the words of every event by its name: `events` of each part's AppConfig or manifest."""
    return {name: words for app in apps.get_app_configs() for name, words in _said(app, "events")}


@lru_cache(maxsize=1)
def tasks() -> dict[str, Any]:
    """Give the words of every task by its path: `tasks` of each part, by the function's name."""
    return {
        f"{app.name}.jobs.{name}": words
        for app in apps.get_app_configs()
        for name, words in _said(app, "tasks")
    }


def of_event(name: str) -> str:
    """Give an event in words; one of a part that is gone keeps its name."""
    return str(events().get(name, name))


def of_task(path: str) -> str:
    """Give a task in words; one of a part that is gone keeps its path."""
    return str(tasks().get(path, path))


def _said(app: Any, attribute: str) -> list[tuple[str, Any]]:
    return list(getattr(app, attribute, {}).items())
