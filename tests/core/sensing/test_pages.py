"""The pages of sensors: what is shown, set and refused, for whom, at what cost."""

from __future__ import annotations

import hashlib
import logging
import re
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests import pages
from tests.core.sensing.conftest import Place

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.people.models import Person
from communs.core.sensing import actions, queries
from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.engine.states import AHEAD
from communs.core.sensing.enums import Doubt, Outcome, Property, Protocol
from communs.core.sensing.intake import take
from communs.core.sensing.models import Observation, Source, SpotCheck, State, Stranger, Thing

pytestmark = pytest.mark.django_db

HOME = "/en/antony/capteurs/"
HOUR = 3_600_000
SOURCE = {
    "name": "Quartier nord",
    "slug": "nord",
    "protocol": "chirpstack",
    "topic": "application/7/#",
    "mapping": '{"properties": {"presence": "occupied"}}',
    "silent_after": "2 h 30",
    "stuck_after": "",
    "flips_most": "40",
    "keep_days": "30",
}


@pytest.fixture
def agent(antony: Community) -> Client:
    """An agent of Antony."""
    return client_of(antony, Role.AGENT)


@pytest.fixture
def resident(db: None) -> Client:
    client = Client()
    client.force_login(Person.objects.create_user("resident@example.org", "a long password"))
    return client


def client_of(community: Community, role: Role) -> Client:
    person = Person.objects.create_user(f"{role}@{community.slug}.example", "a long password")
    with within(community):
        Membership.objects.create(person=person, role=role)
    client = Client()
    client.force_login(person)
    return client


def says(source: Source, code: str, value: float, *, ago: int = 0, **more: object) -> None:
    """A sensor says something some milliseconds ago."""
    at = queries.milliseconds(timezone.now()) - ago
    one = Reading(code, "presence", at, 0, value, **more)
    take(source=source, readings=[one], at=at, by=None)


def row_of(response: object, name: str) -> list[str]:
    return next(row for row in pages.rows(response) if row[0].startswith(name))


def test_the_list_says_who_is_believed_and_who_is_not(
    source: Source, place: Place, signed_in: Client
) -> None:
    for code in ("good", "mute", "new", "bad"):
        place(code)
    says(source, "mute", 0.0, ago=3 * HOUR)
    says(source, "good", 1.0)
    says(source, "bad", 1.0)
    says(source, "stranger", 1.0)
    State.objects.filter(thing__code="bad").update(drifting=True)
    row = row_of(signed_in.get(HOME), "Capteurs de la rue")
    assert row[1:3] == ["JSON of Communs", "1 believed, 1 never heard, 1 silent, 1 often wrong"]
    assert row[4] == "1"
    assert re.fullmatch(r"\d+ \w+ \d{4}, \d\d:\d\d", row[3])


def test_an_empty_list_says_what_to_do(metropolis: Community, manager: Person) -> None:
    client = Client()
    client.force_login(manager)
    text = pages.text(client.get("/en/capteurs/"))
    assert "No source yet" in text
    assert "A source is a network of sensors, an operator’s platform or a file." in text


def test_the_page_and_the_database_doubt_alike(source: Source, place: Place) -> None:
    now = timezone.now()
    at = queries.milliseconds(now)
    states = {
        "never": {},
        "": {"value": 1.0, "silent_from": at + 1, "stuck_from": at + 1, "calm_from": at},
        "silent": {"value": 1.0, "silent_from": at, "drifting": True},
        "drifting": {"value": 1.0, "silent_from": at + 1, "drifting": True, "calm_from": at + 1},
        "flapping": {"value": 0.0, "silent_from": at + 1, "calm_from": at + 1, "stuck_from": at},
        "stuck": {"value": 0.0, "silent_from": at + 1, "stuck_from": at},
    }
    for expected, values in states.items():
        thing = place(f"x{expected}")
        State.objects.filter(thing=thing).update(**{"heard": at, **values})
    ahead = {"value": 1.0, "silent_from": at + HOUR, "heard": at + AHEAD + 1}
    State.objects.filter(thing=place("xahead")).update(**ahead)
    rows = State.objects.filter(thing__source=source).annotate(found=queries.doubted(now))
    told = {row.thing.code[1:]: (row.found, str(queries.doubt(row, now))) for row in rows}
    assert told == {name: (name, name) for name in states} | {"ahead": ("silent", "silent")}
    believed = State.objects.filter(queries.known(now), thing__source=source)
    assert [row.thing.code for row in believed] == ["x"]
    assert queries.overview(now, pk=source.pk)[0].standing == {
        **dict.fromkeys(Doubt, 1),
        Doubt.SILENT: 2,
    }


