"""A CurbLR file becomes bays and rules, twice as once; what has no equal here is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.services.delivery import actions, queries
from communs.services.delivery.actions.places import _is_polygon
from communs.services.delivery.engine import curblr
from communs.services.delivery.enums import LeftOut, Remark
from communs.services.delivery.models import Bay, CurbFile, Policy, Ticket
from tests.services.delivery.samples import AT, DAY, started

ANTONY = "/en/antony/livraison/"


@lru_cache(maxsize=1)
def portland() -> str:
    return (Path(__file__).parent / "data" / "portland.curblr.json").read_text()


@pytest.fixture(autouse=True)
def on(switch: Callable[[Community, str], None], antony: Community) -> None:
    switch(antony, "delivery")


def curb(**values: Any) -> dict[str, Any]:
    """Give a stretch of curb of twenty metres, for loading at any hour; and what it says."""
    regulation = {"rule": {"activity": "loading"}, "userClasses": [], "timeSpans": []}
    regulation |= {key: value for key, value in values.items() if key not in {"rule", "location"}}
    regulation["rule"] = regulation["rule"] | values.get("rule", {})
    location = {"shstRefId": "a1", "sideOfStreet": "right", "shstLocationStart": 3.0}
    return {
        "type": "Feature",
        "properties": {
            "location": location | {"shstLocationEnd": 23.0} | values.get("location", {}),
            "regulations": [regulation],
        },
        "geometry": {"type": "LineString", "coordinates": [[2.25, 48.9], [2.2502, 48.9]]},
    }


def file(*curbs: Any, **manifest: Any) -> str:
    whole = {"manifest": {"timeZone": "Europe/Paris"} | manifest, "features": list(curbs)}
    return json.dumps(whole | {"type": "FeatureCollection"})


def test_portlands_curbs_are_read_and_every_stretch_is_accounted_for() -> None:
    reading = curblr.read(portland(), on=DAY)
    assert (reading.features, len(reading.bays), len(reading.rules)) == (69, 31, 9)
    assert reading.features == len(reading.bays) + sum(one["count"] for one in reading.left_out)
    told = {(one["reason"], one["about"]): one["count"] for one in reading.left_out}
    assert told["users", "hotel guest"] == 10
    assert told["over", ""] == 2
    assert {one["reason"] for one in reading.notes} == {"zone", "spaces"}
    of_day = next(rule for rule in reading.rules if rule["terms"]["ends"] == "19:00")
    assert of_day["terms"] == {
        "activity": "loading",
        "vehicles": [],
        "most_minutes": 30,
        "no_return_minutes": 0,
        "priority": 8,
        "days": "012345",
        "holidays": None,
        "begins": "07:00",
        "ends": "19:00",
    }
    assert len(of_day["bays"]) == 13
    assert all(_is_polygon(bay["shape"]) for bay in reading.bays if bay["shape"])


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "null", '{"features": {}}', "[" * 100_000, '{"features": [1' + "0" * 5000],
)
def test_what_is_no_curblr_is_refused_in_words(antony: Community, text: str) -> None:
    with pytest.raises(curblr.Unreadable):
        curblr.read(text, on=DAY)
    with within(antony), pytest.raises(Refused) as refusal:
        actions.keep_curbs(name="x", text=text, on=DAY, at=AT, by=None)
    assert refusal.value.field == "file"


def test_portlands_file_as_it_was_published_says_where_it_cannot_be_read() -> None:
    broken = portland().rstrip()[:-1]
    with pytest.raises(curblr.Unreadable, match=r"delimiter: 7\d, \d+"):
        curblr.read(broken, on=DAY)


SPAN = {"daysOfWeek": {"days": ["Mo", "fr"]}, "timesOfDay": [{"from": "07:30", "until": "09:00"}]}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, {"days": "0123456", "begins": None, "ends": None, "priority": 40}),
        ({"timeSpans": [SPAN]}, {"days": "04", "begins": "07:30", "ends": "09:00"}),
        ({"rule": {"maxStay": 20, "noReturn": 60}}, {"most_minutes": 20, "no_return_minutes": 60}),
        ({"rule": {"maxStay": "20"}}, {"most_minutes": None}),
        ({"userClasses": [{"classes": ["Commercial"]}]}, {"vehicles": ["truck", "van"]}),
        ({"userClasses": [{}]}, {"vehicles": []}),
        ({"priority": 2}, {"priority": 20}),
        (
            {
                "timeSpans": [
                    {"designatedPeriods": [{"name": "holidays", "apply": "except_during"}]}
                ]
            },
            {"holidays": False},
        ),
        (
            {"timeSpans": [{"designatedPeriods": [{"name": "holidays", "apply": "only during"}]}]},
            {"holidays": True},
        ),
        ({"timeSpans": [{"timesOfDay": [{"from": "20:00", "to": "23:59"}]}]}, {"ends": None}),
    ],
)
def test_what_a_rule_says(values: dict[str, Any], expected: dict[str, Any]) -> None:
    reading = curblr.read(file(curb(**values)), on=DAY)
    [rule] = reading.rules
    assert {name: rule["terms"][name] for name in expected} == expected


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"rule": {"activity": "parking"}}, "no loading"),
        ({"rule": {"activity": "standing"}}, "activity"),
        ({"userClasses": [{"classes": ["taxi"]}]}, "users"),
        ({"userClasses": [{"classes": ["truck"], "maxLength": 8}]}, "size"),
        ({"timeSpans": [{"daysOfMonth": ["odd"]}]}, "monthly"),
        (
            {"timeSpans": [{"daysOfWeek": {"days": ["Tu"], "occurrences_in_month": ["2nd"]}}]},
            "monthly",
        ),
        ({"timeSpans": [{"effectiveDates": [{"from": "04-01", "to": "11-30"}]}]}, "yearly"),
        ({"timeSpans": [{"effectiveDates": [{"from": "2019-01-01", "to": "2020-01-01"}]}]}, "over"),
        (
            {"timeSpans": [{"designatedPeriods": [{"name": "snow", "apply": "only during"}]}]},
            "period",
        ),
        ({"timeSpans": [{"timesOfDay": [{"from": "7", "to": "9"}]}]}, "hours"),
        ({"timeSpans": [{"daysOfWeek": {"days": ["Lu"]}}]}, "hours"),
    ],
)
def test_what_has_no_equal_here_is_left_out_and_told(values: dict[str, Any], reason: str) -> None:
    reading = curblr.read(file(curb(**values)), on=DAY)
    assert (reading.bays, reading.rules) == ([], [])
    assert [(one["reason"], one["count"], one["first"]) for one in reading.left_out] == [
        (reason, 1, 1)
    ]
    assert reason in LeftOut.values


def test_a_place_that_cannot_be_read_is_left_out() -> None:
    lost = [curb() for _each in range(5)]
    lost[0]["geometry"] = None
    lost[1]["geometry"]["coordinates"] = [[200, 48], [2, 48]]
    lost[2]["geometry"]["coordinates"] = [{}, {}]
    lost[3]["geometry"]["coordinates"] = [[float("nan"), 48]]
    lost[4]["geometry"] = {"type": "Polygon", "coordinates": []}
    [told] = curblr.read(file(*lost), on=DAY).left_out
    assert (told["reason"], told["count"]) == ("place", 5)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.data())
def test_whatever_a_file_holds_it_is_read_or_counted(data: st.DataObject) -> None:
    curbs = []
    for _each in range(3):
        one = curb()
        holder = data.draw(
            st.sampled_from(
                [
                    one,
                    one["properties"],
                    one["properties"]["location"],
                    one["properties"]["regulations"][0],
                    one["properties"]["regulations"][0]["rule"],
                    one["geometry"],
                ]
            )
        )
        holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(ANYTHING)
        curbs.append(one)
    reading = curblr.read(file(*curbs), on=DAY)
    assert {one["reason"] for one in reading.left_out} <= set(LeftOut.values)
    assert {one["reason"] for one in reading.notes} <= set(Remark.values)
    assert len({bay["origin"] for bay in reading.bays}) == len(reading.bays)
    json.dumps([reading.bays, reading.rules], allow_nan=False)
    assert all(-90 <= bay["lat"] <= 90 and 1 <= bay["spaces"] <= 20 for bay in reading.bays)


def test_a_file_installed_twice_makes_nothing_twice_and_a_later_one_adds_what_is_new(
    antony: Community,
) -> None:
    with within(antony):
        one = actions.keep_curbs(name="Un", text=file(curb()), on=DAY, at=AT, by=None)
        assert Bay.objects.count() == 0
        known: dict[str, Any] = {"at": AT, "by": None}
        first = actions.install_curbs(file=one, on=DAY, **known)
        again = actions.install_curbs(file=one, on=DAY + timedelta(1), **known)
        more = file(curb(), curb(location={"shstRefId": "b2", "streetName": "Rue Haute"}))
        two = actions.keep_curbs(name="Deux", text=more, on=DAY, at=AT, by=None)
        second = actions.install_curbs(file=two, on=DAY + timedelta(2), **known)
        bays = list(Bay.objects.order_by("origin").values_list("origin", "street", "spaces"))
        rules = list(Policy.objects.order_by("since").values_list("since", "activity"))
        events = Event.objects.filter(name="delivery.curbs_installed").count()
    assert [first, again, second] == [(1, 1), (0, 0), (1, 1)]
    assert bays == [
        ("curblr:a1:right:3.0:23.0:", "rue à préciser", 2),
        ("curblr:b2:right:3.0:23.0:", "Rue Haute", 2),
    ]
    assert rules == [(DAY, "loading"), (date(2026, 3, 4), "loading")]
    assert events == 3


def test_a_disc_starts_by_the_rule_of_a_file(antony: Community) -> None:
    hours = [{"timesOfDay": [{"from": "07:00", "to": "12:00"}]}]
    with within(antony):
        text = file(curb(rule={"maxStay": 20}, timeSpans=hours))
        row = actions.keep_curbs(name="Un", text=text, on=DAY, at=AT, by=None)
        actions.install_curbs(file=row, on=DAY, at=AT, by=None)
        bay = Bay.objects.get()
        started(bay)
        ends = Ticket.objects.get().allowed_until
        rule = queries.policies_at(bay, AT)[0]
        with pytest.raises(Refused):
            started(bay, datetime(2026, 3, 2, 12, tzinfo=UTC))
    assert ends == AT + timedelta(minutes=20)
    assert (rule.begins, rule.ends, rule.days) == (time(7), time(12), "0123456")


def test_a_file_is_looked_at_in_words_before_it_is_installed(
    signed_in: Client, antony: Community
) -> None:
    sent = SimpleUploadedFile("portland.curblr.json", portland().encode())
    with time_machine.travel(AT, tick=False):
        page = signed_in.post(f"{ANTONY}gestion/curblr/", {"file": sent}, follow=True)
        with within(antony):
            row = CurbFile.objects.get()
            assert Bay.objects.count() == 0
        done = signed_in.post(f"{ANTONY}gestion/curblr/{row.pk}/", follow=True).text
        twice = signed_in.post(f"{ANTONY}gestion/curblr/{row.pk}/", follow=True).text
        later = signed_in.get(f"{ANTONY}gestion/curblr/{row.pk}/").text
        wrong = signed_in.post(
            f"{ANTONY}gestion/curblr/", {"file": SimpleUploadedFile("a.json", b"{")}
        )
        zones = Client().get("/antony/api/livraison/cds/curbs/zones").json()["data"]["zones"]
    told = (
        ">31<",
        "Monday to Saturday, from 7:00 to 19:00",
        "in 13 bays",
        "for users that are no delivery: “hotel guest”",
        "The file is of another time zone",
        "Install these bays and rules",
    )
    assert [words for words in told if words not in page.text] == []
    assert "Installed: 31 bays, 9 rules." in done
    assert "Installed: 0 bays, 0 rules." in twice
    assert "Bays that are here already" in later
    assert (wrong.status_code, "This is not a CurbLR file." in wrong.text) == (422, True)
    assert len(zones) == 31


def test_a_program_sends_a_file_and_installs_it(signed_in: Client, antony: Community) -> None:
    api, kind = "/antony/api/livraison/curblr", "application/json"
    with time_machine.travel(AT, tick=False):
        made = signed_in.post(api, file(curb(), curb(rule={"activity": "standing"})), kind)
        told = made.json()
        first = signed_in.post(f"{api}/{told['id']}/installation").json()
        again = signed_in.post(f"{api}/{told['id']}/installation").json()
        listed = signed_in.get(api).json()
    assert listed == [told]
    key = told.pop("id")
    assert told == {
        "features": 2,
        "bays": 1,
        "rules": 1,
        "left_out": [{"reason": "activity", "about": "standing", "count": 1, "first": 2}],
    }
    assert (first, again) == ({"bays": 1, "rules": 1}, {"bays": 0, "rules": 0})
    assert Client().post(f"{api}/{key}/installation").status_code == 401
