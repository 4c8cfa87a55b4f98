"""Writing: one event each, or a refusal that names its field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.search.models import Document
from communs.core.sensing.models import SpotCheck, Stranger, Thing
from communs.services.parking import actions
from communs.services.parking.models import Overstay, Placement, Regulation, Space, Tariff
from tests.services.parking.samples import AT, car_park, network, sensor, space, street

EVENTS = ("name", "subject", "actor", "data")


@pytest.fixture(autouse=True)
def here(sceaux: Community) -> Iterator[None]:
    """In Sceaux, which has nothing yet, in English."""
    with within(sceaux), override("en"):
        yield


def latest() -> tuple:
    return Event.objects.order_by("-id").values_list(*EVENTS).first()


def refusal(action, **values) -> tuple[str, str | None]:
    with pytest.raises(Refused) as raised:
        action(**values, by=None)
    return str(raised.value), raised.value.field


def test_a_street_is_added_found_and_told(administrator: Person) -> None:
    row = actions.set_segment(street=" Rue  des Lilas ", side="odd", at=AT, by=administrator)
    assert (row.street, row.slug, row.changed_at) == ("Rue des Lilas", "rue-des-lilas-odd", AT)
    changed = {"slug": row.slug, "changed": ["street", "side"]}
    subject = f"parking.segment:{row.pk}"
    assert latest() == ("parking.segment_set", subject, administrator.pk, changed)
    assert Document.objects.filter(subject=subject, title="Rue des Lilas").exists()


def test_the_same_again_is_no_event() -> None:
    row = street("Rue des Lilas")
    before = Event.objects.count()
    actions.set_segment(segment=row, street="Rue des Lilas", at=AT, by=None)
    assert Event.objects.count() == before
    again = street("Rue des Lilas")
    assert again.slug == f"{row.slug}-2"


def test_a_space_gets_a_code_and_the_next_number() -> None:
    lilacs = street("Rue des Lilas")
    rows = [actions.set_space(segment=lilacs, by=None) for _each in range(3)]
    assert [row.number for row in rows] == [1, 2, 3]
    assert len({row.code for row in rows}) == 3
    assert {len(row.code) for row in rows} == {5}


def test_a_space_is_in_one_place() -> None:
    nowhere = refusal(actions.set_space, segment=None, site=None)
    assert nowhere == ("Say in which street or car park the space is.", "place")
    both = {"segment": street("Rue des Lilas"), "site": car_park("Parc")}
    assert refusal(actions.set_space, **both)[1] == "place"
    assert not Space.objects.exists()


def test_a_street_of_another_commune_takes_no_space(antony: Community) -> None:
    with within(antony):
        elsewhere = street("Rue d’Antony")
    assert refusal(actions.set_space, segment=elsewhere)[1] == "segment"


@pytest.mark.parametrize(
    ("steps", "free"),
    [
        ([[60, 200], [30, 300]], 0),
        ([[60, 200], [90, 100]], 0),
        ([[15, 100]], 15),
        ([[60]], 0),
        (["60"], 0),
        ({"60": 1}, 0),
        ([[60.0, 1]], 0),
        ([[60, -1]], 0),
        ([[True, 1]], 0),
    ],
)
def test_prices_grow_with_time(steps: object, free: int) -> None:
    said = refusal(actions.set_tariff, name="Orange", steps=steps, free_minutes=free)
    sentence = "Each duration must be longer than the one before, and cost no less."
    assert said == (sentence, "steps")
    assert not Tariff.objects.exists()


def test_a_break_stands_inside_the_paid_hours() -> None:
    hours = {"begins": time(9), "ends": time(19), "break_ends": time(14)}
    sentence = "A break begins and ends within the hours that are paid for."
    for begins in (time(8), time(9), time(14), None):
        said = refusal(actions.set_tariff, name="A", steps=[], break_begins=begins, **hours)
        assert said == (sentence, "break_begins")
    row = actions.set_tariff(name="A", steps=[], break_begins=time(12), by=None, **hours)
    assert row.break_begins == time(12)


def test_a_rule_holds_in_the_places_that_were_chosen() -> None:
    lilacs, park = street("Rue des Lilas"), car_park("Parc")
    row = actions.set_regulation(
        title="Marché", where="places", places=[lilacs, park], effect="forbids", by=None
    )
    assert Placement.objects.count() == 2
    actions.set_regulation(regulation=row, places=[park], by=None)
    assert [one.site for one in row.placements.all()] == [park]
    assert latest()[3] == {"code": "marche", "changed": ["places"]}
    actions.set_regulation(regulation=row, where="commune", places=[], by=None)
    assert not Placement.objects.exists()


def test_a_rule_that_says_too_little_is_refused() -> None:
    assert refusal(actions.set_regulation, title="A", where="places", places=[])[1] == "places"
    assert refusal(actions.set_regulation, title="A", where="commune", effect="reserves") == (
        "Say for whom parking is reserved.",
        "who",
    )
    assert refusal(actions.set_regulation, title="A", where="commune", days="")[1] == "days"
    assert refusal(actions.set_regulation, title="A", where="commune", days="9")[1] == "days"
    assert refusal(actions.set_regulation, title="", where="commune")[1] == "title"
    assert not Regulation.objects.exists()


def test_a_rule_that_is_removed_leaves_its_words_in_the_journal() -> None:
    row = actions.set_regulation(title="Marché", where="commune", effect="forbids", by=None)
    actions.remove_regulation(regulation=row, by=None)
    assert not Regulation.objects.exists()
    name, _subject, _actor, data = latest()
    assert (name, data["said"]["title"]) == ("parking.regulation_removed", "Marché")


def test_a_sensor_is_put_in_place(administrator: Person) -> None:
    source, where = network(), space(segment=street("Rue des Lilas"))
    thing = actions.bind_sensor(space=where, code=" 70B3D5AA ", at=AT, by=administrator)
    where.refresh_from_db()
    assert where.thing == thing
    facts = (thing.code, thing.source, thing.name, thing.lat, thing.lon)
    assert facts == ("70b3d5aa", source, "Rue des Lilas 1", where.lat, where.lon)
    data = {"code": where.code, "sensor": "70b3d5aa", "source": "capteurs"}
    subject = f"parking.space:{where.pk}"
    assert latest() == ("parking.sensor_bound", subject, administrator.pk, data)


def test_a_sensor_is_in_one_space_at_a_time() -> None:
    lilacs = street("Rue des Lilas")
    one, two = sensor(space(segment=lilacs), code="aa"), space(segment=lilacs)
    said = refusal(actions.bind_sensor, space=two, code="AA", at=AT)
    assert said == (
        f"This sensor is in space {one.code}. Take it away from there first.",
        "code",
    )
    actions.release_sensor(space=one, by=None)
    actions.bind_sensor(space=two, code="AA", at=AT, by=None)
    assert Thing.objects.count() == 1


def test_which_network_a_sensor_belongs_to() -> None:
    where = space(segment=street("Rue des Lilas"))
    none = refusal(actions.bind_sensor, space=where, code="aa", at=AT)
    assert none == ("No network of sensors is set here yet.", "code")
    assert refusal(actions.bind_sensor, space=where, code="  ", at=AT)[1] == "code"
    one, two = network("un"), network("deux")
    several = refusal(actions.bind_sensor, space=where, code="aa", at=AT)
    assert several == ("Say to which network this sensor belongs.", "source")
    Stranger(source=two, code="aa", property="presence", latest=0).save()
    assert actions.bind_sensor(space=where, code="aa", at=AT, by=None).source == two
    assert actions.bind_sensor(space=where, code="bb", source=one, at=AT, by=None).source == one


@pytest.mark.parametrize(
    ("verdict", "checks"),
    [
        ("gone", []),
        ("sensor_wrong", [(0.0, 1.0)]),
        ("rightful", [(1.0, 1.0)]),
        ("dealt_with", [(1.0, 1.0)]),
    ],
)
def test_what_a_warden_saw_also_checks_the_sensor(verdict: str, checks: list) -> None:
    where = sensor(space(segment=street("Rue des Lilas")), (AT - timedelta(minutes=30), 1.0))
    actions.answer_overstay(space=where, since=12, verdict=verdict, at=AT, by=None)
    assert list(SpotCheck.objects.values_list("seen", "said")) == checks
    row = Overstay.objects.get()
    assert (row.space, row.since, row.verdict, row.answered_at) == (where, 12, verdict, AT)
    assert latest()[3] == {"space": where.code, "since": 12, "verdict": verdict}
    again = refusal(actions.answer_overstay, space=where, since=12, verdict="gone", at=AT)
    assert again == ("A colleague has answered already.", None)


def test_a_verdict_of_nothing_is_refused() -> None:
    where = space(segment=street("Rue des Lilas"))
    said = refusal(actions.answer_overstay, space=where, since=1, verdict="x", at=AT)
    assert said == ("Choose what you found.", "verdict")
