"""From a call to a grant in few clicks: what is known is written already, what is done leads on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.people.models import Person
from communs.services.fund import actions, queries
from communs.services.fund.enums import CallKind, Duty
from communs.services.fund.forms import (
    AssignForm,
    GiveForm,
    NewCallForm,
)
from communs.services.fund.models import (
    Call,
    FundingRules,
)
from communs.services.fund.views import scored
from tests.services.fund import cases
from tests.services.fund.cases import client_of
from tests.services.fund.filing import AT, Filing, filing, sent, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(metropolis: Community) -> Iterator[Filing]:
    with within(metropolis):
        yield filing()


@pytest.fixture
def boss(in_metropolis: Community) -> Client:
    return client_of(cases.appointed(Duty.MANAGER))


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


# A call


def test_a_new_call_starts_from_what_is_known(here: Filing) -> None:
    actions.add_rules(code="r", title="R", terms=cases.TERMS, by=None)
    newest = actions.add_rules(code="r", title="R", terms=cases.TERMS, by=None)
    form = NewCallForm()
    chosen = {name: form[name].initial for name in ("programme", "kind", "rules", "envelope")}
    assert chosen == {
        "programme": here.programme,
        "kind": CallKind.SUBSIDY,
        "rules": newest,
        "envelope": here.envelope,
    }
    other = actions.add_programme(acronym="AUTRE", name="Autre programme", by=None)
    later = actions.add_envelope(
        programme=other, title="Suite", year=2027, amount=Decimal("1000.00"), by=None
    )
    form = NewCallForm()
    assert [form[name].initial for name in ("programme", "envelope")] == [other, later]


def test_rules_that_were_only_offered_do_not_bind_a_call_for_solutions(here: Filing) -> None:
    rules = actions.add_rules(code="r", title="R", terms=cases.TERMS, by=None)
    given = {"programme": here.programme.pk, "title": "Solutions", "rules": rules.pk}
    form = NewCallForm(given | {"kind": "solutions"})
    assert form.is_valid()
    assert form.cleaned_data["rules"] is None
    form = NewCallForm(given | {"kind": "subsidy"})
    assert form.is_valid()
    assert form.cleaned_data["rules"] == rules


def test_a_call_is_begun_with_its_criteria_and_a_phase_in_one_event(boss: Client) -> None:
    programme = actions.add_programme(acronym="ESSAI", name="Essai", by=None)
    given = {"programme": str(programme.pk), "kind": "subsidy", "title": "Appel entier"}
    rows = {
        "criterion_1_title": "Utilité",
        "criterion_1_weight": "3",
        "criterion_2_title": "",
        "criterion_2_weight": "1",
        "criterion_3_title": "Partage",
        "criterion_3_weight": "",
    }
    before = Event.objects.count()
    made = boss.post("/fonds/gestion/appels/ajouter/", given | rows)
    assert made["Location"] == "/fonds/gestion/appels/appel-entier/"
    call = Call.objects.get(code="appel-entier")
    assert list(call.criteria.values_list("title", "weight", "position")) == [
        ("Utilité", 3, 1),
        ("Partage", 1, 2),
    ]
    assert list(call.phases.values_list("title", flat=True)) == ["Avis individuels"]
    assert Event.objects.count() == before + 1


def test_a_wrong_criterion_is_named_by_its_row_and_nothing_is_kept(boss: Client) -> None:
    programme = actions.add_programme(acronym="ESSAI", name="Essai", by=None)
    given = {"programme": str(programme.pk), "kind": "subsidy", "title": "Double"}
    twice = {"criterion_1_title": "Utilité", "criterion_3_title": "utilité"}
    page = boss.post("/fonds/gestion/appels/ajouter/", given | twice)
    assert page.status_code == 422
    assert 'id="id_criterion_3_title_error"' in text(page)
    assert "Critère 3 : ce qui est évalué" in text(page)
    assert not Call.objects.filter(code="double").exists()
    page = boss.post("/fonds/gestion/appels/ajouter/", given | {"criterion_2_weight": "0"})
    assert 'id="id_criterion_2_weight_error"' in text(page)


def test_a_phase_is_proposed_for_money_alone(here: Filing) -> None:
    given = {"programme": here.programme.pk, "title": "Un appel"}
    for kind, phases in (("subsidy", ["Avis individuels"]), ("solutions", [])):
        form = NewCallForm(given | {"kind": kind})
        with override("fr"):
            assert form.is_valid()
        assert form.cleaned_data["phases"] == phases


def test_more_kinds_of_expense_are_asked_for_and_what_was_typed_stays(boss: Client) -> None:
    address = "/fonds/gestion/regles/ajouter/"
    assert text(boss.get(address)).count('type="text" name="type_') == 4 * 3
    typed = {f"type_{n}_label": f"Poste {n}" for n in range(1, 5)} | {"rate": "abc", "more": "1"}
    page = boss.post(address, typed)
    assert page.status_code == 200
    assert 'name="type_8_label"' in text(page)
    assert 'value="Poste 4"' in text(page)
    assert 'value="abc"' in text(page)
    assert "error-summary" not in text(page)
    assert not FundingRules.objects.exists()


# Instruction and opinions


def test_oneself_is_offered_as_the_instructor_and_nobody_else_silently(here: Filing) -> None:
    me, other = somebody("Zoé", Duty.INSTRUCTOR), somebody("Ana", Duty.INSTRUCTOR)
    examiners = queries.examiners(on=timezone.localdate())
    outsider = somebody("Élue", Duty.MEMBER)

    def shown(user: Person, current: Person | None) -> str:
        form = AssignForm(examiners=examiners, user=user, current=current)
        return str(form["instructor"])

    assert f'value="{me.pk}" selected' in shown(me, None)
    assert f'value="{me.pk}" selected' in shown(me, other)
    assert f'value="{other.pk}" selected' not in shown(me, me)
    assert 'value="" selected' in shown(me, me) or "selected" not in shown(me, me)
    assert f'value="{other.pk}" selected' not in shown(outsider, None)


def test_who_instructs_is_said_where_it_is_changed(in_metropolis: Community) -> None:
    file = cases.sent(cases.call_made())
    person = cases.appointed(Duty.INSTRUCTOR)
    client = client_of(person)
    page = f"/fonds/dossiers/{file.number}/instruction/"
    assert "Désigner l’instructeur" in text(client.get(page))
    answer = client.post(f"{page}attribuer/", {"instructor": str(person.pk)}, follow=True)
    assert "L’instructeur est désigné." in text(answer)
    assert f"Instructeur : {person.name}" in text(answer)
    assert "Changer d’instructeur" in text(answer)


def test_no_reviewer_is_chosen_silently_but_the_only_one(here: Filing) -> None:
    people = [somebody("Ana", Duty.EXPERT), somebody("Bo", Duty.EXPERT)]
    choices = [
        [
            label
            for _key, label in GiveForm(people=some, phases=[here.phase], barred=())[
                "person"
            ].field.choices
        ]
        for some in (people, people[:1])
    ]
    assert [[str(one) for one in row] for row in choices] == [["Choisissez", "Ana", "Bo"], ["Ana"]]


def test_a_label_says_when_a_field_is_necessary_all_the_same(
    in_metropolis: Community, boss: Client
) -> None:
    call = cases.call_made()
    file = cases.begun(call)
    writer = client_of(cases.person_of("sceaux"))
    project = text(writer.get(f"/fonds/dossiers/{file.number}/projet/"))
    assert project.count("(nécessaire pour envoyer)") == 2
    new = text(boss.get("/fonds/gestion/appels/ajouter/"))
    assert new.count("(nécessaire pour publier)") == 2
    assert "nécessaire pour publier un appel à subvention" in new


def test_a_file_without_opinions_says_so_instead_of_unknown(in_metropolis: Community) -> None:
    file = cases.complete(cases.sent(cases.call_made()))
    actions.declare_eligible(application=file, at=cases.AT, by=None)
    client = client_of(cases.appointed(Duty.INSTRUCTOR))
    page = text(client.get(f"/fonds/dossiers/{file.number}/avis/"))
    assert page.count("pas encore d’avis") == 3
    assert "Terminer l’examen</button>" in text(
        client.get(f"/fonds/dossiers/{file.number}/avis/terminer/")
    )


def test_what_pays_is_named_once(in_metropolis: Community) -> None:
    file = cases.ready(cases.call_made())
    own = "Autofinancement des partenaires"
    actions.write_plan(
        application=file,
        expenses=[actions.ExpenseLine("materiel", "Matériel", Decimal(80000))],
        resources=[actions.ResourceLine("own", own, Decimal(40000), secured=True)],
        requested=Decimal(40000),
        seen=queries.version_of(file),
        by=None,
    )
    cases.signed(file)
    actions.submit(application=cases.whole(file), at=cases.AT, by=None)
    client = client_of(cases.appointed(Duty.INSTRUCTOR))
    page = text(client.get(f"/fonds/dossiers/{file.number}/instruction/"))
    assert page.count(f">{own}<") == 1


def test_an_opinion_that_was_sent_is_said_once_and_stays_said(
    here: Filing, sceaux: Community
) -> None:
    file, person = here.file(sceaux), somebody("Rapporteuse", Duty.MEMBER)
    file.reviews.create(phase=here.phase, person=person, assigned_at=AT)
    client, page = client_of(person), f"/fonds/dossiers/{file.number}/avis/"
    answer = client.post(page, {"abstained": "on", "comment": "Trop proche."}, follow=True)
    once = text(answer)
    assert once.count("notice-success") == 1
    assert "Votre avis est envoyé" in once
    later = text(client.get(page))
    assert later.count("notice-success") == 1
    assert "Votre avis est envoyé" not in later


def test_the_end_of_an_examination_says_what_comes_next(
    in_metropolis: Community, here: Filing, sceaux: Community
) -> None:
    file = here.file(sceaux)
    sent(file, here.phase, somebody("Experte", Duty.EXPERT), here.scores("3"))
    client = client_of(cases.appointed(Duty.MANAGER))
    page = f"/fonds/dossiers/{file.number}/avis/"
    answer = client.post(f"{page}terminer/", follow=True)
    assert "L’examen est terminé : le dossier attend maintenant le comité." in text(answer)


@pytest.mark.parametrize(("value", "told"), [("0", "0 point"), ("1", "1 point"), ("2", "2 points")])
def test_a_difference_of_scores_is_counted_as_in_french(value: str, told: str) -> None:
    with override("fr"):
        assert scored.points(Decimal(value)).replace("\u00a0", " ") == told
