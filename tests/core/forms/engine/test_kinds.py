"""Every kind of question: what it takes comes back the same, rubbish ends in a sentence."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.forms.engine.definition import Definition, Field, Page, Section
from communs.core.forms.engine.kinds import KINDS, Around, Fault, kind_of, parse
from communs.core.forms.engine.schema import fits
from communs.core.forms.wording import FAULTS, fault

OPTIONS = [{"key": "road", "label": "Voirie"}, {"key": "park", "label": "Espaces verts"}]
LINKED = {
    "parent": "above",
    "options": [
        {"key": "hole", "label": "Trou", "of": ["road"]},
        {"key": "tree", "label": "Arbre", "of": ["park", "road"]},
    ],
}
SETTINGS: dict[str, list[dict[str, Any]]] = {
    "text": [{}, {"rows": 5, "max_length": 500}],
    "number": [{}, {"min": "-10", "max": "10", "decimals": 2, "unit": "km"}, {"decimals": 6}],
    "money": [{}, {"min": "-1000.00", "max": "1000.00"}],
    "choice": [{"options": OPTIONS}],
    "choices": [{"options": OPTIONS}],
    "linked": [LINKED],
    "address": [{}, {"inside": True}],
}
AROUND = Around({"above": "road"}, {"antony": ("92002", "Antony")})
FIELDS = [
    Field(key="x", kind=key, label="Question", settings=settings)
    for key in KINDS
    for settings in SETTINGS.get(key, [{}])
]
ASKED = [field for field in FIELDS if kind_of(field).asks]
WHOLE = Definition(pages=(Page(key="p", title="P", sections=(Section(key="s"),)),))

amounts = st.decimals(min_value=0, max_value=999_999_999, places=2).map(str)
typed = st.one_of(
    st.text(max_size=60),
    amounts,
    amounts.map(lambda text: text.replace(".", ",") + " €"),
    st.dates().map(date.isoformat),
    st.dates(min_value=date(1900, 1, 1)).map(lambda day: f"{day:%d/%m/}{day.year}"),
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(["road", "park", "hole", "tree", "yes", "no", "on", "Antony", "92160"]),
    st.sampled_from(["73282932000074", "732 829 320 00074", "FR76 3000 6000 0112 3456 7890 189"]),
    st.emails(),
    st.sampled_from(["06 12 34 56 78", "+33 1 40 20 50 50", "+44 20 7946 0958"]),
)


@st.composite
def posted(draw: st.DrawFn) -> tuple[Field, dict[str, list[str]]]:
    """A question, and anything for each of its parts or for parts that it has not."""
    field = draw(st.sampled_from(ASKED))
    names = st.sampled_from([*kind_of(field).parts, "", "other"])
    return field, draw(st.dictionaries(names, st.lists(typed, max_size=3), max_size=4))


def parsed(field: Field, parts: dict[str, list[str]]) -> tuple[Any, Fault | None]:
    try:
        return parse(field, parts, AROUND), None
    except Fault as wrong:
        return None, wrong


@given(posted())
def test_whatever_is_posted_ends_in_a_value_that_comes_back_or_in_a_sentence(
    one: tuple[Field, dict[str, list[str]]],
) -> None:
    field, parts = one
    kind = kind_of(field)
    settings = kind.set(field.settings)
    value, wrong = parsed(field, parts)
    if wrong is not None:
        assert f"address_{wrong.facts.get('part')}" in FAULTS or wrong.code in FAULTS
        assert fault(wrong.code, wrong.facts, field, WHOLE)
    if value is None:
        return
    stored = json.loads(json.dumps(value))
    assert stored == value
    assert fits(field, stored)
    assert parse(field, kind.write(stored), AROUND) == value
    kind.check(stored, settings, AROUND)
    for language in ("fr", "en"):
        assert kind.text(stored, settings, language).strip()


@given(
    st.sampled_from(ASKED),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside),
        max_leaves=6,
    ),
)
def test_a_value_that_a_program_sends_is_taken_or_refused_without_an_error(
    field: Field, value: Any
) -> None:
    kind = kind_of(field)
    if fits(field, value):
        try:
            kind.check(value, kind.set(field.settings), AROUND)
        except Fault:
            return
        assert parse(field, kind.write(value), AROUND) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**8))
def test_money_is_exact_to_the_cent(amount: Decimal) -> None:
    field = Field(key="x", kind="money", label="Montant")
    value = parse(field, {"": [f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",")]})
    assert value == str(amount)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("money", "0.005", "cents"),
        ("money", "-1", "too_small"),
        ("money", "1e12", "money"),
        ("money", "1000000000000", "too_large"),
        ("money", "NaN", "money"),
        ("money", "Infinity", "money"),
        ("number", "1,5", "whole"),
        ("number", "12 pommes", "number"),
        ("date", "31/02/2026", "date"),
        ("date", "2026-13-01", "date"),
        ("date", "0001-01-01", "too_early"),
        ("siret", "73282932000075", "siret_check"),
        ("siret", "7328293200007", "siret_length"),
        ("siret", "7328293200007A", "siret"),
        ("iban", "FR76 3000 6000 0112 3456 7890 188", "iban_check"),
        ("iban", "bonjour", "iban_check"),
        ("email", "antony@", "email"),
        ("telephone", "06 12", "telephone"),
    ],
)
def test_what_is_no_answer_is_refused_for_what_is_wrong_in_it(
    kind: str, text: str, code: str
) -> None:
    with pytest.raises(Fault) as wrong:
        parse(Field(key="x", kind=kind, label="Question"), {"": [text]})
    assert wrong.value.code == code


def test_a_linked_list_takes_only_what_goes_with_the_other_answer() -> None:
    field = Field(key="x", kind="linked", label="Détail", settings=LINKED)
    assert parse(field, {"": ["hole"]}, Around({"above": "road"})) == "hole"
    with pytest.raises(Fault, match="not_of_parent"):
        parse(field, {"": ["hole"]}, Around({"above": "park"}))
    with pytest.raises(Fault, match="parent_first"):
        parse(field, {"": ["hole"]}, Around({}))


def test_an_address_has_the_code_of_a_commune_that_the_register_knows() -> None:
    field = Field(key="x", kind="address", label="Adresse")
    parts = {"lines": ["1 rue Test\r\nBât. B"], "postcode": ["92160"], "commune": ["ANTONY"]}
    assert parse(field, parts, AROUND) == {
        "lines": "1 rue Test\nBât. B",
        "postcode": "92160",
        "commune": "Antony",
        "code": "92002",
    }
    elsewhere = parse(field, parts | {"commune": ["Lyon"]}, AROUND)
    assert (elsewhere["commune"], elsewhere["code"]) == ("Lyon", "")
    with pytest.raises(Fault) as wrong:
        parse(
            Field(key="x", kind="address", label="A", settings={"inside": True}),
            parts | {"commune": ["Lyon"]},
            AROUND,
        )
    assert (wrong.value.code, wrong.value.facts) == ("commune", {"commune": "Lyon"})