def test_a_source_is_added_and_its_secret_shown_once(
    here: Community, signed_in: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = signed_in.post(f"{HOME}ajouter/", SOURCE)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    source = Source.objects.get(slug="nord")
    row = {name: getattr(source, name) for name in SOURCE}
    assert row == {
        "name": "Quartier nord", "slug": "nord", "protocol": "chirpstack",
        "topic": "application/7/#", "mapping": {"properties": {"presence": "occupied"}},
        "silent_after": 9_000, "stuck_after": None, "flips_most": 40, "keep_days": 30,
    }  # fmt: skip
    secret = re.findall(r"Bearer ([\w-]+)", pages.text(answer))[0]
    assert hashlib.sha256(secret.encode()).hexdigest() == source.digest
    text = pages.text(answer)
    assert f"Copy this secret now: it is shown this once. {secret}" in text
    assert "/antony/api/capteurs/nord" in text
    assert "/en/antony/api" not in text
    later = signed_in.get(f"{HOME}{source.pk}/")
    assert "Authorization: Bearer SECRET" in pages.text(later)
    for page in (later, signed_in.get(f"{HOME}{source.pk}/changer/"), signed_in.get(HOME)):
        assert secret not in page.content.decode()
    assert secret not in caplog.text
    assert not [event for event in Event.objects.all() if secret in str(event.data)]


def test_renewing_asks_first_and_ends_the_old_secret(source: Source, signed_in: Client) -> None:
    address, before = f"{HOME}{source.pk}/secret/", source.digest
    assert "opens nothing any more" in pages.text(signed_in.get(address))
    source.refresh_from_db()
    assert source.digest == before
    secret = re.findall(r"Bearer ([\w-]+)", pages.text(signed_in.post(address)))[0]
    source.refresh_from_db()
    assert source.digest == hashlib.sha256(secret.encode()).hexdigest() != before


def test_a_source_is_changed_and_keeps_what_it_had(source: Source, signed_in: Client) -> None:
    page = signed_in.get(f"{HOME}{source.pk}/changer/")
    assert 'value="2\u00a0h"' in page.content.decode()
    assert 'value="3\u00a0d"' in page.content.decode()
    values = {**SOURCE, "stuck_after": "1 d", "slug": "other"}
    assert signed_in.post(f"{HOME}{source.pk}/changer/", values).status_code == 302
    source.refresh_from_db()
    assert (source.slug, source.name, source.stuck_after) == ("rue", "Quartier nord", 86_400)


def test_a_source_is_switched_off_and_on(source: Source, signed_in: Client) -> None:
    address = f"{HOME}{source.pk}/"
    assert "Switched off." in pages.text(signed_in.post(address, {"do": "switch_off"}, follow=True))
    source.refresh_from_db()
    assert source.on is False
    assert "This source is switched off" in pages.text(signed_in.get(address))
    signed_in.post(address, {"do": "switch_on"})
    source.refresh_from_db()
    assert source.on is True


def test_a_source_shows_its_sensors_in_words(
    source: Source, place: Place, signed_in: Client
) -> None:
    place("a1", name="12, rue des Écoles")
    place("b2")
    says(source, "a1", 1.0, battery=87.5)
    says(source, "b2", 0.0, ago=3 * HOUR)
    found = signed_in.get(f"{HOME}{source.pk}/")
    one, two = row_of(found, "a1"), row_of(found, "b2")
    assert [one[0], one[1], one[2], one[5]] == [
        "a1Presence (0 or 1)", "12, rue des Écoles", "taken", "87.5\u00a0%",
    ]  # fmt: skip
    assert [two[1], two[2], two[5]] == ["unknown", "unknown Silentit said: free", "unknown"]


def test_a_source_tells_what_became_of_readings(
    source: Source, place: Place, signed_in: Client
) -> None:
    place("a1")
    says(source, "a1", 1.0)
    says(source, "a1", 7.0)
    says(source, "<b>x", 1.0)
    says(source, "<b>x", 1.0)
    found = signed_in.get(f"{HOME}{source.pk}/")
    told = {row[0]: [row[1], row[3]] for row in pages.rows(found) if len(row) == 4}
    assert told == {
        "What became of them": ["Readings", "Example"],
        "Kept": ["1", "–"],
        "Unknown sensor refused": ["2", "<b>x"],
        "Out of range refused": ["1", "a1 presence 7"],
    }
    assert "<b>x" not in found.content.decode()
    assert "1 device: what it says is refused." in pages.text(found)
    link = f"{HOME}{source.pk}/poser/?code=%3Cb%3Ex&amp;property=presence"
    assert link in found.content.decode()


def test_a_stranger_is_put_in_place(source: Source, signed_in: Client) -> None:
    says(source, "70b3d5", 1.0)
    address = f"{HOME}{source.pk}/poser/"
    page = signed_in.get(f"{address}?code=70b3d5&property=presence").content.decode()
    assert 'value="70b3d5"' in page
    given = {"code": "70B3D5", "property": "presence", "name": "A", "lat": "48.75", "lon": "2.29"}
    assert signed_in.post(address, given).status_code == 302
    thing = Thing.objects.get(source=source)
    assert (thing.code, thing.property, thing.name, thing.lat, thing.lon) == (
        "70b3d5", Property.PRESENCE, "A", 48.75, 2.29,
    )  # fmt: skip
    assert not Stranger.objects.filter(source=source).exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"code": "é"}, "A code is made of letters without accents"),
        ({"code": ""}, "This field is required."),
        ({"property": "smell"}, "Select a valid choice."),
        ({"lat": "48"}, "Give both, or neither."),
        ({"lat": "95", "lon": "2"}, "less than or equal to 90"),
        ({"lat": "nan", "lon": "2"}, "Enter a number."),
    ],
)
def test_a_wrong_place_is_refused(
    source: Source, signed_in: Client, given: dict[str, str], sentence: str
) -> None:
    values = {"code": "a1", "property": "presence", **given}
    answer = signed_in.post(f"{HOME}{source.pk}/poser/", values)
    assert answer.status_code == 422
    assert sentence in pages.text(answer)
    assert not Thing.objects.filter(source=source).exists()


