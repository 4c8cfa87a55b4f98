"""Which community the running code works for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from communs.core.kit.errors import NoCommunity

if TYPE_CHECKING:
    from communs.core.communities.models import Community

log = logging.getLogger(__name__)

EVERYWHERE = "*"
NOWHERE = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be seen: nothing, one community's rows, or (reading only) all of them.

    `key` is the scope as the databases' walls compare it, once for each row that is written: a key
    in hexadecimal, « * » or nothing.
    """

    community: Community | None = None
    reason: str = ""
    key: str = field(init=False)

    def __post_init__(self) -> None:
        here = self.community.pk.hex if self.community else NOWHERE
        object.__setattr__(self, "key", EVERYWHERE if self.reason else here)


_NONE = Scope()
_scope: ContextVar[Scope] = ContextVar("scope", default=_NONE)
# Its key once more, by itself: SQLite asks for it at each row, and asks C alone.
_key: ContextVar[str] = ContextVar("scope key", default=_NONE.key)
_owner: ContextVar[bool] = ContextVar("owner", default=False)


def scope() -> Scope:
    """Give the scope in force."""
    return _scope.get()


scope_key = _key.get


def current() -> Community:
    """Give the community in force; raises NoCommunity where there is none."""
    community = _scope.get().community
    if community is None:
        message = "No community here: wrap the call in within(community)."
        raise NoCommunity(message)
    return community


@contextmanager
def within(community: Community) -> Iterator[Community]:
    """Work for one community: read its rows only, write its rows only."""
    with _during(Scope(community)):
        yield community


@contextmanager
def across(reason: str) -> Iterator[None]:
    """Read the rows of every community, write none; the reason is logged."""
    if not reason.strip():
        message = "Reading across communities needs a reason."
        raise ValueError(message)
    log.debug("reading across communities: %s", reason)
    with _during(Scope(reason=reason)):
        yield


@contextmanager
def outside() -> Iterator[None]:
    """Leave the community in force: what follows may read no community's rows."""
    with _during(_NONE):
        yield


@contextmanager
def _during(asked: Scope) -> Iterator[None]:
    token, named = _scope.set(asked), _key.set(asked.key)
    try:
        yield
    finally:
        _key.reset(named)
        _scope.reset(token)


@contextmanager
def as_owner() -> Iterator[None]:
    """Change tables as the database's owner (PostgreSQL); rows stay behind their walls."""
    token = _owner.set(True)
    try:
        yield
    finally:
        _owner.reset(token)


# Tells whether tables are being changed, which the application's role may not.
is_owner = _owner.get
