"""What the engine found, in sentences for who writes or fills a form."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from communs.core.forms.engine.definition import Definition, Field, Words, said, spot_of, title_of
from communs.core.forms.engine.kinds import kind_of
from communs.core.forms.engine.kinds.dates import in_words
from communs.core.forms.engine.reading import Malformed
from communs.core.kit.localised import money, number

if TYPE_CHECKING:
    from django.utils.functional import Promise

KINDS: Mapping[str, Promise | str] = {
    "text": gettext_lazy("Text"),
    "number": gettext_lazy("Number"),
    "money": gettext_lazy("Amount in euros"),
    "date": gettext_lazy("Date"),
    "yes_no": gettext_lazy("Yes or no"),
    "choice": gettext_lazy("Choice of one answer"),
    "choices": gettext_lazy("Choice of several answers"),
    "linked": gettext_lazy("List that depends on another"),
    "email": gettext_lazy("E-mail address"),
    "telephone": gettext_lazy("Telephone number"),
    "address": gettext_lazy("Postal address"),
    "point": gettext_lazy("Point on a map"),
    "siret": gettext_lazy("SIRET number"),
    "iban": gettext_lazy("Bank account (IBAN)"),
    "file": gettext_lazy("File"),
    "consent": gettext_lazy("Box to tick to agree"),
    "explanation": gettext_lazy("Explanation, without a question"),
}

FAULTS: Mapping[str, Promise | str] = {
    "required": gettext_lazy("This question needs an answer."),
    "required_choice": gettext_lazy("Choose an answer."),
    "required_file": gettext_lazy("Add the file."),
    "required_consent": gettext_lazy("Tick the box to go on."),
    "not_so": gettext_lazy("This answer is not in the expected form."),
    "again": gettext_lazy("Save this answer again."),
    "unknown_field": gettext_lazy("The form has no such question."),
    "not_rows": gettext_lazy("These rows are not in the expected form."),
    "too_long": gettext_lazy(
        "This text has %(count)s characters; %(most)s at most are taken. Shorten it."
    ),
    "email": gettext_lazy("Write an e-mail address, as name@example.org."),
    "telephone": gettext_lazy("Write a telephone number that exists, as 06 12 34 56 78."),
    "number": gettext_lazy("Write a number in figures, as 12 or 3.5."),
    "whole": gettext_lazy("Write a whole number, without decimals."),
    "decimals": gettext_lazy("Write at most %(decimals)s figures after the decimal mark."),
    "doubtful": gettext_lazy(
        "Are these thousands or decimals? Write thousands with a space, as 20 000."
    ),
    "money": gettext_lazy("Write an amount in figures, as 1250.50."),
    "cents": gettext_lazy("Write the amount to the cent: at most two figures after the mark."),
    "too_small": gettext_lazy("Write at least %(least)s."),
    "too_large": gettext_lazy("Write at most %(most)s."),
    "date": gettext_lazy("Write a date that exists, as 27/11/2018."),
    "too_early": gettext_lazy("Give a date from %(least)s on."),
    "too_late": gettext_lazy("Give a date up to %(most)s."),
    "choice": gettext_lazy("Choose one of the answers offered."),
    "parent_first": gettext_lazy("First answer “%(parent)s”, then choose here."),
    "not_of_parent": gettext_lazy(
        "This answer does not go with the one to “%(parent)s”. Choose again."
    ),
    "address_lines": gettext_lazy("Add the street and the number to the address."),
    "address_postcode": gettext_lazy("Add the postcode to the address."),
    "address_commune": gettext_lazy("Add the commune to the address."),
    "postcode": gettext_lazy("Write a postcode of five figures, as 92160."),
    "commune": gettext_lazy("Choose a commune of the metropolis: “%(commune)s” is none."),
    "point": gettext_lazy("Write latitude and longitude in degrees, as 48.7537 and 2.2972."),
    "point_half": gettext_lazy("Give both the latitude and the longitude."),
    "point_range": gettext_lazy("Latitude is between −90 and 90, longitude between −180 and 180."),
    "siret": gettext_lazy("A SIRET number has figures only."),
    "siret_length": gettext_lazy("A SIRET number has 14 figures; this one has %(count)s."),
    "siret_check": gettext_lazy(
        "This SIRET number does not exist: one of its figures is wrong. Check it."
    ),
    "iban": gettext_lazy("Write an IBAN, as FR76 3000 6000 0112 3456 7890 189."),
    "iban_check": gettext_lazy(
        "This IBAN does not exist: one of its characters is wrong. Check it."
    ),
    "file": gettext_lazy("Choose a file and send it again."),
    "file_gone": gettext_lazy("This file is no longer kept: send it again."),
    "file_kind": gettext_lazy("This kind of file is not taken here: send %(kinds)s."),
    "file_large": gettext_lazy("This file weighs %(size)s; at most %(most)s are taken here."),
    "too_few_rows": gettext_lazy("Add rows: at least %(least)s are needed."),
    "too_many_rows": gettext_lazy("There are %(most)s rows at most."),
}

DEFINITIONS: Mapping[str, Promise | str] = {
    "shape": gettext_lazy("“%(place)s” is not as a form is written: %(why)s"),
    "characters": gettext_lazy("The form holds characters or numbers that cannot be kept."),
    "too_many_nodes": gettext_lazy("A form has at most %(most)s pages, sections and questions."),
    "keeping": gettext_lazy("Answers are kept between 1 and %(most)s days."),
    "rows": gettext_lazy(
        "“%(place)s”: rows go from a smallest to a largest count, at most %(most)s."
    ),
    "key": gettext_lazy(
        "“%(place)s”: a short name has small letters, figures and underscores, and begins with a"
        " letter."
    ),
    "key_twice": gettext_lazy("“%(place)s” is the short name of two things: change one."),
    "title": gettext_lazy("“%(place)s” has no title in French."),
    "words_long": gettext_lazy("“%(place)s”: words are too long, %(most)s characters at most."),
    "kind": gettext_lazy("“%(place)s”: there is no kind of question “%(kind)s”."),
    "setting_rows": gettext_lazy("“%(place)s”: show between 1 and 40 lines."),
    "setting_max_length": gettext_lazy("“%(place)s”: take between 1 and 20 000 characters."),
    "setting_decimals": gettext_lazy("“%(place)s”: between 0 and 6 decimals."),
    "setting_bound": gettext_lazy("“%(place)s”: write the bounds in figures."),
    "setting_bounds": gettext_lazy("“%(place)s”: the largest is smaller than the smallest."),
    "setting_day": gettext_lazy("“%(place)s”: write the first and the last day as 2018-11-27."),
    "setting_options": gettext_lazy("“%(place)s”: give between 1 and 300 answers."),
    "setting_options_keys": gettext_lazy(
        "“%(place)s”: each answer has a short name of its own, in small letters."
    ),
    "setting_options_named": gettext_lazy("“%(place)s”: each answer has words in French."),
    "setting_parent": gettext_lazy(
        "“%(place)s”: choose the list on which it depends, outside other repetitions."
    ),
    "setting_of": gettext_lazy(
        "“%(place)s”: say of “%(option)s” with which answers of the other list it goes."
    ),
    "setting_file_kinds": gettext_lazy("“%(place)s”: choose the kinds of file that are taken."),
    "setting_max_mb": gettext_lazy("“%(place)s”: files weigh between 1 and 20 MB."),
    "setting_days": gettext_lazy("“%(place)s”: files are kept between 0 and 3 653 days."),
    "condition": gettext_lazy("“%(place)s”: its condition is not well made."),
    "condition_long": gettext_lazy("“%(place)s”: its condition compares too many answers."),
    "condition_value": gettext_lazy("“%(place)s”: its condition compares with nothing."),
    "condition_field": gettext_lazy(
        "“%(title)s”: its condition reads “%(field)s”, which the form does not ask."
    ),
    "condition_row": gettext_lazy(
        "“%(title)s”: its condition reads “%(field)s”, which is asked once a row elsewhere."
    ),
    "loop": gettext_lazy("The conditions go round in a circle: %(circle)s. Change one of them."),
    "empty": gettext_lazy("The form asks nothing yet: add a page and a question."),
}


def here() -> str:
    """Give the reader's language."""
    return get_language() or "fr"


