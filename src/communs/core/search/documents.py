"""What a service gives to the index, and who may find it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from communs.core.communities.models import Community
from communs.core.search.engine.terms import PUBLIC


@dataclass(frozen=True, slots=True)
class Searchable:
    """Something to be found: what it says, where it stands, who may read it.

    `kind` is an English noun marked with `noop`, translated where it is shown. `audience` is
    PUBLIC, a permission's name (found by those who hold it in this community) or `only(person)`.
    `on` is the day it is of: newer comes first; nothing means that it does not age. `place` is the
    community whose page it is, when not the one it belongs to.
    """

    subject: models.Model
    kind: str
    title: str
    route: str
    args: Sequence[str | int] = ()
    text: str = ""
    language: str = "fr"
    on: date | None = None
    audience: str = PUBLIC
    place: Community | None = None


def only(person: Any) -> str:
    """Give the audience that is one person."""
    return f"person.{person.pk.hex}"


def subject_of(row: models.Model) -> str:
    """Name what a document is about, as the journal does."""
    return f"{row._meta.label_lower}:{row.pk}"
