"""Whatever its description allows, and whatever it does not, the API answers as it says.

`COMMUNS_EXAMPLES=40` asks more of each operation, as `.ci/run` does.
"""

from __future__ import annotations

import os
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
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from communs.core.api import actions, surface
from communs.core.api.views import api
from communs.core.communities.models import Community
from communs.core.people.models import Person
from tests.services.fund.samples import make

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("COMMUNS_EXAMPLES", "5"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


_handler = WSGIHandler()


def _served(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer as a server does: once the answer is out, it is closed, and so are uploads."""
    response = _handler(environ, start_response)
    try:
        return [b"".join(response)]
    finally:
        response.close()


schema = schemathesis.openapi.from_dict(surface.whole(api()))
schema.app = _served


@pytest.fixture
def headers(in_metropolis: Community, manager: Person, settings: Any) -> dict[str, str]:
    """A key that may write, over grants that exist."""
    settings.COMMUNS_API_RATE = 1_000_000
    make(2)
    today = timezone.localdate()
    _token, key = actions.make_token(
        name="Essai", permissions=["fund.edit"], until=today + timedelta(1), on=today, by=manager
    )
    return {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_every_operation_keeps_its_word(case: Any, headers: dict[str, str]) -> None:
    response = case.call(headers=headers)
    case.validate_response(response, checks=CHECKS)
