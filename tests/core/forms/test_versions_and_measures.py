"""A draft under which the form changed, what a page costs, and what the house measures of forms."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import pages
from tests.core.forms.conftest import DEFINITION, NOON, SIRET
from tests.core.forms.test_editor import client_of

from communs.core.access.enums import Role
from communs.core.communities.models import Community
from communs.core.forms import actions, filling, trials
from communs.core.forms.models import Answers, Form, Version
from communs.core.indicators.indicators import forms_finished, forms_time

pytestmark = pytest.mark.django_db
WHOLE = {"name": "Sceaux", "siret": SIRET, "amount": "10.00"}


@pytest.fixture
def editor(antony: Community) -> Client:
    return client_of(antony, Role.EDITOR)


def test_who_wrote_a_draft_is_shown_what_changed_before_it_moves(
    editor: Client, form: Form, version: Version
) -> None:
    trial = trials.begin(form=form, version=version, at=NOON, by=None)
    at = f"/antony/formulaires/{form.pk}/essai/"
    editor.post(
        f"{at}pages/what/",
        {"asked": ["amount", "begins"], "v.amount": "900", "v.begins": "2026-12-01", "revision": 0},
    )
    new = copy.deepcopy(DEFINITION)
    fields = new["pages"][1]["sections"][0]["fields"]
    fields[0]["settings"] = {"max": "500"}
    del fields[2]
    actions.change_form(form=form, definition=new, revision=0, at=NOON, by=None)
    actions.publish(form=form, at=NOON, by=None)
    page = editor.get(f"{at}pages/what/")
    assert "Une version plus récente de ce formulaire a été publiée" in pages.text(page)
    asked = pages.text(editor.get(f"{at}version/"))
    assert "Retrait\u00a0: question «\u00a0Début\u00a0»" in asked
    assert "cette réponse n’est plus acceptée" in asked
    assert "«\u00a01er décembre 2026\u00a0» — cette question n’est plus posée." in asked
    trial.refresh_from_db()
    assert (trial.version, trial.values["amount"]) == (version, "900.00")
    editor.post(f"{at}version/")
    trial.refresh_from_db()
    assert (trial.version.number, trial.typed) == (2, {"amount": {"": ["900.00"]}})
    moved = editor.get(f"{at}pages/what/").content.decode()
    assert moved.count("Écrivez au plus 500\u00a0€.") == 2
    assert editor.get(f"{at}version/").status_code == 404


def test_a_page_costs_the_same_however_many_rows_there_are(
    editor: Client, form: Form, version: Version
) -> None:
    trials.begin(form=form, version=version, at=NOON, by=None)
    at = f"/antony/formulaires/{form.pk}/essai/pages/who/"
    editor.post(at, {"asked": ["shared"], "v.shared": "yes", "revision": 0})
    editor.get(at)
    with CaptureQueriesContext(connection) as one:
        editor.get(at)
    for _n in range(2):
        editor.post(at, {"revision": 1, "do": "add:partners"})
    with CaptureQueriesContext(connection) as three:
        editor.get(at)
    assert len(three) == len(one)


def sent(version: Version, *, begun: int, after: timedelta | None) -> Answers:
    """Answers begun so many days before noon, and sent some time after."""
    at = NOON - timedelta(days=begun)
    with transaction.atomic():
        answers = filling.begin(version=version, values=WHOLE, at=at, by=None)
        return filling.send(answers=answers, at=at + after, by=None) if after else answers


def test_the_share_of_forms_sent_within_two_weeks_is_measured(version: Version) -> None:
    day = NOON.date()
    assert forms_finished(day).denominator == 0
    sent(version, begun=14, after=timedelta(hours=1))
    sent(version, begun=14, after=timedelta(days=13))
    sent(version, begun=14, after=timedelta(days=16))
    sent(version, begun=14, after=None)
    sent(version, begun=13, after=timedelta(hours=1))
    found = forms_finished(day)
    assert (found.numerator, found.denominator) == (2, 4)


def test_the_median_time_of_a_form_is_measured_and_trials_are_not_counted(
    form: Form, version: Version
) -> None:
    day: date = NOON.date()
    assert (forms_time(day).value, forms_time(day).n) == (None, 0)
    for hours in (1, 2, 9):
        sent(version, begun=0, after=timedelta(hours=hours))
    trial = trials.begin(form=form, version=version, at=NOON, by=None)
    Answers.objects.filter(pk=trial.pk).update(values=WHOLE)
    trials.send(answers=trial, at=NOON + timedelta(hours=3), by=None)
    assert (forms_time(day).value, forms_time(day).n) == (Decimal(2), 3)
