"""Two people at one form: nothing that anybody typed is lost, whatever the order."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.core.forms.conftest import DEFINITION

from communs.core.forms.engine import sheets
from communs.core.forms.engine.checking import kept, problems
from communs.core.forms.engine.moving import move
from communs.core.forms.engine.reading import read
from communs.core.forms.engine.sheets import Sheet
from communs.core.forms.engine.walking import value_at

WHOLE = read(DEFINITION)
PATHS = ("name", "siret", "partners.r1.partner", "partners.r1.share")
TYPED = st.sampled_from(["", "a", "b", "73282932000074", "12.00", "0.005", "NaN"])


def post(sheet: Sheet, opened: int, typed: dict[str, str]) -> sheets.Taken:
    given = {path: {"": [text]} for path, text in typed.items()}
    return sheets.take(WHOLE, sheet, "who", given, opened=opened)


def seen(sheet: Sheet) -> dict[str, str]:
    """What a page shows, as a browser would post it."""
    found = {}
    for path in PATHS:
        state = sheet.at(path)
        typed: Any = state.get("t") or {"": [state.get("v", "")]}
        found[path] = typed[""][-1] if typed.get("") else ""
    return found


class Colleagues(RuleBasedStateMachine):
    """Two people open a page, type, and save, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet = sheets.begun(WHOLE)
        self.open = {who: (0, seen(self.sheet), {}) for who in "ab"}

    @rule(who=st.sampled_from("ab"))
    def opens(self, who: str) -> None:
        self.open[who] = (self.sheet.revision, seen(self.sheet), {})

    @rule(who=st.sampled_from("ab"), path=st.sampled_from(PATHS), text=TYPED)
    def types(self, who: str, path: str, text: str) -> None:
        self.open[who][2][path] = text

    @rule(who=st.sampled_from("ab"))
    def saves(self, who: str) -> None:
        revision, page, changed = self.open[who]
        before = self.sheet
        taken = post(before, revision, page | changed)
        told = {one.path for one in taken.conflicts}
        for path in PATHS:
            mine, shown = (page | changed)[path], page[path]
            if path in told:
                assert taken.sheet.at(path) == before.at(path)
                assert seen(before)[path] != shown
            elif mine != shown:
                assert seen(taken.sheet)[path] == mine
            else:
                assert seen(taken.sheet)[path] == seen(before)[path]
        self.sheet = taken.sheet
        self.open[who] = (self.sheet.revision, seen(self.sheet), {})

    @invariant()
    def nothing_is_both_a_value_and_typed(self) -> None:
        for path in self.sheet.typed:
            assert value_at(self.sheet.values, path) is None


TestColleagues = Colleagues.TestCase


def test_a_row_that_a_colleague_took_away_comes_back_with_what_was_typed_in_it() -> None:
    sheet = post(sheets.begun(WHOLE), 0, {"partners.r1.partner": "Sceaux"}).sheet
    gone = sheets.remove_row(WHOLE, sheet, "partners", "r1")
    assert gone.values == {}
    same = post(gone, sheet.revision, {"partners.r1.partner": "Sceaux"})
    assert (same.sheet.values, same.conflicts) == ({}, ())
    other = post(gone, sheet.revision, {"partners.r1.share": "12"})
    assert other.sheet.values == {"partners": [{"id": "r1", "share": "12.00"}]}


def test_a_path_that_the_form_does_not_have_changes_nothing() -> None:
    sheet = sheets.begun(WHOLE)
    taken = post(
        sheet, 0, {"nothing": "x", "partners.r99.partner": "x", "a.b.c.d": "y", "amount": "3"}
    )
    assert (taken.sheet, taken.changed) == (sheet, ())


def test_two_who_add_a_row_each_get_their_own() -> None:
    sheet = sheets.add_row(
        WHOLE, sheets.add_row(WHOLE, sheets.begun(WHOLE), "partners"), "partners"
    )
    assert [row["id"] for row in sheet.values["partners"]] == ["r1", "r2", "r3"]


def test_a_page_that_was_kept_again_and_again_has_no_conflict_with_itself() -> None:
    sheet, since = sheets.begun(WHOLE), {}
    for text in ("S", "Sc", "Sceaux"):
        taken = sheets.take(WHOLE, sheet, "who", {"name": {"": [text]}}, opened=0, since=since)
        assert taken.conflicts == ()
        sheet = taken.sheet
        since = dict.fromkeys(taken.agreed, sheet.revision)
    assert sheet.values["name"] == "Sceaux"


values = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(max_size=5),
        "siret": st.sampled_from(["73282932000074", "1"]),
        "shared": st.booleans(),
        "amount": st.sampled_from(["10.00", "2000.00", "0.005", "-1.00", "NaN", 3]),
        "why": st.text(max_size=5),
        "partners": st.lists(
            st.fixed_dictionaries(
                {"id": st.sampled_from("abc")}, optional={"share": st.just("1.00")}
            ),
            max_size=4,
        )
        | st.just("x"),
        "unknown": st.just(1),
    },
)


@given(values)
def test_what_is_kept_in_the_end_has_no_problem_that_it_had_not(found: Any) -> None:
    if not problems(WHOLE, found):
        whole = kept(WHOLE, found)
        assert problems(WHOLE, whole) == []
        assert kept(WHOLE, whole) == whole


def test_moving_to_the_same_form_keeps_all() -> None:
    sheet = post(sheets.begun(WHOLE), 0, {"name": "Sceaux", "siret": "1"}).sheet
    moved = move(WHOLE, WHOLE, sheet, {})
    assert (moved.sheet.values, moved.sheet.typed, moved.left, moved.new) == (
        sheet.values,
        sheet.typed,
        (),
        (),
    )
