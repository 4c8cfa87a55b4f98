"""Writing answers: what was typed is kept, what two people change is never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.core.forms.conftest import NOON, SIRET

from communs.core.communities.models import Community
from communs.core.forms import actions, filling, queries
from communs.core.forms.models import Answers, Form, Version
from communs.core.kit.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers(version: Version) -> Answers:
    with transaction.atomic():
        return filling.begin(version=version, subject="fund.application:1", at=NOON, by=None)


def keep(answers: Answers, page: str, *, revision: int = 0, **typed: Any) -> filling.Kept:
    posted = {path.replace("__", "."): {"": [text]} for path, text in typed.items()}
    with transaction.atomic():
        return filling.keep(
            answers=answers, page=page, posted=posted, revision=revision, at=NOON, by=None
        )


def sent(answers: Answers) -> Answers:
    with transaction.atomic():
        return filling.send(answers=answers, at=NOON, by=None)


def test_a_first_draft_has_the_rows_that_must_be_there(answers: Answers) -> None:
    assert (answers.values, answers.revision, answers.state) == (
        {"partners": [{"id": "r1"}]},
        0,
        "draft",
    )
    assert answers.expires_at == NOON + timedelta(days=180)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "0.005",
            "Écrivez le montant au centime près\u00a0: au plus deux chiffres après la virgule.",
        ),
        ("-1", "Écrivez au moins 0\u00a0€."),
        ("1e12", "Écrivez un montant en chiffres, comme 1250,50."),
        ("NaN", "Écrivez un montant en chiffres, comme 1250,50."),
        ("1000000000000", "Écrivez au plus 999\u202f999\u202f999,99\u00a0€."),
    ],
)
def test_an_amount_that_is_none_is_kept_as_typed_and_refused_in_words(
    answers: Answers, typed: str, sentence: str
) -> None:
    kept = keep(answers, "what", amount=typed, why="Parce que")
    assert [(p.path, p.page, p.label, p.sentence) for p in kept.problems] == [
        ("amount", "what", "Montant", sentence)
    ]
    stored = queries.answers_of(answers.pk)
    assert stored is not None
    assert stored.typed == {"amount": {"": [typed]}}
    assert stored.values == {"partners": [{"id": "r1"}], "why": "Parce que"}


def test_two_people_who_change_two_answers_both_keep_theirs(answers: Answers) -> None:
    first = keep(answers, "who", revision=0, name="Sceaux", siret="")
    second = keep(answers, "who", revision=0, name="", siret=SIRET)
    assert (first.conflicts, second.conflicts) == ([], [])
    assert second.values == {"partners": [{"id": "r1"}], "name": "Sceaux", "siret": SIRET}


def test_who_changes_the_same_answer_second_is_shown_both(answers: Answers) -> None:
    keep(answers, "who", revision=0, name="Sceaux")
    second = keep(answers, "who", revision=0, name="Antony")
    assert [(c.path, c.theirs, c.mine) for c in second.conflicts] == [("name", "Sceaux", "Antony")]
    assert second.values["name"] == "Sceaux"
    again = keep(answers, "who", revision=second.answers.revision, name="Antony")
    assert (again.conflicts, again.values["name"]) == ([], "Antony")


def test_what_is_hidden_is_neither_asked_nor_kept_at_the_end(answers: Answers) -> None:
    keep(answers, "who", name="Sceaux", siret=SIRET, shared="yes", partners__r1__partner="Antony")
    kept = keep(answers, "who", revision=1, shared="no")
    kept = keep(answers, "what", revision=kept.answers.revision, amount="1000", why="Pour voir")
    assert kept.values["partners"] == [{"id": "r1", "partner": "Antony"}]
    assert sent(answers).values == {
        "name": "Sceaux",
        "siret": SIRET,
        "shared": False,
        "amount": "1000.00",
    }


def test_answers_that_miss_something_are_refused_with_each_page_and_question(
    answers: Answers,
) -> None:
    keep(answers, "what", amount="1000.01")
    with pytest.raises(filling.NotReady) as refusal:
        sent(answers)
    assert [(p.path, p.page, p.sentence) for p in refusal.value.problems] == [
        ("name", "who", "Cette question attend une réponse."),
        ("siret", "who", "Cette question attend une réponse."),
        ("why", "what", "Cette question attend une réponse."),
    ]
    assert refusal.value.field == "name"


def test_what_was_sent_can_no_longer_be_changed(answers: Answers) -> None:
    keep(answers, "who", name="Sceaux", siret=SIRET)
    keep(answers, "what", revision=1, amount="10")
    whole = sent(answers)
    assert (whole.state, whole.sent_at, whole.expires_at) == (
        "sent",
        NOON,
        NOON + timedelta(days=3653),
    )
    with pytest.raises(Refused, match="ont été envoyées"):
        keep(answers, "what", revision=2, amount="11")


def test_a_published_version_is_never_changed(version: Version) -> None:
    version.definition = {}
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        version.save()
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        version.delete()


def test_a_draft_stays_on_its_version_until_its_writer_moves_it(
    answers: Answers, form: Form, here: Community
) -> None:
    keep(answers, "who", name="Sceaux", siret=SIRET)
    keep(answers, "what", revision=1, amount="2000", why="Pour tout refaire")
    definition = form.definition
    fields = definition["pages"][1]["sections"][0]["fields"]
    fields[0]["settings"] = {"max": "1500"}
    fields[1] = {"key": "reason", "kind": "text", "label": "Raison"}
    actions.change_form(form=form, definition=definition, revision=0, at=NOON, by=None)
    second = actions.publish(form=form, at=NOON, by=None)
    stored = queries.answers_of(answers.pk)
    assert stored is not None
    assert stored.version.number == 1
    assert filling.newer(stored) == second
    with transaction.atomic():
        moved = filling.rebase(answers=stored, version=second, at=NOON, by=None)
    assert [(one.path, one.value, one.why) for one in moved.left] == [
        ("amount", "2000.00", "value"),
        ("why", "Pour tout refaire", "removed"),
    ]
    assert [one.key for one in moved.new] == ["reason"]
    stored = queries.answers_of(answers.pk)
    assert stored is not None
    assert (stored.version, stored.typed) == (second, {"amount": {"": ["2000.00"]}})
    assert stored.values == {"partners": [{"id": "r1"}], "name": "Sceaux", "siret": SIRET}


def test_a_link_leads_to_a_draft_until_it_is_renewed_or_the_draft_is_sent(answers: Answers) -> None:
    with transaction.atomic():
        token = filling.open_link(answers=answers, at=NOON, by=None)
    assert queries.answers_by_link(token, at=NOON) == answers
    assert queries.answers_by_link(token, at=answers.expires_at) is None
    assert queries.answers_by_link("", at=NOON) is None
    with transaction.atomic():
        other = filling.open_link(answers=answers, at=NOON, by=None)
    assert queries.answers_by_link(token, at=NOON) is None
    assert queries.answers_by_link(other, at=NOON) == answers
