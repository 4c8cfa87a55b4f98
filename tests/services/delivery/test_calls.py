"""Carriers’ addresses: told at least once what concerns them, given up with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.jobs.models import Job
from communs.core.jobs.worker import Worker
from communs.core.journal.delivery import deliver
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.registry.actions import set_service
from communs.core.registry.queries import by_key
from communs.services.delivery import actions, jobs, queries
from communs.services.delivery.engine import calling
from communs.services.delivery.enums import CallState
from communs.services.delivery.models import Bay, Call, Carrier, Hook
from tests.services.delivery.machines import Shop, caller_of, url_of
from tests.services.delivery.samples import AT, DAY, bay_made, placed
from tests.services.delivery.test_bookings import OPTIONS, booked, client_of, firm

MINUTE = timedelta(minutes=1)
URL = "https://calls.firm.example/here"


@pytest.fixture
def bay(switch: Callable[[Community, str], None], sceaux: Community) -> Bay:
    switch(sceaux, "delivery")
    with within(sceaux):
        set_service(service=by_key("delivery"), on=True, options={"booking": True}, by=None)
        found = bay_made()
        placed(found)
    return found


@pytest.fixture
def carrier(sceaux: Community, bay: Bay) -> Carrier:
    with within(sceaux):
        return firm("Les Coursiers")


@pytest.fixture
def hook(sceaux: Community, carrier: Carrier) -> actions.HookSet:
    with within(sceaux):
        return actions.set_hook(carrier=carrier, url=URL, by=None)


def listened(at: datetime = AT) -> None:
    """Let the listeners hear what happened."""
    while deliver(at):
        continue


def told() -> list[tuple[str, str, dict[str, Any]]]:
    rows = Call.objects.order_by("at", "id")
    return [(row.kind, row.state, row.data) for row in rows]


def test_a_carrier_hears_of_what_becomes_of_its_bookings_and_of_nobody_elses(
    sceaux: Community, bay: Bay, carrier: Carrier, hook: actions.HookSet
) -> None:
    with within(sceaux):
        rival = firm("Rival")
        with time_machine.travel(AT, tick=False):
            first = booked(bay, carrier)
            second = booked(bay, carrier, AT + 120 * MINUTE)
            booked(bay, rival, AT + 240 * MINUTE)
            given = {"minutes": 20, "options": OPTIONS, "at": AT, "by": None}
            with override("en"), pytest.raises(Refused):
                actions.ask_for_booking(
                    bay=bay, carrier=carrier, begins_at=AT + 62 * MINUTE, **given
                )
            actions.cancel(booking=second, by=None)
            actions.release_due(at=AT + 75 * MINUTE, by=None)
            third = booked(bay, carrier, AT + timedelta(days=1))
            actions.close_bay(bay=bay, on=DAY, at=AT, by=None)
            listened()
        found = told()
        third.refresh_from_db()
    begins = (AT + 62 * MINUTE).isoformat()
    assert [(kind, data.get("booking")) for kind, _state, data in found] == [
        ("booking.accepted", str(first.pk)),
        ("booking.accepted", str(second.pk)),
        ("booking.refused", None),
        ("booking.released", str(second.pk)),
        ("booking.no_show", str(first.pk)),
        ("booking.accepted", str(third.pk)),
        ("bay.closed", None),
        ("booking.released", str(third.pk)),
    ]
    assert found[2][2] == {
        "bay": bay.code,
        "begins": begins,
        "reason": "No space is left at that time.",
    }
    assert found[6][2] == {"bay": bay.code, "until": "2026-03-02"}
    assert found[7][2]["because"] == "bay closed"
    assert third.state == "cancelled"


def test_hearing_twice_tells_once(
    sceaux: Community, bay: Bay, carrier: Carrier, hook: actions.HookSet
) -> None:
    from communs.services.delivery import listeners

    with within(sceaux):
        with time_machine.travel(AT, tick=False):
            booked(bay, carrier)
        [event] = Event.objects.filter(name="delivery.booked")
        for _twice in range(2):
            listeners.tell_of_booking(event)
        assert [kind for kind, _state, _data in told()] == ["booking.accepted"]
        assert Job.objects.filter(task__endswith="jobs.tell").count() == 1


def test_a_worker_calls_the_carriers_machine_with_a_signature_that_holds(
    sceaux: Community,
    bay: Bay,
    carrier: Carrier,
    hook: actions.HookSet,
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "CALLER", caller_of(shop))
    with within(sceaux):
        Hook.objects.update(url=url_of(shop))
        row = booked(bay, carrier, at=AT)
    worker = Worker()
    while worker.turn(at=datetime.now(UTC)):
        continue
    [(headers, body)] = shop.told
    said = json.loads(body)
    with within(sceaux):
        [call] = Call.objects.all()
    assert (call.state, call.attempts, call.status, call.reason) == ("told", 1, 200, "")
    assert (said["type"], said["data"]["booking"]) == ("booking.accepted", str(row.pk))
    assert said["community"] == "sceaux"
    stamp = int(headers["webhook-timestamp"])
    assert headers["webhook-id"] == str(call.pk)
    signed = calling.signature(hook.secret, str(call.pk), stamp, body)
    assert headers["webhook-signature"] == signed


def lost(hook: Hook, reason: str = "refused", times: int = actions.ATTEMPTS) -> Call:
    """Make a call that is not received, as often as it is tried."""
    known = {"kind": "booking.accepted", "carriers": [hook.carrier_id], "data": {}}
    actions.tell_carriers(**known, about=f"{Call.objects.count()}", at=AT, by=None)
    row = Call.objects.order_by("-id").first()
    assert row is not None
    for _try in range(times):
        answered = {"status": 500, "reason": reason}
        actions.keep_answer(call=row, **answered, at=AT, by=None)
    return row


def test_calls_lost_one_after_the_other_stop_the_address_which_says_so(
    sceaux: Community, carrier: Carrier, hook: actions.HookSet
) -> None:
    with within(sceaux):
        held = hook.hook
        states = []
        for _call in range(actions.calls.MOST_LOST):
            row = lost(held)
            held.refresh_from_db()
            states.append((row.state, row.attempts, held.lost, held.stopped_at))
        with override("en"):
            found = [str(finding.sentence) for finding in queries.findings()]
        more = {"kind": "k", "carriers": None, "about": "x", "data": {}, "at": AT, "by": None}
        assert actions.tell_carriers(**more) == 0
        assert Event.objects.filter(name="delivery.hook_stopped").count() == 1
    assert states == [("lost", 10, 1, None), ("lost", 10, 2, None), ("lost", 10, 3, AT)]
    assert "1 carrier’s address is called no more: it did not answer." in found


def test_one_call_that_is_received_forgives_those_that_were_lost(
    sceaux: Community, hook: actions.HookSet
) -> None:
    with within(sceaux):
        lost(hook.hook)
        row = lost(hook.hook, times=3)
        state = actions.keep_answer(call=row, status=204, reason="", at=AT, by=None)
        hook.hook.refresh_from_db()
    assert (state, row.attempts, hook.hook.lost) == (CallState.TOLD, 4, 0)


@pytest.mark.parametrize("reason", ["gone", "secret"])
def test_where_nothing_helps_calls_stop_at_once(
    sceaux: Community, hook: actions.HookSet, reason: str
) -> None:
    with within(sceaux):
        row = lost(hook.hook, reason, times=1)
        hook.hook.refresh_from_db()
    assert (row.state, hook.hook.stopped_for) == ("lost", reason)


def test_what_waited_is_told_when_calls_begin_again(
    sceaux: Community, hook: actions.HookSet
) -> None:
    with within(sceaux):
        waiting = lost(hook.hook, times=1)
        lost(hook.hook, "gone", times=1)
        assert queries.call_to_make(waiting.pk) is None
        Job.objects.all().delete()
        hook.hook.refresh_from_db()
        actions.resume_hook(hook=hook.hook, by=None)
        assert [job.args for job in Job.objects.all()] == [[str(waiting.pk)]]
        assert queries.call_to_make(waiting.pk) == waiting
        with pytest.raises(Refused):
            actions.resume_hook(hook=hook.hook, by=None)


def test_a_secret_is_kept_sealed_and_another_key_opens_nothing(
    sceaux: Community, hook: actions.HookSet, settings: Any
) -> None:
    with within(sceaux):
        row = lost(hook.hook, times=0)
        assert hook.secret not in Hook.objects.get().secret
        assert queries.message_of(row, at=AT) is not None
        settings.SECRET_KEY = "another"
        assert queries.message_of(row, at=AT) is None
        assert jobs.tell.call(str(row.pk)) == "lost"
        assert Hook.objects.get().stopped_for == "secret"


def test_the_log_is_erased_after_a_month(sceaux: Community, hook: actions.HookSet) -> None:
    with within(sceaux):
        lost(hook.hook, times=1)
        with time_machine.travel(AT + timedelta(days=29), tick=False):
            assert jobs.forget_calls.call() == 0
        with time_machine.travel(AT + timedelta(days=31), tick=False):
            assert jobs.forget_calls.call() == 1


def test_a_firm_sets_tries_and_forgets_its_address_on_its_page(
    sceaux: Community, carrier: Carrier
) -> None:
    client, page = client_of(carrier), "/en/sceaux/livraison/reservations/appels/"
    with time_machine.travel(AT, tick=False):
        wrong = client.post(page, {"url": "https://10.0.0.1/"})
        secret = client.post(page, {"url": URL}).text.split("<code>")[1].split("</code>")[0]
        shown = client.get(page).text
        tried = client.post(f"{page}essayer/", follow=True).text
    assert (wrong.status_code, "private network" in wrong.text) == (422, True)
    assert secret.startswith("whsec_")
    assert (URL in shown, secret in shown) == (True, False)
    assert (">test<" in tried, "waiting" in tried) == (True, True)
    gone = client.post(f"{page}retirer/", follow=True).text
    assert "Your address is forgotten" in gone
    with within(sceaux):
        assert (Hook.objects.count(), Call.objects.count()) == (0, 0)
    assert client.post(f"{page}essayer/").status_code == 404


def test_a_program_sets_its_address_and_the_manager_reads_why_calls_fail(
    signed_in: Client,
    antony: Community,
    switch: Callable[[Community, str], None],
) -> None:
    switch(antony, "delivery")
    with within(antony):
        mine = firm("Chez nous")
        person = Person.objects.create_user(mine.contact, name="Contact fictif")
        made = actions.set_hook(carrier=mine, url=URL, by=person)
        lost(made.hook, "untrusted")
    with time_machine.travel(AT, tick=False):
        client = Client()
        client.force_login(person)
        listed = client.get("/antony/api/livraison/appels").json()
        log = signed_in.get(f"/en/antony/livraison/gestion/transporteurs/{mine.pk}/appels/").text
    assert (listed["url"], listed["stopped_at"]) == (URL, None)
    assert [(c["type"], c["state"], c["attempts"]) for c in listed["calls"]] == [
        ("booking.accepted", "lost", 10)
    ]
    assert "Its certificate cannot be trusted. (500)" in log
    assert client.get("/sceaux/api/livraison/appels").status_code == 404
