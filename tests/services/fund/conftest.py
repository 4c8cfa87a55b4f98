"""A manager's program that prepares calls."""

from __future__ import annotations

import pytest
from django.utils import timezone

from communs.core.communities.models import Community
from communs.services.fund.enums import Duty
from communs.services.fund.models import Envelope
from tests.services.fund import cases
from tests.services.fund.cases import AT, client_of
from tests.services.fund.preparing import Program, funded


@pytest.fixture
def here(in_metropolis: Community, monkeypatch: pytest.MonkeyPatch) -> Community:
    """The metropolis, at an instant of the tests."""
    monkeypatch.setattr(timezone, "now", lambda: AT)
    return in_metropolis


@pytest.fixture
def boss(here: Community) -> Program:
    """The program of a manager of the fund."""
    return Program(client_of(cases.appointed(Duty.MANAGER)))


@pytest.fixture
def money(here: Community) -> Envelope:
    """Money, rules and a form that a call may name."""
    return funded()
