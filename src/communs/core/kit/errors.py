"""What can be refused, in words a resident understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise

    Words = str | Promise


class Refused(Exception):
    """A rule says no: the sentence is shown as it is, beside the field it names if any."""

    def __init__(self, sentence: Words, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)


class Forbidden(Exception):
    """Not for this person, or not here."""


class NoCommunity(RuntimeError):
    """A community's data were asked for outside any community."""


class WrongCommunity(RuntimeError):
    """Something of one community was about to be written while in another."""
