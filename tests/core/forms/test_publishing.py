"""Publishing: test cases are run, a version never changes, two people do not undo each other."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.core.forms.conftest import DEFINITION, NOON, PURPOSE, SIRET

from communs.core.communities.models import Community
from communs.core.forms import actions, filling, queries
from communs.core.forms.editor_words import change_lines
from communs.core.forms.engine.reading import read
from communs.core.forms.models import Form, TestCase, Version
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused

pytestmark = pytest.mark.django_db
WHOLE = {"name": "Sceaux", "siret": SIRET, "amount": "10.00"}


def changed(**more: Any) -> dict[str, Any]:
    """The definition with other attributes of the question about the amount."""
    found = copy.deepcopy(DEFINITION)
    found["pages"][1]["sections"][0]["fields"][0] |= more
    return found


def test_a_form_is_published_as_it_is_written(form: Form) -> None:
    version = actions.publish(form=form, at=NOON, by=None)
    assert (version.number, version.definition, version.retired_at) == (1, form.definition, None)
    assert len(version.sha256) == 64
    event = Event.objects.get(name="forms.published")
    assert event.data == {"key": "demande", "number": 1, "sha256": version.sha256}


def test_publishing_what_did_not_change_is_refused(version: Version, form: Form) -> None:
    with pytest.raises(Refused, match="depuis la version 1"):
        actions.publish(form=form, at=NOON, by=None)


def test_the_version_before_is_retired_by_the_next(version: Version, form: Form) -> None:
    later = NOON + timedelta(days=1)
    actions.change_form(form=form, definition=changed(label="Coût"), revision=0, at=later, by=None)
    second = actions.publish(form=form, at=later, by=None)
    assert list(queries.versions_of(form).values_list("number", "retired_at")) == [
        (2, None),
        (1, later),
    ]
    assert list(queries.published(PURPOSE)) == [second]
    version.refresh_from_db()
    with pytest.raises(Refused, match="plus ouvert"), transaction.atomic():
        filling.begin(version=version, at=later, by=None)


def test_a_form_that_asks_nothing_is_not_published(here: Community) -> None:
    form = actions.add_form(key="vide", title="Vide", purpose=PURPOSE, at=NOON, by=None)
    with pytest.raises(Refused, match="ne demande encore rien"):
        actions.publish(form=form, at=NOON, by=None)


def test_publishing_runs_every_test_case_and_names_those_that_fail(form: Form) -> None:
    actions.keep_test(form=form, name="Seule", values=WHOLE, by=None)
    actions.keep_test(
        form=form,
        name="Chère",
        values=WHOLE | {"amount": "5000.00"},
        expected="refused",
        refused=["why"],
        shown=["why"],
        by=None,
    )
    actions.keep_test(form=form, name="Fausse", values={}, by=None)
    with pytest.raises(actions.TestsFailed, match="Fausse") as refusal:
        actions.publish(form=form, at=NOON, by=None)
    assert [(one.case.name, one.wrong) for one in refusal.value.failed] == [
        (
            "Fausse",
            [
                "«\u00a0Nom\u00a0» devrait être accepté, et c’est refusé.",
                "«\u00a0SIRET\u00a0» devrait être accepté, et c’est refusé.",
                "«\u00a0Montant\u00a0» devrait être accepté, et c’est refusé.",
            ],
        )
    ]
    actions.remove_test(case=TestCase.objects.get(name="Fausse"), by=None)
    assert actions.publish(form=form, at=NOON, by=None).number == 1


def test_a_test_case_says_what_should_be_shown_and_hidden(form: Form) -> None:
    actions.keep_test(form=form, name="Vue", values=WHOLE, shown=["why"], hidden=["name"], by=None)
    with pytest.raises(actions.TestsFailed) as refusal:
        actions.publish(form=form, at=NOON, by=None)
    assert refusal.value.failed[0].wrong == [
        "«\u00a0Pourquoi tant ?\u00a0» devrait être affiché, et ne l’est pas.",
        "«\u00a0Nom\u00a0» devrait être masqué, et est affiché.",
    ]


def test_a_loop_is_refused_when_the_condition_is_saved_with_both_questions_named(
    form: Form,
) -> None:
    looped = changed(when={"field": "why", "op": "filled"})
    with pytest.raises(Refused, match="tournent en rond") as refusal:
        actions.change_form(form=form, definition=looped, revision=0, at=NOON, by=None)
    assert "Montant" in str(refusal.value)
    assert "Pourquoi tant ?" in str(refusal.value)
    form.refresh_from_db()
    assert form.revision == 0


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        ({"kind": "nope"}, "amount"),
        ({"settings": {"max": "abc"}}, "amount"),
        ({"settings": {"maximum": "3"}}, "amount"),
        ({"label": ""}, "amount"),
        ({"key": "name"}, "name"),
        ({"when": {"field": "gone", "op": "filled"}}, "amount"),
        ({"when": {"field": "partner", "op": "filled"}}, "amount"),
        ({"when": {"all": []}}, "amount"),
        ({"label": "a\x00b"}, "$"),
        ({"label": "a\ud800b"}, "$"),
        ({"settings": {"max": float("nan")}}, "$"),
        ({"colour": "red"}, "$.pages[1].sections[0].fields[0]"),
    ],
)
def test_what_a_definition_has_wrong_is_refused_with_its_place(
    form: Form, broken: dict[str, Any], place: str
) -> None:
    with pytest.raises(Refused) as refusal:
        actions.change_form(form=form, definition=changed(**broken), revision=0, at=NOON, by=None)
    assert refusal.value.field == place
    assert str(refusal.value)


def test_who_changes_a_form_second_is_told(form: Form) -> None:
    actions.change_form(form=form, definition=changed(label="A"), revision=0, at=NOON, by=None)
    with pytest.raises(Refused, match="entre-temps"):
        actions.change_form(form=form, definition=changed(label="B"), revision=0, at=NOON, by=None)
    form.refresh_from_db()
    assert form.definition["pages"][1]["sections"][0]["fields"][0]["label"] == "A"


def test_a_short_name_is_given_once(form: Form) -> None:
    with pytest.raises(Refused, match="nom court") as refusal:
        actions.add_form(key="demande", title="Autre", purpose=PURPOSE, at=NOON, by=None)
    assert refusal.value.field == "key"


def test_a_closed_form_is_begun_by_nobody_and_its_drafts_go_on(
    version: Version, form: Form
) -> None:
    with transaction.atomic():
        answers = filling.begin(version=version, values=WHOLE, at=NOON, by=None)
    actions.close(form=form, at=NOON, by=None)
    assert list(queries.published(PURPOSE)) == []
    with transaction.atomic():
        assert filling.send(answers=answers, at=NOON, by=None).state == "sent"
    with pytest.raises(Refused, match="pas publié"):
        actions.close(form=form, at=NOON, by=None)


def test_what_changed_between_two_versions_is_said_in_words() -> None:
    new = changed(label="Coût", required=False, settings={"max": "500.00"})
    del new["pages"][1]["sections"][0]["fields"][2]
    new["pages"].append({"key": "end", "title": "Fin"})
    question = "Changement\u00a0: question «\u00a0Coût\u00a0»"
    assert change_lines(read(DEFINITION), read(new)) == [
        f"{question}, libellé\u00a0: «\u00a0Montant\u00a0» → «\u00a0Coût\u00a0»",
        f"{question}, réponse obligatoire\u00a0: «\u00a0oui\u00a0» → «\u00a0non\u00a0»",
        f"{question}, réglages\u00a0: «\u00a0habituels\u00a0» → «\u00a0max 500.00\u00a0»",
        "Ajout\u00a0: page «\u00a0Fin\u00a0»",
        "Retrait\u00a0: question «\u00a0Début\u00a0»",
    ]
