"""The demonstration is loaded once; each test works on it and leaves it as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import date
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from _pytest import python
from django.conf import settings
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from django.urls import set_script_prefix
from django.utils.translation import override
from hypothesis import settings as settings_of_hypothesis

from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.core.registry.actions import set_service
from communs.core.registry.queries import by_key
from communs.project.prepare import compile_translations, house_folders
from tests import snapshots

DATABASE = "database.sqlite3"
AWARDS = date(2018, 11, 27)
# A busy machine is no fault of what is tested.
settings_of_hypothesis.register_profile("house", deadline=None)
settings_of_hypothesis.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """French is read from compiled files, which are not tracked."""
    compile_translations(house_folders())


def _roomy(test: pytest.Function) -> object | None:
    return python.pytest_pyfunc_call(test)


# Python 3.11 keeps calls in pieces of memory of 16 KB; at a test's depth each request made and gave
# back hundreds of them, a quarter of its time. In a frame of 512 KB what it calls has room.
_roomy.__code__ = _roomy.__code__.replace(co_stacksize=1 << 16)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object | None:
    """Call each test as pytest does, with room for what it calls."""
    return _roomy(pyfuncitem)


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix(request: pytest.FixtureRequest) -> None:
    """SQLite is in the memory of each process; other databases need a name for each."""
    if settings.DATABASES["default"]["ENGINE"].endswith(".postgresql"):
        request.getfixturevalue("django_db_modify_db_settings_tox_suffix")
        request.getfixturevalue("django_db_modify_db_settings_xdist_suffix")


@pytest.fixture(scope="session")
def keep() -> Iterator[Callable[[], None]]:
    """What keeps the database in memory for next time; it does nothing when it comes from there."""
    with ExitStack() as alone:
        if connection.vendor == "sqlite":
            folder = alone.enter_context(snapshots.alone("tests"))
            if not folder.exists():
                yield partial(_keep, folder, alone)
                return
            creation = connection.creation
            creation.create_test_db = partial(_from_snapshot, folder)  # type: ignore[method-assign]
            alone.close()
        yield lambda: None


def _from_snapshot(folder: Path, **_options: Any) -> str:
    """Fill the test database, in place of migrations and of the demonstration."""
    name: str = connection.creation._get_test_db_name()
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    with closing(sqlite3.connect(folder / DATABASE)) as kept:
        kept.backup(connection.connection)
    return name


def _keep(folder: Path, alone: ExitStack) -> None:
    snapshots.keep(folder, _write)
    alone.close()


def _write(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as kept:
        connection.connection.backup(kept)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, keep: Callable[[], None]
) -> None:
    """A snapshot is looked for before the database is made."""


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, keep: Callable[[], None]
) -> None:
    """The real reference and register of 2018; a service's made-up life is its own tests'."""
    with django_db_blocker.unblock():
        if not Community.objects.exists():
            call_command("load_demo", only=[], verbosity=0, stdout=StringIO())
        keep()


@pytest.fixture(autouse=True)
def connections_stay() -> None:
    """A test's transaction outlives its requests; the test client connects these again."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)


@pytest.fixture(autouse=True)
def at_the_root() -> Iterator[None]:
    """Addresses made outside a request are the metropolis' own, in French."""
    set_script_prefix("/")
    with override("fr"):
        yield


@pytest.fixture
def metropolis(db: None) -> Community:
    return Community.objects.get(kind=Kind.METROPOLIS)


@pytest.fixture
def antony(db: None) -> Community:
    return Community.objects.get(slug="antony")


@pytest.fixture
def sceaux(db: None) -> Community:
    return Community.objects.get(slug="sceaux")


@pytest.fixture
def in_metropolis(metropolis: Community) -> Iterator[Community]:
    with within(metropolis):
        yield metropolis


@pytest.fixture
def administrator(db: None) -> Person:
    """The administrator of Antony."""
    return Person.objects.get(email="antony@demo.example")


@pytest.fixture
def manager(db: None) -> Person:
    """The administrator of the metropolis."""
    return Person.objects.get(email="metropole@demo.example")


@pytest.fixture
def signed_in(administrator: Person) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def switch(db: None) -> object:
    """Switch a service on or off in a community."""

    def do(community: Community, key: str, *, on: bool = True) -> None:
        with within(community):
            set_service(service=by_key(key), on=on, by=None)

    return do
