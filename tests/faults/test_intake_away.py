"""Programs that write while the database takes nothing are asked to come again, not told a fault.

What a disk that is really full does stands in `test_intake_full.py`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.sensing.models import Observation, Tally
from tests.core.api.test_sensing import said, secret, send

pytestmark = pytest.mark.django_db
__all__ = ["secret"]
THINGS = "/antony/api/stationnement/sensorthings/v1.1"
Switch = Callable[..., None]


def failing(error: type[Exception]) -> Callable[..., Any]:
    def do(*_given: Any, **_named: Any) -> Any:
        raise error

    return do


def told(answer: Any) -> tuple[int, str, str, int]:
    """What a program reads of it: status, kind, how long to wait, the status in the document."""
    kind, wait = answer.headers["Content-Type"], answer.headers.get("Retry-After", "")
    return answer.status_code, kind, wait, answer.json()["status"]


AGAIN = (503, "application/problem+json", "5", 503)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_the_same_body_again_is_kept_once(
    secret: str, antony: Community, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    batch = [said(3), said(2, taken=False)]
    with monkeypatch.context() as context:
        context.setattr("communs.core.sensing.intake._stand", failing(error))  # rows are in by then
        assert told(send(secret, batch)) == AGAIN
    with within(antony):
        assert not Tally.objects.exists()
        before = Observation.objects.count()
    assert send(secret, batch).json() == {"kept": 2, "doubled": 0, "late": 0, "refused": {}}
    with within(antony):
        assert Observation.objects.count() == before + 2


def test_a_client_of_sensorthings_is_asked_to_come_again(
    secret: str, antony: Community, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(antony, "parking")
    monkeypatch.setattr(
        "communs.core.api.sensorthings.describing.describe", failing(OperationalError)
    )
    given = b64encode(f"rue:{secret}".encode()).decode()
    answer = Client(raise_request_exception=False).post(
        f"{THINGS}/Things",
        {"name": "Rue", "description": "Rue"},
        content_type="application/json",
        headers={"Authorization": f"Basic {given}"},
    )
    assert told(answer) == AGAIN


def test_a_reading_that_fails_is_left_to_who_may_read_elsewhere(
    antony: Community, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(antony, "parking")
    monkeypatch.setattr("communs.core.api.sensorthings.root", failing(OperationalError))
    with pytest.raises(OperationalError):
        Client().get(THINGS)
