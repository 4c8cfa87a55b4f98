"""No order of actions reaches a stage that the table forbids, and every stage has its step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.services.fund import actions
from communs.services.fund.actions.moving import move
from communs.services.fund.engine import stages
from communs.services.fund.enums import Stage
from communs.services.fund.models import Application
from tests.services.fund import cases
from tests.services.fund.cases import AT


def test_the_table_knows_every_stage_and_no_other() -> None:
    assert set(stages.MOVES) == set(Stage.values)
    assert {after for moves in stages.MOVES.values() for after in moves} <= set(Stage.values)


@pytest.mark.django_db
@pytest.mark.parametrize("before", Stage.values)
def test_a_forged_move_is_refused(before: str, in_metropolis: Community) -> None:
    made = cases.sent(cases.call_made())
    Application.objects.filter(pk=made.pk).update(stage=before, complete_at=AT)
    for after in Stage.values:
        held = cases.whole(made)
        with transaction.atomic():
            if after in stages.MOVES[before]:
                move(application=held, to=after, at=AT, reason="Parce que.", by=None)
                assert cases.whole(made).stage == after
            else:
                with pytest.raises(Refused):
                    move(application=held, to=after, at=AT, reason="Parce que.", by=None)
                assert cases.whole(made).stage == before
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_database_refuses_what_no_action_does(in_metropolis: Community) -> None:
    made = cases.begun(cases.call_made())
    for stage in ("submitted", "complete", "nowhere"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=made.pk).update(stage=stage)


class Files(RuleBasedStateMachine):
    """One application, and all that anybody may do with it, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.at: datetime = AT

    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.scope = within(Community.objects.get(kind="metropolis"))
        self.scope.__enter__()
        self.made = cases.ready(cases.call_made(closes_at=None), "sceaux")

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            self.scope.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def attempt(self, act: Callable[..., Any], **given: Any) -> None:
        """Do something; what is refused leaves the file as it was."""
        self.at += timedelta(hours=1)
        before = cases.whole(self.made)
        try:
            with transaction.atomic():
                act(application=before, **given, at=self.at, by=None)
        except Refused:
            after = cases.whole(self.made)
            assert (after.stage, after.stage_since) == (before.stage, before.stage_since)
            assert after.steps.count() == before.steps.count()

    @rule()
    def submit(self) -> None:
        self.attempt(actions.submit)

    @rule(reason=st.sampled_from(["", "Parce que."]))
    def withdraw(self, reason: str) -> None:
        self.attempt(actions.withdraw, reason=reason)

    @rule(what=st.sampled_from(["", "Un devis"]))
    def ask(self, what: str) -> None:
        self.attempt(actions.ask_missing, items=[actions.Asked(what)])

    @rule()
    def answer(self) -> None:
        for item in cases.whole(self.made).missing.filter(answered_at=None):
            with transaction.atomic():
                try:
                    actions.answer_missing(
                        missing=item, answer="Oui.", file=None, at=self.at, by=None
                    )
                except Refused:
                    assert cases.whole(self.made).stage != Stage.INCOMPLETE

    @rule(allowed=st.sampled_from([None, False]))
    def complete(self, allowed: bool | None) -> None:
        self.attempt(actions.declare_complete, early=actions.EarlyStart(allowed))

    @rule()
    def eligible(self) -> None:
        self.attempt(actions.declare_eligible)

    @rule(reason=st.sampled_from(["", "Hors sujet."]))
    def ineligible(self, reason: str) -> None:
        self.attempt(actions.declare_ineligible, reason=reason)

    @rule(reason=st.sampled_from(["", "Recours."]))
    def look_again(self, reason: str) -> None:
        self.attempt(actions.reopen, reason=reason)

    @rule(reason=st.sampled_from(["", "Doublon."]))
    def close(self, reason: str) -> None:
        self.attempt(actions.close, reason=reason)

    @rule(asked=st.sampled_from(["20000.00", "40000.00"]))
    def plan(self, asked: str) -> None:
        try:
            with transaction.atomic():
                cases.planned(cases.whole(self.made), asked=asked)
                cases.signed(self.made)
        except Refused:
            assert cases.whole(self.made).stage not in {Stage.DRAFT, Stage.INCOMPLETE}

    @invariant()
    def every_stage_has_its_step(self) -> None:
        if not hasattr(self, "made"):
            return
        file = cases.whole(self.made)
        steps = list(file.steps.all())
        assert (steps[0].before, steps[-1].after, steps[-1].at) == (
            "",
            file.stage,
            file.stage_since,
        )
        for one, other in pairwise(steps):
            assert one.after == other.before
            assert stages.allowed(other.before, other.after)
            assert other.reason or not stages.needs_reason(other.before, other.after)

    @invariant()
    def dates_say_what_happened(self) -> None:
        if not hasattr(self, "made"):
            return
        file = cases.whole(self.made)
        reached = {step.after for step in file.steps.all()}
        assert (file.submitted_at is not None) == ("submitted" in reached)
        assert (file.complete_at is not None) == ("complete" in reached)
        assert (file.early_start is not None) == ("complete" in reached)


Files.TestCase.settings = settings(max_examples=12, stateful_step_count=18, deadline=None)


class TestFiles(Files.TestCase, TestCase):
    """The machine, run as a test on the demonstration's database."""