def test_an_agent_notes_what_is_seen(source: Source, place: Place, agent: Client) -> None:
    thing = place("a1")
    address = f"{HOME}capteur/{thing.pk}/"
    agent.post(address, {"seen": "1"})
    says(source, "a1", 1.0)
    agent.post(address, {"seen": "1"})
    agent.post(address, {"seen": "0"})
    rows = SpotCheck.objects.filter(thing=thing).order_by("at", "pk").values_list("seen", "said")
    assert list(rows) == [(1.0, None), (1.0, 1.0), (0.0, 1.0)]
    page = agent.get(address)
    words = "Right in 1 of 2 checks on the spot. 1 check was made while nothing was known."
    assert words in pages.text(page)
    assert [row[1:] for row in pages.rows(page)] == [
        ["Seen", "It said"], ["free", "taken"], ["taken", "taken"], ["taken", "unknown"],
    ]  # fmt: skip
    assert agent.post(address, {"seen": "2"}).status_code == 422
    assert "Withdraw this sensor" not in pages.text(page)


def test_nobody_is_asked_to_see_a_temperature(
    source: Source, place: Place, signed_in: Client
) -> None:
    thing = place("a1", property=Property.TEMPERATURE)
    answer = signed_in.post(f"{HOME}capteur/{thing.pk}/", {"seen": "1"})
    assert "What do you see?" not in pages.text(answer)
    assert not SpotCheck.objects.filter(thing=thing).exists()


def test_withdrawing_asks_first(source: Source, place: Place, signed_in: Client) -> None:
    thing = place("a1")
    says(source, "a1", 1.0)
    address = f"{HOME}capteur/{thing.pk}/retirer/"
    assert "What it said before is kept." in pages.text(signed_in.get(address))
    assert signed_in.post(address).status_code == 302
    thing.refresh_from_db()
    assert thing.withdrawn_at is not None
    assert Observation.objects.filter(thing=thing.number).count() == 1
    assert "No sensor here" in pages.text(signed_in.get(f"{HOME}{source.pk}/"))
    assert "withdrawn on" in row_of(signed_in.get(f"{HOME}{source.pk}/?retires=1"), "a1")[2]
    assert signed_in.post(address).status_code == 404


