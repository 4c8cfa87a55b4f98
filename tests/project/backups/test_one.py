"""One community, taken away and put back; the others are not touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.db import connection, models

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import across, as_owner, within
from communs.core.files.models import StoredFile
from communs.core.files.queries import contents
from communs.core.geo.placing import nearest, place
from communs.core.journal import verification
from communs.core.journal.delivery import deliver_here
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.registry.models import Activation
from communs.core.search import index
from communs.core.search.models import Document
from communs.project.backups import archive, rows, taking
from communs.project.backups.one import restore_community
from communs.project.backups.restoring import restore

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 2, 20, tzinfo=UTC)
CONTENT = b"%PDF- a file" * 1000


@pytest.fixture
def file(antony: Community) -> StoredFile:
    """A file of Antony, which somebody sent."""
    with within(antony):
        row = StoredFile(
            community=antony, purpose="test", kind="pdf", name="plan.pdf", size=len(CONTENT),
            sha256=sha256(CONTENT).hexdigest(), state="clean", subject="a:1", at=AT,
        )  # fmt: skip
        contents().save(row.path, ContentFile(CONTENT))
        row.save()
    return row


@pytest.fixture
def taken(antony: Community, file: StoredFile, switch: Callable, tmp_path: Path) -> Path:
    """Antony's backup: a service switched on, a role, a file, a journal."""
    switch(antony, "fund")
    with within(antony):
        deliver_here(at=AT)
    path = tmp_path / "antony.tar.gz"
    taking.back_up_community(antony, target=path, at=AT)
    return path


def digests() -> dict[str, str]:
    """Antony's digest, and one of everybody else's rows for each table, that note left out."""
    antony = Community.objects.get(slug="antony")
    found = {}
    with across("what others hold is compared before and after"):
        for model in rows.tables():
            others = models.QuerySet(model).exclude(community_id=antony.pk).order_by("pk")
            if model is Event:
                others = others.exclude(name="operation.restored")
            found[model._meta.label] = sha256(b"".join(rows.lines(others))).hexdigest()
    with within(antony):
        return found | {"antony": rows.digest_here()}


def test_a_community_comes_back_to_the_last_letter_and_nobody_else_is_touched(
    antony: Community, metropolis: Community, taken: Path, file: StoredFile, switch: Callable
) -> None:
    before = digests()
    switch(antony, "fund", on=False)
    switch(Community.objects.get(slug="sceaux"), "fund")
    with within(antony):
        Membership.objects.all().delete()
        deliver_here(at=AT)
    contents().delete(file.path)
    changed = digests()
    assert before["antony"] != changed["antony"]
    said: list[str] = []
    restore_community(taken, "antony", replace=True, say=said.append)
    after = digests()
    assert after["antony"] == before["antony"]
    assert after == changed | {"antony": before["antony"]}
    assert b"".join(contents().chunks(file.path)) == CONTENT
    with within(antony):
        checked = verification.check()
        assert (checked.wrong, checked.events) == ([], Event.objects.count())
        assert Activation.objects.get(service="fund").on
    with within(metropolis):
        event = Event.objects.filter(name="operation.restored").get()
        assert (event.subject, event.data["made_at"]) == ("antony", AT.isoformat())
    assert len(said) == 5


def test_what_is_there_is_not_lost_unasked(taken: Path) -> None:
    before = digests()
    with pytest.raises(Refused) as refused:
        restore_community(taken, "antony", say=print)
    assert "--replace" in str(refused.value)
    assert digests() == before


def test_a_community_that_is_missing_is_made_with_the_accounts_it_names(
    antony: Community, administrator: Person, taken: Path
) -> None:
    with within(antony):
        held = sorted(Membership.objects.values_list("person__email", "role"))
        digest = rows.digest_here()
        index.drop(*Document.objects.values_list("subject", flat=True))
        with as_owner():
            rows.drop_here()
    assert held == [("antony@demo.example", Role.ADMINISTRATOR)]
    EmailAddress.objects.filter(user=administrator).delete()
    _gone(administrator)
    antony.affiliations.all().delete()
    antony.populations.all().delete()
    antony.outline.delete()
    _gone(antony)
    restore_community(taken, "antony", say=lambda _said: None)
    again = Community.objects.get(slug="antony")
    person = Person.objects.get(email="antony@demo.example")
    assert (again.pk, again.name, again.insee) == (antony.pk, "Antony", "92002")
    assert (person.pk, person.has_usable_password()) == (administrator.pk, False)
    with within(again):
        assert rows.digest_here() == digest
        assert sorted(Membership.objects.values_list("person__email", "role")) == held
    assert {a.group.slug for a in again.affiliations.select_related("group")} >= {"metropole"}
    assert again.outline.geometry["type"] in {"Polygon", "MultiPolygon"}


