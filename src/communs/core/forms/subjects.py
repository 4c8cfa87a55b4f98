"""What answers belong to: each service says what uses a form, who reads it, where it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import Promise

    Words = str | Promise


@dataclass(frozen=True, slots=True)
class Use:
    """A use of forms: "fund.application".

    `reads` is asked with a person and the subject's key; `address` gives the page on which the
    answers of that subject go on. A use that is not `public` is listed nowhere.
    """

    purpose: str
    title: Words
    reads: Callable[[Any, str], bool]
    address: Callable[[str], str] | None = None
    public: bool = True


_known: dict[str, Use] = {}


def declare(*uses: Use) -> None:
    """Make uses known; a service does so once, where it declares its permissions."""
    for use in uses:
        if _known.setdefault(use.purpose, use) != use:
            message = f"Two uses of forms are named {use.purpose}."
            raise ValueError(message)


def uses() -> list[Use]:
    """Give every use, by name."""
    return [_known[key] for key in sorted(_known)]


def named(purpose: str) -> Use | None:
    """Give a use, or None if its service is gone."""
    return _known.get(purpose)


def may_read(person: Any, subject: str) -> bool:
    """Tell whether a person may read the answers of a subject: nobody may unless its use says."""
    purpose, _colon, key = subject.partition(":")
    use = named(purpose)
    return use is not None and use.reads(person, key)


def address_of(subject: str) -> str | None:
    """Give the page on which the answers of a subject go on, or None."""
    purpose, _colon, key = subject.partition(":")
    use = named(purpose)
    return use.address(key) if use is not None and use.address is not None else None
