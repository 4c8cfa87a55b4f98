"""Pages of agents: what they set, what is refused beside its field, who may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.intake import take
from communs.core.sensing.models import Source, SpotCheck
from communs.core.sensing.queries import milliseconds
from communs.services.parking import forms
from communs.services.parking.actions import set_regulation
from communs.services.parking.models import (
    Overstay,
    PermitKind,
    Regulation,
    Segment,
    Site,
    Space,
    Tariff,
    Zone,
)
from tests.services.parking.samples import car_park, make, network, sensor, space, street

HOME = "/sceaux/stationnement/"
MANAGE = f"{HOME}gestion/"
NOWHERE = '{"type": "LineString", "coordinates": [[2.1, NaN], [2.2, 48.2]]}'
EDITING = (
    "zones/ajouter/",
    "rues/ajouter/",
    "parcs/ajouter/",
    "places/ajouter/",
    "regles/ajouter/",
    "tarifs/ajouter/",
    "cartes/ajouter/",
)


@pytest.fixture(autouse=True)
def on(switch: Callable[[Community, str], None], sceaux: Community) -> None:
    switch(sceaux, "parking")


def signed_in_as(role: str, place: Community) -> Client:
    person = Person.objects.create_user(f"{role}@s.example", name=role)
    with within(place):
        Membership.objects.create(person=person, role=role)
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def editor(sceaux: Community) -> Client:
    return signed_in_as(Role.EDITOR, sceaux)


@pytest.fixture
def agent(sceaux: Community) -> Client:
    return signed_in_as(Role.AGENT, sceaux)


def only(model: type[Any], place: Community) -> Any:
    with within(place):
        return model.objects.get()


def test_every_page_opens(editor: Client, sceaux: Community) -> None:
    with within(sceaux):
        make(1)
        pages = [
            *EDITING,
            f"zones/{Zone.objects.get().code}/",
            f"rues/{Segment.objects.get().slug}/",
            f"parcs/{Site.objects.get().slug}/",
            f"places/{Space.objects.first().code}/",
            f"tarifs/{Tariff.objects.get().code}/",
            f"cartes/{PermitKind.objects.get().code}/",
            *(f"regles/{code}/" for code in Regulation.objects.values_list("code", flat=True)),
        ]
    got = {page: editor.get(f"{MANAGE}{page}").status_code for page in ["", *pages]}
    assert {page for page, status in got.items() if status != 200} == set()


def test_what_a_form_shows_of_a_row_can_be_sent_back_unchanged(
    editor: Client, sceaux: Community
) -> None:
    shown = {
        "regles": (Regulation, "code", forms.RegulationForm),
        "rues": (Segment, "slug", forms.SegmentForm),
        "tarifs": (Tariff, "code", forms.TariffForm),
        "places": (Space, "code", forms.SpaceForm),
        "zones": (Zone, "code", forms.ZoneForm),
    }
    models = [model for model, _field, _form in shown.values()]
    with within(sceaux):
        make(2)
        before = [list(model.objects.values()) for model in models]
        sent = {}
        for noun, (model, key, form_class) in shown.items():
            for row in model.objects.all():
                form = form_class(initial=forms.initial_of(row))
                values = {name: form[name].value() for name in form.fields}
                values |= {"days": form["days"].value()} if "days" in values else {}
                page = f"{MANAGE}{noun}/{getattr(row, key)}/"
                sent[page] = {k: v for k, v in values.items() if v is not None and v is not False}
    for page, values in sent.items():
        assert (page, editor.post(page, values).status_code) == (page, 302)
    with within(sceaux):
        assert [list(model.objects.values()) for model in models] == before


def test_a_tariff_is_written_as_people_write_prices(editor: Client, sceaux: Community) -> None:
    sent = {
        "name": "Tarif orange", "days": ["0", "1", "5"], "begins": "9:00", "ends": "19:00",
        "break_begins": "12:00", "break_ends": "14:00", "free_minutes": "15",
        "steps": "30 min = 1,00\n1 h = 2 €\n1h30 : 3.50\n\n2 h = 4", "most_cents": "12,50",
        "further_minutes": "60", "further_cents": "1.5",
    }  # fmt: skip
    assert editor.post(f"{MANAGE}tarifs/ajouter/", sent).status_code == 302
    row = only(Tariff, sceaux)
    assert (row.days, row.begins, row.break_ends, row.free_minutes) == (
        "015",
        time(9),
        time(14),
        15,
    )
    assert row.steps == [[30, 100], [60, 200], [90, 350], [120, 400]]
    assert (row.most_cents, row.further_minutes, row.further_cents) == (1250, 60, 150)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("steps", "beaucoup", "is not a price"),
        ("steps", "1 h = 2\n30 min = 3", "Each duration must be longer"),
        ("days", [], "This field is required."),
        ("begins", "25:99", "Write the hour as 14:30."),
        ("break_begins", "08:00", "A break begins and ends within"),
        ("free_minutes", "-1", "greater than or equal to 0"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_nothing_is_lost(
    editor: Client, sceaux: Community, field: str, value: object, sentence: str
) -> None:
    sent = {"name": "Gardé", "days": ["0"], "free_minutes": "0", "steps": "", field: value}
    answer = editor.post(f"/en{MANAGE}tarifs/ajouter/", sent)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.text
    assert [text for text in (sentence, "Gardé") if text not in answer.text] == []
    with within(sceaux):
        assert not Tariff.objects.exists()


def test_a_rule_of_some_streets_in_some_hours(editor: Client, sceaux: Community) -> None:
    with within(sceaux):
        lilacs, park = street("Rue des Lilas"), car_park("Parc")
    sent = {
        "title": "Marché", "nature": "recurring", "effect": "forbids", "who": "everyone",
        "where": "places", "places": [f"rue:{lilacs.slug}", f"parc:{park.slug}"], "kind": "",
        "days": ["5"], "begins": "05:00", "ends": "14:30", "holidays": "false",
        "charge": "unsaid", "order_reference": "2026-1", "order_on": "2026-01-12",
    }  # fmt: skip
    assert editor.post(f"{MANAGE}regles/ajouter/", sent).status_code == 302
    row = only(Regulation, sceaux)
    assert (row.days, row.begins, row.ends, row.holidays) == ("5", time(5), time(14, 30), False)
    assert (row.order_reference, row.order_on) == ("2026-1", date(2026, 1, 12))
    with within(sceaux):
        held = {one.segment or one.site for one in row.placements.all()}
    assert held == {lilacs, park}
    rules = Client().get(f"/en{HOME}regles/").text
    assert "Saturday, from 5:00 to 14:30, except on public holidays" in rules


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"where": "zone"}, "zone"),
        ({"charge": "tariff"}, "tariff"),
        ({"where": "places"}, "places"),
        ({"effect": "reserves"}, "who"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "until"),
        ({"places": ["rue:nowhere"]}, "places"),
    ],
)
def test_a_rule_that_says_too_little_is_refused(
    editor: Client, changed: dict[str, Any], field: str
) -> None:
    sent = {
        "title": "A", "nature": "ordinary", "effect": "allows", "who": "everyone",
        "where": "commune", "days": ["0"], "charge": "unsaid",
    }  # fmt: skip
    answer = editor.post(f"{MANAGE}regles/ajouter/", sent | changed)
    assert answer.status_code == 422
    assert re.findall(r'id="id_(\w+)_error"', answer.text) == [field]


def test_a_street_is_drawn_from_points_or_geojson(editor: Client, sceaux: Community) -> None:
    sent = {"street": "Rue des Lilas", "line": "48.75, 2.29\n48.76, 2.30"}
    assert editor.post(f"{MANAGE}rues/ajouter/", sent).status_code == 302
    row = only(Segment, sceaux)
    line = {"type": "LineString", "coordinates": [[2.29, 48.75], [2.30, 48.76]]}
    assert row.line == line
    page = f"{MANAGE}rues/{row.slug}/"
    text = '{"type": "LineString", "coordinates": [[2.1, 48.1], [2.2, 48.2]]}'
    assert editor.post(page, {"street": "Rue des Lilas", "line": text}).status_code == 302
    assert only(Segment, sceaux).line["coordinates"] == [[2.1, 48.1], [2.2, 48.2]]
    for wrong in ("48.75, 2.29", "a, b\nc, d", '{"x": 1}', '{"coordinates": [[1]]}', "{", NOWHERE):
        assert editor.post(page, {"street": "A", "line": wrong}).status_code == 422


def test_a_rule_is_removed_once_asked_again(editor: Client, sceaux: Community) -> None:
    with within(sceaux):
        row = set_regulation(title="Marché", where="commune", by=None)
    page = f"{MANAGE}regles/{row.code}/retirer/"
    assert editor.get(page).status_code == 200
    assert editor.post(page).status_code == 302
    with within(sceaux):
        assert not Regulation.objects.exists()


def test_an_agent_outside_patrols_but_sets_nothing(agent: Client) -> None:
    assert agent.get(f"{HOME}tournee/").status_code == 200
    assert agent.get(f"{HOME}capteurs/poser/").status_code == 200
    assert {agent.get(f"{MANAGE}{page}").status_code for page in ("", *EDITING)} == {403}


def test_others_are_led_to_sign_in_or_find_nothing(client: Client, manager: Person) -> None:
    pages = [MANAGE, f"{MANAGE}zones/ajouter/", f"{HOME}tournee/", f"{HOME}capteurs/poser/"]
    assert {client.get(page).status_code for page in pages} == {302}
    client.force_login(manager)
    assert {client.get(page).status_code for page in pages} == {404}


def test_a_sensor_is_put_in_place_and_taken_away(agent: Client, sceaux: Community) -> None:
    with within(sceaux):
        network()
        code = space(segment=street("Rue des Lilas")).code
    page = f"{HOME}capteurs/poser/"
    assert f'value="{code}"' in agent.get(f"{page}?space={code}").text
    wrong = agent.post(f"/en{page}", {"space": "ZZZZZ", "code": "aa"})
    assert (wrong.status_code, "No space here has this code." in wrong.text) == (422, True)
    answer = agent.post(page, {"space": code.lower(), "code": "70B3D5"})
    assert (answer.status_code, answer.url) == (302, f"{HOME}p/{code}/")
    assert only(Space, sceaux).thing_id is not None
    release = f"{HOME}p/{code}/capteur/retirer/"
    assert agent.get(release).status_code == 200
    assert agent.post(release).status_code == 302
    assert only(Space, sceaux).thing_id is None
    assert agent.get(release).status_code == 404


def test_a_warden_says_what_was_found(agent: Client, sceaux: Community) -> None:
    at = timezone.now()
    with within(sceaux):
        set_regulation(title="Arrêt", where="commune", most_minutes=20, by=None)
        where = sensor(space(segment=street("Rue des Lilas")))
        _speak(where, at)
    round_page = agent.get(f"{HOME}tournee/").text
    since = int((at - timedelta(minutes=90)).timestamp() * 1000)
    page = f"{HOME}tournee/{where.code}/{since}/"
    assert page in round_page
    assert agent.post(page, {}).status_code == 422
    assert agent.post(page, {"verdict": "sensor_wrong"}).status_code == 302
    assert only(Overstay, sceaux).verdict == "sensor_wrong"
    assert only(SpotCheck, sceaux).seen == 0.0
    assert agent.get(page).status_code == 404
    assert page not in agent.get(f"{HOME}tournee/").text


def _speak(where: Space, at: Any) -> None:
    said = [
        Reading(
            where.thing.code,
            "presence",
            int((at - timedelta(minutes=ago)).timestamp() * 1000),
            1,
            1.0,
        )
        for ago in (90, 1)
    ]
    take(source=Source.objects.get(), readings=said, at=milliseconds(at))
