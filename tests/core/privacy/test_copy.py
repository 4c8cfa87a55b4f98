"""What a person reads and takes of all that is kept about them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.files.actions import attach, keep
from communs.core.journal.models import Event
from communs.core.people.models import Person
from communs.core.privacy import export
from communs.core.privacy.holdings import holdings
from tests import pages
from tests.core.privacy.conftest import AT
from tests.planting import plant

pytestmark = pytest.mark.django_db


@pytest.fixture
def traces(lou: Person, antony: Community, sceaux: Community) -> None:
    with within(antony):
        Membership.objects.create(person=lou, role=Role.EDITOR)
        upload = SimpleUploadedFile("reçu.txt", "été".encode(), content_type="text/plain")
        file = keep(upload=upload, purpose="test.paper", at=AT, by=lou)
        attach(file=file, subject="fund.grant:x", at=AT, by=lou)
    with within(sceaux):
        Membership.objects.create(person=lou, role=Role.ADMINISTRATOR)


def opened(response: object) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(response)))  # type: ignore[call-overload]


def test_the_page_tells_each_thing_and_where(
    lou: Person, traces: None, entered: Callable[..., Client]
) -> None:
    rows = pages.rows(entered(lou).get("/antony/compte/donnees/"))
    roles = [row for row in rows if row and row[0].startswith("Rôles")]
    assert sorted((row[2], row[4]) for row in roles) == [("Antony", "1"), ("Sceaux", "1")]
    accounts = [row for row in rows if row and row[0].startswith("Comptes")]
    assert [(row[2], row[4]) for row in accounts] == [("tout le site", "1")]


def test_the_copy_holds_a_page_the_same_as_data_and_the_files(
    lou: Person, traces: None, antony: Community, entered: Callable[..., Client]
) -> None:
    response = entered(lou).post("/antony/compte/donnees/copie/")
    assert response.headers["Content-Type"] == "application/zip"
    with opened(response) as archive:
        names = archive.namelist()
        assert names[:2] == ["lisez-moi.html", "data.json"]
        assert archive.read(names[2]).decode() == "été"
        assert names[2].startswith("files/antony/")
        assert names[2].endswith("-reçu.txt")
        said = json.loads(archive.read("data.json"))
        page = archive.read("lisez-moi.html").decode()
    assert (said["format"], said["version"]) == ("communs.person", 1)
    tables = {one["table"]: one for one in said["held"] if one["place"] == "Antony"}
    [role] = tables["access.Membership.person"]["rows"]
    assert (role["role"], role["until"]) == ("editor", None)
    assert "Lou Zqxw" in page
    with within(antony):
        assert Event.objects.filter(name="privacy.data_exported", actor=lou.pk).count() == 1


def test_no_secret_and_nobody_else_is_in_the_copy(
    lou: Person, antony: Community, sceaux: Community, manager: Person
) -> None:
    other = Person.objects.create_user("pat@example.org", name="Pat")
    with within(sceaux):
        Membership.objects.create(person=manager, role=Role.EDITOR)
    plant(antony, "zqxmark", other)
    plant(sceaux, "zqxown", lou)
    said = json.dumps([one.rows for one in export.told(lou)], default=str)
    assert [word for word in (lou.password, "argon2", "zqxmark", "pat@example.org", str(other.pk))
            if word in said] == []  # fmt: skip


def test_what_is_kept_costs_one_query_a_place_in_a_table(
    lou: Person, traces: None, django_assert_max_num_queries: Callable
) -> None:
    with django_assert_max_num_queries(60):
        first = holdings(lou)
    assert {holding.declaration.label for holding in first} >= {
        "people.Person", "access.Membership", "account.EmailAddress", "files.StoredFile",
        "journal.Event",
    }  # fmt: skip


def test_a_copy_asks_for_a_fresh_proof(lou: Person) -> None:
    client = Client()
    client.force_login(lou)
    for response in (client.get("/compte/donnees/copie/"), client.post("/compte/donnees/copie/")):
        assert response.headers["Location"].startswith("/compte/confirmation/")
