"""Generated from the addresses: in one community, nobody reaches what is not for them.

Every route that names a row, with the keys of real rows, by readers of the same community who lack
the right, with every method; `test_isolation.py` tries readers of other communities.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from tests.conformance.routes import (
    AGENTS,
    EDITORS,
    MANAGERS,
    METHODS,
    PLATFORM,
    WITH_KEYS,
)
from tests.conformance.test_isolation import MARK, digest, keys_for
from tests.planting import plant
from tests.services.fund.samples import make

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
GUARDED = [route for route in WITH_KEYS if route.whom in {AGENTS, EDITORS, MANAGERS, PLATFORM}]
LACKING = {
    AGENTS: ("anonymous", "resident", "elsewhere"),
    EDITORS: ("anonymous", "resident", "elsewhere"),
    MANAGERS: ("anonymous", "resident", "elsewhere", "editor"),
    PLATFORM: ("anonymous", "resident", "elsewhere", "editor"),
}
# Routes whose keys stand in code, or name a community.
NAMES = {
    "web:service_settings": ["fund"],
    "bundles:configuration": ["fund"],
    "bundles:receive": ["fund"],
    "web:baseline": ["fund.grants_known"],
    "web:measure_again": ["house.actions"],
    "web:platform_community": ["antony"],
    "web:platform_invite": ["sceaux"],
    "fund:set_body_siret": ["antony"],
}
# Names within a row, which no column holds.
WITHIN = {
    "forms:node": ["zqxpage"],
    "forms:condition": ["f"],
    "forms:preview": ["zqxpage"],
}
# No planted row opens these, each with why; what they do is tested where they are.
NOT_OPENED = {
    "web:take_token_back": "one's own keys alone",
    "api:fund_facts": "asks for what is known; tests/services/fund",
    "api:fund_fact": "asks for what is known; tests/services/fund",
    "api:withdraw_fact": "asks for a reason; tests/services/fund",
    "bundles:preview": "the planted configuration is no configuration; tests/core/bundles",
    "bundles:received": "the same",
    "bundles:installation": "the same",
    "api:bundle_roll_back": "the same",
    "api:delivery_add_recurrence": "asks for what comes back; tests/services/delivery",
    "api:delivery_add_curb_file": "the planted file is no CurbLR; tests/services/delivery",
    "delivery:run_curb_file": "the same",
    "forms:trial_move": "one's own trial alone",
    "forms:trial_page": "the same",
    "fund:sitting": "the planted session is a committee's; tests/services/fund",
    "fund:deliberate": "the same",
    "api:fund_bureau_session": "the same",
    "fund:draw_lesson": "the planted evaluation has its lesson; tests/services/fund",
    "fund:offer_common": "the planted evaluation is offered already; tests/services/fund",
    "api:fund_call_published": "the planted call lacks much; tests/services/fund",
    "api:fund_call_archived": "the planted call is a draft; tests/services/fund",
    "api:fund_call_criteria": "asks for what is judged; tests/services/fund",
    "api:fund_call_criterion": "the planted criterion has scores; tests/services/fund",
    "api:fund_call_phases": "asks for a title; tests/services/fund",
    "api:fund_call_phase": "the planted phase has reviews; tests/services/fund",
    "api:fund_call_sites": "asks for a place; tests/services/fund",
    "api:fund_call_site": "the planted site has an answer; tests/services/fund",
    "parking:answer_overstay": "no planted space is taken; tests/services/parking",
    "api:parking_answer_overstay": "the same",
}


@pytest.fixture
def planted(metropolis: Community) -> list[Any]:
    """Rows of the metropolis in every table; the fund is on there."""
    with within(metropolis):
        make(1)
    return plant(metropolis, MARK, Person.objects.create_user("p@m.example", name=MARK))


@contextmanager
def undone() -> Iterator[None]:
    """Take back what a request wrote."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answered(client: Client, method: str, address: str) -> tuple[bool, str]:
    """Tell whether a request was let through, and give what it read."""
    with undone():
        response = getattr(client, method)(address)
        content = b"".join(response) if response.streaming else response.content
    leads_in = "/compte/" in response.headers.get("Location", "")
    # A page says what its form lacks to those it is for; the API says it of any body, to anybody.
    of_a_form = response.status_code == 422 and not address.startswith("/api/")
    moved = response.status_code in {302, 303} and not leads_in
    passed = response.status_code in {200, 201, 204} or of_a_form or moved
    return passed, content.decode(errors="replace")


def _without(text: str, address: str) -> str:
    """Give a text without the address that was asked for, which links back to it repeat."""
    return text.replace(address, "").replace(quote(address, safe=""), "")


def known_methods(client: Client, address: str) -> list[str]:
    """Give the methods that an address knows; that it knows none other is said of any key."""
    with undone():
        return [one for one in METHODS if getattr(client, one)(address).status_code != 405]


def test_a_row_is_reached_by_those_it_is_for_and_by_nobody_else(
    planted: list[Any], readers: dict[str, Client]
) -> None:
    faults = []
    before = digest(planted)
    for route in GUARDED:
        keys = NAMES.get(route.name) or keys_for(route, planted) + WITHIN.get(route.name, [])
        ways = [route.filled(*way) for way in route.fillings(keys)]
        methods = known_methods(readers["administrator"], ways[0]) if ways else []
        tried = [(method, address) for address in ways for method in methods]
        opened = [one for one in tried if answered(readers["administrator"], *one)[0]]
        if bool(opened) == (route.name in NOT_OPENED):
            faults.append(f"{route.name}: opened {opened}")
        for who in LACKING[route.whom]:
            for method, address in opened or tried[:20]:
                passed, text = answered(readers[who], method, address)
                if passed or MARK in _without(text, address):
                    faults.append(f"{who}: {method} {address}")
    assert faults == []
    assert digest(planted) == before
