"""A page that somebody fills: without a script, with one, alone and with a colleague."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import pages
from tests.core.forms.conftest import DEFINITION, NOON, SIRET
from tests.core.forms.test_editor import client_of

from communs.core.access.enums import Role
from communs.core.communities.models import Community
from communs.core.files.models import StoredFile
from communs.core.forms import actions, jobs, presence, trials
from communs.core.forms.models import Answers, Form, Presence
from communs.core.journal.models import Event
from communs.core.people.models import Person

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def trial(here: Community) -> Answers:
    form = actions.add_form(
        key="essai",
        title="Essai",
        purpose="forms.trial",
        definition=DEFINITION,
        at=NOON,
        by=None,
    )
    version = actions.publish(form=form, at=NOON, by=None)
    return trials.begin(form=form, version=version, at=NOON, by=None)


@pytest.fixture
def editor(antony: Community) -> Client:
    return client_of(antony, Role.EDITOR)


def at(trial: Answers, page: str = "") -> str:
    rest = f"pages/{page}/" if page else ""
    return f"/antony/formulaires/{Form.objects.get().pk}/essai/{rest}"


WHO = {"asked": ["name", "siret", "shared"], "v.name": "Sceaux", "v.siret": SIRET}


def test_a_page_goes_on_to_the_next_and_then_to_what_was_answered(
    editor: Client, trial: Answers
) -> None:
    first = editor.post(at(trial, "who"), WHO | {"revision": 0, "do": "next"})
    assert first["Location"] == at(trial, "what")
    second = editor.post(
        at(trial, "what"),
        {"asked": ["amount", "begins", "plan"], "v.amount": "12,5", "revision": 1, "do": "next"},
    )
    assert second["Location"] == at(trial)
    shown = pages.text(editor.get(at(trial)))
    assert "Montant 12,50\u00a0€" in shown
    editor.post(at(trial), {"do": "send"})
    trial.refresh_from_db()
    assert trial.state == "sent"


def test_each_question_says_whether_it_must_be_answered(editor: Client, trial: Answers) -> None:
    page = editor.get(at(trial, "who")).content.decode()
    assert [
        name.rpartition(">")[2] for name in page.split('<span class="mandatory"> (obligatoire)')
    ][:2] == ["Nom", "SIRET"]
    assert page.count("(facultatif)") == 1


def test_what_is_refused_comes_back_as_typed_with_the_error_at_the_top_and_at_the_field(
    editor: Client, trial: Answers
) -> None:
    answer = editor.post(
        at(trial, "who"), WHO | {"v.siret": "73282932000075", "revision": 0, "do": "next"}
    )
    content = answer.content.decode()
    assert answer.status_code == 422
    assert content.count("Ce numéro SIRET n’existe pas") == 2
    assert 'value="73282932000075"' in content
    assert 'href="#f-siret"' in content
    assert 'aria-describedby="f-siret-help f-siret-error" aria-invalid="true"' in content
    again = editor.get(at(trial, "who")).content.decode()
    assert again.count("Ce numéro SIRET n’existe pas") == 2


def test_an_answer_that_calls_for_questions_on_the_page_keeps_one_there(
    editor: Client, trial: Answers
) -> None:
    posted = WHO | {"v.shared": "yes", "revision": 0, "do": "next"}
    answer = editor.post(at(trial, "who"), posted, follow=True)
    assert answer.redirect_chain == [(at(trial, "who"), 302)]
    assert "Vos réponses appellent d’autres questions" in pages.text(answer)
    assert 'name="v.partners.r1.partner"' in answer.content.decode()


def test_a_row_is_added_and_taken_away_by_a_button_and_nothing_typed_is_lost(
    editor: Client, trial: Answers
) -> None:
    editor.post(at(trial, "who"), WHO | {"v.shared": "yes", "revision": 0})
    added = editor.post(
        at(trial, "who"),
        {
            "asked": ["partners.r1.partner"],
            "v.partners.r1.partner": "Antony",
            "revision": 1,
            "do": "add:partners",
        },
    )
    assert added["Location"] == at(trial, "who") + "#row-partners-r2"
    trial.refresh_from_db()
    assert trial.values["partners"] == [{"id": "r1", "partner": "Antony"}, {"id": "r2"}]
    editor.post(at(trial, "who"), {"revision": 3, "do": "remove:partners.r1"})
    trial.refresh_from_db()
    assert trial.values["partners"] == [{"id": "r2"}]


def test_more_rows_than_there_may_be_are_refused_and_what_was_typed_is_kept(
    editor: Client, trial: Answers
) -> None:
    editor.post(at(trial, "who"), WHO | {"v.shared": "yes", "revision": 0})
    for _n in range(2):
        editor.post(at(trial, "who"), {"revision": 9, "do": "add:partners"})
    full = editor.post(at(trial, "who"), {"revision": 9, "do": "add:partners"})
    assert full.status_code == 409
    assert "Il y a 3 lignes au plus." in pages.text(full)


def test_two_who_changed_one_answer_see_both_and_choose(editor: Client, trial: Answers) -> None:
    name = {"asked": ["name"], "revision": 0}
    editor.post(at(trial, "who"), name | {"v.name": "Sceaux"})
    second = editor.post(at(trial, "who"), name | {"v.name": "Antony"})
    content = second.content.decode()
    assert second.status_code == 409
    assert "Entre-temps, une autre personne a répondu\u00a0: «\u00a0Sceaux\u00a0»." in content
    assert 'value="Antony"' in content
    kept = {**name, "v.name": "Antony", "revision": 1}
    editor.post(at(trial, "who"), kept | {"do": "theirs:name"})
    trial.refresh_from_db()
    assert trial.values["name"] == "Sceaux"
    editor.post(at(trial, "who"), kept)
    trial.refresh_from_db()
    assert trial.values["name"] == "Antony"


def test_autosave_keeps_what_is_typed_and_tells_what_is_wrong_and_who_is_there(
    editor: Client, trial: Answers, administrator: Person
) -> None:
    colleague = Client()
    colleague.force_login(administrator)
    colleague.post(at(trial, "who"), {"autosave": "1", "at": "name", "revision": 0})
    told = editor.post(
        at(trial, "who"),
        WHO | {"v.siret": "12", "autosave": "1", "at": "siret", "revision": 0},
    ).json()
    assert (told["revision"], told["agreed"], told["conflicts"]) == (
        1,
        ["shared", "name", "siret"],
        {},
    )
    assert told["problems"] == {
        "siret": "Un numéro SIRET compte 14 chiffres\u00a0; celui-ci en compte 2."
    }
    assert told["colleagues"] == [f"{administrator.name} écrit dans «\u00a0Nom\u00a0»."]
    assert told["missing"] == {"who": "1 à compléter", "what": "1 à compléter"}


def test_autosave_that_changes_nothing_writes_no_event(editor: Client, trial: Answers) -> None:
    before = Event.objects.count()
    editor.post(at(trial, "who"), {"autosave": "1", "asked": ["name"], "v.name": "", "revision": 0})
    assert Event.objects.count() == before


def test_presence_is_forgotten_after_a_minute(
    here: Community, trial: Answers, administrator: Person
) -> None:
    presence.note(answers=trial, person=administrator, field="name", at=NOON)
    seen = presence.colleagues(trial, person=None, at=NOON + timedelta(seconds=59))
    assert [(one.name, one.label) for one in seen] == [(administrator.name, "Nom")]
    assert presence.colleagues(trial, person=administrator, at=NOON) == []
    assert presence.colleagues(trial, person=None, at=NOON + timedelta(seconds=60)) == []
    assert presence.let_go(at=NOON + timedelta(seconds=60)) == 1
    assert Presence.objects.count() == 0


def test_a_file_is_kept_until_the_day_that_its_question_says_and_replaced_ones_go(
    editor: Client, trial: Answers
) -> None:
    def send(name: str, content: bytes) -> object:
        file = SimpleUploadedFile(name, content, "image/png")
        return editor.post(
            at(trial, "what"), {"asked": ["plan"], "v.plan": file, "revision": 99, "do": "stay"}
        )

    assert send("plan.png", PNG).status_code == 302
    trial.refresh_from_db()
    file = StoredFile.objects.get()
    assert trial.values["plan"]["file"] == str(file.pk)
    assert file.subject == f"forms.answers:{trial.pk}"
    assert file.expires_at is not None
    assert trial.values["plan"]["until"] == file.expires_at.date().isoformat()
    shown = editor.get(at(trial)).content.decode()
    assert f"/fichiers/{file.pk}/plan.png" in shown
    assert editor.get(f"/antony/fichiers/{file.pk}/plan.png").status_code == 200
    assert Client().get(f"/antony/fichiers/{file.pk}/plan.png").status_code == 404
    send("autre.png", PNG)
    assert [one.name for one in StoredFile.objects.all()] == ["autre.png"]
    wrong = send("plan.pdf", b"MZ\x90 not a plan")
    assert wrong.status_code == 422
    trial.refresh_from_db()
    assert trial.values["plan"]["name"] == "autre.png"


def test_a_file_cannot_be_made_up_by_what_is_posted(editor: Client, trial: Answers) -> None:
    forged = {"v.plan.file": str(trial.pk), "v.plan.name": "x", "v.plan.size": "1"}
    editor.post(at(trial, "what"), forged | {"asked": ["plan"], "revision": 0})
    trial.refresh_from_db()
    assert "plan" not in trial.values


def test_a_file_that_is_gone_is_asked_for_again(editor: Client, trial: Answers) -> None:
    editor.post(at(trial, "who"), WHO | {"revision": 0})
    file = SimpleUploadedFile("plan.png", PNG, "image/png")
    editor.post(
        at(trial, "what"),
        {"asked": ["plan", "amount"], "v.plan": file, "v.amount": "1", "revision": 1},
    )
    StoredFile.objects.update(state="expired", expires_at=None)
    answer = editor.post(at(trial), {"do": "send"})
    assert answer.status_code == 409
    assert "Ce fichier n’est plus conservé" in pages.text(answer)


def test_answers_go_with_their_files_when_their_time_is_over(
    editor: Client, trial: Answers
) -> None:
    file = SimpleUploadedFile("plan.png", PNG, "image/png")
    editor.post(at(trial, "what"), {"asked": ["plan"], "v.plan": file, "revision": 0})
    Answers.objects.update(expires_at=NOON)
    assert jobs.let_go.func() == 1
    assert (Answers.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert Event.objects.filter(name="forms.answers_expired").count() == 1


def test_what_no_database_keeps_is_left_out_of_what_was_typed(
    editor: Client, trial: Answers
) -> None:
    posted = WHO | {"v.siret": "12\x0034", "v.name": "Sc\x00eaux", "at": "\x00", "revision": 0}
    assert editor.post(at(trial, "who"), posted).status_code == 422
    trial.refresh_from_db()
    assert (trial.typed, trial.values["name"]) == ({"siret": {"": ["1234"]}}, "Sceaux")


@pytest.mark.parametrize("revision", ["", "-1", "abc", "99999999999999", "１"])
def test_a_revision_that_is_none_is_no_error(editor: Client, trial: Answers, revision: str) -> None:
    answer = editor.post(at(trial, "who"), WHO | {"revision": revision})
    assert answer.status_code in {302, 409}


def test_a_page_that_is_not_shown_is_not_there(editor: Client, trial: Answers) -> None:
    assert editor.get(at(trial, "nowhere")).status_code == 404
