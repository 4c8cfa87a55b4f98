"""Rows that travel: their order, what points at them, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from communs.core.bundles import actions, queries
from communs.core.bundles.documents import Document, opened
from communs.core.bundles.enums import InstallationState
from communs.core.bundles.models import Bundle, Installation
from communs.core.bundles.travel import _table, tables
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.registry.actions import set_service
from communs.core.registry.models import Activation
from communs.core.registry.service import Service
from communs.core.search.models import Document as Found
from communs.services.fund.models import Grant, Programme, Round
from tests.core.bundles.acts import FMIN, events, install, options, programmes, set_fund
from tests.core.bundles.conftest import NOW, Forge
from tests.services.fund.samples import make

pytestmark = pytest.mark.django_db
Pack = Callable[..., Bundle]


def test_a_row_that_comes_no_more_stays_while_something_points_at_it(
    antony: Community, packed: Document, forge: Forge
) -> None:
    with within(antony):
        install(packed)
        Round.objects.create(
            programme=Programme.objects.get(), awarded_on=date(2026, 1, 1), body="Conseil"
        )
        row = install(opened(forge(version=2, data={})))
        assert programmes() == [FMIN]
        assert events()[-1][1]["held"] == 1
        assert row.before["data"] == {}


def test_rows_that_point_at_others_travel_and_go_in_order(
    rounds: None, antony: Community, pack: Pack, forge: Forge
) -> None:
    document = opened(pack().document)
    assert document.raw["data"]["round"] == [
        {
            "programme": ["fmin"],
            "awarded_on": "2018-11-27",
            "body": document.raw["data"]["round"][0]["body"],
            "total": "923571.00",
            "committee": document.raw["data"]["round"][0]["committee"],
        }
    ]
    with within(antony):
        install(document)
        held = Round.objects.get()
        assert (held.programme.code, held.total) == ("fmin", Decimal("923571.00"))
        install(opened(forge(version=2, data={})))
        assert (Programme.objects.count(), Round.objects.count()) == (0, 0)
        actions.roll_back(installation=queries.in_force(document.service), at=NOW, by=None)
        assert (Programme.objects.count(), Round.objects.count()) == (1, 1)


def test_a_row_turned_elsewhere_lets_the_other_go(
    rounds: None, antony: Community, pack: Pack, forge: Forge, fund: Service
) -> None:
    (round_,) = opened(pack().document).raw["data"]["round"]
    a, b = ({"code": code, "acronym": code, "name": code} for code in "ab")
    one = forge(data={"programme": [a, b], "round": [{**round_, "programme": ["a"]}]})
    two = forge(version=2, data={"programme": [b], "round": [{**round_, "programme": ["b"]}]})
    with within(antony):
        install(opened(one))
        install(opened(two))
        assert list(Programme.objects.values_list("code", flat=True)) == ["b"]
        assert [held.programme.code for held in Round.objects.all()] == ["b"]


def test_a_target_that_was_removed_here_is_named(
    rounds: None, antony: Community, pack: Pack, forge: Forge
) -> None:
    document = opened(pack().document)
    (round_,) = document.raw["data"]["round"]
    with within(antony):
        install(document)
        Round.objects.all().delete()
        Programme.objects.all().delete()
        more = {**round_, "awarded_on": "2020-01-01", "body": "Conseil"}
        data = document.raw["data"] | {"round": [round_, more]}
        with pytest.raises(Refused, match="renvoie à fmin, qui a été supprimé ici"):
            install(opened(forge(version=2, data=data)))
        assert len(events()) == 1


def test_what_the_database_refuses_is_named_and_nothing_is_written(
    rounds: None, antony: Community, pack: Pack, forge: Forge
) -> None:
    document = opened(pack().document)
    (round_,) = document.raw["data"]["round"]
    wrong = document.raw["data"] | {"round": [{**round_, "total": "-5.00"}]}
    with within(antony):
        with pytest.raises(Refused, match="ne peut pas être écrit"):
            install(opened(forge(data=wrong)))
        assert programmes() == []
        assert not Activation.objects.exists()


def test_rolled_back_all_is_as_before(
    antony: Community, fund: Service, forge: Forge, metropolis: Community
) -> None:
    document = opened(forge(options={"page_size": 100, "show_map": False}))
    with within(antony):
        row = install(document, switch_on=True)
        actions.roll_back(installation=row, at=NOW, by=None)
        assert programmes() == []
        assert not Activation.objects.exists()
        assert [name for name, _data in events()] == ["bundles.installed", "bundles.rolled_back"]
        assert Installation.objects.get().state == InstallationState.ROLLED_BACK
        with pytest.raises(Refused, match="configuration en vigueur"):
            actions.roll_back(installation=row, at=NOW, by=None)
        install(document)
        assert programmes() == [FMIN]


def test_rolling_back_keeps_what_was_changed_since(
    antony: Community, fund: Service, forge: Forge
) -> None:
    document = opened(forge(options={"page_size": 100, "show_map": False}))
    with within(antony):
        set_fund(fund, contact_email="a@antony.example")
        row = install(document)
        set_fund(fund, page_size=30)
        Programme.objects.update(name="Le nôtre")
        actions.roll_back(installation=row, at=NOW, by=None)
        assert options() == (
            False,
            {"page_size": 30, "contact_email": "a@antony.example", "show_map": True},
            "",
        )
        assert [name for _code, _acronym, name, _on in programmes()] == ["Le nôtre"]
        assert events()[-1][1] | {"digest": ""} == {
            "service": "fund",
            "version": 1,
            "digest": "",
            "taken": 0,
            "added": 0,
            "changed": 1,
            "removed": 0,
            "kept": 0,
            "conflict": 2,
            "held": 0,
        }


def test_an_option_set_since_by_hand_outlives_the_way_back(
    antony: Community, fund: Service, forge: Forge, metropolis: Community
) -> None:
    document = opened(forge(options={"page_size": 100}))
    with within(antony):
        row = install(document)
        set_service(
            service=fund,
            on=True,
            options={"page_size": 100, "contact_email": "a@antony.example", "show_map": True},
            by=None,
        )
        actions.roll_back(installation=row, at=NOW, by=None)
        kept = {"page_size": 50, "contact_email": "a@antony.example", "show_map": True}
        assert options() == (True, kept, "")


def test_rolled_back_the_one_before_is_in_force_again(
    antony: Community, packed: Document, forge: Forge
) -> None:
    with within(antony):
        first = install(packed)
        second = install(
            opened(forge(version=2, options={"page_size": 100})), at=NOW + timedelta(hours=1)
        )
        actions.roll_back(installation=second, at=NOW, by=None)
        assert queries.in_force(packed.service) == first
        assert options() == (
            False,
            {"page_size": 50, "contact_email": "", "show_map": True},
            "Métropole du Grand Paris, 1",
        )
        actions.roll_back(installation=queries.in_force(packed.service), at=NOW, by=None)
        assert queries.in_force(packed.service) is None
        assert programmes() == []


def test_the_search_tells_what_is_there_after_rows_came(
    antony: Community, packed: Document
) -> None:
    with within(antony):
        make(1)  # in no index yet
        install(packed)
        told = set(Found.objects.filter(service="fund").values_list("subject", flat=True))
        assert told == {f"fund.grant:{grant.pk}" for grant in Grant.objects.all()}


def test_what_came_before_the_table_changed_is_still_taken_back(
    rounds: None, antony: Community, pack: Pack, monkeypatch: pytest.MonkeyPatch, fund: Service
) -> None:
    with within(antony):
        install(opened(pack().document))
        monkeypatch.setattr(Round.Travel, "fields", {"document": "Document"})
        monkeypatch.setattr(Round.Travel, "key", ("awarded_on",))
        tables.cache_clear()
        _table.cache_clear()
        assert [
            c.table for c in queries.way_back(queries.in_force(fund), on=NOW.date()).changes
        ] == ["programme"]
        assert queries.lineage_here(fund)[-1]["version"] == 1
