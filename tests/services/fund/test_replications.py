"""A commune takes a common over: followed from what it installs, measured, confirmed, undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from communs.core.bundles import actions as bundles
from communs.core.bundles.models import Installation
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.delivery import deliver
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.registry.queries import by_key
from communs.services.fund import actions
from communs.services.fund.engine.sharing import moves
from communs.services.fund.engine.sharing.lineage import Link, descends
from communs.services.fund.enums import CommonState, LessonState, ReplicationState
from communs.services.fund.models import Common, Replication
from tests.services.fund import proving
from tests.services.fund.proving import AT, DAY, again, copy_of, installed, place

pytestmark = pytest.mark.django_db
STATES = st.sampled_from(ReplicationState.values)
LINKS = st.builds(
    Link,
    st.sampled_from(["antony", "sceaux"]),
    st.sampled_from(["ours", "theirs"]),
    st.integers(1, 4),
    st.sampled_from(["a", "b", "c"]),
)


@pytest.fixture
def here(metropolis: Community) -> Iterator[Community]:
    with within(metropolis), override("en"):
        yield metropolis


@pytest.fixture
def common(here: Community) -> Any:
    return proving.offered()


def told(row: Replication | None) -> tuple[str, int | None] | None:
    return None if row is None else (row.state, row.version)


def asked(common: Common, slug: str = "sceaux") -> Replication:
    return actions.ask_replication(
        common=common, place=place(slug), message="Pour le marché.", at=AT, by=None
    )


@given(st.lists(STATES, max_size=12))
def test_however_one_moves_what_runs_was_installed_and_what_is_confirmed_was_measured(
    wanted: list[str],
) -> None:
    walked = ["requested"]
    for to in wanted:
        if moves.allowed(walked[-1], to):
            walked.append(to)
    if "confirmed" in walked:
        assert "measured" in walked[: walked.index("confirmed")]
    if "rolled_back" in walked:
        assert set(walked) & moves.RUNNING
        assert walked[-1] == "rolled_back"
    if "given_up" in walked:
        assert not set(walked) & moves.RUNNING
        assert walked[-1] == "given_up"


def test_the_tables_know_every_state_and_lead_out_of_each() -> None:
    assert set(moves.MOVES) == set(ReplicationState.values)
    assert set(moves.LESSONS) == set(LessonState.values)
    assert set(ReplicationState.over()) == moves.OVER
    assert set(ReplicationState.installed()) == moves.RUNNING
    assert {after for found in moves.MOVES.values() for after in found} <= set(moves.MOVES)


@given(st.lists(STATES))
def test_a_success_is_a_common_when_and_only_when_a_copy_is_confirmed(states: list[str]) -> None:
    assert (moves.of_common(states) == CommonState.CONFIRMED) == ("confirmed" in states)


@given(st.lists(LINKS, max_size=5), LINKS)
def test_a_copy_comes_from_the_digest_or_from_a_later_version_of_the_same_hands(
    links: list[Link], origin: Link
) -> None:
    found = descends(links, origin, {"ours"})
    same = any(one.digest == origin.digest for one in links)
    later = [
        one
        for one in links
        if (one.slug, one.key) == (origin.slug, "ours") and one.version > origin.version
    ]
    assert found == (same or bool(later))


def test_a_commune_asks_once_and_may_ask_again_when_it_gave_up(common: Common) -> None:
    row = asked(common)
    with pytest.raises(Refused, match="asked for this common already"):
        asked(common)
    actions.give_up_replication(replication=row, reason="Plus tard.", at=AT, by=None)
    assert told(asked(common)) == ("requested", None)
    assert common.replications.count() == 2
    with pytest.raises(Refused, match="another commune has to find it again"):
        asked(common, "antony")


def test_what_it_does_with_the_configuration_moves_its_request(
    common: Common, sceaux: Community
) -> None:
    asked(common)
    document = proving.document_of_common(common)
    with within(sceaux):
        bundles.note_trial(document=document, refusal="Non.", by=None)
    deliver(AT)
    assert told(copy_of(common, "sceaux")) == ("requested", None)
    with within(sceaux):
        bundles.note_trial(document=document, by=None)
    deliver(AT)
    assert told(copy_of(common, "sceaux")) == ("checked", None)
    installed("sceaux", document)
    row = copy_of(common, "sceaux")
    assert row is not None
    assert (row.state, row.digest, row.installed_at, row.message) == (
        "live",
        common.digest,
        AT,
        "Pour le marché.",
    )
    names = Event.objects.filter(name__startswith="fund.replication").order_by("pk")
    assert list(names.values_list("name", flat=True)) == [
        "fund.replication_asked",
        "fund.replication_checked",
        "fund.replication_live",
    ]


def test_a_commune_that_installs_without_asking_is_a_copy_too(common: Common) -> None:
    installed("sceaux", proving.document_of_common(common))
    assert told(copy_of(common, "sceaux")) == ("live", 1)


def test_the_original_commune_is_no_copy_of_itself(common: Common) -> None:
    installed("antony", proving.document_of_common(common))
    assert copy_of(common, "antony") is None


def test_a_later_version_is_the_same_copy(common: Common) -> None:
    installed("sceaux", proving.document_of_common(common))
    later = proving.shared(at=AT + DAY, grace_minutes=12)
    assert later.version == 2
    installed("sceaux", proving.document_of(later), at=AT + 2 * DAY)
    rows = common.replications.values_list("state", "version", "digest", "installed_at")
    assert list(rows) == [("live", 2, later.digest, AT)]


def test_a_copy_of_a_copy_is_a_copy_with_its_lineage(common: Common) -> None:
    installed("sceaux", proving.document_of_common(common))
    theirs = proving.shared("sceaux", at=AT + DAY, grace_minutes=15)
    installed("bagneux", proving.document_of(theirs), at=AT + 2 * DAY)
    assert told(copy_of(common, "bagneux")) == ("live", 1)


def test_hearing_twice_changes_nothing(common: Common, sceaux: Community) -> None:
    from communs.services.fund.listeners import follow_copies

    installed("sceaux", proving.document_of_common(common))
    count = Event.objects.count()
    with within(sceaux):
        event = Event.objects.filter(name="bundles.installed").get()
        follow_copies(event)
    assert Event.objects.count() == count
    assert told(copy_of(common, "sceaux")) == ("live", 1)


def rolled_back(slug: str) -> None:
    with within(place(slug)):
        held = Installation.objects.get(state="in_force")
        bundles.roll_back(installation=held, at=AT + 20 * DAY, by=None)
    deliver(AT + 20 * DAY)


def test_a_copy_taken_back_counts_no_more_and_may_be_asked_for_again(common: Common) -> None:
    proving.confirmed(common)
    assert again(common).state == CommonState.CONFIRMED
    rolled_back("sceaux")
    assert told(copy_of(common, "sceaux")) == ("rolled_back", 1)
    found = again(common)
    assert (found.state, found.confirmed_at) == (CommonState.OFFERED, None)
    event = Event.objects.filter(name="fund.replication_undone").get()
    assert event.data == {
        "common": common.code,
        "place": "sceaux",
        "replaced_by": "",
        "common_state": "offered",
    }
    asked(common)
    assert common.replications.count() == 2


def test_a_common_stays_one_while_another_copy_confirms_it(common: Common) -> None:
    proving.confirmed(common)
    proving.confirmed(common, "bagneux")
    rolled_back("sceaux")
    assert again(common).state == CommonState.CONFIRMED


def test_going_back_to_the_earlier_version_is_still_the_same_copy(common: Common) -> None:
    installed("sceaux", proving.document_of_common(common))
    later = proving.shared(at=AT + DAY, grace_minutes=12)
    installed("sceaux", proving.document_of(later), at=AT + 2 * DAY)
    rolled_back("sceaux")
    assert told(copy_of(common, "sceaux")) == ("live", 1)


def test_another_configuration_in_its_place_ends_a_copy_and_says_which(common: Common) -> None:
    installed("sceaux", proving.document_of_common(common))
    other = proving.shared("bagneux", at=AT + DAY, grace_minutes=30)
    installed("sceaux", proving.document_of(other), at=AT + 2 * DAY)
    row = copy_of(common, "sceaux")
    assert row is not None
    assert (row.state, row.reason) == ("rolled_back", other.title)


def test_an_installation_that_fails_half_way_leaves_all_as_it_was(
    common: Common, sceaux: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(common)

    def fails(*_args: Any, **_named: Any) -> None:
        raise Refused("La base refuse.")

    monkeypatch.setattr("communs.core.bundles.actions._save_once", fails)
    with pytest.raises(Refused, match="La base refuse"):
        installed("sceaux", proving.document_of_common(common))
    deliver(AT)
    assert told(copy_of(common, "sceaux")) == ("requested", None)
    with within(sceaux):
        assert not Installation.objects.exists()
        assert not Event.objects.filter(name="bundles.installed").exists()


def test_a_copy_is_measured_once_enough_days_tell(common: Common) -> None:
    installed("sceaux", proving.document_of_common(common))
    row = copy_of(common, "sceaux")
    assert row is not None
    on = (AT + 5 * DAY).date()
    proving.observed("sceaux", 2)
    with pytest.raises(Refused) as refused:
        actions.measure_replication(replication=row, on=on, at=AT + 5 * DAY, by=None)
    assert str(refused.value) == (
        "“Rotation of parking spaces” has 2 days with a value in Sceaux since 1 November 2026: the"
        " protocol asks for 3."
    )
    proving.observed("sceaux", 1, "7.2", since=AT + 2 * DAY)
    done = actions.measure_replication(replication=row, on=on, at=AT + 5 * DAY, by=None)
    assert done.state == "measured"
    assert [{**one, "value": float(one["value"])} for one in done.measured] == [
        {
            "indicator": "parking.rotation",
            "version": 1,
            "first": "2026-11-01",
            "last": "2026-11-05",
            "days": 3,
            "value": 5.2,
        }
    ]


def test_only_what_was_measured_is_confirmed_and_with_a_reason(common: Common) -> None:
    installed("sceaux", proving.document_of_common(common))
    row = copy_of(common, "sceaux")
    assert row is not None
    known: dict[str, Any] = {"replication": row, "at": AT, "by": None}
    with pytest.raises(Refused, match="cannot become “confirmed”"):
        actions.confirm_replication(reason="Oui.", **known)
    with pytest.raises(Refused, match="Say what confirms it"):
        actions.confirm_replication(reason=" ", **known)
    assert again(common).state == CommonState.OFFERED


def test_the_database_itself_wants_a_confirmed_copy(common: Common) -> None:
    common.state, common.confirmed_at = CommonState.CONFIRMED, AT
    with pytest.raises(DatabaseError), transaction.atomic():
        common.save()


def test_of_two_people_who_move_a_copy_one_is_refused(common: Common) -> None:
    row = asked(common)
    late = Replication.objects.select_related("common", "place").get(pk=row.pk)
    actions.give_up_replication(replication=row, reason="Non.", at=AT, by=None)
    with pytest.raises(Refused, match="Somebody else moved this"):
        actions.note_check(replication=late, at=AT + timedelta(hours=1), by=None)


def test_an_indicator_that_is_measured_no_more_is_named(common: Common) -> None:
    installed("sceaux", proving.document_of_common(common))
    row = copy_of(common, "sceaux")
    assert row is not None
    common.evaluation.experiment.indicators.update(indicator="parking.gone")
    with pytest.raises(Refused, match=r"“parking\.gone” is measured here no more"):
        actions.measure_replication(replication=row, on=AT.date(), at=AT, by=None)


def test_what_the_metropolis_installs_for_itself_is_no_copy(
    common: Common, metropolis: Community
) -> None:
    document = proving.document_of_common(common)
    assert by_key(document.service.key) is not None
    bundles.install(document=document, switch_on=True, at=AT, by=None)
    deliver(AT)
    assert common.replications.count() == 0
