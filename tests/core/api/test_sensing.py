"""A network of sensors sends what they say, with its source's secret and no other."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.sensing import actions
from communs.core.sensing.models import Observation, Source
from communs.core.sensing.queries import milliseconds

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(antony: Community) -> str:
    """The secret of a source of Antony with one sensor."""
    with within(antony):
        source, secret = actions.add_source(slug="rue", name="Rue", by=None)
        actions.commission(source=source, code="a1", at=timezone.now(), by=None)
    return secret


def send(secret: str, body: Any, place: str = "antony", slug: str = "rue") -> Any:
    return Client(raise_request_exception=False).post(
        f"/{place}/api/capteurs/{slug}",
        body if isinstance(body, bytes) else json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"} if secret else {},
    )


def said(minutes: int, *, code: str = "a1", taken: Any = True) -> dict[str, Any]:
    at = timezone.now() - timedelta(minutes=minutes)
    return {"device": code, "time": milliseconds(at), "presence": taken}


def test_readings_are_kept_and_each_refusal_is_told(secret: str, antony: Community) -> None:
    batch = [said(3), said(2, taken=False), said(1, code="zz"), said(1, taken="maybe"), said(5)]
    answer = send(secret, batch)
    assert (answer.status_code, answer.json()) == (
        200,
        {"kept": 3, "doubled": 0, "late": 0, "refused": {"unknown_thing": 1, "wrong_type": 1}},
    )
    assert send(secret, batch).json()["doubled"] == 3
    with within(antony):
        number = Source.objects.get(slug="rue").things.get().number
        rows = Observation.objects.filter(thing=number).order_by("at")
        assert list(rows.values_list("value", flat=True)) == [1.0, 1.0, 0.0]


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 5000, b'{"device": ', b"null"])
def test_a_body_that_cannot_be_read_is_counted_and_breaks_nothing(secret: str, body: bytes) -> None:
    answer = send(secret, body)
    assert (answer.status_code, answer.json()["kept"]) == (200, 0)
    assert sum(answer.json()["refused"].values()) == 1


def test_a_body_of_more_than_a_megabyte_is_refused(secret: str) -> None:
    answer = send(secret, b" " * 1_100_000)
    assert (answer.status_code, answer.json()["refused"]) == (200, {"too_large": 1})
    assert send(secret, b" " * 3_000_000).status_code == 400


def test_without_its_own_secret_nothing_is_taken_nor_told(
    secret: str, antony: Community, sceaux: Community
) -> None:
    with within(sceaux):
        _source, other = actions.add_source(slug="rue", name="Rue", by=None)
    answers = {send(key, said(1)).status_code for key in ("", "x", other, secret[:-1])}
    unknown = send(secret, said(1), slug="elsewhere")
    assert answers | {unknown.status_code} == {401}
    assert unknown.json() == send("x", said(1)).json()
    with within(antony):
        source = Source.objects.get(slug="rue")
        actions.set_source(source=source, values={"on": False}, by=None)
    assert send(secret, said(1)).status_code == 401


def test_a_renewed_secret_is_the_only_one(secret: str, antony: Community) -> None:
    with within(antony):
        new = actions.renew_secret(source=Source.objects.get(slug="rue"), by=None)
    assert [send(key, said(1)).status_code for key in (secret, new)] == [401, 200]
