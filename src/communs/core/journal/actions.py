"""Writing: one action is one transaction and one recorded event."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from django.db import connection, models, transaction

from communs.core.journal.models import Event

P = ParamSpec("P")
R = TypeVar("R")

_draft: ContextVar[list[tuple[str, dict[str, Any]]] | None] = ContextVar("draft", default=None)

_INSERT = "INSERT INTO journal_event ({}) VALUES ({})".format(  # noqa: S608 -- names of our columns
    ", ".join(f'"{field.column}"' for field in Event._meta.concrete_fields),
    ", ".join("%s" for _field in Event._meta.concrete_fields),
)


class Unrecorded(RuntimeError):
    """An action ended without its event, or with two."""


def action(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an action: all of it happens, with its event `name`, or nothing does."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            token = _draft.set([])
            try:
                with transaction.atomic():
                    result = function(*args, **kwargs)
                    _write(name, kwargs.get("by"))
            finally:
                _draft.reset(token)
            return result

        run.action_name = name  # type: ignore[attr-defined]
        return run

    return decorate


def record(subject: models.Model | str, **data: Any) -> None:
    """Say what the running action did, and to what; `data` must be plain JSON."""
    drafts = _draft.get()
    if drafts is None:
        message = "record() is for actions only."
        raise Unrecorded(message)
    drafts.append((_named(subject), data))


def nothing_done() -> None:
    """Say that the running action found nothing to change: no event is written."""
    if _draft.get() is None:
        message = "nothing_done() is for actions only."
        raise Unrecorded(message)
    _draft.set(None)


def _named(subject: models.Model | str) -> str:
    if isinstance(subject, str):
        return subject
    return f"{subject._meta.label_lower}:{subject.pk}"


def _write(name: str, by: Any) -> None:
    drafts = _draft.get()
    if drafts is None:
        return
    if len(drafts) != 1:
        message = f"{name} recorded {len(drafts)} events instead of one."
        raise Unrecorded(message)
    subject, data = drafts[0]
    actor = getattr(by, "pk", None)
    _insert(Event(name=name, subject=subject, data=data, actor=actor).claim())


def _insert(event: Event) -> None:
    """Write a new event in one plain statement: every action pays for it."""
    fields = Event._meta.concrete_fields
    values = [field.get_db_prep_save(getattr(event, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
