"""The editor, as an agent without training uses it: pages, buttons, selects, no JSON to write."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests import pages
from tests.core.forms.conftest import DEFINITION, NOON, SIRET

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.forms import actions
from communs.core.forms.models import Answers, Form, TestCase, Version
from communs.core.people.models import Person

pytestmark = pytest.mark.django_db
HOME = "/antony/formulaires/"


@pytest.fixture
def editor(antony: Community) -> Client:
    """Somebody who writes here, and manages nothing."""
    return client_of(antony, Role.EDITOR)


def client_of(community: Community, role: Role) -> Client:
    person = Person.objects.create_user(f"{role}@example.org", "a long password")
    with within(community):
        Membership(person=person, role=role).save()
    client = Client()
    client.force_login(person)
    return client


def at(form: Form, rest: str = "") -> str:
    return f"{HOME}{form.pk}/{rest}"


def draft(form: Form) -> dict:
    form.refresh_from_db()
    return form.definition


def test_a_form_is_written_from_nothing_to_publication_without_json(
    editor: Client, here: Community
) -> None:
    editor.post(f"{HOME}ajouter/", {"title": "Occupation", "purpose": "forms.trial"})
    form = Form.objects.get(key="occupation")
    editor.post(at(form, "ajouter/"), {"title": "Qui", "revision": 0})
    page = draft(form)["pages"][0]
    section = page["sections"][0]["key"]
    added = editor.post(
        at(form, f"ajouter/?dans={section}"),
        {"label": "Vous êtes", "kind": "choice", "revision": 1},
    )
    assert added["Location"] == at(form, "element/vous_etes/")
    unfinished = editor.post(at(form, "publier/"), {"do": "publish"})
    assert unfinished.status_code == 409
    assert "donnez entre 1 et 300 réponses" in pages.text(unfinished)
    editor.post(
        at(form, "element/vous_etes/"),
        {
            "label": "Vous êtes",
            "required": "on",
            "options": "Une commune\nUne école",
            "revision": 2,
        },
    )
    editor.post(
        at(form, f"ajouter/?dans={section}"), {"label": "SIRET", "kind": "siret", "revision": 3}
    )
    editor.post(
        at(form, "element/siret/condition/"),
        {"do": "add", "question": "vous_etes", "op": "eq", "value": "une_commune", "revision": 4},
    )
    fields = draft(form)["pages"][0]["sections"][0]["fields"]
    assert fields == [
        {
            "key": "vous_etes",
            "kind": "choice",
            "label": "Vous êtes",
            "required": True,
            "settings": {
                "options": [
                    {"key": "une_commune", "label": "Une commune"},
                    {"key": "une_ecole", "label": "Une école"},
                ]
            },
        },
        {
            "key": "siret",
            "kind": "siret",
            "label": "SIRET",
            "when": {"all": [{"field": "vous_etes", "op": "eq", "value": "une_commune"}]},
        },
    ]
    shown = pages.text(editor.get(at(form)))
    assert "posée si «\u00a0Vous êtes\u00a0» est Une commune" in shown
    done = editor.post(at(form, "publier/"), {"do": "publish"})
    assert done["Location"] == at(form, "versions/")
    assert Version.objects.get(form=form).number == 1


def test_an_answer_that_is_put_right_keeps_its_short_name(editor: Client, form: Form) -> None:
    url = at(form, "ajouter/?dans=project")
    editor.post(url, {"label": "Thème", "kind": "choices", "revision": 0})
    options = {"label": "Thème", "options": "Voirie\nEspace vert", "revision": 1}
    editor.post(at(form, "element/theme/"), options)
    editor.post(
        at(form, "element/theme/"), options | {"options": "Voirie\nEspaces verts", "revision": 2}
    )
    field = draft(form)["pages"][1]["sections"][0]["fields"][-1]
    assert field["settings"]["options"] == [
        {"key": "voirie", "label": "Voirie"},
        {"key": "espace_vert", "label": "Espaces verts"},
    ]


def test_a_loop_is_refused_on_the_page_of_the_condition(editor: Client, form: Form) -> None:
    answer = editor.post(
        at(form, "element/amount/condition/"),
        {"do": "add", "question": "why", "op": "filled", "revision": 0},
    )
    assert answer.status_code == 409
    assert "Les conditions tournent en rond" in pages.text(answer)
    assert "«\u00a0Montant\u00a0»" in pages.text(answer) or "“Montant”" in pages.text(answer)


def test_a_value_that_cannot_be_compared_is_refused_and_stays_typed(
    editor: Client, form: Form
) -> None:
    answer = editor.post(
        at(form, "element/begins/condition/"),
        {"do": "add", "question": "amount", "op": "gt", "value": "beaucoup", "revision": 0},
    )
    assert answer.status_code == 409
    assert "Écrivez un montant en chiffres" in pages.text(answer)
    assert 'value="beaucoup"' in answer.content.decode()


def test_what_a_condition_reads_is_not_removed(editor: Client, form: Form) -> None:
    answer = editor.post(at(form), {"do": "remove:amount", "revision": 0})
    assert answer.status_code == 409
    assert "Pourquoi tant" in pages.text(answer)
    assert draft(form) == form.definition


def test_lines_are_moved_copied_and_removed_by_buttons(editor: Client, form: Form) -> None:
    for n, do in enumerate(["down:name", "copy:siret", "remove:begins", "up:applicant"]):
        assert editor.post(at(form), {"do": do, "revision": n}).status_code == 302, do
    first, second = draft(form)["pages"]
    keys = [[f["key"] for f in s["fields"]] for p in (first, second) for s in p["sections"]]
    assert keys == [
        ["siret", "siret_2", "name", "shared"],
        ["partner", "share"],
        ["amount", "why", "plan"],
    ]
    stale = editor.post(at(form), {"do": "down:name", "revision": 0})
    assert stale.status_code == 409


def test_a_preview_keeps_what_is_typed_and_becomes_a_test_case(editor: Client, form: Form) -> None:
    posted = {
        "asked": ["name", "siret", "shared"],
        "v.name": "Sceaux",
        "v.siret": SIRET,
        "revision": 0,
        "do": "next",
    }
    assert editor.post(at(form, "apercu/who/"), posted)["Location"] == at(form, "apercu/what/")
    wrong = editor.post(
        at(form, "apercu/what/"), {"asked": ["amount"], "v.amount": "0.005", "revision": 1}
    )
    assert wrong.status_code == 422
    assert 'value="0.005"' in wrong.content.decode()
    kept = editor.post(
        at(form, "cas/"), {"name": "Un centime", "expected": "refused", "refused": ["amount"]}
    )
    assert kept["Location"] == at(form, "cas/")
    case = TestCase.objects.get(form=form)
    assert (case.values["name"], case.typed, case.refused) == (
        "Sceaux",
        {"amount": {"": ["0.005"]}},
        ["amount"],
    )
    assert Answers.objects.count() == 0


def test_a_definition_comes_in_whole_or_not_at_all(editor: Client, form: Form) -> None:
    url = at(form, "importer/")
    broken = editor.post(url, {"text": '{"pages": [', "revision": 0})
    assert broken.status_code == 422
    assert "Ce n’est pas du JSON" in pages.text(broken)
    assert "{&#34;pages&#34;: [" in broken.content.decode()
    same = json.loads(editor.get(at(form, "definition.json")).content)
    assert same == form.definition
    same["keep_days"] = 400
    assert editor.post(url, {"text": json.dumps(same), "revision": 0}).status_code == 302
    assert draft(form)["keep_days"] == 400


def test_a_draft_is_made_of_an_earlier_version_again(
    editor: Client, version: Version, form: Form
) -> None:
    editor.post(at(form), {"do": "remove:begins", "revision": 0})
    assert draft(form) != version.definition
    shown = editor.get(at(form, "versions/1/"))
    assert "Retrait\u00a0: question «\u00a0Début\u00a0»" in pages.text(shown)
    editor.post(at(form, "versions/1/"), {"revision": 1})
    assert draft(form) == version.definition


@pytest.mark.parametrize("role", [Role.AGENT, None])
def test_who_does_not_write_forms_does_not_enter(
    antony: Community, form: Form, role: Role | None
) -> None:
    client = client_of(antony, role) if role else Client()
    for rest in ("", "publier/", "apercu/who/", "cas/", "versions/"):
        assert client.get(at(form, rest)).status_code == (403 if role else 302)


def test_another_communes_form_is_not_found(sceaux: Community, form: Form) -> None:
    client = client_of(sceaux, Role.ADMINISTRATOR)
    assert client.get(f"/sceaux/formulaires/{form.pk}/").status_code == 404


def test_the_list_of_forms_costs_the_same_for_one_and_for_five(
    editor: Client, form: Form, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        editor.get(HOME)
    for n in range(4):
        made = actions.add_form(
            key=f"f{n}",
            title=f"F {n}",
            purpose="forms.trial",
            definition=DEFINITION,
            at=NOON,
            by=None,
        )
        actions.publish(form=made, at=NOON, by=None)
    with CaptureQueriesContext(connection) as five:
        editor.get(HOME)
    assert len(five) == len(one)
