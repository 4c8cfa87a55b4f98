"""Whatever its description allows, and whatever it does not, parking's API answers as it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone
from hypothesis import HealthCheck, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from communs.core.api import actions, surface
from communs.core.api.views import api
from communs.core.communities.models import Community
from communs.core.people.models import Person
from tests.services.parking.samples import make, network

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
schema = schemathesis.openapi.from_dict(surface.whole(api())).include(
    path_regex="^/api/stationnement/"
)
schema.app = WSGIHandler()


@pytest.fixture
def headers(
    in_metropolis: Community,
    manager: Person,
    switch: Callable[[Community, str], None],
    settings: Any,
) -> dict[str, str]:
    """A key that may patrol, over streets and spaces that exist."""
    settings.COMMUNS_API_RATE = 1_000_000
    switch(in_metropolis, "parking")
    make(2)
    network()
    today = timezone.localdate()
    _token, key = actions.make_token(
        name="Essai", permissions=["parking.patrol"], until=today + timedelta(1), on=today,
        by=manager,
    )  # fmt: skip
    return {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_every_operation_keeps_its_word(case: Any, headers: dict[str, str]) -> None:
    response = case.call(headers=headers)
    case.validate_response(response, checks=CHECKS)
