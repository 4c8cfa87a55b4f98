"""What belongs to a community is neither read nor written outside it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.core.communities import walls
from communs.core.communities.models import Community
from communs.core.communities.scope import across, as_owner, current, outside, within
from communs.core.kit.errors import NoCommunity, WrongCommunity
from communs.core.registry.models import Activation
from communs.services.fund.models import Fact, Grant, Programme, Round

pytestmark = pytest.mark.django_db


@pytest.fixture
def of_antony(antony: Community) -> Activation:
    with within(antony):
        return Activation.objects.create(service="zz-example")


def test_outside_any_community_nothing_is_read() -> None:
    with pytest.raises(NoCommunity):
        Activation.objects.all()
    with pytest.raises(NoCommunity):
        Activation._base_manager.all()
    with pytest.raises(NoCommunity):
        current()


def test_a_new_row_belongs_to_the_community_in_force(
    of_antony: Activation, antony: Community
) -> None:
    assert of_antony.community == antony


def test_another_communitys_row_is_not_there(of_antony: Activation, sceaux: Community) -> None:
    with within(sceaux):
        assert list(Activation.objects.filter(service="zz-example")) == []
        assert not Activation.objects.filter(pk=of_antony.pk).exists()
        assert Activation.objects.filter(pk=of_antony.pk).update(on=False) == 0
        assert Activation.objects.filter(pk=of_antony.pk).delete()[0] == 0
        with pytest.raises(Activation.DoesNotExist):
            of_antony.refresh_from_db()


def test_a_query_keeps_the_community_it_was_made_in(
    of_antony: Activation, antony: Community, sceaux: Community
) -> None:
    with within(antony):
        made_here = Activation.objects.filter(service="zz-example")
    with within(sceaux):
        seen = list(made_here)
    # SQLite reads what the query was made for; PostgreSQL's second wall shows nothing.
    assert seen == ([of_antony] if connection.vendor == "sqlite" else [])


@pytest.mark.parametrize("write", ["save", "delete"])
def test_another_communitys_row_is_not_written(
    of_antony: Activation, sceaux: Community, write: str
) -> None:
    with within(sceaux), pytest.raises(WrongCommunity):
        getattr(of_antony, write)()


def test_a_row_made_for_another_community_is_refused(antony: Community, sceaux: Community) -> None:
    with within(sceaux):
        with pytest.raises(WrongCommunity):
            Activation(service="x", community=antony).save()
        with pytest.raises(WrongCommunity):
            Activation.objects.bulk_create([Activation(service="x", community=antony)])
        with pytest.raises(WrongCommunity):
            Activation.objects.create(service="x", community=antony)


def test_many_rows_at_once_are_claimed_too(antony: Community) -> None:
    with within(antony):
        rows = Activation.objects.bulk_create([Activation(service="a"), Activation(service="b")])
    assert {row.community for row in rows} == {antony}


def test_a_row_does_not_change_community(of_antony: Activation, sceaux: Community) -> None:
    with within(of_antony.community):
        for values in ({"community": sceaux}, {"community_id": sceaux.pk}):
            with pytest.raises(WrongCommunity):
                Activation.objects.update(**values)
        of_antony.community = sceaux
        with pytest.raises(WrongCommunity):
            Activation.objects.bulk_update([of_antony], ["on"])


def test_raw_sql_is_refused(antony: Community) -> None:
    with within(antony), pytest.raises(WrongCommunity):
        Activation.objects.raw("SELECT * FROM registry_activation")


def test_everywhere_needs_a_reason_and_only_reads(of_antony: Activation, antony: Community) -> None:
    with pytest.raises(NoCommunity):
        Activation.everywhere.all()
    with within(antony), pytest.raises(NoCommunity):
        Activation.everywhere.all()
    with pytest.raises(ValueError, match="reason"), across(" "):
        pass
    with across("a test"):
        assert of_antony in Activation.everywhere.all()
        for write in ("update", "delete", "bulk_create"):
            with pytest.raises(WrongCommunity):
                getattr(Activation.everywhere.all(), write)()
        with pytest.raises(NoCommunity):
            of_antony.save()


def test_related_rows_are_looked_up_within_the_community(in_metropolis: Community) -> None:
    fact = Fact.objects.first()
    held = Fact.objects.get(pk=fact.pk)
    with outside(), pytest.raises(NoCommunity):
        _ = held.grant


def test_the_database_refuses_a_row_of_another_community(
    of_antony: Activation, sceaux: Community
) -> None:
    """Past the models, with SQL of one's own."""
    sql = "UPDATE registry_activation SET service = 'taken' WHERE service = 'zz-example'"
    with within(sceaux), transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(sql)
            assert cursor.rowcount == 0
        else:
            with pytest.raises(IntegrityError, match="another community"):
                cursor.execute(sql)


