"""What was found, in order, read a page at a time: most readers look at the first one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload
from uuid import UUID

from communs.core.communities.scope import within
from communs.core.search.models import Document
from communs.core.search.readers import Reader


class Ranked(Sequence[Document]):
    """Documents by number and key; one that went meanwhile is left out when it is read.

    They are looked up by number: by key, SQLite would read all of a community's documents.
    """

    def __init__(self, keys: Sequence[tuple[int, UUID]], reader: Reader) -> None:
        self._keys, self._reader = keys, reader

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Document]:
        return iter(self[:])

    @overload
    def __getitem__(self, at: int) -> Document: ...

    @overload
    def __getitem__(self, at: slice) -> list[Document]: ...

    def __getitem__(self, at: int | slice) -> Document | list[Document]:
        if isinstance(at, slice):
            return self._read(self._keys[at])
        found = self._read([self._keys[at]])
        if not found:
            raise IndexError(at)
        return found[0]

    def _read(self, keys: Sequence[tuple[int, UUID]]) -> list[Document]:
        if not keys:
            return []
        with within(self._reader.community), self._reader.reading():
            rows = self._reader.documents().filter(number__in=[number for number, _key in keys])
            rows = rows.defer("terms").order_by().select_related("community", "place")
            found = {row.pk: row for row in rows}
        return [found[key] for _number, key in keys if key in found]
