"""Whatever three communes do, each finds its own rows and nothing of the others'."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.owned import owned_models
from communs.core.communities.scope import across, within
from communs.core.journal.delivery import deliver_here
from communs.core.kit.errors import WrongCommunity
from communs.core.people.models import Person
from communs.core.registry.actions import set_service
from communs.core.registry.queries import by_key
from communs.core.search.documents import Searchable
from communs.core.search.index import index
from communs.core.web import jobs
from tests.conformance.routes import METHODS, WITH_KEYS, Route
from tests.conformance.test_isolation import answer, keys_of, plain
from tests.planting import plant

SLUGS = ("antony", "montreuil", "sceaux")
PAIRS = st.sampled_from([(one, other) for one in SLUGS for other in SLUGS if one != other])
ROUTES = st.sampled_from([route for route in WITH_KEYS if route.fillings([str(uuid4()), "x"])])


def mark(slug: str) -> str:
    """A word that stands in all that a commune writes, and nowhere else."""
    return f"zq{slug}"


class Communes(RuleBasedStateMachine):
    """Three communes with an administrator each, and what they wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Community] = {}
        self.rows: dict[str, list[Any]] = {slug: [] for slug in SLUGS}

    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.places = {slug: Community.objects.get(slug=slug) for slug in SLUGS}
        self.people, self.clients = {}, {}
        for slug, place in self.places.items():
            name = f"{mark(slug)} administrator"
            self.people[slug] = Person.objects.create_user(f"{mark(slug)}@example.org", name=name)
            with within(place):
                Membership.objects.create(person=self.people[slug], role=Role.ADMINISTRATOR)
            self.clients[slug] = Client(raise_request_exception=False)
            self.clients[slug].force_login(self.people[slug])

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @rule(slug=st.sampled_from(SLUGS), on=st.booleans())
    def switch(self, slug: str, on: bool) -> None:
        fund = by_key("fund")
        assert fund is not None
        with within(self.places[slug]):
            set_service(service=fund, on=on, by=self.people[slug])

    @rule(slug=st.sampled_from(SLUGS))
    def write_in_every_table(self, slug: str) -> None:
        if not self.rows[slug]:
            name = mark(slug)
            person = Person.objects.create_user(f"{name}-planted@example.org", name=name)
            self.rows[slug] = plant(self.places[slug], name, person)

    @rule(slug=st.sampled_from(SLUGS))
    def make_known(self, slug: str) -> None:
        with within(self.places[slug]):
            subject = Membership.objects.get(person=self.people[slug])
            index(
                Searchable(
                    subject=subject,
                    kind="Grant",
                    title=mark(slug),
                    route="web:member",
                    args=(str(subject.pk),),
                    audience="community.manage",
                )
            )

    @rule(slug=st.sampled_from(SLUGS))
    def ask_for_a_task(self, slug: str) -> None:
        with within(self.places[slug]):
            jobs.ask(jobs.check_journal, by=self.people[slug])

    @rule(slug=st.sampled_from(SLUGS))
    def deliver(self, slug: str) -> None:
        with within(self.places[slug]):
            deliver_here(at=timezone.now())

    @precondition(lambda self: any(self.rows.values()))
    @rule(pair=PAIRS, data=st.data())
    def write_elsewhere(self, pair: tuple[str, str], data: st.DataObject) -> None:
        here, there = pair
        for row in self.rows[there] and [data.draw(st.sampled_from(self.rows[there]))]:
            with within(self.places[here]):
                with pytest.raises(WrongCommunity):
                    row.save()
                with pytest.raises(WrongCommunity):
                    row.delete()
                assert type(row).objects.filter(pk=row.pk).delete()[0] == 0

    @rule(pair=PAIRS, route=ROUTES, method=st.sampled_from(METHODS), data=st.data())
    def go_to_a_row_of_another(
        self, pair: tuple[str, str], route: Route, method: str, data: st.DataObject
    ) -> None:
        here, there = pair
        ways = route.fillings(keys_of(self.rows[there]))
        for way in ways and [data.draw(st.sampled_from(ways))]:
            unknown = route.fillings([str(uuid4()), "zqnowhere"])[0]
            client = self.clients[here]
            status, text = answer(client, method, f"/{here}{route.filled(*way)}")
            nowhere = answer(client, method, f"/{here}{route.filled(*unknown)}")
            assert (status, plain(text, *way)) == (nowhere[0], plain(nowhere[1], *unknown))
            assert mark(there) not in plain(text, *way)

    @rule(
        pair=PAIRS, path=st.sampled_from(["/recherche/", "/recherche/propositions/", "/api/search"])
    )
    def look_for_the_words_of_another(self, pair: tuple[str, str], path: str) -> None:
        here, there = pair
        word = mark(there)
        status, text = answer(self.clients[here], "get", f"/{here}{path}?q={word}")
        _none, nothing = answer(self.clients[here], "get", f"/{here}{path}?q=zqnothing")
        assert status == 200
        assert plain(text, word) == plain(nothing, "zqnothing")

    @invariant()
    def each_finds_its_own(self) -> None:
        for slug, place in self.places.items():
            others = {key(row) for other in SLUGS if other != slug for row in self.rows[other]}
            own = {key(row) for row in self.rows[slug]}
            with within(place):
                seen = {key(row) for model in TABLES for row in model.objects.all()}
            assert own <= seen
            assert not others & seen

    @invariant()
    def none_is_of_nobody(self) -> None:
        keys = [place.pk for place in self.places.values()]
        for model in TABLES if keys else ():
            with across("a test counts"):
                total = model.everywhere.filter(community__in=keys).count()
            apart = 0
            for place in self.places.values():
                with within(place):
                    apart += model.objects.count()
            assert apart == total, model


TABLES = list(owned_models(apps))


def key(row: models.Model) -> tuple[str, Any]:
    return row._meta.label, row.pk


Communes.TestCase.settings = settings(max_examples=8, stateful_step_count=20, deadline=None)


@pytest.mark.thorough
class TestCommunes(Communes.TestCase, TestCase):
    """Run in a database that each example leaves as it was."""
