"""What a guesser meets: a rest after five wrong passwords, and limits by place and account."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from communs.core.access.demo import PASSWORD
from communs.core.people import attempts
from communs.core.people.models import FailedSignIns, Person
from tests import pages

AT = "/en/antony/compte"
AGENT, NOBODY = "antony@demo.example", "nobody@demo.example"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))


def attempt(password: str, login: str = AGENT, client: Client | None = None) -> int:
    form = {"login": login, "password": password}
    return (client or Client()).post(f"{AT}/connexion/", form).status_code


@pytest.mark.django_db
def test_after_five_wrong_passwords_the_right_one_waits_five_minutes() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert [attempt("wrong") for _ in range(5)] == [422] * 5
        response = Client().post(f"{AT}/connexion/", {"login": AGENT, "password": PASSWORD})
        assert (response.status_code, response.headers["Retry-After"]) == (429, "300")
        assert "Wait five minutes" in pages.text(response)
        clock.shift(timedelta(minutes=4, seconds=59))
        assert attempt(PASSWORD) == 429
        clock.shift(timedelta(seconds=1))
        assert attempt(PASSWORD) == 302


@pytest.mark.django_db
@pytest.mark.parametrize("login", [AGENT, NOBODY])
def test_the_rest_is_the_same_for_an_address_without_an_account(login: str) -> None:
    assert [attempt("wrong", login) for _ in range(7)] == [422] * 5 + [429] * 2


@pytest.mark.django_db
def test_a_right_password_forgets_the_wrong_ones() -> None:
    for _ in range(3):
        assert [attempt("wrong") for _ in range(4)] == [422] * 4
        assert attempt(PASSWORD) == 302
        cache.clear()  # so many from one place is another limit
    assert not FailedSignIns.objects.exists()


@pytest.mark.django_db
def test_a_code_still_leads_in_while_the_account_rests() -> None:
    for _ in range(6):
        attempt("wrong")
    client = Client()
    assert attempt("", client=client) == 302
    assert mail.outbox[-1].to == [AGENT]


@pytest.mark.django_db
def test_no_address_is_kept_in_clear() -> None:
    attempt("wrong")
    row = FailedSignIns.objects.get()
    assert len(row.account) == 64
    assert "antony" not in row.account


@pytest.mark.django_db
def test_one_place_may_not_try_many_accounts() -> None:
    answers = [attempt("wrong", f"a{n}@demo.example") for n in range(31)]
    assert answers == [422] * 30 + [429]
    response = Client().post(f"{AT}/connexion/", {"login": "b@demo.example", "password": "x"})
    assert response.headers["Retry-After"] == "60"
    assert pages.heading(response) == "Too many attempts"


@pytest.mark.django_db
@pytest.mark.parametrize("login", [AGENT, NOBODY])
def test_an_address_gets_five_codes_in_ten_minutes(login: str) -> None:
    answers = [attempt("", login) for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(mail.outbox) == (5 if login == AGENT else 0)


class Attempts(TestCase):
    """Whatever the hours, a sixth password in a row waits for five minutes of quiet."""

    @settings(max_examples=40, deadline=None)
    @given(gaps=st.lists(st.integers(min_value=0, max_value=400), max_size=30))
    def test_among_six_passwords_looked_at_there_is_a_rest(self, gaps: list[int]) -> None:
        FailedSignIns.objects.all().delete()
        at, looked_at = NOON, []
        for gap in gaps:
            at += timedelta(seconds=gap)
            if attempts.begin("a@example.org", at=at):
                looked_at.append(at)
        for n in range(len(looked_at) - attempts.MOST):
            six = looked_at[n : n + attempts.MOST + 1]
            rests = [after - before for before, after in pairwise(six)]
            assert max(rests) >= attempts.REST
        assert len(looked_at) >= min(len(gaps), attempts.MOST)


@pytest.mark.django_db
def test_resets_are_limited_by_account_alike(resident: Person) -> None:
    path = f"{AT}/mot-de-passe/oublie/"
    for email in (resident.email, NOBODY):
        answers = [Client().post(path, {"email": email}).status_code for _ in range(6)]
        assert answers == [302] * 5 + [429]
