"""Bays and rules: pages that everybody reads, forms of who runs them, drafts and signs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.registry.queries import by_key
from communs.core.sensing import actions as sensing
from communs.core.sensing.enums import Property
from communs.core.sensing.models import State, Thing
from communs.services.delivery import actions, demo, queries
from communs.services.delivery.engine import advice, codes, terms
from communs.services.delivery.models import Bay, Policy, Template, Ticket, Visit
from communs.services.delivery.views.signs import drawn
from tests.services.delivery.samples import AT, DAY, bay_made, make, placed, started

ANTONY, SCEAUX = "/en/antony/livraison/", "/en/sceaux/livraison/"
MINUTE = timedelta(minutes=1)
TERMS = {
    "name": "Livraisons",
    "activity": "loading",
    "days": ["0", "1"],
    "begins": "07:00",
    "ends": "12:00",
    "holidays": "no",
    "vehicles": ["van"],
    "most_minutes": "20",
    "no_return_minutes": "0",
    "extension_minutes": "0",
    "priority": "10",
}


@pytest.fixture(autouse=True)
def on(switch: Callable[[Community, str], None], antony: Community, sceaux: Community) -> None:
    """The service is on in two communes; Sceaux has nothing yet."""
    switch(antony, "delivery")
    switch(sceaux, "delivery")


def sensed(bay: Bay, value: float | None, measured: Property = Property.PRESENCE) -> Thing:
    """Put a sensor in a bay that says this since AT, and is believed for two hours."""
    source, _secret = sensing.add_source(slug=f"s{bay.code.lower()}", name="S", by=None)
    thing = sensing.commission(source=source, code="01", at=AT, property=measured, by=None)
    now = int(AT.timestamp() * 1000)
    State.objects.filter(thing=thing).delete()
    State.objects.create(
        pk=thing.pk, thing=thing, value=value, since=now, heard=now, silent_from=now + 7_200_000
    )
    bay.thing = thing
    bay.save()
    return thing


@pytest.mark.parametrize(
    ("spaces", "measured", "value", "presence", "free"),
    [
        (1, Property.PRESENCE, 0.0, "free", 1),
        (1, Property.PRESENCE, 1.0, "taken", 0),
        (1, Property.PRESENCE, None, "unknown", None),
        (3, Property.PRESENCE, 0.0, "free", 3),
        (3, Property.PRESENCE, 1.0, "unknown", None),
        (3, Property.FREE, 2.0, "free", 2),
        (3, Property.FREE, 0.0, "taken", 0),
        (1, Property.TEMPERATURE, 0.0, "unknown", None),
    ],
)
def test_what_a_sensor_says_of_a_bay(
    sceaux: Community,
    spaces: int,
    measured: Property,
    value: float | None,
    presence: str,
    free: int | None,
) -> None:
    with within(sceaux):
        bay = bay_made(spaces=spaces)
        sensed(bay, value, measured)
        now = queries.standing(bay, at=AT + MINUTE)
        silent = queries.standing(bay, at=AT + timedelta(hours=3))
    assert (now.presence, now.free) == (presence, free)
    assert (silent.presence, silent.free) == ("unknown", None)


def test_no_disc_is_no_proof_that_a_bay_is_free(sceaux: Community) -> None:
    with within(sceaux):
        bay = bay_made(spaces=2)
        placed(bay)
        stands = [queries.standing(bay, at=AT)]
        for _disc in range(2):
            started(bay)
            stands.append(queries.standing(bay, at=AT + MINUTE))
    told = [(s.presence.value, s.free, s.discs) for s in stands]
    assert told == [("unknown", None, 0), ("unknown", None, 1), ("taken", 0, 2)]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("", "Aucune aire de livraison pour l’instant"), ("/en", "No delivery bay yet")],
)
def test_a_commune_without_bays_says_so(client: Client, language: str, sentence: str) -> None:
    page = client.get(f"{language}/sceaux/livraison/")
    assert (page.status_code, sentence in page.text) == (200, True)


def test_bays_are_found_by_street_and_the_code_of_a_sign_leads_to_its_disc(
    client: Client, sceaux: Community
) -> None:
    with within(sceaux):
        one = bay_made("Aire A", street="3 rue de l’Église")
        bay_made("Aire B", street="5 rue du Port")
    page = client.get(SCEAUX, {"q": "eglise"}).text
    assert (">Aire A<" in page, ">Aire B<" in page) == (True, False)
    spelt = f" {one.code[:3].lower()}-{one.code[3:]} "
    assert client.get(SCEAUX, {"q": spelt}).url == f"{SCEAUX}a/{one.code}/"
    assert "No bay has this street" in client.get(SCEAUX, {"q": "zzzz"}).text
    lower = f"/en/sceaux/livraison/a/{one.code.lower()}/"
    assert client.get(lower).status_code == 200


def test_the_page_of_a_bay_says_what_applies_now_and_this_week(
    client: Client, sceaux: Community
) -> None:
    with within(sceaux):
        bay = bay_made(length_m=12)
        placed(bay)
    with time_machine.travel(AT, tick=False):
        page = client.get(f"{SCEAUX}aires/{bay.code}/").text
    told = (
        "Loading and unloading, with the digital disc, 30 minutes",
        "Monday to Saturday, from 7:00 to 20:00",
        "no coming back within 60 minutes",
        "1 space, nobody knows how many are free",
        "2 March 2026, 20:00",
        "No rule is in force",
        "12 metres",
        bay.code,
    )
    assert [words for words in told if words not in page] == []
    assert client.get(f"{ANTONY}aires/{bay.code}/").status_code == 404


def test_files_and_api_tell_the_same(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        bay = bay_made()
        placed(bay)
    with time_machine.travel(AT, tick=False):
        lines = client.get(f"{SCEAUX}aires.csv").text.splitlines()
        shape = client.get(f"{SCEAUX}aires.geojson").json()
        listed = client.get("/sceaux/api/livraison/aires").json()
        one = client.get(f"/sceaux/api/livraison/aires/{bay.code}").json()
    row = {
        "code": bay.code,
        "name": "Aire de la gare",
        "street": "12 rue de la Gare",
        "spaces": 1,
        "length_m": None,
        "lat": 48.8977,
        "lon": 2.256,
        "presence": "unknown",
        "free": None,
        "activity": "loading",
        "most_minutes": 30,
    }
    assert (one, listed["bays"], listed["count"]) == (row, [row], 1)
    assert lines[0] == ",".join(row)
    assert lines[1].startswith(f"{bay.code},Aire de la gare,12 rue de la Gare,1,,48.8977,2.256,unk")
    assert [f["id"] for f in shape["features"]] == [bay.code]
    assert client.get(f"/antony/api/livraison/aires/{bay.code}").status_code == 404


def test_an_agent_adds_a_bay_gives_it_a_rule_and_replaces_it(
    signed_in: Client, antony: Community
) -> None:
    given = {"name": "Aire 1", "street": "1 rue du Port", "spaces": "2", "lat": "", "lon": ""}
    with time_machine.travel(AT, tick=False):
        signed_in.post(f"{ANTONY}gestion/aires/ajouter/", given)
        with within(antony):
            bay = Bay.objects.get()
        rule = TERMS | {"bays": [bay.pk], "since": "2026-03-02"}
        signed_in.post(f"{ANTONY}gestion/regles/ajouter/", rule)
        with within(antony):
            first = Policy.objects.get()
        again = rule | {"since": "2026-03-02", "most_minutes": "15"}
        page = signed_in.post(f"{ANTONY}gestion/regles/{first.pk}/", again)
        assert "must begin after the one that it replaces" in page.text
        signed_in.post(f"{ANTONY}gestion/regles/{first.pk}/", again | {"since": "2026-03-09"})
        manage = signed_in.get(f"{ANTONY}gestion/").text
        second = Client().get(f"{ANTONY}aires/{bay.code}/").text
    with within(antony):
        rows = Policy.objects.order_by("version").values_list(
            "version", "since", "until", "most_minutes", "vehicles", "days", "holidays"
        )
        told = list(rows)
    assert told == [
        (1, DAY, date(2026, 3, 8), 20, ["van"], "01", False),
        (2, date(2026, 3, 9), None, 15, ["van"], "01", False),
    ]
    assert "from 2 March 2026 until 8 March 2026" in manage
    assert "for: Van" in second


def test_a_bay_that_is_closed_is_no_longer_found_and_its_code_not_given_again(
    signed_in: Client, antony: Community
) -> None:
    with within(antony):
        bay = bay_made()
        placed(bay)
    with time_machine.travel(AT, tick=False):
        answer = signed_in.post(f"{ANTONY}gestion/aires/{bay.code}/fermer/", {"on": "2026-03-02"})
        assert answer.status_code == 302
        assert Client().get(f"{ANTONY}a/{bay.code}/").status_code == 200
    with time_machine.travel(AT + timedelta(days=1), tick=False):
        assert Client().get(f"{ANTONY}a/{bay.code}/").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("shape", '{"type": "Point", "coordinates": [2, 48]}', "not a GeoJSON polygon"),
        ("shape", '{"type": "Polygon", "coordinates": [[[2, 48], [2, 49], [3, 49]]]}', "polygon"),
        ("shape", "{", "Enter a valid JSON."),
        ("lat", "48.8", "Give latitude and longitude, or neither."),
        ("spaces", "0", "greater than or equal to 1"),
        ("name", " \t", "This field is required."),
    ],
)
def test_what_a_bay_cannot_be_is_said_beside_its_field(
    signed_in: Client, antony: Community, field: str, value: str, sentence: str
) -> None:
    given = {"name": "Aire 1", "street": "1 rue du Port", "spaces": "1"} | {field: value}
    page = signed_in.post(f"{ANTONY}gestion/aires/ajouter/", given)
    assert (page.status_code, sentence in page.text) == (422, True)
    assert f'id="id_{field}_error"' in page.text
    with within(antony):
        assert not Bay.objects.exists()


def test_a_usual_rule_fills_the_form(signed_in: Client, antony: Community) -> None:
    signed_in.post(f"{ANTONY}gestion/modeles/ajouter/", TERMS)
    with within(antony):
        assert list(Template.objects.values_list("code", "days", "holidays")) == [
            ("livraisons", "01", False)
        ]
    page = signed_in.get(f"{ANTONY}gestion/regles/ajouter/", {"modele": "livraisons"}).text
    assert 'value="07:00"' in page
    assert '<option value="no" selected>' in page


def test_the_draft_of_an_order_says_the_rules_in_french_and_that_it_is_a_draft(
    signed_in: Client, antony: Community
) -> None:
    with within(antony):
        bay = bay_made(spaces=2, length_m=12)
        placed(bay, vehicles=["van"], holidays=False)
    with time_machine.travel(AT, tick=False):
        text = signed_in.get(f"{ANTONY}aires/{bay.code}/arrete.txt").content.decode()
        page = signed_in.get(f"{ANTONY}aires/{bay.code}/arrete/").text
    told = (
        "PROJET – À VÉRIFIER PAR LE SERVICE JURIDIQUE",
        "Article 1er. – Une aire de livraison de 2 emplacements, d’une longueur de 12 mètres",
        "Article 2. – Lundi à samedi, de 7\u00a0h à 20\u00a0h, sauf les jours fériés",
        "aux véhicules suivants\u00a0: camionnette.",
        "limitée à 30 minutes",
        "avant 60 minutes après son départ",
        f"(code {bay.code})",
        "[Titre, prénom, nom et signature]",
    )
    assert [words for words in told if words not in text] == []
    assert "A draft, without any value" in page
    assert Client().get(f"{ANTONY}aires/{bay.code}/arrete/").status_code == 302


def test_the_sign_has_a_square_code_of_its_address(signed_in: Client, antony: Community) -> None:
    with within(antony):
        bay = bay_made()
    page = signed_in.get(f"{ANTONY}aires/{bay.code}/panneau/").text
    address = page.split("Square code of the address ")[1].split('"')[0]
    assert address.endswith(f"/antony/livraison/a/{bay.code}/")
    side, path = drawn(address)
    assert f'd="{path}"' in page
    assert (side - 8 - 17) % 4 == 0  # a size of ISO 18004, with four modules of white around
    assert path.startswith("M4 4h1v1h-1zM5 4")  # the corner of the first finder pattern


def test_codes_are_typed_as_they_come(sceaux: Community) -> None:
    assert [codes.typed(text) for text in (" ab2-c3d ", "AB2C3", "AB2C30", "AB2C3DE")] == [
        "AB2C3D",
        "",
        "",
        "",
    ]
    assert not {"0", "O", "1", "I"} & set(codes.ALPHABET)
    with within(sceaux):
        make(30)
        drawn_codes = set(Bay.objects.values_list("code", flat=True))
    assert len(drawn_codes) == 30
    assert all(codes.typed(code) == code for code in drawn_codes)


def test_a_rule_ends_with_a_day(sceaux: Community) -> None:
    with within(sceaux), override("en"):
        bay = bay_made()
        policy = placed(bay)
        actions.end_policy(policy=policy, on=date(2026, 3, 4), by=None)
        assert queries.policies_at(bay, datetime(2026, 3, 4, 22, tzinfo=UTC)) == [policy]
        assert queries.policies_at(bay, datetime(2026, 3, 4, 23, 30, tzinfo=UTC)) == []
        with pytest.raises(Refused, match="ends by then already"):
            actions.end_policy(policy=policy, on=date(2026, 3, 4), by=None)


def test_a_visitor_and_an_agent_of_elsewhere_run_no_bays(
    client: Client, manager: Person, antony: Community
) -> None:
    page = "/antony/livraison/gestion/"
    assert client.get(page).url == f"/antony/compte/connexion/?next={page}"
    client.force_login(manager)
    assert client.get(page).status_code == 404


def test_the_check_tells_of_bays_without_a_rule_and_of_reports(sceaux: Community) -> None:
    with within(sceaux), override("en"):
        told = [[str(f.sentence) for f in queries.findings()]]
        bay = bay_made()
        told.append([str(f.sentence) for f in queries.findings()])
        placed(bay)
        actions.report_bay(bay=bay, kind="double", note="", at=AT, by=None)
        told.append([str(f.sentence) for f in queries.findings()])
    assert told == [
        ["No delivery bay yet: add the first one."],
        ["1 bay has no rule: nobody can start a disc there."],
        ["1 report waits to be read."],
    ]


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_demonstration_shows_bays_rules_and_stops(
    client: Client, metropolis: Community, language: str
) -> None:
    with time_machine.travel(AT, tick=False):
        demo.load(by_key("delivery"), metropolis, demo.Size(bays=6, days=10, stops=20))
    place = Community.objects.get(slug="courbevoie")
    with within(place), time_machine.travel(AT, tick=False):
        bay = Bay.objects.order_by("name").first()
        counts = (Bay.objects.count(), Policy.objects.count(), Template.objects.count())
        stopped = Visit.objects.filter(day__lt=DAY).count()
        started_before = Ticket.objects.filter(started_at__lt=terms.bounds(DAY)[0]).count()
        crowded = advice_of(bay)
    assert counts == (6, 4, 3)
    assert stopped == started_before > 100
    assert crowded[4, 8].share > 0.7
    assert crowded[4, 8].turned > 0
    start = f"{language}/courbevoie/livraison/"
    pages = {path: client.get(f"{start}{path}") for path in ("", f"aires/{bay.code}/")}
    pages[bay.code] = client.get(f"{start}a/{bay.code}/")
    assert {page.status_code for page in pages.values()} == {200}
    assert "<communs-map" in pages[""].text
    curbs = client.get("/courbevoie/api/livraison/cds/curbs/zones").json()["data"]["zones"]
    assert len(curbs) == 6


def advice_of(bay: Bay) -> dict[tuple[int, int], advice.Cell]:
    """Give a bay's hours of the week, by weekday and hour."""
    found = queries.uses(on=DAY, saturated=0.8, quiet=0.15)
    return next(one.cells for one in found if one.bay == bay)