ADDRESSES = ("", "ajouter/", "{s}/", "{s}/changer/", "{s}/secret/", "{s}/fichier/", "{s}/poser/",
             "capteur/{t}/", "capteur/{t}/retirer/")  # fmt: skip
FOR_AGENTS = {"", "{s}/", "capteur/{t}/"}


def filled(source: Source, thing: Thing) -> dict[str, str]:
    return {one: one.format(s=source.pk, t=thing.pk) for one in ADDRESSES}


def test_residents_reach_nothing_and_agents_read(
    source: Source, place: Place, agent: Client, resident: Client
) -> None:
    for pattern, path in filled(source, place("a1")).items():
        assert resident.get(HOME + path).status_code == 404, path
        assert resident.post(HOME + path).status_code in {404, 405}, path
        assert Client().get(HOME + path).status_code == 302, path
        read = agent.get(HOME + path).status_code
        assert read == (200 if pattern in FOR_AGENTS else 403), path
    assert agent.post(f"{HOME}{source.pk}/", {"do": "switch_off"}).status_code == 403
    source.refresh_from_db()
    assert source.on is True


def test_the_source_of_another_commune_is_not_found(
    source: Source, place: Place, sceaux: Community
) -> None:
    thing, elsewhere = place("a1"), client_of(sceaux, Role.ADMINISTRATOR)
    for pattern, path in filled(source, thing).items():
        if "{" in pattern:
            for send in (elsewhere.get, elsewhere.post):
                assert send(f"/en/sceaux/capteurs/{path}").status_code == 404, path
            assert elsewhere.get(HOME + path).status_code == 404, path
    assert "Capteurs de la rue" not in pages.text(elsewhere.get("/en/sceaux/capteurs/"))


def test_pages_cost_the_same_for_one_and_for_five(
    source: Source, place: Place, signed_in: Client
) -> None:
    thing = place("a1")
    says(source, "a1", 1.0)
    says(source, "s0", 1.0)
    actions.check_on_the_spot(thing=thing, seen=1.0, at=timezone.now(), by=None)
    addresses = [HOME, f"{HOME}{source.pk}/", f"{HOME}capteur/{thing.pk}/"]

    def costs() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                assert signed_in.get(address).status_code == 200
            found.append(len(asked))
        return found

    costs()
    before = costs()
    for n in range(1, 6):
        place(f"a1{n}")
        says(source, f"a1{n}", 0.0)
        says(source, f"s{n}", 1.0)
        actions.add_source(slug=f"s{n}", name=f"S{n}", by=None)
        actions.check_on_the_spot(thing=thing, seen=1.0, at=timezone.now(), by=None)
    assert costs() == before


@pytest.mark.parametrize("protocol", Protocol)
def test_each_protocol_is_explained(source: Source, signed_in: Client, protocol: Protocol) -> None:
    Source.objects.filter(pk=source.pk).update(protocol=protocol)
    text = pages.text(signed_in.get(f"{HOME}{source.pk}/"))
    assert "/antony/api/capteurs/rue" in text
    assert "Authorization: Bearer SECRET" in text
    assert "communs/antony/rue/" in text


def test_the_pages_speak_french(source: Source, place: Place, signed_in: Client) -> None:
    thing = place("a1")
    says(source, "a1", 0.0)
    text = pages.text(signed_in.get(f"/antony/capteurs/{source.pk}/"))
    assert "Relevés des 14 derniers jours" in text
    assert row_of(signed_in.get("/antony/capteurs/"), "Capteurs de la rue")[2] == "1 fiable"
    assert "La place est occupée" in pages.text(
        signed_in.get(f"/antony/capteurs/capteur/{thing.pk}/")
    )


def test_keys_of_nothing_are_not_found(here: Community, signed_in: Client) -> None:
    for path in filled(Source(pk=UUID(int=1)), Thing(pk=UUID(int=2))).values():
        if "0000" in path:
            assert signed_in.get(HOME + path).status_code == 404, path


def test_refusals_and_what_is_taken_are_all_ends() -> None:
    assert {*queries.TAKEN} == {Outcome.KEPT, Outcome.DOUBLED, Outcome.LATE}
