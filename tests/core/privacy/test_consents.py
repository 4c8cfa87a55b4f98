"""A yes is kept in its words, counts until it is taken back, and stays as proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.delivery import deliver
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.notifications.enums import Channel
from communs.core.notifications.models import Preference, Reach
from communs.core.people.models import Person
from communs.core.privacy import actions, consents
from communs.core.privacy.consents import Question
from communs.core.privacy.enums import Way
from communs.core.privacy.models import Consent
from tests import pages
from tests.core.privacy.conftest import AT

pytestmark = pytest.mark.django_db
TEXTS = "notifications.texts"


def test_a_yes_is_kept_with_its_words_and_its_way(
    lou: Person, antony: Community, administrator: Person
) -> None:
    with within(antony):
        actions.give_consent(person=lou, purpose=TEXTS, at=AT, way=Way.COUNTER, by=administrator)
        row = Consent.objects.get()
        event = Event.objects.get(name="privacy.consent_given")
    words = "J’accepte de recevoir par SMS, à mon numéro, les notifications que j’ai choisies."
    assert (row.person, row.given, row.wording, row.way, row.noted_by, row.at) == (
        lou.pk, True, words, "counter", administrator.pk, AT,
    )  # fmt: skip
    assert event.data == {"purpose": TEXTS, "version": 1, "way": "counter"}


def test_the_same_answer_twice_is_kept_once(lou: Person, antony: Community) -> None:
    with within(antony):
        for _time in range(2):
            actions.give_consent(person=lou, purpose=TEXTS, at=AT, by=lou)
        assert Consent.objects.count() == 1
        assert Event.objects.filter(name="privacy.consent_given").count() == 1


def test_a_no_before_any_yes_is_no_answer(lou: Person, antony: Community) -> None:
    with within(antony):
        actions.withdraw_consent(person=lou, purpose=TEXTS, at=AT, by=lou)
        assert Consent.objects.count() == 0


def test_a_question_that_nobody_asks_is_refused(lou: Person, antony: Community) -> None:
    with within(antony), pytest.raises(Refused, match="Personne ne demande"):
        actions.give_consent(person=lou, purpose="nothing.such", at=AT, by=lou)


@given(answers=st.lists(st.booleans(), max_size=12))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
def test_the_last_answer_counts(answers: list[bool], antony: Community) -> None:
    with transaction.atomic(), within(antony):
        person = Person.objects.create_user("x@example.org", name="X")
        for number, yes in enumerate(answers):
            change = actions.give_consent if yes else actions.withdraw_consent
            change(person=person, purpose=TEXTS, at=AT + timedelta(days=number), by=person)
        assert consents.agreed(person, TEXTS) == (bool(answers) and answers[-1])
        kept = [row.given for row in Consent.objects.filter(person=person.pk).order_by("id")]
        assert all(a != b for a, b in pairwise(kept))
        transaction.set_rollback(True)


def test_a_yes_to_other_words_no_longer_counts(
    lou: Person, antony: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    with within(antony):
        actions.give_consent(person=lou, purpose=TEXTS, at=AT, by=lou)
        monkeypatch.setitem(consents._questions, TEXTS, Question(TEXTS, "t", "Others.", version=2))
        assert not consents.agreed(lou, TEXTS)
        actions.give_consent(person=lou, purpose=TEXTS, at=AT, by=lou)
        assert consents.agreed(lou, TEXTS)


def test_a_consent_of_another_commune_does_not_count_here(
    lou: Person, antony: Community, sceaux: Community
) -> None:
    with within(antony):
        actions.give_consent(person=lou, purpose=TEXTS, at=AT, by=lou)
    with within(sceaux):
        assert not consents.agreed(lou, TEXTS)


def test_nobody_rewrites_an_answer(lou: Person, antony: Community) -> None:
    with within(antony):
        actions.give_consent(person=lou, purpose=TEXTS, at=AT, by=lou)
        with pytest.raises(DatabaseError), transaction.atomic():
            Consent.objects.update(given=False)
        with pytest.raises(DatabaseError), transaction.atomic():
            Consent.objects.all().delete()


def test_choosing_text_messages_is_a_yes_that_can_be_taken_back(
    lou: Person, antony: Community, entered: Callable[..., Client]
) -> None:
    client = entered(lou)
    form = {"language": "fr", "pace": "at_once", "phone": "06 12 34 56 78", "call_me": "on"}
    page = client.get("/antony/compte/avis/reglages/").content.decode()
    box = next(part for part in page.split('name="') if "-sms" in part[:60]).partition('"')[0]
    assert client.post("/antony/compte/avis/reglages/", form | {box: "on"}).status_code == 302
    with within(antony):
        assert set(Consent.objects.values_list("purpose", "given")) == {
            (TEXTS, True),
            ("notifications.calls", True),
        }
    for purpose in (TEXTS, "notifications.calls"):
        response = client.post("/antony/compte/donnees/accords/", {"purpose": purpose})
        assert response.headers["Location"] == "/antony/compte/donnees/accords/"
    text = pages.text(client.get("/antony/compte/donnees/accords/"))
    assert "Votre accord est retiré" in text
    deliver(at=AT)
    with within(antony):
        assert not Preference.objects.filter(channel=Channel.SMS, wanted=True).exists()
        assert [row.call_me for row in Reach.objects.filter(person=lou)] == [False]
