"""An erased account leaves nothing: in no table, no index, no file, no letter that waits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from communs.core.access.demo import PASSWORD
from communs.core.access.enums import Role
from communs.core.access.models import Invitation, Membership
from communs.core.communities.models import Community
from communs.core.communities.owned import owned_models
from communs.core.communities.scope import across, within
from communs.core.files.actions import attach, keep
from communs.core.files.models import StoredFile
from communs.core.files.queries import contents
from communs.core.jobs.models import Job
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.kit.privacy import Fate
from communs.core.people import mail as letters
from communs.core.people.letters import Letter
from communs.core.people.models import FailedSignIns, Person
from communs.core.privacy import actions, consents, queries
from communs.core.privacy.declarations import declarations
from communs.core.privacy.models import Consent, Erasure
from communs.core.search.documents import only
from communs.core.search.models import Document, Word
from tests.core.privacy.conftest import AT
from tests.planting import plant

pytestmark = pytest.mark.django_db


def everything() -> str:
    """Give every row of every table of the installation, as text."""
    said = []
    with across("a test looks for what is left of somebody"):
        for model in apps.get_models(include_auto_created=True):
            rows = model.everywhere if model in owned_models(apps) else model.objects
            said += [f"{model._meta.label} {row}" for row in rows.values()]
    return "\n".join(said)


def erase(person: Person, place: Community) -> dict[str, int]:
    with within(place):
        return actions.erase(person=person, at=AT, by=person)


def test_nothing_of_an_erased_person_is_left_in_any_table(
    lou: Person, antony: Community, sceaux: Community, manager: Person
) -> None:
    for place in (antony, sceaux):
        with within(place):
            Membership.objects.create(person=manager, role=Role.ADMINISTRATOR)
        plant(place, "zqxmark", lou)
        with within(place):
            Invitation.objects.create(
                email=lou.email, role=Role.EDITOR, at=AT, expires_at=AT, invited_by=manager.pk
            )
    key = lou.pk
    assert "lou@example.org" in everything()
    erase(lou, antony)
    left = everything()
    assert [word for word in ("lou@example.org", "Lou Zqxw") if word in left] == []
    lines = [line for line in left.splitlines() if key.hex in line.replace("-", "")]
    tables = {line.split()[0] for line in lines}
    kept = {d.label for d in declarations() if Fate.KEEP in d.whose.values()}
    assert tables <= kept | {"privacy.Erasure", "journal.Event"}


def test_what_others_hold_stays(lou: Person, antony: Community, manager: Person) -> None:
    other = Person.objects.create_user("pat@example.org", name="Pat")
    with within(antony):
        kept = Membership.objects.create(person=other, role=Role.EDITOR)
        asked = Job.objects.create(task="x", due_at=AT, asked_by=lou.pk)
        invited = Invitation.objects.create(
            email="new@example.org", role=Role.EDITOR, at=AT, expires_at=AT, invited_by=lou.pk
        )
    erase(lou, antony)
    with within(antony):
        assert Membership.objects.filter(pk=kept.pk).exists()
        assert Job.objects.get(pk=asked.pk).asked_by is None
        assert Invitation.objects.get(pk=invited.pk).invited_by is None


def test_one_event_says_so_without_naming_anybody(lou: Person, antony: Community) -> None:
    with within(antony):
        Membership.objects.create(person=lou, role=Role.EDITOR)
    key = lou.pk
    gone = erase(lou, antony)
    assert gone["access.Membership"] == 1
    with within(antony):
        event = Event.objects.get(name="privacy.person_erased")
    assert (event.subject, event.actor, event.data) == (f"people.person:{key}", key, {"rows": gone})
    assert Erasure.objects.get().person == key
    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["lou@example.org"], "Antony — votre compte est effacé")
    ]


def test_who_alone_administers_a_community_names_another_first(
    administrator: Person, antony: Community, lou: Person
) -> None:
    assert queries.held_up_by(administrator) == [antony]
    with pytest.raises(Refused, match="Antony"):
        erase(administrator, antony)
    assert Person.objects.filter(pk=administrator.pk).exists()
    with within(antony):
        Membership.objects.create(person=lou, role=Role.ADMINISTRATOR)
    erase(administrator, antony)
    assert not Person.objects.filter(email="antony@demo.example").exists()


def test_a_closed_account_does_not_count_as_another_administrator(
    administrator: Person, antony: Community, lou: Person
) -> None:
    lou.is_active = False
    lou.save()
    with within(antony):
        Membership.objects.create(person=lou, role=Role.ADMINISTRATOR)
    assert queries.held_up_by(administrator) == [antony]


def sent(person: Person, name: str) -> StoredFile:
    upload = SimpleUploadedFile(name, b"du texte", content_type="text/plain")
    return keep(upload=upload, purpose="test.paper", at=AT, by=person)


def test_drafts_go_with_their_content_and_what_is_attached_stays_unnamed(
    lou: Person, antony: Community, django_capture_on_commit_callbacks: Callable
) -> None:
    with within(antony):
        draft, given = sent(lou, "brouillon.txt"), sent(lou, "donné.txt")
        attach(file=given, subject="fund.grant:x", at=AT, by=lou)
    with django_capture_on_commit_callbacks(execute=True):
        erase(lou, antony)
    with within(antony):
        left = list(StoredFile.objects.values_list("pk", "uploaded_by"))
    assert left == [(given.pk, None)]
    assert (contents().exists(draft.path), contents().exists(given.path)) == (False, True)
    contents().delete(given.path)


def test_the_index_forgets_what_the_person_alone_could_find(lou: Person, antony: Community) -> None:
    with within(antony):
        Document.objects.create(
            service="fund", kind="Grant", subject="fund.grant:y", title="Zqxsecret", language="fr",
            audience=only(lou), route="fund:grant", number=5, terms="zqxsecret",
        )  # fmt: skip
        Word.objects.create(audience=only(lou), word="zqxsecret", sound="x")
    erase(lou, antony)
    with within(antony):
        assert not Document.objects.filter(audience=only(lou)).exists()
        assert not Word.objects.filter(audience=only(lou)).exists()


def test_letters_that_did_not_leave_and_wrong_passwords_are_forgotten(
    lou: Person, antony: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    from communs.core.people import jobs

    Client().post("/compte/connexion/", {"login": lou.email, "password": "faux"})
    assert FailedSignIns.objects.count() == 1
    real = Job.objects.model
    with within(antony):
        for to in (lou.email, "pat@example.org"):
            sealed = sealed_letter(to)
            real.objects.create(task=jobs.post.module_path, args=[sealed], due_at=AT)
    erase(lou, antony)
    with within(antony):
        waiting = [job for job in real.objects.all() if job.task == jobs.post.module_path]
        assert len(waiting) == 1
    assert FailedSignIns.objects.count() == 0


def sealed_letter(to: str) -> str:
    caught: list[str] = []
    original = letters.deliver
    letters.deliver = caught.append  # type: ignore[assignment]
    try:
        letters.send(Letter("x", "y"), to=to)
    finally:
        letters.deliver = original
    return caught[0]


def test_consents_stay_as_proof_under_a_key(lou: Person, antony: Community) -> None:
    with within(antony):
        actions.give_consent(person=lou, purpose="notifications.texts", at=AT, by=lou)
    key = lou.pk
    erase(lou, antony)
    with within(antony):
        assert [(row.person, row.given) for row in Consent.objects.all()] == [(key, True)]
        assert consents.counts(["notifications.texts"]) == {"notifications.texts": 1}


class TestPage:
    """Erasing one's account by oneself."""

    def test_a_fresh_proof_and_a_tick_are_asked(
        self, lou: Person, entered: Callable[..., Client]
    ) -> None:
        client = entered(lou)
        refused = client.post("/antony/compte/donnees/effacer/", {})
        assert (refused.status_code, "Cochez la case" in refused.content.decode()) == (422, True)
        done = client.post("/antony/compte/donnees/effacer/", {"sure": "on"})
        assert (done.status_code, "Votre compte est effacé" in done.content.decode()) == (200, True)
        assert not Person.objects.filter(pk=lou.pk).exists()
        assert client.get("/antony/compte/").status_code == 302

    def test_who_signed_in_long_ago_proves_who_they_are_first(self, lou: Person) -> None:
        client = Client()
        client.force_login(lou)
        response = client.post("/antony/compte/donnees/effacer/", {"sure": "on"})
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/antony/compte/confirmation/")
        assert Person.objects.filter(pk=lou.pk).exists()

    def test_who_alone_administers_is_told_so_and_has_no_button(
        self, administrator: Person, entered: Callable[..., Client]
    ) -> None:
        client = entered(administrator, PASSWORD)
        page = client.get("/antony/compte/donnees/effacer/").content.decode()
        assert "Vous administrez sans collègue : Antony." in page
        assert 'name="sure"' not in page
        refused = client.post("/antony/compte/donnees/effacer/", {"sure": "on"})
        assert refused.status_code == 422
        assert Person.objects.filter(pk=administrator.pk).exists()
