"""The form “May I park?”: answers in sentences, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.parking.actions import set_regulation, set_tariff
from communs.services.parking.models import Regulation
from tests.services.parking.samples import street

ASK = "/sceaux/stationnement/puis-je/"
PLACE = "rue:rue-des-lilas-rue-a"
NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def lilacs(switch: Callable[[Community, str], None], sceaux: Community) -> None:
    """A paid street in Sceaux, with a market on Saturdays and a disabled people's space."""
    switch(sceaux, "parking")
    with within(sceaux):
        row = street("Rue des Lilas")
        tariff = set_tariff(
            name="Orange", days="012345", steps=[[60, 200], [120, 400]], free_minutes=15, by=None
        )
        set_regulation(
            title="Zone payante", where="commune", charge="tariff", tariff=tariff,
            order_reference="2026-1", by=None,
        )  # fmt: skip
        set_regulation(
            title="Marché", where="places", places=[row], nature="recurring", effect="forbids",
            days="5", by=None,
        )  # fmt: skip
        set_regulation(
            title="PMR", where="commune", kind="disabled", who="disabled", effect="reserves",
            by=None,
        )  # fmt: skip


def asked(client: Client, start: str = "", **more: object) -> str:
    question = {"place": PLACE, "day": "2026-03-13", "hour": "10:00"} | more
    answer = client.get(f"{start}{ASK}", question)
    assert answer.status_code == 200
    return answer.text


def test_yes_until_when_and_for_how_much(client: Client) -> None:
    page = asked(client, minutes="60")
    assert f"Oui, jusqu’à 0{NBSP}h le 14 mars 2026." in page
    assert f"Ce stationnement coûte 2{NBSP}€." in page
    assert "Ensuite, le stationnement est interdit." in page
    assert "Zone payante" in page
    assert "Arrêté 2026-1" in page


def test_the_same_in_english(client: Client) -> None:
    page = asked(client, "/en", minutes="15")
    assert [
        sentence
        for sentence in (
            "Yes, until 0:00 on 14 March 2026.",
            "This stay is free of charge.",
            "Parking is forbidden from then on.",
        )
        if sentence not in page
    ] == []


def test_no_and_until_when(client: Client) -> None:
    page = asked(client, "/en", day="2026-03-14")
    assert "No, not before 0:00 on 15 March 2026." in page
    assert "Parking is forbidden." in page
    assert "This stay" not in page


def test_a_price_that_no_tariff_says_is_unknown(client: Client) -> None:
    page = asked(client, "/en", minutes="240")
    assert "The price of this stay is not known." in page


def test_a_reserved_space_and_the_card_for_it(client: Client) -> None:
    assert "This space is reserved" in asked(client, "/en", kind="disabled")
    page = asked(client, "/en", kind="disabled", cards=["disabled"], minutes="480")
    assert "Yes, until 0:00 on 14 March 2026." in page
    assert "you park free of charge on public streets" in page


def test_without_a_rule_nobody_says_yes(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        street("Rue des Roses")
        Regulation.objects.all().delete()
    assert "We do not know" in asked(client, "/en")


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"place": ""}, "place"),
        ({"place": "rue:nowhere"}, "place"),
        ({"place": PLACE, "day": "demain"}, "day"),
        ({"place": PLACE, "day": "9999-12-31"}, "day"),
        ({"place": PLACE, "day": "0001-01-01"}, "day"),
        ({"place": PLACE, "hour": "25:00"}, "hour"),
        ({"place": PLACE, "minutes": "7"}, "minutes"),
        ({"place": PLACE, "cards": "king"}, "cards"),
    ],
)
def test_a_question_that_will_not_do_is_kept_and_said(
    client: Client, question: dict[str, str], field: str
) -> None:
    page = client.get(ASK, question)
    assert page.status_code == 422
    assert f'id="id_{field}_error"' in page.text
    assert question["place"] != PLACE or f'value="{PLACE}" selected' in page.text


def test_the_form_alone_asks_nothing(client: Client) -> None:
    page = client.get(ASK)
    assert (page.status_code, "_error" in page.text) == (200, False)