def test_the_database_refuses_to_write_for_another_community(
    of_antony: Activation, sceaux: Community, antony: Community
) -> None:
    sql = (
        "INSERT INTO registry_activation"
        ' (id, community_id, service, "on", options, from_bundle, covers_children)'
        " VALUES (%s, %s, 'x', true, '{}', '', false)"
    )
    other = antony.pk if connection.vendor == "postgresql" else antony.pk.hex
    with (
        within(sceaux),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        cursor.execute(sql, ["018f0000000070008000000000000000", other])


def test_the_database_shows_nothing_without_a_community(of_antony: Activation) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite guards writes only")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_activation")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("communs_app",)


def test_the_database_asks_who_reads_once_a_statement(antony: Community) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite guards writes only")
    with within(antony), connection.cursor() as cursor:
        for statement in (
            "SELECT service FROM registry_activation",
            "UPDATE registry_activation SET service = service",
        ):
            cursor.execute(f"EXPLAIN {statement}")
            plan = [row[0] for row in cursor.fetchall()]
            assert any("InitPlan" in line for line in plan)
            assert [line for line in plan if "current_setting" in line] == []


def test_the_database_refuses_a_parent_of_another_community(
    antony: Community, sceaux: Community
) -> None:
    with within(antony):
        programme = Programme.objects.create(code="p", acronym="P", name="P")

    def write() -> None:
        with transaction.atomic():
            Round.objects.create(programme=programme, awarded_on="2020-01-01", body="B")
            connection.check_constraints()

    with within(sceaux), pytest.raises(IntegrityError):
        write()


def test_a_rollback_does_not_leave_the_scope_behind(antony: Community, sceaux: Community) -> None:
    with within(antony), transaction.atomic():
        Activation.objects.create(service="zz-example")
        transaction.set_rollback(True)
    with within(sceaux):
        Activation.objects.create(service="zz-example")
        assert Activation.objects.filter(service="zz-example").count() == 1
    with within(antony):
        assert Activation.objects.filter(service="zz-example").count() == 0


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["antony", "sceaux", "bagneux"]),
            st.sampled_from(["add", "rename", "remove", "count"]),
            st.sampled_from("abc"),
        ),
        max_size=25,
    )
)
def test_whatever_one_community_does_another_sees_only_its_own(
    db: None, steps: list[tuple[str, str, str]]
) -> None:
    model: dict[str, set[str]] = {"antony": set(), "sceaux": set(), "bagneux": set()}
    held = {slug: Community.objects.get(slug=slug) for slug in model}
    with transaction.atomic():
        for slug, verb, letter in steps:
            with within(held[slug]):
                name = f"zz-{letter}"
                if verb == "add":
                    Activation.objects.get_or_create(service=name)
                    model[slug].add(name)
                elif verb == "remove":
                    Activation.objects.filter(service=name).delete()
                    model[slug].discard(name)
                elif verb == "rename" and name in model[slug] and "zz-d" not in model[slug]:
                    Activation.objects.filter(service=name).update(service="zz-d")
                    model[slug] = (model[slug] - {name}) | {"zz-d"}
            for other, names in model.items():
                with within(held[other]):
                    rows = Activation.objects.filter(service__startswith="zz-")
                    assert set(rows.values_list("service", flat=True)) == names
        transaction.set_rollback(True)


def test_counting_a_grants_facts_stays_within(in_metropolis: Community) -> None:
    grant = Grant.objects.get(reference="fmin-2018-08")
    assert grant.facts.count() == Fact.objects.filter(grant=grant).count() > 0


def test_a_migration_sees_the_rows_it_has_to_change(of_antony: Activation) -> None:
    """With the walls down the owner of the tables reads all; the application still does not."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite guards writes only")
    connection.check_constraints()  # tables with checks still to do cannot be altered
    walls.take_down(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_activation")
        assert cursor.fetchone() == (0,)
        with as_owner():
            cursor.execute("SELECT count(*) FROM registry_activation")
            assert cursor.fetchone()[0] >= 1
    walls.build(connection)
    with connection.cursor() as cursor, as_owner():
        cursor.execute("SELECT count(*) FROM registry_activation")
        assert cursor.fetchone() == (0,)
