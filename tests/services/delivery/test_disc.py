"""The disc: started by the rule of the hour, refused in words, ended, and made longer once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.services.delivery import actions, queries
from communs.services.delivery.models import Bay, PlatePrint, Ticket, Turning
from tests.services.delivery.samples import AT, bay_made, placed, started, terms_of

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def on(switch: Callable[[Community, str], None], antony: Community, sceaux: Community) -> None:
    """The service is on in two communes; Sceaux has nothing yet."""
    switch(antony, "delivery")
    switch(sceaux, "delivery")


@pytest.fixture
def bay(sceaux: Community) -> Bay:
    """One bay in Sceaux, with its rule."""
    with within(sceaux):
        found = bay_made()
        placed(found)
    return found


def refused(bay: Bay, at: datetime = AT, **values: object) -> tuple[str, str | None]:
    with override("en"), pytest.raises(Refused) as refusal:
        started(bay, at, **values)
    return str(refusal.value), refusal.value.field


def test_a_disc_lasts_as_long_as_the_rule_says_and_has_one_event(
    sceaux: Community, bay: Bay
) -> None:
    with within(sceaux):
        made = started(bay)
        row = Ticket.objects.get()
        [event] = Event.objects.filter(name="delivery.ticket_started")
        found = queries.ticket_of(made.secret)
    assert (row.bay_id, row.vehicle, row.started_at) == (bay.pk, "van", AT)
    assert row.allowed_until == AT + 30 * MINUTE
    assert found == row
    assert made.secret not in {row.digest, row.number}
    until = (AT + 30 * MINUTE).isoformat()
    assert event.data == {"bay": bay.code, "vehicle": "van", "until": until}
    assert event.actor is None


def test_a_disc_ends_where_stopping_is_forbidden(sceaux: Community, bay: Bay) -> None:
    with within(sceaux):
        placed(bay, name="Marché", activity="no parking", begins=time(10, 20), priority=1)
        assert started(bay).ticket.allowed_until == AT + 20 * MINUTE


def test_where_unloading_is_not_allowed_one_says_when_it_is(sceaux: Community, bay: Bay) -> None:
    sunday = datetime(2026, 3, 8, 9, tzinfo=UTC)
    with within(sceaux):
        assert refused(bay, sunday) == (
            "One may not unload here now. One may from 9 March 2026, 07:00 on.",
            None,
        )


def test_where_everybody_parks_no_disc_is_needed(sceaux: Community, bay: Bay) -> None:
    night = datetime(2026, 3, 2, 21, tzinfo=UTC)
    with within(sceaux):
        placed(bay, name="Nuit", activity="parking", begins=time(20), ends=time(7))
        assert refused(bay, night) == ("Everybody may park here now: no disc is needed.", None)


def test_a_rule_for_vans_is_for_no_lorry(sceaux: Community) -> None:
    with within(sceaux):
        bay = bay_made()
        placed(bay, vehicles=["van", "cargo_bicycle"])
        assert started(bay).ticket.vehicle == "van"
        assert refused(bay, AT + 31 * MINUTE, vehicle="truck") == (
            "This vehicle may not unload here.",
            "vehicle",
        )


def test_a_full_bay_refuses_until_somebody_leaves(sceaux: Community, bay: Bay) -> None:
    with within(sceaux):
        first = started(bay).ticket
        assert refused(bay, AT + MINUTE) == ("No space is left in this bay.", None)
        actions.end_ticket(ticket=first, at=AT + 2 * MINUTE, by=None)
        assert started(bay, AT + 3 * MINUTE).ticket.number != first.number


def test_the_same_plate_does_not_come_back_too_soon(sceaux: Community, bay: Bay) -> None:
    with within(sceaux):
        first = started(bay, plate="ab-123 cd").ticket
        actions.end_ticket(ticket=first, at=AT + 10 * MINUTE, by=None)
        assert refused(bay, AT + 20 * MINUTE, plate="AB123CD") == (
            "This vehicle was here a short time ago. It may come back from 2 March 2026, 11:10 on.",
            "plate",
        )
        assert started(bay, AT + 20 * MINUTE, plate="XY-999-ZZ")
        assert started(bay, AT + 70 * MINUTE, plate="AB 123 CD")


@pytest.mark.parametrize("plate", ["é", "AB", "x" * 11, "<script>alert"])
def test_what_is_no_plate_is_refused(sceaux: Community, bay: Bay, plate: str) -> None:
    with within(sceaux):
        assert refused(bay, plate=plate) == ("This is not a number plate.", "plate")
        assert not PlatePrint.objects.exists()


def test_no_plate_is_kept_nor_a_print_that_another_commune_could_compare(
    sceaux: Community, antony: Community, bay: Bay
) -> None:
    with within(sceaux):
        started(bay, plate="AB-123-CD")
        here = PlatePrint.objects.get().digest
        written = [str(Event.objects.values_list("data")), *map(str, Ticket.objects.values_list())]
        assert [text for text in written if "AB123CD" in text or "AB-123-CD" in text] == []
        assert queries.plate_found("AB123CD", at=AT + MINUTE) is not None
        assert queries.plate_found("AB123CD", at=AT + 31 * MINUTE) is None
    with within(antony):
        assert queries.print_of("AB123CD") != here


def test_prints_are_erased_and_discs_stay(sceaux: Community, bay: Bay) -> None:
    with within(sceaux):
        started(bay, plate="AB123CD")
        assert actions.forget_plates(before=AT, by=None) == 0
        assert actions.forget_plates(before=AT + MINUTE, by=None) == 1
        assert (PlatePrint.objects.count(), Ticket.objects.count()) == (0, 1)


def test_a_disc_is_made_longer_once(sceaux: Community, bay: Bay) -> None:
    with within(sceaux), override("en"):
        ticket = started(bay).ticket
        longer = actions.extend_ticket(ticket=ticket, at=AT + MINUTE, by=None)
        assert longer.allowed_until == AT + 45 * MINUTE
        with pytest.raises(Refused, match=r"^A disc can be made longer once\.$"):
            actions.extend_ticket(ticket=ticket, at=AT + 2 * MINUTE, by=None)
        assert Ticket.objects.get().allowed_until == AT + 45 * MINUTE


def test_a_rule_that_was_replaced_is_still_known(sceaux: Community, bay: Bay) -> None:
    with within(sceaux):
        first = bay.policies.get()
        second = actions.revise_policy(
            policy=first,
            terms={**terms_of(), "most_minutes": 20},
            order_reference="2026-45",
            bays=[bay],
            since=date(2026, 3, 10),
            until=None,
            at=AT,
            by=None,
        )
        days = {
            day: [(p.pk, p.most_minutes) for p in queries.policies_at(bay, day)]
            for day in (AT, AT + timedelta(days=7), AT + timedelta(days=8))
        }
        first.refresh_from_db()
    assert list(days.values()) == [[(first.pk, 30)], [(first.pk, 30)], [(second.pk, 20)]]
    assert (first.until, second.version, second.code) == (date(2026, 3, 9), 2, first.code)
    with within(sceaux), override("en"), pytest.raises(Refused, match="replaced already"):
        actions.revise_policy(
            policy=first,
            terms=terms_of(),
            order_reference="",
            bays=[bay],
            since=date(2026, 4, 1),
            until=None,
            at=AT,
            by=None,
        )


def address(bay: Bay) -> str:
    return f"/sceaux/livraison/a/{bay.code}/"


def test_one_tap_starts_a_disc_without_an_account_and_its_page_counts_minutes(
    client: Client, sceaux: Community, bay: Bay
) -> None:
    with time_machine.travel(AT, tick=False):
        page = client.get(address(bay), {"v": "truck"}).text
        assert '<option value="truck" selected>' in page
        answer = client.post(address(bay), {"vehicle": "truck", "purpose": "delivery"})
        assert answer.status_code == 302
        disc = client.get(f"/en{answer.url}")
    assert [t for t in ("30 minutes", "10:30", "Lorry", 'content="60"') if t not in disc.text] == []
    with time_machine.travel(AT + 29.5 * MINUTE, tick=False):
        assert "1 minute<" in client.get(f"/en{answer.url}").text
    with time_machine.travel(AT + 31 * MINUTE, tick=False):
        over = client.get(f"/en{answer.url}").text
    assert "This disc is over" in over
    assert 'content="60"' not in over


def test_leaving_and_staying_longer_are_one_tap_each(
    client: Client, sceaux: Community, bay: Bay
) -> None:
    with within(sceaux):
        secret = started(bay).secret
    disc = f"/en/sceaux/livraison/t/{secret}/"
    with time_machine.travel(AT + MINUTE, tick=False):
        assert "Add 15 minutes" in client.get(disc).text
        assert "The disc is longer." in client.post(f"{disc}prolonger/", follow=True).text
        assert "made longer once" in client.post(f"{disc}prolonger/", follow=True).text
        assert "The disc is over." in client.post(f"{disc}fin/", follow=True).text
    with within(sceaux):
        row = Ticket.objects.get()
        assert (row.extended, row.ended_at) == (True, AT + MINUTE)


def test_a_full_bay_offers_the_two_nearest_and_counts_who_was_turned_away(
    client: Client, sceaux: Community, bay: Bay
) -> None:
    with within(sceaux):
        near = [bay_made(f"Aire {n}", lat=48.8977 + n / 1000) for n in (3, 1, 2)]
        placed(*near)
        started(bay)
    with time_machine.travel(AT + MINUTE, tick=False):
        page = client.post(f"/en{address(bay)}", {"vehicle": "van", "purpose": "delivery"})
    assert page.status_code == 422
    assert "No space is left in this bay." in page.text
    shown = [n for n in (1, 2, 3) if f"Aire {n}," in page.text]
    assert shown == [1, 2]
    assert "111 metres away" in page.text
    with within(sceaux):
        assert list(Turning.objects.values_list("bay", "full")) == [(bay.pk, True)]


def test_an_address_that_tries_too_often_must_wait(
    client: Client, sceaux: Community, bay: Bay
) -> None:
    with time_machine.travel(AT + 5 * MINUTE, tick=False):  # a minute of no other test
        for _try in range(10):
            client.post(address(bay), {"vehicle": "van", "purpose": "delivery"})
        page = client.post(f"/en{address(bay)}", {"vehicle": "van", "purpose": "delivery"})
    assert "Too many tries from here." in page.text
    with within(sceaux):
        assert Turning.objects.count() == 9


def test_whoever_is_signed_in_starts_a_disc_as_anybody_does(
    administrator: Person, antony: Community
) -> None:
    client = Client()
    client.force_login(administrator)
    with within(antony):
        bay = bay_made()
        placed(bay)
    with time_machine.travel(AT + MINUTE, tick=False):
        client.post(f"/antony/livraison/a/{bay.code}/", {"vehicle": "van", "purpose": "delivery"})
    with within(antony):
        [event] = Event.objects.filter(name="delivery.ticket_started")
    assert event.actor is None


@pytest.mark.parametrize("secret", ["x", "a" * 22, "a" * 300])
def test_a_secret_that_opens_nothing_is_not_found(client: Client, bay: Bay, secret: str) -> None:
    assert client.get(f"/sceaux/livraison/t/{secret}/").status_code == 404


def test_another_communes_bay_and_disc_are_not_found(
    client: Client, sceaux: Community, bay: Bay
) -> None:
    with within(sceaux):
        secret = started(bay).secret
    assert client.get(f"/antony/livraison/a/{bay.code}/").status_code == 404
    assert client.get(f"/antony/livraison/t/{secret}/").status_code == 404
    assert client.post(f"/antony/livraison/t/{secret}/fin/").status_code == 404