def words(text: Words) -> str:
    """Give a form's words in the reader's language."""
    return said(text, here())


def fault(code: str, facts: Mapping[str, Any], field: Field, definition: Definition) -> str:
    """Give the sentence about an answer."""
    if code == "required":
        code = _required(field)
    if code == "address_part":
        code = f"address_{facts['part']}"
    told = {name: _fact(name, value, field, definition) for name, value in facts.items()}
    return str(FAULTS.get(code, FAULTS["not_so"])) % told


def refusal(found: Malformed) -> str:
    """Give the sentence about a definition."""
    facts = dict(found.facts)
    titles = facts.get("titles") or []
    circle = " → ".join(f"“{title}”" for title in [*titles, *titles[:1]])
    facts |= {"place": found.place, "circle": circle}
    return str(DEFINITIONS.get(found.code, DEFINITIONS["shape"])) % ({"why": found.code} | facts)


def section_fault(code: str, facts: Mapping[str, Any]) -> str:
    """Give the sentence about the rows of a section, or about what the form does not have."""
    return str(FAULTS.get(code, FAULTS["not_so"])) % dict(facts)


def _required(field: Field) -> str:
    if field.kind in {"choice", "choices", "linked", "yes_no"}:
        return "required_choice"
    return {"file": "required_file", "consent": "required_consent"}.get(field.kind, "required")


def _fact(name: str, value: Any, field: Field, definition: Definition) -> Any:
    if name == "parent":
        spot = spot_of(definition, value)
        return title_of(spot.field, here()) if spot else value
    if field.kind == "date" and name in {"least", "most"}:
        return in_words(value, here())
    if isinstance(value, Decimal):
        return money(value) if field.kind == "money" else _number(value, field)
    return value


def _number(value: Decimal, field: Field) -> str:
    unit = str(field.settings.get("unit", ""))
    return f"{number(value)}\u00a0{unit}" if unit else number(value)


def shown(field: Field, value: Any) -> str:
    """Give an answer in words; nothing of nothing."""
    if value is None:
        return ""
    kind = kind_of(field)
    return kind.text(value, kind.set(field.settings), here())


def kinds_of_files(keys: list[str] | tuple[str, ...]) -> str:
    """Give kinds of files as a list in words."""
    return _(" or ").join(key.upper() for key in keys)
