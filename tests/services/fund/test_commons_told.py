"""Digital commons: where they are said to run, on which evaluation they rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from communs.core.bundles import actions as bundles
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.delivery import deliver
from communs.core.kit.errors import Refused
from communs.services.fund import actions
from communs.services.fund.enums import Duty, Verdict
from communs.services.fund.models import Common
from communs.services.fund.queries import commons
from tests.services.fund import proving
from tests.services.fund.cases import appointed, client_of, person_of
from tests.services.fund.proving import AT, DAY, again, copy_of, installed

pytestmark = pytest.mark.django_db
PAGE = "/en/fonds/communs/parking-antony/"


@pytest.fixture
def here(metropolis: Community) -> Iterator[Community]:
    with within(metropolis), override("en"):
        yield metropolis


@pytest.fixture
def common(here: Community, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(timezone, "now", lambda: AT + 10 * DAY)
    return proving.offered()


@pytest.fixture
def managing(here: Community) -> Client:
    return client_of(appointed(Duty.MANAGER))


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_what_would_be_refused_anyhow_is_said_before_the_form(
    common: Common, managing: Client
) -> None:
    row = actions.ask_replication(
        common=common, place=proving.place("sceaux"), message="", at=AT, by=None
    )
    page = text(managing, f"/en/fonds/gestion/reprises/{row.pk}/confirmer/")
    assert "Only a copy that was measured is confirmed." in page
    assert 'name="reason"' not in page
    client = client_of(person_of("bagneux"))
    assert "Ask for it</button>" in text(client, f"{PAGE}demander/")
    actions.withdraw_common(common=common, reason="Revu.", by=None)
    page = text(client, f"{PAGE}demander/")
    assert "it is offered no more" in page
    assert 'name="message"' not in page


def test_a_later_verdict_is_said_on_the_page(common: Common, client: Client) -> None:
    proving.evaluated(common.evaluation.experiment, Verdict.ABANDON)
    assert "ended with: to be given up" in text(client, PAGE)


def test_a_service_switched_off_is_not_said_to_run(common: Common, client: Client) -> None:
    from communs.core.registry.actions import set_service

    row = installed("sceaux", proving.document_of_common(common))
    with within(proving.place("sceaux")):
        document = proving.document_of_common(common)
        set_service(service=document.service, on=False, options={}, by=None)
    assert row.state == "in_force"
    page = text(client, PAGE)
    assert "Sceaux: installed, service switched off" in page
    assert "Sceaux: running" not in page
    assert again(common).held == 0
    proving.observed("sceaux", 10)
    actions.measure_replication(
        replication=_copy(common), on=(AT + 10 * DAY).date(), at=AT + 10 * DAY, by=None
    )
    assert "Installed, but the service is switched off there." in text(client, PAGE)


def _copy(common: Common) -> Any:
    found = copy_of(common, "sceaux")
    assert found is not None
    return found


def test_a_configuration_installed_without_its_service_is_not_counted_as_running(
    common: Common, managing: Client
) -> None:
    with within(proving.place("sceaux")):
        bundles.install(
            document=proving.document_of_common(common), switch_on=False, at=AT, by=None
        )
    deliver(AT)
    assert "installed, service switched off" in text(managing, "/en/fonds/gestion/communs/")
    assert "No other commune runs it, none has confirmed it" in text(managing, "/en/fonds/communs/")
    page = text(managing, PAGE.removeprefix("/en"))
    assert "installée, service arrêté" in page
    assert "en service" not in page[page.index("Communes qui le reprennent") :][:3000]


def test_a_common_is_of_an_experiment_and_rests_on_its_latest_success(common: Common) -> None:
    later = proving.evaluated(common.evaluation.experiment, finding="Encore mieux.")
    assert not commons.offerable().exists()
    with pytest.raises(Refused, match="in the catalogue already"):
        proving.offered(later)
    actions.update_evidence(evaluation=later, by=None)
    assert (Common.objects.count(), again(common).evaluation) == (1, later)
    page = text(Client(), PAGE)
    assert "Encore mieux." in page
    assert "ended with" not in page
    failed = proving.evaluated(later.experiment, Verdict.ABANDON)
    actions.update_evidence(evaluation=failed, by=None)
    assert again(common).evaluation == later


def test_a_later_verdict_brings_the_evidence_up_to_date_by_itself(common: Common) -> None:
    later = proving.evaluated(
        common.evaluation.experiment, verdict="", decided_at=None, proposed=Verdict.ADAPT
    )
    decided = actions.decide_verdict(evaluation=later, verdict=Verdict.ADAPT, at=AT, by=None)
    deliver(AT)
    assert again(common).evaluation == decided
