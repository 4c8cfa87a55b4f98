"""What a page posts, as `filling` takes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from communs.core.forms import keeping
from communs.core.forms.drawing import PREFIX
from communs.core.forms.engine.definition import Definition
from communs.core.forms.engine.kinds import kind_of
from communs.core.forms.engine.sheets import Sheet
from communs.core.forms.engine.walking import Place, places
from communs.core.forms.filling import Change
from communs.core.forms.telling import label_of
from communs.core.forms.wording import words

_DROP = "-drop"
_LARGEST = 2_000_000_000


def change_of(
    request: HttpRequest,
    definition: Definition,
    sheet: Sheet,
    page: str,
    *,
    at: datetime,
    keeps: bool = True,
) -> Change:
    """Read what a page posts; its files are kept as drafts, so call it outside actions.

    In a preview no file is kept: what was sent is given as it came.
    """
    do, _colon, what = request.POST.get("do", "").partition(":")
    skipped = {what} if do == "theirs" else set()
    asked = [path for path in request.POST.getlist("asked") if path not in skipped]
    uploads = {} if "autosave" in request.POST else _uploads(request, asked)
    files: Any = uploads
    if keeps:
        who = _person(request)
        files = keeping.received(definition, sheet.values, page, uploads, at=at, by=who)
    section, _dot, row = what.partition(".")
    return Change(
        page=page,
        posted={path: _parts(request.POST, path) for path in asked},
        revision=_number(request.POST.get("revision", "0")),
        since=_since(request.POST, asked),
        files=files,
        add=what if do == "add" else "",
        remove=(section, row) if do == "remove" else None,
    )


def typed_of(
    request: HttpRequest, definition: Definition, values: Mapping[str, Any], page: str
) -> list[tuple[str, str]]:
    """Give the questions of a page in which something was typed, each with what it was."""
    return [
        (label_of(place), text)
        for place in places(definition, values, page)
        if (text := _typed(request.POST, place))
    ]


def _typed(data: Any, place: Place) -> str:
    """Give what was typed in a question as it was, but for a choice: its words."""
    options = getattr(kind_of(place.field).set(place.field.settings), "options", ())
    known = {one.key: words(one.label) for one in options}
    given = [text for parts in _parts(data, place.path).values() for text in parts if text]
    return ", ".join(known.get(text, text) for text in given)


def _parts(data: Any, path: str) -> dict[str, list[str]]:
    """Give what was typed in one question, by part."""
    name = PREFIX + path
    found = {"": data.getlist(name)} if name in data else {}
    start = f"{name}."
    for key in data:
        rest = key.removeprefix(start)
        if rest != key and "." not in rest:
            found[rest] = data.getlist(key)
    return found


def _uploads(request: HttpRequest, asked: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in asked:
        name = PREFIX + path
        if name in request.FILES:
            found[path] = request.FILES[name]
        elif request.POST.get(name + _DROP) == "on":
            found[path] = None
    return found


def _since(data: Mapping[str, str], asked: list[str]) -> dict[str, int]:
    """Give the later revisions of questions that the page has seen anew (its script says them)."""
    named = {path: data.get(f"r.{path}", "") for path in asked}
    return {path: _number(text) for path, text in named.items() if text}


def _number(text: str) -> int:
    return min(int(text), _LARGEST) if text.isascii() and text.isdigit() and len(text) <= 10 else 0  # noqa: PLR2004


def _person(request: HttpRequest) -> Any:
    user = getattr(request, "user", None)
    return user if getattr(user, "is_authenticated", False) else None
