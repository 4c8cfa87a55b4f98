"""Packing, publishing, installing, updating: what is written, what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from communs.core.bundles import actions, queries, signing
from communs.core.bundles.documents import Document, opened
from communs.core.bundles.enums import InstallationState
from communs.core.bundles.models import Bundle, Installation
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.registry.actions import set_service
from communs.core.registry.service import Service
from communs.services.fund.models import Programme
from tests.core.bundles.acts import FMIN, events, install, options, programmes, set_fund
from tests.core.bundles.conftest import NOW, Forge, forged

pytestmark = pytest.mark.django_db
Pack = Callable[..., Bundle]


def test_a_version_is_made_once_and_counts_by_one(
    metropolis: Community, fund: Service, pack: Pack, manager: Person
) -> None:
    first = pack(by=manager)
    assert (first.version, first.licence, first.published, first.by, first.at) == (
        1,
        "etalab-2.0",
        False,
        manager.pk,
        NOW,
    )
    assert pack(at=NOW + timedelta(1)) == first
    second = pack(notes="Autre.")
    assert second.version == 2
    with within(metropolis):
        assert events() == [
            ("bundles.packed", {"service": "fund", "version": n, "digest": row.digest})
            for n, row in ((1, first), (2, second))
        ]


def test_what_stays_at_home_is_not_packed(metropolis: Community, fund: Service, pack: Pack) -> None:
    with within(metropolis):
        set_service(service=fund, on=True, options={"contact_email": "a@b.example"}, by=None)
    assert "a@b.example" not in pack().document


@pytest.mark.parametrize("licence", ["", "MIT", "etalab"])
def test_a_licence_is_needed(pack: Pack, licence: str) -> None:
    with pytest.raises(Refused, match="Choisissez une licence") as refused:
        pack(licence=licence)
    assert refused.value.field == "licence"


def test_a_row_that_names_somebody_is_not_packed(metropolis: Community, pack: Pack) -> None:
    with within(metropolis):
        Programme.objects.update(name="Demander à Jeanne, 06 12 34 56 78")
    with pytest.raises(Refused) as refused:
        pack()
    assert str(refused.value).replace("\u00a0", " ") == (
        "Dans Dispositifs : Demander à Jeanne, 06 12 34 56 78, « Nom », « 06 12 34 56 78 »"
        " ressemble à un numéro de téléphone : une configuration ne désigne personne."
    )
    assert _bundles(metropolis) == 0


def _bundles(community: Community) -> int:
    with within(community):
        return Bundle.objects.count()


def test_it_is_published_once_and_withdrawn_once(metropolis: Community, pack: Pack) -> None:
    bundle = pack()
    with within(metropolis):
        for _again in range(2):
            actions.publish(bundle=bundle, by=None)
        assert [listed.bundle for listed in queries.catalogue()] == [bundle]
        for _again in range(2):
            actions.withdraw(bundle=bundle, by=None)
        assert queries.catalogue() == []
        assert [name for name, _data in events()] == [
            "bundles.packed",
            "bundles.published",
            "bundles.withdrawn",
        ]


def test_installed_elsewhere_it_sets_the_service_the_same(
    antony: Community, administrator: Person, packed: Document
) -> None:
    with within(antony):
        row = install(packed, switch_on=True, by=administrator)
        assert programmes() == [FMIN]
        assert options() == (
            True,
            {"page_size": 50, "contact_email": "", "show_map": True},
            "Métropole du Grand Paris, 1",
        )
        assert (row.service, row.version, row.source, row.source_slug, row.by, row.state) == (
            "fund",
            1,
            "Métropole du Grand Paris",
            "metropole",
            administrator.pk,
            InstallationState.IN_FORCE,
        )
        assert row.document == packed.text
        assert events() == [
            (
                "bundles.installed",
                {
                    "source": "Métropole du Grand Paris",
                    "service": "fund",
                    "version": 1,
                    "digest": packed.shape.digest,
                    "taken": 0,
                    "added": 1,
                    "changed": 0,
                    "removed": 0,
                    "kept": 0,
                    "conflict": 0,
                    "held": 0,
                },
            )
        ]
        assert not Event.objects.filter(name="registry.service_set").exists()


def test_the_same_digest_again_changes_nothing(antony: Community, packed: Document) -> None:
    with within(antony):
        first = install(packed)
        Programme.objects.update(name="Le nôtre")
        assert install(packed, switch_on=True) == first
        assert len(events()) == 1
        assert options()[0] is False
        assert Programme.objects.get().name == "Le nôtre"


def test_an_unknown_signer_needs_a_word(antony: Community, packed: Document, settings: Any) -> None:
    settings.SECRET_KEY = "elsewhere"
    foreign = forged(packed, source={"key": signing.public_key()})
    settings.SECRET_KEY = "here"
    document = opened(foreign)
    with within(antony):
        with pytest.raises(Refused) as refused:
            install(document)
        assert refused.value.field == "accept_unknown"
        assert programmes() == []
        install(document, accept_unknown=True)
        assert programmes() == [FMIN]


def test_what_was_set_here_before_is_kept_unless_it_is_taken(
    antony: Community, fund: Service, forge: Forge
) -> None:
    coming = opened(forge(options={"page_size": 100, "show_map": False}))
    with within(antony):
        set_fund(fund, page_size=20, contact_email="a@antony.example")
        (conflict,) = [c for c in queries.plan_of(coming, on=NOW.date()).changes if not c.applies]
        assert (conflict.field, conflict.before, conflict.after) == ("page_size", 20, 100)
        install(coming)
        kept = {"page_size": 20, "contact_email": "a@antony.example", "show_map": False}
        assert options()[1] == kept
        again = opened(forge(version=2, options={"page_size": 150, "show_map": False}))
        row = install(again, take=[conflict.ref])
        assert options()[1] == kept | {"page_size": 150}
        assert row.choices == [conflict.ref]


def test_an_option_set_here_is_a_choice_even_where_the_document_says_the_usual(
    antony: Community, fund: Service, packed: Document
) -> None:
    with within(antony):
        set_fund(fund, page_size=20)
        (change,) = [c for c in queries.plan_of(packed, on=NOW.date()).changes if c.field]
        assert (change.before, change.after, change.outcome) == (20, 50, "conflict")
        install(packed, take=[change.ref])
        assert options()[1]["page_size"] == 50


def test_an_update_takes_what_is_new_and_keeps_what_is_ours(
    antony: Community, packed: Document, forge: Forge
) -> None:
    (fmin,) = packed.raw["data"]["programme"]
    other = {"code": "autre", "acronym": "AUT", "name": "Autre", "created_on": None}
    last = {"code": "fin", "acronym": "FIN", "name": "Fin", "created_on": None}
    first = opened(forge(data={"programme": [fmin, other, last]}))
    with within(antony):
        install(first)
        Programme.objects.create(code="ours", acronym="NOUS", name="Le nôtre")
        Programme.objects.filter(code="fmin").update(name="Fonds d’Antony")
        Programme.objects.filter(code="autre").delete()
        renamed = {**fmin, "name": "Nouveau nom", "acronym": "FMIN2"}
        update = opened(forge(version=2, data={"programme": [renamed, other]}))
        install(update)
        assert programmes() == [
            ("fmin", "FMIN2", "Fonds d’Antony", date(2018, 9, 28)),
            ("ours", "NOUS", "Le nôtre", None),
        ]
        states = Installation.objects.order_by("version").values_list("version", "state")
        assert list(states) == [(1, "replaced"), (2, "in_force")]


def test_a_received_file_waits_until_it_is_installed_or_set_aside(
    antony: Community, packed: Document, forge: Forge
) -> None:
    with within(antony):
        actions.receive(document=opened(forge(version=7)), at=NOW, by=None)
        held = actions.receive(document=packed, at=NOW, by=None)
        assert queries.received(packed.service) == held
        assert programmes() == []
        row = install(packed)
        assert list(Installation.objects.all()) == [row]
        with pytest.raises(Refused, match="revenez plutôt en arrière"):
            actions.set_aside(received=row, by=None)
        held = actions.receive(document=opened(forge(version=8)), at=NOW, by=None)
        actions.set_aside(received=held, by=None)
        assert queries.received(packed.service) is None
        assert [name.removeprefix("bundles.") for name, _data in events()] == [
            "received",
            "received",
            "installed",
            "received",
            "set_aside",
        ]


def test_the_lineage_is_kept_and_a_later_version_is_offered(
    metropolis: Community, antony: Community, sceaux: Community, fund: Service, pack: Pack
) -> None:
    first = pack()
    with within(antony):
        install(opened(first.document))
    own = pack(antony)
    assert opened(own.document).raw["lineage"] == [
        {
            "community": "Métropole du Grand Paris",
            "slug": "metropole",
            "key": signing.public_key(),
            "version": 1,
            "digest": first.digest,
        }
    ]
    with within(sceaux):
        install(opened(own.document))
        assert [(one["slug"], one["version"]) for one in queries.lineage_here(fund)] == [
            ("metropole", 1),
            ("antony", 1),
        ]
    second = pack(notes="Mieux.")
    with within(antony):
        assert queries.update_of(queries.in_force(fund)) is None
    with within(metropolis):
        actions.publish(bundle=second, by=None)
    with within(antony):
        assert queries.update_of(queries.in_force(fund)) == second
        assert [place.slug for place in queries.published(second.pk).installed] == []
    with within(sceaux):
        assert queries.update_of(queries.in_force(fund)) is None
