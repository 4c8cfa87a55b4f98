"""The panel of an experiment: who reads names, whom a letter reaches, when answers count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.jobs.models import Job
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.privacy import consultations
from communs.services.fund import actions, models
from communs.services.fund.enums import Duty
from communs.services.fund.models import Experiment
from communs.services.fund.queries import experiments as queries
from tests.services.fund.experimenting import AT, LAST, designed, with_figures
from tests.services.fund.test_experiment_pages import PAGE, editor_of, opened, staff, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_metropolis")]
CONTACT = "camille@example.org"


def enrolled(row: Experiment, **more: Any) -> tuple[Any, str]:
    known: dict[str, Any] = {"name": "Camille", "contact": CONTACT, "consent": "Oui."}
    return actions.enrol_tester(experiment=row, agrees=True, at=AT, by=None, **(known | more))


def test_names_are_read_by_who_runs_the_experiment_alone(
    antony: Community, sceaux: Community
) -> None:
    enrolled(designed(antony).started())
    page = f"{PAGE}panel/testeurs/"
    for person in (staff("Gestion", Duty.MANAGER), editor_of(antony)):
        shown = text_of(opened(person).get(page))
        assert ("Camille" in shown, CONTACT in shown) == (True, True)
        assert page in opened(person).get(PAGE).content.decode()
    assert opened(editor_of(sceaux)).get(page).status_code == 404
    assert opened().get(page).status_code == 302
    assert page not in opened().get(PAGE).content.decode()


def test_that_names_were_read_is_kept_for_those_who_have_an_account(antony: Community) -> None:
    person = Person.objects.create_user(CONTACT, name="Camille")
    enrolled(designed(antony).started())
    opened(staff("Gestion", Duty.MANAGER)).get(f"{PAGE}panel/testeurs/")
    (seen,) = consultations.of(person)
    assert (seen.what, seen.readers) == ("Habitants qui testent un service", 1)
    assert seen.day == timezone.localdate()


def test_whoever_leaves_an_e_mail_address_is_sent_their_link_and_the_journal_never_holds_it(
    antony: Community,
    django_capture_on_commit_callbacks: Any,
) -> None:
    designed(antony).started()
    client = opened()
    given = {"name": "Camille", "contact": CONTACT, "agrees": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        mine = client.post(f"{PAGE}panel/", given)["Location"]
    page = text_of(client.get(mine))
    assert f"Cette adresse part aussi par courriel : {CONTACT}." in page
    (letter,) = sent()
    token = mine.rstrip("/").rpartition("/")[2]
    assert (letter.to, mine in letter.body, "Camille" in letter.body) == ([CONTACT], True, False)
    assert token not in str(list(Event.objects.values_list("subject", "data")))
    assert token not in str(list(Job.objects.values_list("args", flat=True)))


def sent() -> list[Any]:
    """Deliver the letters that wait, and give all that left."""
    from communs.core.people.mail import deliver

    for sealed in Job.objects.values_list("args", flat=True):
        deliver(sealed[0])
    return list(mail.outbox)


def test_a_telephone_number_is_sent_nothing(antony: Community) -> None:
    designed(antony).started()
    given = {"name": "Camille", "contact": "01 23 45 67 89", "agrees": "on"}
    assert opened().post(f"{PAGE}panel/", given).status_code == 302
    assert not Job.objects.exists()


def test_the_panel_of_what_is_over_says_so_instead_of_asking(antony: Community) -> None:
    designed(antony).measured()
    told = "Cette expérimentation est finie : elle ne cherche plus de testeurs."
    here = opened(editor_of(antony))
    for client, tail in ((opened(), "panel/"), (here, "panel/inscrire/")):
        page = client.get(PAGE + tail)
        assert told in text_of(page)
        assert b'name="agrees"' not in page.content


def test_answers_count_until_the_verdict(antony: Community) -> None:
    tried = with_figures(antony)
    tester, token = enrolled(tried.started())
    row = actions.measure_experiment(experiment=tried.fresh(), on=LAST, at=AT, by=None)
    said: dict[str, Any] = {"useful": 4, "easy": 5, "at": AT}
    actions.give_feedback(tester=tester, **said)
    found = actions.evaluate_experiment(experiment=row, at=AT, by=None)
    mine = f"/fonds/experimentations/panel/{token}/"
    told = "Cette expérimentation est finie : les réponses ne comptent plus."
    page = opened().get(mine)
    assert "Une seconde réponse le même jour remplace la première." in text_of(page)
    assert told not in text_of(page)
    actions.decide_verdict(evaluation=found, verdict=found.proposed, at=AT, by=None)
    with override("fr"), pytest.raises(Refused) as refused:
        actions.give_feedback(tester=tester, **(said | {"at": AT + timedelta(days=1)}))
    assert str(refused.value).replace("\xa0", " ") == told
    page = opened().get(mine)
    assert (told in text_of(page), b'name="useful"' in page.content) == (True, False)
    assert models.Feedback.objects.count() == 1
    assert opened().post(f"{mine}quitter/").status_code == 302
    assert queries.tester(token) is None


def test_answers_count_no_more_once_it_is_given_up(antony: Community) -> None:
    row = designed(antony).started()
    tester, _token = enrolled(row)
    actions.abandon_experiment(experiment=row, reason="Sans objet.", at=AT, by=None)
    with override("en"), pytest.raises(Refused, match="answers count no more"):
        actions.give_feedback(tester=tester, useful=4, easy=5, at=AT)
