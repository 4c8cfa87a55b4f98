"""Bookings: never more than the bay holds, given back when nobody comes, fair to all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils.translation import override
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.registry.actions import set_service
from communs.core.registry.queries import by_key
from communs.services.delivery import actions, queries
from communs.services.delivery.engine import room
from communs.services.delivery.models import Bay, Booking, Carrier, Ticket
from communs.services.delivery.options import DeliveryOptions
from communs.services.delivery.queries.bays import waiting
from tests.services.delivery.samples import AT, bay_made, placed, started

OPTIONS = DeliveryOptions(booking=True)
MINUTE = timedelta(minutes=1)
LAST = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def on(switch: Callable[[Community, str], None], antony: Community, sceaux: Community) -> None:
    """The service is on in two communes, with bookings in Sceaux."""
    switch(antony, "delivery")
    with within(sceaux):
        set_service(service=by_key("delivery"), on=True, options={"booking": True}, by=None)


@pytest.fixture
def bay(sceaux: Community) -> Bay:
    with within(sceaux):
        found = bay_made()
        placed(found)
    return found


@pytest.fixture
def carrier(sceaux: Community) -> Carrier:
    with within(sceaux):
        return firm("Les Coursiers")


def firm(name: str) -> Carrier:
    address = f"{name.replace(' ', '')}@firm.example"
    return actions.add_carrier(name=name, contact=address, until=LAST, by=None)


def booked(bay: Bay, carrier: Carrier, begins: datetime = AT + 60 * MINUTE, **values: Any) -> Any:
    given = {"minutes": 20, "options": OPTIONS, "at": AT} | values
    return actions.book(bay=bay, carrier=carrier, begins_at=begins, **given, by=None)


def refused(*args: Any, **values: Any) -> tuple[str, str | None]:
    with override("en"), pytest.raises(Refused) as refusal:
        booked(*args, **values)
    return str(refusal.value), refusal.value.field


def test_what_cannot_be_booked_is_refused_in_words(
    sceaux: Community, bay: Bay, carrier: Carrier
) -> None:
    night = datetime(2026, 3, 2, 21, tzinfo=UTC)
    with within(sceaux):
        assert refused(bay, carrier, options=DeliveryOptions())[0] == "Bays cannot be booked here."
        assert refused(bay, carrier, minutes=31)[1] == "minutes"
        assert refused(bay, carrier, AT - MINUTE)[1] == "begins_at"
        assert refused(bay, carrier, AT + timedelta(days=8))[1] == "begins_at"
        assert refused(bay, carrier, night) == (
            "One may not unload here at that time.",
            "begins_at",
        )
        end_of_day = datetime(2026, 3, 2, 18, 50, tzinfo=UTC)  # the rule ends at 20:00 in Paris
        assert refused(bay, carrier, end_of_day)[1] == "begins_at"
        booked(bay, carrier)
        assert refused(bay, firm("Autre"), AT + 70 * MINUTE) == (
            "No space is left at that time.",
            "begins_at",
        )
        assert Booking.objects.count() == 1


def test_a_carrier_leaves_some_to_the_others(sceaux: Community, carrier: Carrier) -> None:
    with within(sceaux):
        bay = bay_made(spaces=3)
        placed(bay)
        for hour in (1, 2, 3):
            booked(bay, carrier, AT + hour * 60 * MINUTE)
        assert refused(bay, carrier, AT + 240 * MINUTE)[0].startswith("Your firm has all")
        few = DeliveryOptions(booking=True, booking_share=1)
        other = firm("Autre")
        assert refused(bay, other, AT + 240 * MINUTE, options=few)[1] == "begins_at"


def test_a_booked_space_waits_then_is_given_back(
    sceaux: Community, bay: Bay, carrier: Carrier
) -> None:
    begins = AT + 60 * MINUTE
    with within(sceaux):
        row = booked(bay, carrier)
        assert started(bay, AT + 40 * MINUTE).ticket.allowed_until == begins
        assert queries.standing(bay, at=begins).presence == "booked"
        with pytest.raises(actions.Full):
            started(bay, begins + 5 * MINUTE)
        assert started(bay, begins + 11 * MINUTE)  # before the job has passed
        assert actions.release_due(at=begins + 11 * MINUTE, by=None) == 1
        row.refresh_from_db()
        assert row.state == "released"
        with override("en"), pytest.raises(Refused, match="over"):
            actions.honour(booking=row, vehicle="van", at=begins + 11 * MINUTE, by=None)


def test_who_comes_in_time_has_the_space_until_the_end(
    sceaux: Community, bay: Bay, carrier: Carrier
) -> None:
    with within(sceaux):
        row = booked(bay, carrier)
        with override("en"), pytest.raises(Refused, match="too early"):
            actions.honour(booking=row, vehicle="van", at=AT + 59 * MINUTE, by=None)
        made = actions.honour(booking=row, vehicle="van", at=AT + 62 * MINUTE, by=None)
        row.refresh_from_db()
        assert (row.state, row.ticket_id) == ("honoured", made.ticket.pk)
        assert made.ticket.allowed_until == AT + 80 * MINUTE
        assert actions.release_due(at=AT + 90 * MINUTE, by=None) == 0


class Bays(RuleBasedStateMachine):
    """A bay, its discs and its bookings, in any order; all is undone after each run."""

    community: Community

    def __init__(self) -> None:
        super().__init__()
        self.place = within(self.community)
        self.place.__enter__()
        self.wrapped = transaction.atomic()
        self.wrapped.__enter__()

    @initialize(spaces=st.integers(1, 2))
    def some_bay(self, spaces: int) -> None:
        self.at = AT
        self.bay = bay_made("Aire de la machine", spaces=spaces)
        placed(self.bay)
        self.firm = firm("Machine")
        self.many = DeliveryOptions(booking=True, booking_most=50, booking_share=100)

    def tries(self, action: Callable[..., Any], **values: Any) -> None:
        with suppress(Refused):
            action(**values, by=None)

    @rule(minutes=st.integers(1, 40))
    def time_goes_by(self, minutes: int) -> None:
        self.at += minutes * MINUTE

    @rule()
    def starts(self) -> None:
        given = {"vehicle": "van", "purpose": "delivery", "plate": ""}
        given |= {"bay": self.bay, "options": self.many, "at": self.at}
        self.tries(actions.start_ticket, **given)

    @rule(ahead=st.integers(0, 90), minutes=st.integers(15, 30))
    def books(self, ahead: int, minutes: int) -> None:
        given = {"bay": self.bay, "carrier": self.firm, "minutes": minutes, "at": self.at}
        given |= {"begins_at": self.at + ahead * MINUTE, "options": self.many}
        self.tries(actions.book, **given)

    @rule(pick=st.integers(0, 5))
    def comes(self, pick: int) -> None:
        for row in Booking.objects.all()[pick : pick + 1]:
            self.tries(actions.honour, booking=row, vehicle="van", at=self.at)

    @rule(pick=st.integers(0, 5))
    def cancels(self, pick: int) -> None:
        for row in Booking.objects.all()[pick : pick + 1]:
            self.tries(actions.cancel, booking=row)

    @rule(pick=st.integers(0, 5))
    def leaves(self, pick: int) -> None:
        for row in Ticket.objects.all()[pick : pick + 1]:
            self.tries(actions.end_ticket, ticket=row, at=max(self.at, row.started_at))

    @rule(pick=st.integers(0, 5))
    def stays_longer(self, pick: int) -> None:
        for row in Ticket.objects.all()[pick : pick + 1]:
            self.tries(actions.extend_ticket, ticket=row, at=self.at)

    @rule()
    def gives_back(self) -> None:
        self.tries(actions.release_due, at=self.at)

    @invariant()
    def never_more_than_there_are(self) -> None:
        if not hasattr(self, "bay"):
            return
        discs = Ticket.objects.filter(ended_at=None).values_list("started_at", "allowed_until")
        kept = Booking.objects.filter(waiting(self.at)).values_list("begins_at", "ends_at")
        held = room.peak([*discs, *kept], self.at, self.at + timedelta(days=2))
        assert held <= self.bay.spaces

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.wrapped.__exit__(None, None, None)
        self.place.__exit__(None, None, None)


@pytest.mark.django_db
def test_no_order_of_events_makes_a_bay_hold_more_than_it_can(sceaux: Community) -> None:
    Bays.community = sceaux
    run_state_machine_as_test(
        Bays,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def client_of(carrier: Carrier) -> Client:
    client = Client()
    client.force_login(Person.objects.create_user(carrier.contact, name="Contact fictif"))
    return client


def test_a_firm_books_on_its_page_and_with_a_key(
    sceaux: Community, bay: Bay, carrier: Carrier
) -> None:
    client, page = client_of(carrier), "/en/sceaux/livraison/reservations/"
    with time_machine.travel(AT, tick=False):
        given = {"bay": bay.pk, "begins_at": "2026-03-02T11:00", "minutes": "20"}
        assert "The space is booked." in client.post(page, given, follow=True).text
        key = client.post(f"{page}cle/").text.split("<code>")[1].split("</code>")[0]
        api = "/sceaux/api/livraison/reservations"
        bearer = {"Authorization": f"Bearer {key}"}
        body = {"bay": bay.code, "begins_at": "2026-03-02T14:00:00+01:00", "minutes": 15}
        made = Client().post(api, body, content_type="application/json", headers=bearer)
        listed = Client().get(api, headers=bearer).json()
        gone = Client().delete(f"{api}/{made.json()['id']}", headers=bearer)
        twice = Client().delete(f"{api}/{made.json()['id']}", headers=bearer)
    assert made.status_code == 201
    assert [row["begins_at"] for row in listed] == ["2026-03-02T10:00:00Z", "2026-03-02T13:00:00Z"]
    assert (gone.status_code, twice.status_code) == (204, 409)


def test_a_firm_arrives_and_cancels_in_one_tap(
    sceaux: Community, bay: Bay, carrier: Carrier
) -> None:
    client = client_of(carrier)
    with within(sceaux):
        first = booked(bay, carrier)
        second = booked(bay, carrier, AT + 120 * MINUTE)
    page = "/en/sceaux/livraison/reservations/"
    with time_machine.travel(AT + 61 * MINUTE, tick=False):
        assert "I have arrived" in client.get(f"{page}{first.pk}/").text
        disc = client.post(f"{page}{first.pk}/", {"vehicle": "van"}, follow=True)
        assert "19 minutes" in disc.text
        over = client.post(f"{page}{second.pk}/annuler/", follow=True).text
    assert "The booking is cancelled." in over


def test_nobody_else_sees_a_firms_bookings(
    sceaux: Community, bay: Bay, carrier: Carrier, administrator: Person
) -> None:
    with within(sceaux):
        row = booked(bay, carrier)
        rival = client_of(firm("Rival"))
    page = f"/sceaux/livraison/reservations/{row.pk}/"
    stranger = Client()
    stranger.force_login(Person.objects.create_user("n@n.example", name="N"))
    statuses = [c.get(page).status_code for c in (rival, stranger, client_of(carrier))]
    assert statuses == [404, 404, 200]
    assert stranger.get("/sceaux/livraison/reservations/").status_code == 404
    assert stranger.get("/sceaux/api/livraison/reservations").status_code == 404
    assert Client().get("/sceaux/api/livraison/reservations").status_code == 401


def test_who_runs_bays_sees_what_became_of_every_booking(
    signed_in: Client, antony: Community
) -> None:
    with within(antony):
        bay = bay_made()
        placed(bay)
        missed = booked(bay, firm("Les Coursiers"))
        booked(bay, firm("Rival"), AT + 120 * MINUTE)
        actions.release_due(at=missed.released_from, by=None)
    with time_machine.travel(AT + 90 * MINUTE, tick=False):
        page = signed_in.get("/en/antony/livraison/gestion/reservations/").text
    rows = [part.split("</tr>")[0] for part in page.split("<tbody")[1].split("<tr")[1:]]
    told = [("Rival" in row, "released: nobody came" in row, ">booked<" in row) for row in rows]
    assert told == [(True, False, True), (False, True, False)]
