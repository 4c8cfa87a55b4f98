"""The kernel, end to end: an editor corrects a fact, and everything follows."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal import evidence
from communs.core.journal.delivery import deliver
from communs.core.journal.jobs import seal
from communs.core.people.models import Person
from communs.project.backups import taking
from communs.project.backups.one import restore_community
from communs.services.fund import queries
from tests import pages
from tests.core.people.conftest import idp, nobody_counted, offer, post_at_once  # noqa: F401
from tests.core.people.elsewhere import AGENT, go
from tests.core.people.provider import Provider

pytestmark = pytest.mark.django_db
CORRECTION = {
    "text_fr": "Le marché des capteurs a été attribué à l’automne.",
    "text_en": "",
    "when": "2019-10",
    "source": "Délibération du 3 octobre 2019",
}


def test_an_editor_corrects_a_fact_and_everything_follows(
    metropolis: Community,
    manager: Person,
    administrator: Person,
    client: Client,
    offer: Callable[..., Provider],  # noqa: F811
    tmp_path: Path,
) -> None:
    provider = offer("proconnect", AGENT)
    editor = Person.objects.create_user(AGENT["email"], name="Sasha Martin")
    with within(metropolis):
        Membership.objects.create(person=editor, role=Role.EDITOR)
        fact = queries.shown_facts().select_related("grant").first()
    grant = f"/fonds/registre/{fact.grant.reference}/"

    go(client, provider, "proconnect", at="", next=grant)
    shown = client.get(grant)
    address = next(link for link in pages.links(shown) if link.endswith(f"{fact.code}/modifier/"))
    assert pages.heading(client.get(address)) == "Corriger ce que l’on sait"
    answer = client.post(address, CORRECTION | {"seen": "first"}, follow=True)

    page = pages.text(answer)
    assert "Le marché des capteurs a été attribué à l’automne." in page
    assert "Délibération du 3 octobre 2019" in page
    assert fact.grant.title in pages.text(client.get("/recherche/?q=marché+attribué+automne"))

    chief = Client()
    chief.force_login(manager)
    journal = pages.text(chief.get("/reglages/journal/"))
    assert [w for w in ("Sasha Martin", "Le marché des capteurs") if w not in journal] == []

    stranger = Client()
    stranger.force_login(administrator)
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, CORRECTION).status_code == 404

    while deliver(timezone.now()):
        pass
    with within(metropolis):
        assert seal.call()
    told = io.StringIO()
    call_command("verify_journal", "metropole", stdout=told)
    assert "intact" in told.getvalue()
    exported = tmp_path / "journal.jsonl"
    call_command("verify_journal", "metropole", export=exported)
    found = evidence.check_lines(io.BytesIO(exported.read_bytes()))
    assert (found.wrong, found.seals) == ([], 1)

    backup = tmp_path / "metropole.tar.gz"
    taking.back_up_community(metropolis, target=backup, at=timezone.now())
    with within(metropolis):
        queries.shown_facts().filter(pk=fact.pk).update(text_fr="Perdu.")
    restore_community(backup, "metropole", replace=True, say=lambda _line: None)
    assert "Le marché des capteurs a été attribué" in pages.text(client.get(grant))
