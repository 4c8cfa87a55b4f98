"""Models that belong to a community: outside it they can be neither read nor written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn, Self

from django.db import models

from communs.core.communities.scope import EVERYWHERE, current, scope
from communs.core.kit.errors import NoCommunity, WrongCommunity
from communs.core.kit.ids import time_ordered_id


class OwnedQuerySet(models.QuerySet):
    """Rows of one community; writes into another are refused."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        rows = list(objs)
        for row in rows:
            row.claim()
        return super().bulk_create(rows, *args, **options)

    def bulk_update(
        self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        rows = list(objs)
        for row in rows:
            row.claim()
        _refuse_moving(fields)
        return super().bulk_update(rows, list(fields), batch_size)

    def update(self, **values: Any) -> int:
        _refuse_moving(values)
        return super().update(**values)

    def raw(self, *_args: Any, **_options: Any) -> NoReturn:
        message = "Raw SQL knows no community: use the query interface."
        raise WrongCommunity(message)


class OwnedManager(models.Manager.from_queryset(OwnedQuerySet)):  # type: ignore[misc]
    """The rows of the community in force; raises NoCommunity outside one."""

    def get_queryset(self) -> OwnedQuerySet:
        return super().get_queryset().filter(community_id=current().pk)


class EverywhereQuerySet(models.QuerySet):
    """Rows of every community, to be read only."""

    def _refuse(self, *_args: Any, **_options: Any) -> NoReturn:
        message = "What is read across communities is not written there."
        raise WrongCommunity(message)

    create = bulk_create = bulk_update = update = delete = _refuse
    get_or_create = update_or_create = raw = _refuse


class EverywhereManager(models.Manager.from_queryset(EverywhereQuerySet)):  # type: ignore[misc]
    """The rows of every community, inside `across(reason)` only."""

    def get_queryset(self) -> EverywhereQuerySet:
        if scope().key != EVERYWHERE:
            message = "Reading everywhere needs `with across(reason):`."
            raise NoCommunity(message)
        return super().get_queryset()


@dataclass(frozen=True, slots=True)
class Guard:
    """What the database refuses of a row because of other rows: `forbidden` is SQL over NEW.

    It reads the same on both engines; in `UPDATE` alone, OLD is known too. In `DELETE`, only OLD.
    """

    name: str
    forbidden: str
    verbs: tuple[str, ...] = ("INSERT", "UPDATE")


class Owned(models.Model):
    """Base of every table whose rows belong to a community."""

    guards: ClassVar[tuple[Guard, ...]] = ()

    id = models.UUIDField(primary_key=True, default=time_ordered_id, editable=False)
    community = models.ForeignKey(
        "communities.Community", on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects: ClassVar[Any] = OwnedManager()
    everywhere: ClassVar[Any] = EverywhereManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def claim(self) -> Self:
        """Give the row to the community in force, or refuse it if another's."""
        here = current()
        if self.community_id is None:
            self.community = here
        elif self.community_id != here.pk:
            message = f"{type(self).__name__} of another community."
            raise WrongCommunity(message)
        return self

    def save(self, *args: Any, **options: Any) -> None:
        self.claim()
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        self.claim()
        return super().delete(*args, **options)


class History(Owned):
    """Base of the tables that are only added to; the database refuses anything else.

    `fill_once` names the columns that may be written later, once; a row may go `keep_days` after
    its `at`.
    """

    fill_once: ClassVar[tuple[str, ...]] = ()
    keep_days: ClassVar[int] = 3653

    class Meta(Owned.Meta):
        abstract = True


def owned_models(apps: Any) -> list[type[Owned]]:
    """Give every table that belongs to a community, of every installed part."""
    return [m for m in apps.get_models(include_auto_created=True) if issubclass(m, Owned)]


def _refuse_moving(fields: Iterable[str]) -> None:
    if {"community", "community_id"} & set(fields):
        message = "A row does not change community."
        raise WrongCommunity(message)
