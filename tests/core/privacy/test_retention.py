"""Nothing is kept longer than said, nothing goes before its day."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.api.models import Token
from communs.core.communities.models import Community
from communs.core.communities.owned import History
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.core.privacy import jobs
from communs.core.privacy.declarations import Declaration, declarations
from communs.core.privacy.models import Consent, Consultation, Departure
from tests.core.privacy.conftest import AT
from tests.planting import plant

pytestmark = pytest.mark.django_db
# A history's end is watched over by the database, whose clock no test can move.
SWEPT = [
    d
    for d in declarations()
    if d.is_owned and jobs._counts_from_a_column(d) and not issubclass(d.model, History)
]
THREE_YEARS = timedelta(days=1096)


@pytest.mark.parametrize("declared", SWEPT, ids=lambda one: one.label)
def test_a_row_goes_the_day_after_its_time_and_not_before(
    declared: Declaration, lou: Person, sceaux: Community, manager: Person
) -> None:
    with within(sceaux):
        Membership.objects.create(person=manager, role=Role.ADMINISTRATOR)
    planted = plant(sceaux, "zqxmark", lou)
    kept = next(row for row in planted if isinstance(row, declared.model))
    if isinstance(kept, Membership | Token):
        with within(sceaux):
            type(kept).objects.filter(pk=kept.pk).update(until=AT.date())
    end = AT + timedelta(days=declared.keep_days or 0)
    for later, there in ((timedelta(hours=-1), True), (timedelta(days=2), False)):
        with time_machine.travel(end + later, tick=False), within(sceaux):
            jobs.let_go.call()
            assert declared.model.objects.filter(pk=kept.pk).exists() == there


def test_every_table_that_names_people_has_an_end_or_says_why_not() -> None:
    endless = {d.label for d in declarations() if d.keep_days is None}
    assert endless == {
        "bundles.Bundle",  # with what is shared
        "bundles.Installation",  # with what is installed
        "fund.AdviserVisit",  # who advised, of a public experiment
        "fund.AgendaItem",  # the minutes of a public act
        "fund.Application",  # what a public body asked for, with its decision
        "fund.Attendance",  # the minutes
        "fund.Claim",  # public accounts: who claimed and who checked
        "fund.Evaluation",  # who answers for a public verdict
        "fund.Experiment",  # who advises it
        "fund.Partner",  # who committed a public body
        "fund.Payment",  # public accounts
        "fund.Round",  # a public act
        "fund.ScannedPage",  # the signed act itself
        "fund.Step",  # how it was reached
        "privacy.Controller",  # replaced when the office changes hands
        "search.Document",  # with what it repeats
        "search.Word",
    }


def test_the_proof_of_a_consent_lasts_five_years(lou: Person, antony: Community) -> None:
    now = timezone.now()
    with within(antony):
        for days in (1826, 1828):
            Consent.objects.create(
                person=lou.pk, purpose=f"{days}", version=1, given=True, wording="?",
                at=now - timedelta(days=days),
            )  # fmt: skip
        assert jobs.let_go.call() == {"privacy.Consent": 1}
        assert list(Consent.objects.values_list("purpose", flat=True)) == ["1826"]


class TestUnusedAccounts:
    """Three years without use: a letter, thirty days, then the account goes."""

    def test_it_is_warned_then_erased(self, lou: Person, metropolis: Community) -> None:
        start = lou.joined_at
        with within(metropolis):
            with time_machine.travel(start + THREE_YEARS - timedelta(days=32), tick=False):
                jobs.warn_the_absent.call()
            assert (mail.outbox, Departure.objects.count()) == ([], 0)
            with time_machine.travel(start + THREE_YEARS - timedelta(days=29), tick=False):
                for _time in range(2):
                    jobs.warn_the_absent.call()
            [letter] = mail.outbox
            assert letter.to == ["lou@example.org"]
            assert "/compte/connexion/" in letter.body
            with time_machine.travel(start + THREE_YEARS + timedelta(days=2), tick=False):
                assert jobs.warn_the_absent.call()["erased"] == 1
        assert not Person.objects.filter(pk=lou.pk).exists()

    def test_who_signs_in_again_stays(self, lou: Person, metropolis: Community) -> None:
        start = lou.joined_at
        back = start + THREE_YEARS - timedelta(days=10)
        with within(metropolis):
            with time_machine.travel(start + THREE_YEARS - timedelta(days=29), tick=False):
                jobs.warn_the_absent.call()
            Person.objects.filter(pk=lou.pk).update(last_login=back)
            with time_machine.travel(start + THREE_YEARS + timedelta(days=2), tick=False):
                assert jobs.warn_the_absent.call() == {"spared": 1, "erased": 0}
        assert Person.objects.filter(pk=lou.pk).exists()

    def test_who_holds_a_role_does_not_go_by_themselves(
        self, lou: Person, antony: Community, metropolis: Community
    ) -> None:
        with within(antony):
            Membership.objects.create(person=lou, role=Role.EDITOR)
        with (
            within(metropolis),
            time_machine.travel(lou.joined_at + THREE_YEARS * 2, tick=False),
        ):
            jobs.warn_the_absent.call()
        assert not Departure.objects.filter(person=lou).exists()


def test_consultations_are_told_for_a_year(
    lou: Person, antony: Community, administrator: Person
) -> None:
    from communs.core.privacy.consultations import note

    with within(antony):
        note(people=[lou], what="web.members", reader=administrator, on=AT.date())
        with time_machine.travel(AT + timedelta(days=368), tick=False):
            assert jobs.let_go.call() == {"privacy.Consultation": 1}
        assert Consultation.objects.count() == 0
