"""Choices: one, several, one that depends on another, yes or no, an agreement."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from communs.core.forms.engine.definition import KEY, Words, said
from communs.core.forms.engine.kinds.base import Around, Fault, Given, Kind, NoSettings, line

_MOST_OPTIONS = 300
YES, NO = "yes", "no"


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One answer; in a linked list, `of` names the answers of the other list that it belongs to."""

    key: str
    label: Words
    of: tuple[str, ...] = ()


class ChoiceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The answers one may choose."""

    options: tuple[Option, ...] = ()


class LinkedSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The list on which this one depends, and the answers of this one."""

    parent: str = ""
    options: tuple[Option, ...] = ()


def options_amiss(options: tuple[Option, ...]) -> tuple[str, str] | None:
    """Tell what cannot be of a list of answers."""
    keys = [option.key for option in options]
    if not 1 <= len(keys) <= _MOST_OPTIONS:
        return "options", "options"
    if len(set(keys)) < len(keys) or not all(KEY.fullmatch(key) for key in keys):
        return "options", "options_keys"
    named = all(said(option.label).strip() for option in options)
    return None if named else ("options", "options_named")


def labelled(options: tuple[Option, ...], key: str, language: str) -> str:
    """Give the words of an answer."""
    return next((said(one.label, language) for one in options if one.key == key), key)


class ChoiceKind(Kind[ChoiceSettings]):
    """One of several answers."""

    key = "choice"
    settings: ClassVar[type[Any]] = ChoiceSettings

    def amiss(self, settings: ChoiceSettings) -> tuple[str, str] | None:
        return options_amiss(settings.options)

    def parse(self, given: Given, settings: ChoiceSettings, around: Around) -> str | None:
        del around
        chosen = line(given)
        if not chosen:
            return None
        if chosen not in {option.key for option in settings.options}:
            raise Fault("choice")
        return chosen

    def text(self, value: Any, settings: ChoiceSettings, language: str) -> str:
        return labelled(settings.options, value, language)

    def schema(self, settings: ChoiceSettings) -> dict[str, Any]:
        return {"enum": [option.key for option in settings.options]}


class ChoicesKind(Kind[ChoiceSettings]):
    """Several answers, in the order of the list."""

    key = "choices"
    settings: ClassVar[type[Any]] = ChoiceSettings
    single = False

    def amiss(self, settings: ChoiceSettings) -> tuple[str, str] | None:
        return options_amiss(settings.options)

    def parse(self, given: Given, settings: ChoiceSettings, around: Around) -> list[str] | None:
        del around
        chosen = {one for one in given.get("", ()) if one}
        known = [option.key for option in settings.options]
        if chosen - set(known):
            raise Fault("choice")
        return [key for key in known if key in chosen] or None

    def write(self, value: Any) -> dict[str, list[str]]:
        return {"": [str(one) for one in value]}

    def text(self, value: Any, settings: ChoiceSettings, language: str) -> str:
        return ", ".join(labelled(settings.options, one, language) for one in value)

    def schema(self, settings: ChoiceSettings) -> dict[str, Any]:
        keys = [option.key for option in settings.options]
        return {"type": "array", "items": {"enum": keys}, "uniqueItems": True, "minItems": 1}


class LinkedKind(Kind[LinkedSettings]):
    """One of several answers, among those that go with the answer to another list."""

    key = "linked"
    settings: ClassVar[type[Any]] = LinkedSettings

    def amiss(self, settings: LinkedSettings) -> tuple[str, str] | None:
        if not settings.parent:
            return "parent", "parent"
        return options_amiss(settings.options)

    def parse(self, given: Given, settings: LinkedSettings, around: Around) -> str | None:
        chosen = line(given)
        if not chosen:
            return None
        option = next((one for one in settings.options if one.key == chosen), None)
        if option is None:
            raise Fault("choice")
        above = around.values.get(settings.parent)
        if above is None:
            raise Fault("parent_first", parent=settings.parent)
        if above not in option.of:
            raise Fault("not_of_parent", parent=settings.parent)
        return chosen

    def text(self, value: Any, settings: LinkedSettings, language: str) -> str:
        return labelled(settings.options, value, language)

    def schema(self, settings: LinkedSettings) -> dict[str, Any]:
        return {"enum": [option.key for option in settings.options]}


class YesNoKind(Kind[NoSettings]):
    """Yes or no."""

    key = "yes_no"

    def parse(self, given: Given, settings: NoSettings, around: Around) -> bool | None:
        del settings, around
        chosen = line(given)
        if chosen and chosen not in {YES, NO}:
            raise Fault("choice")
        return chosen == YES if chosen else None

    def write(self, value: Any) -> dict[str, list[str]]:
        return {"": [{True: YES, False: NO}.get(value, str(value))]}

    def text(self, value: Any, settings: NoSettings, language: str) -> str:
        del settings
        words = ("Yes", "No") if language.startswith("en") else ("Oui", "Non")
        return words[0] if value else words[1]

    def schema(self, settings: NoSettings) -> dict[str, Any]:
        del settings
        return {"type": "boolean"}


class ConsentKind(Kind[NoSettings]):
    """A box that one ticks to agree; not ticked, there is no answer."""

    key = "consent"

    def parse(self, given: Given, settings: NoSettings, around: Around) -> bool | None:
        del settings, around
        return True if line(given) else None

    def write(self, value: Any) -> dict[str, list[str]]:
        return {"": [YES] if value is True else [str(value)] if value else []}

    def text(self, value: Any, settings: NoSettings, language: str) -> str:
        del value, settings
        return "Agreed" if language.startswith("en") else "Accord donné"

    def schema(self, settings: NoSettings) -> dict[str, Any]:
        del settings
        return {"const": True}
