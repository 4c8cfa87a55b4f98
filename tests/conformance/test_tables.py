"""Tables: every row belongs to a community, and the database knows it."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, models

from communs.core.communities.owned import History, Owned, owned_models
from communs.core.communities.walls import parents
from communs.core.kit.privacy import ACCOUNT, Fate
from communs.core.people.models import Person
from communs.core.people.privacy import THIRD_PARTY
from communs.core.privacy.declarations import Declaration, column, declarations
from communs.core.registry.service import Service

SHARED = {
    "communities.Community": "the directory of tenants itself",
    "communities.Affiliation": "public reference: which commune is in which territory",
    "communities.Population": "public reference",
    "communities.Outline": "public reference",
    "people.Person": "one account may serve several communities; rights are per community",
    "people.FailedSignIns": "a wrong password belongs to an account, wherever it was typed",
    "privacy.Departure": "an account that goes is gone from every community",
    "privacy.Erasure": "an account was erased in every community",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "owned" in metafunc.fixturenames:
        found = owned_models(apps)
        metafunc.parametrize("owned", found, ids=[m._meta.label for m in found])


def test_every_table_of_the_house_is_owned_or_shared_for_a_reason() -> None:
    ours = [m for m in apps.get_models() if m.__module__.startswith("communs.")]
    assert {m._meta.label for m in ours if not issubclass(m, Owned)} == set(SHARED)


def test_a_librarys_table_about_people_says_what_it_keeps() -> None:
    theirs = [m for m in apps.get_models() if not m.__module__.startswith("communs.")]
    about = {m._meta.label: m for m in theirs if _is_about_a_person(m)}
    assert set(about) == set(THIRD_PARTY)
    for label, privacy in THIRD_PARTY.items():
        assert set(privacy.personal) <= {f.name for f in about[label]._meta.concrete_fields}
        assert str(privacy.what)
        assert str(privacy.purpose)
        assert privacy.keep_days > 0


DECLARED = pytest.mark.parametrize("declared", declarations(), ids=lambda one: one.label)
# Tables whose rows go another way than by the day in a column.
GO_BY_THEMSELVES = {
    "people.FailedSignIns": "a day after the last wrong password: people.jobs.let_go",
    "jobs.Job": "a month after its end: jobs.jobs.let_go",
    "files.StoredFile": "at its own hour, which its purpose gives: files.jobs.expire_due",
    "forms.Answers": "at their own hour, which their form gives: forms.jobs.let_go",
    "socialaccount.SocialToken": "the table stays empty",
    "usersessions.UserSession": "with its session: people.jobs.let_go",
    "sessions.Session": "at its own hour: people.jobs.let_go",
}


@DECLARED
def test_a_table_says_whose_each_row_is_and_what_becomes_of_it(declared: Declaration) -> None:
    fields = {f.name: f for f in declared.model._meta.concrete_fields}
    people = {name for name, f in fields.items() if f.related_model is Person}
    assert people <= set(declared.whose)
    assert set(declared.secret) <= set(fields)
    for path, fate in declared.whose.items():
        if fate == Fate.UNLINK:
            assert fields[path].null, path


@DECLARED
def test_a_table_says_from_when_its_time_counts(declared: Declaration) -> None:
    if declared.keep_days is None or declared.kept_from == ACCOUNT:
        assert declared.kept_from in {None, ACCOUNT}
    elif declared.kept_from is None:
        assert declared.label in GO_BY_THEMSELVES
    else:
        kinds = (models.DateField, models.DateTimeField)
        assert isinstance(column(declared.model, declared.kept_from), kinds)


def _is_about_a_person(model: type[models.Model]) -> bool:
    pointed = {field.related_model for field in model._meta.concrete_fields}
    return model is Session or any(m in pointed for m in (Person, SocialAccount))


def test_a_key_is_one_column_that_sorts_by_time(owned: type[Owned]) -> None:
    key = owned._meta.pk
    if isinstance(key, models.CompositePrimaryKey):  # rows by the million: what they say, in time
        assert key.field_names[:2] == ("community", "at")
        return
    assert (key.name, type(key), key.default.__name__) == (
        "id",
        models.UUIDField,
        "time_ordered_id",
    )


def test_every_unique_constraint_begins_with_the_community(owned: type[Owned]) -> None:
    unique = [c for c in owned._meta.constraints if isinstance(c, models.UniqueConstraint)]
    assert [c.name for c in unique if (c.fields or ("",))[0] != "community"] == []
    assert [f.name for f in owned._meta.concrete_fields if f.unique and not f.primary_key] == []
    assert not owned._meta.unique_together


def test_the_scoped_manager_is_the_only_way_in(owned: type[Owned]) -> None:
    assert owned._base_manager.name == "objects"
    assert owned._default_manager.name == "objects"
    assert {manager.name for manager in owned._meta.managers} == {"objects", "everywhere"}


def test_a_table_says_what_personal_data_it_keeps(owned: type[Owned]) -> None:
    privacy = vars(owned).get("Privacy")
    assert privacy is not None
    names = {field.name for field in owned._meta.concrete_fields}
    assert set(privacy.personal) <= names
    if privacy.personal:
        assert str(privacy.what)
        assert str(privacy.purpose)
        assert hasattr(privacy, "keep_days")
        assert hasattr(privacy, "whose")


@pytest.mark.django_db
def test_the_database_itself_guards_the_table(owned: type[Owned]) -> None:
    table = owned._meta.db_table
    if connection.vendor == "postgresql":
        assert _policies(table) == (
            True,
            True,
            ["wall_delete", "wall_insert", "wall_select", "wall_update"],
        )
        wanted = {f"wall_{table}_{field.column}" for field in parents(owned)}
        assert wanted <= _foreign_keys(table)
        guards = {f"wall_{table}_{guard.name}" for guard in owned.guards}
        assert _kept(owned) | guards == _history_triggers(table)
    else:
        wanted = {f"wall_{table}_{verb}" for verb in ("insert", "update", "delete")}
        for field in parents(owned):
            wanted |= {f"wall_{table}_{field.column}_{verb}" for verb in ("insert", "update")}
        for guard in owned.guards:
            wanted |= {f"wall_{table}_{guard.name}_{verb.lower()}" for verb in guard.verbs}
        assert wanted | _kept(owned) == _triggers(table)


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_every_table_of_a_service_is_owned(service: Service) -> None:
    assert [m.__name__ for m in service.get_models() if not issubclass(m, Owned)] == []


def _kept(owned: type[Owned]) -> set[str]:
    """Give the guards of a table of history, which is only added to."""
    verbs = ("update", "delete") if issubclass(owned, History) else ()
    return {f"wall_{owned._meta.db_table}_keep_{verb}" for verb in verbs}


def _history_triggers(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


def _triggers(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        return {name for (name,) in cursor.fetchall()}


def _policies(table: str) -> tuple[bool, bool, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
            [table],
        )
        on, forced = cursor.fetchone()
        cursor.execute(
            "SELECT policyname FROM pg_policies WHERE tablename = %s ORDER BY policyname", [table]
        )
        return on, forced, [name for (name,) in cursor.fetchall()]


def _foreign_keys(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}
