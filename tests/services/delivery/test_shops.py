"""Shops and what comes back to them: declared without an account, counted against spaces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.privacy.actions import let_go
from communs.core.privacy.declarations import declarations
from communs.services.delivery import actions, queries
from communs.services.delivery.engine import expected
from communs.services.delivery.models import Bay, Merchant, Pause, Recurrence
from tests.services.delivery.samples import AT, DAY, bay_made, placed, recurs, shop_made

ANTONY = "/en/antony/livraison/"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def on(switch: Callable[[Community, str], None], antony: Community, sceaux: Community) -> None:
    switch(antony, "delivery")
    switch(sceaux, "delivery")


@pytest.fixture
def bay(antony: Community) -> Bay:
    with within(antony):
        found = bay_made()
        placed(found)
    return found


def coming(**values: Any) -> expected.Coming:
    given = {"key": "k", "days": frozenset(range(7)), "begins": time(8), "ends": time(9)}
    given |= {"minutes": 30, "since": DAY, "holidays": True}
    return expected.Coming(**given | values)


@st.composite
def some_coming(draw: st.DrawFn) -> expected.Coming:
    first = draw(st.integers(0, 1400))
    last = draw(st.integers(first + 1, 1439))
    minutes = draw(st.integers(1, min(240, last - first)))
    begins, ends = time(first // 60, first % 60), time(last // 60, last % 60)
    return coming(begins=begins, ends=ends, minutes=minutes)


@given(st.lists(some_coming(), max_size=5))
def test_the_time_of_declared_stops_is_neither_lost_nor_made(found) -> None:
    halves = expected.load(found, DAY)
    total = sum(half.mean for half in halves) * 30
    assert total == pytest.approx(sum(one.minutes for one in found))
    assert all(half.mean <= half.most + 1e-9 for half in halves)


@given(some_coming())
def test_a_vehicle_is_expected_between_its_two_hours_and_at_no_other(one) -> None:
    halves = expected.load([one], DAY)
    there = [number for number, half in enumerate(halves) if half.mean > 0]
    assert expected.clock(there[0]) <= one.begins or one.begins < expected.clock(there[0] + 1)
    held = [number for number, half in enumerate(halves) if half.most]
    assert set(there) <= set(held)
    assert held == list(range(held[0], held[-1] + 1))
    assert expected.clock(held[0]) <= one.begins
    assert expected.clock(held[-1]) < one.ends


def test_a_stop_as_long_as_its_hours_fills_them_and_one_that_may_come_later_is_shared() -> None:
    [full] = [expected.load([coming(minutes=60)], DAY)]
    assert [(n, h.mean) for n, h in enumerate(full) if h.most] == [(16, 1.0), (17, 1.0)]
    half = expected.load([coming(minutes=30)], DAY)
    assert [half[16].mean, half[17].mean] == pytest.approx([0.5, 0.5])
    assert expected.clashing(expected.load([coming(), coming(key="b")], DAY), 1) == [16, 17]
    assert expected.crowded(full, 1, 0.8) == [16, 17]
    assert expected.crowded(full, 2, 0.8) == []
    assert expected.runs(full) == [(16, 18, 1)]


@pytest.mark.parametrize(
    ("values", "day", "there"),
    [
        ({"days": frozenset({0})}, DAY, True),
        ({"days": frozenset({1})}, DAY, False),
        ({"since": DAY + timedelta(1)}, DAY, False),
        ({"until": DAY - timedelta(1), "since": DAY - timedelta(9)}, DAY, False),
        ({"pauses": ((DAY, DAY),)}, DAY, False),
        ({"pauses": ((DAY + timedelta(1), DAY + timedelta(2)),)}, DAY, True),
        ({"holidays": False}, date(2026, 5, 1), False),
        ({"holidays": True}, date(2026, 5, 1), True),
    ],
)
def test_days_on_which_a_delivery_comes(values: dict[str, Any], day: date, there: bool) -> None:
    assert expected.comes(coming(**values), day) is there


FORM = {
    "name": "Épicerie du port",
    "address": "3 rue du Port",
    "contact": "",
    "days": ["0", "2"],
    "begins": "08:00",
    "ends": "09:00",
    "minutes": "20",
    "vehicle": "van",
    "since": "2026-03-02",
    "until": "",
}


def test_a_shop_asks_without_an_account_and_counts_once_it_is_accepted(
    client: Client, signed_in: Client, antony: Community, bay: Bay
) -> None:
    with time_machine.travel(AT + 40 * MINUTE, tick=False):
        page = client.post(f"{ANTONY}commerces/demander/", FORM | {"bay": bay.pk}).text
        own = page.split("<code>")[1].split("</code>")[0].partition("/antony/")[2]
        waits = client.get(f"/en/antony/{own}").text
        with within(antony):
            shop = Merchant.objects.get()
            assert queries.expectation(bay, on=DAY).fullest == 0
        asked = signed_in.get(f"{ANTONY}gestion/commerces/").text
        signed_in.post(f"{ANTONY}gestion/commerces/{shop.pk}/repondre/", {"accept": "1"})
        counts = client.get(f"/en/antony/{own}").text
        twice = signed_in.post(
            f"{ANTONY}gestion/commerces/{shop.pk}/repondre/", {"accept": "1"}, follow=True
        ).text
    assert "It waits for an answer" in waits
    assert "Accept “Épicerie du port”" in asked
    assert "These deliveries count" in counts
    assert "Somebody has answered this shop already." in twice
    with within(antony):
        found = queries.expectation(bay, on=DAY)
        rows = list(Recurrence.objects.values_list("days", "begins", "ends", "minutes", "vehicle"))
        over = Merchant.objects.get().over_on
    assert rows == [("02", time(8), time(9), 20, "van")]
    assert (found.fullest > 0, over) == (True, None)
    assert sum(half.mean for half in found.days[DAY]) * 30 == pytest.approx(20)


def test_a_bays_page_tells_what_is_still_to_come_today_and_names_no_shop(
    client: Client, antony: Community, bay: Bay
) -> None:
    with within(antony):
        shop = shop_made(bay)
        recurs(shop, begins=time(8), ends=time(9))
        recurs(shop, begins=time(11), ends=time(12))
        recurs(shop, begins=time(11, 30), ends=time(12))
    with time_machine.travel(AT, tick=False):
        page = client.get(f"{ANTONY}aires/{bay.code}/").text
        listed = client.get(f"{ANTONY}attendues/").text
        told = client.get("/antony/api/livraison/attendues").json()
    assert "From 8:00 to 9:00" not in page
    assert "From 11:00 to 11:30" in page
    assert "up to 2 vehicles" in page
    assert "From 8:00 to 9:00" in listed
    assert shop.name not in page + listed
    assert [(row["bay"], row["spaces"]) for row in told] == [(bay.code, 1)]
    assert [(h["begins"], h["most"]) for h in told[0]["halves"]] == [
        ("08:00:00", 1),
        ("08:30:00", 1),
        ("11:00:00", 1),
        ("11:30:00", 2),
    ]


def test_the_manager_sees_how_full_a_week_will_be_and_what_overlaps(
    signed_in: Client, antony: Community, bay: Bay
) -> None:
    with within(antony):
        shop = shop_made(bay)
        for _twice in range(2):
            recurs(shop, days="0123456", begins=time(8), ends=time(9), minutes=50)
    with time_machine.travel(AT, tick=False):
        week = signed_in.get(f"{ANTONY}gestion/attendues/").text
        halves = signed_in.get(f"{ANTONY}gestion/attendues/{bay.code}/").text
        use = signed_in.get(f"{ANTONY}bilan/").text
    with within(antony):
        [one] = queries.expectations(on=DAY)
        [used] = queries.uses(on=DAY, saturated=0.8, quiet=0.15)
    assert (one.crowded(0.8), one.clashing(), round(one.fullest, 2)) == (14, 14, 1.67)
    assert (">14<" in week, ">167%<" in week) == (True, True)
    assert halves.count("overlap, 167%") == 14
    assert (used.advice.counsel, used.advice.crowded, used.advice.days) == ("larger", 14, 0)
    assert "Too small" in use


def test_days_left_out_are_said_by_the_shop_itself(
    client: Client, antony: Community, bay: Bay
) -> None:
    with within(antony):
        made = shop_made(bay, whole=True)
        row = recurs(made.merchant)
    own = f"{ANTONY}commerces/{made.secret}/"
    days = {"first": "2026-03-02", "last": "2026-03-08"}
    pause = f"{own}{row.pk}/pause/"
    assert "These days are left out." in client.post(pause, days, follow=True).text
    assert "covers some of these days already" in client.post(pause, days).text
    with within(antony):
        [kept] = Pause.objects.all()
        assert queries.expectation(bay, on=DAY).fullest == 0
        assert queries.expectation(bay, on=DAY + timedelta(7)).fullest > 0
    lifted = client.post(f"{own}pauses/{kept.pk}/lever/", follow=True).text
    assert "comes on these days after all" in lifted
    assert client.get(f"/sceaux/livraison/commerces/{made.secret}/").status_code == 404
    assert client.get(f"{ANTONY}commerces/{'a' * 22}/").status_code == 404


def test_a_new_address_closes_the_former_one(
    client: Client, signed_in: Client, antony: Community, bay: Bay
) -> None:
    with within(antony):
        made = shop_made(bay, whole=True)
    page = signed_in.post(f"{ANTONY}gestion/commerces/{made.merchant.pk}/page/").text
    new = page.split("<code>")[1].split("</code>")[0].partition("/antony/")[2]
    old = client.get(f"{ANTONY}commerces/{made.secret}/").status_code
    assert (client.get(f"/antony/{new}").status_code, old) == (200, 404)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"begins": time(9), "ends": time(8)}, "ends"),
        ({"minutes": 61}, "minutes"),
        ({"until": DAY - timedelta(1)}, "until"),
    ],
)
def test_what_cannot_come_back_is_refused_beside_its_field(
    antony: Community, bay: Bay, values: dict[str, Any], field: str
) -> None:
    with within(antony):
        shop = shop_made(bay)
        with pytest.raises(Refused) as refusal:
            recurs(shop, **values)
        assert refusal.value.field == field
        assert not Recurrence.objects.exists()


def test_a_shop_ends_and_is_forgotten_a_year_later(antony: Community, bay: Bay) -> None:
    with within(antony), override("en"):
        shop = shop_made(bay, contact="epicerie@shop.example")
        recurs(shop)
        actions.end_merchant(merchant=shop, on=DAY + timedelta(7), by=None)
        there = [queries.expectation(bay, on=DAY + timedelta(d)).fullest > 0 for d in (0, 7, 14)]
        with pytest.raises(Refused, match="ends already"):
            actions.end_merchant(merchant=shop, on=DAY, by=None)
        table = next(one for one in declarations() if one.model is Merchant)
        soon = datetime(2027, 3, 1, tzinfo=UTC)
        assert let_go(table, at=soon) == 0
        assert let_go(table, at=soon + timedelta(30)) > 0
        assert (Merchant.objects.count(), Recurrence.objects.count()) == (0, 0)
    assert there == [True, True, False]


def test_who_runs_bays_adds_shops_by_page_and_by_program(
    signed_in: Client, antony: Community, bay: Bay
) -> None:
    with time_machine.travel(AT, tick=False):
        given = {"name": "Fleuriste", "address": "1 rue A", "bay": bay.pk, "contact": ""}
        assert "Keep this address" in signed_in.post(f"{ANTONY}gestion/commerces/", given).text
        again = signed_in.post(f"{ANTONY}gestion/commerces/", given)
        with within(antony):
            shop = Merchant.objects.get()
        page = f"{ANTONY}gestion/commerces/{shop.pk}/"
        said = FORM | {"carrier": "", "holidays": "on"}
        assert "expected from its first day on" in signed_in.post(page, said, follow=True).text
        with within(antony):
            row = Recurrence.objects.get()
        ends = f"{ANTONY}gestion/livraisons/{row.pk}/terminer/"
        signed_in.post(ends, {"on": "2026-03-09"})
        listed = signed_in.get("/antony/api/livraison/commerces").json()
    assert (again.status_code, "is here already" in again.text) == (422, True)
    assert listed == [
        {
            "id": str(shop.pk),
            "name": "Fleuriste",
            "address": "1 rue A",
            "bay": bay.code,
            "state": "accepted",
            "until": None,
            "deliveries": [
                {
                    "id": str(row.pk),
                    "days": "02",
                    "begins": "08:00:00",
                    "ends": "09:00:00",
                    "minutes": 20,
                    "vehicle": "van",
                    "holidays": True,
                    "since": "2026-03-02",
                    "until": "2026-03-09",
                    "carrier": None,
                    "pauses": [],
                }
            ],
        }
    ]


def test_a_program_declares_with_a_key_and_a_stranger_with_none(
    administrator: Person, antony: Community, bay: Bay
) -> None:
    from communs.core.api.actions import make_token

    with within(antony):
        _row, key = make_token(
            name="Essai",
            permissions=["delivery.edit"],
            until=DAY + timedelta(30),
            on=DAY,
            by=administrator,
        )
    shops, bearer = "/antony/api/livraison/commerces", {"Authorization": f"Bearer {key}"}
    body = {"name": "Primeur", "address": "2 rue B", "bay": bay.code}
    with time_machine.travel(AT, tick=False):
        made = Client().post(shops, body, content_type="application/json", headers=bearer)
        said = {"days": "04", "begins": "07:00", "ends": "07:30", "minutes": 15}
        said |= {"vehicle": "truck", "since": "2026-03-02"}
        target = f"{shops}/{made.json()['id']}/livraisons"
        whole = Client().post(target, said, content_type="application/json", headers=bearer)
        long = Client().post(
            target, said | {"minutes": 31}, content_type="application/json", headers=bearer
        )
    assert (made.status_code, whole.status_code, long.status_code) == (201, 201, 409)
    assert [(d["days"], d["minutes"]) for d in whole.json()["deliveries"]] == [("04", 15)]
    assert Client().get(shops).status_code == 401
