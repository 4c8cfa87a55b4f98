"""A carrier's own address and the calls to it, for its program."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from communs.services.delivery.enums import CallState
from communs.services.delivery.models import URL_LENGTH, Call, Hook


class HookIn(Schema):
    """An address to call."""

    url: str = Field(min_length=1, max_length=URL_LENGTH)


class CallOut(Schema):
    """One call; `id` is the `webhook-id` of its header."""

    id: UUID
    type: str
    at: datetime
    state: CallState
    attempts: int
    status: int | None
    reason: str


class HookOut(Schema):
    """The address, whether it is still called, and the latest calls."""

    url: str
    stopped_at: datetime | None
    stopped_for: str
    calls: list[CallOut]


class HookSetOut(Schema):
    """The address, and the secret that signs: it is told once."""

    url: str
    secret: str


def hook_row(hook: Hook, calls: list[Call]) -> dict[str, Any]:
    """Give an address as its schema has it."""
    names = ("at", "state", "attempts", "status", "reason")
    rows = [
        {"id": call.pk, "type": call.kind} | {name: getattr(call, name) for name in names}
        for call in calls
    ]
    said = {"url": hook.url, "stopped_at": hook.stopped_at, "stopped_for": hook.stopped_for}
    return said | {"calls": rows}