def test_an_account_known_here_by_its_address_keeps_its_key(
    antony: Community, administrator: Person, taken: Path
) -> None:
    with within(antony), as_owner():
        rows.drop_here()
    EmailAddress.objects.filter(user=administrator).delete()
    _gone(administrator)
    other = Person.objects.create_user("antony@demo.example", name="The same")
    restore_community(taken, "antony", say=lambda _said: None)
    with within(antony):
        assert list(Membership.objects.values_list("person", flat=True)) == [other.pk]


def test_the_backup_of_another_is_refused(taken: Path) -> None:
    for slug in ("sceaux", "nowhere"):
        with pytest.raises(Refused) as refused:
            restore_community(taken, slug, replace=True, say=print)
        assert "antony" in str(refused.value)
    with pytest.raises(Refused) as refused:
        restore(taken, replace=True, say=print)
    assert "--community" in str(refused.value)


def test_a_backup_of_tables_that_are_not_known_is_refused(
    antony: Community, tmp_path: Path
) -> None:
    path = tmp_path / "newer.tar.gz"
    with archive.writing(path) as written:
        written.end(
            {
                "kind": "community",
                "version": "9.0",
                "migrations": [["fund", "9999_later"]],
                "community": {"id": str(antony.pk), "slug": "antony"},
            }
        )
    before = digests()
    with pytest.raises(Refused) as refused:
        restore_community(path, "antony", replace=True, say=print)
    assert "fund.9999_later" in str(refused.value)
    assert digests() == before


def test_a_row_that_was_changed_in_the_archive_is_found_out_and_nothing_is_kept(
    antony: Community, taken: Path, tmp_path: Path
) -> None:
    forged = tmp_path / "forged.tar.gz"
    with archive.writing(forged) as written:
        for name, _size, content in archive.members(taken):
            text = content.read()
            if name == archive.MANIFEST:
                facts = archive._parsed(text)
            else:
                text = text.replace(b"registry.service_set", b"registry.service_sat")
                written.add(name, len(text), [text])
        del facts["members"]
        written.end(facts)
    before = digests()
    with pytest.raises(Refused):
        restore_community(forged, "antony", replace=True, say=print)
    assert digests() == before


def test_every_table_that_belongs_to_a_community_is_in_its_backup(taken: Path) -> None:
    held = set(archive.check(taken)["members"])
    assert {taking.member_of(model) for model in rows.tables()} <= held


def test_dates_are_kept_as_they_were(antony: Community) -> None:
    with within(antony):
        row = Membership.objects.create(
            person=Person.objects.get(email="metropole@demo.example"),
            role=Role.ADMINISTRATOR,
            since=date(2020, 2, 29),
        )
        lines = list(rows.lines([row]))
        row.delete()
        assert rows.keep(Membership, lines, {}) == 1
        assert list(rows.lines(Membership.objects.filter(since=date(2020, 2, 29)))) == lines


def _gone(row: models.Model) -> None:
    """Take a shared row away, as if it had never been here."""
    key = row._meta.pk.get_db_prep_value(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [key])


def test_what_was_near_is_near_again(antony: Community, tmp_path: Path) -> None:
    path, subject = tmp_path / "antony.tar.gz", UUID(int=1)
    with within(antony):
        place("layer", {subject: (48.75, 2.3)})
        taking.back_up_community(antony, target=path, at=AT)
        place("layer", {subject: None, UUID(int=2): (48.75, 2.3)})
    restore_community(path, "antony", replace=True, say=print)
    with within(antony):
        assert [one.subject for one in nearest("layer", 48.75, 2.3, 5)] == [subject]
