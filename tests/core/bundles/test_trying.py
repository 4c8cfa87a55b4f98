"""A dry run does it all and leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from communs.core.bundles.documents import Document, opened
from communs.core.bundles.models import Bundle
from communs.core.bundles.trying import Tried, try_out
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.registry.queries import running
from communs.core.registry.service import Finding, Service
from communs.core.search.models import Document as Found
from communs.project.backups.rows import digest_here
from communs.services.fund import queries as fund_queries
from communs.services.fund.models import Programme
from tests.core.bundles.conftest import NOW, Forge
from tests.services.fund.samples import make

pytestmark = pytest.mark.django_db


def test_it_leaves_no_row_no_event_no_option(
    antony: Community, metropolis: Community, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def findings() -> list[Finding]:
        held, _there = running(antony, metropolis, on=NOW.date())
        counts = f"{Programme.objects.count()} programme, {held['fund'].options.page_size}"
        return [Finding("warning", counts)]

    monkeypatch.setattr(fund_queries, "findings", findings, raising=False)
    document = opened(forge(options={"page_size": 120, "show_map": True}))
    with within(antony):
        make(1)
        before, found = digest_here(), Found.objects.count()
        tried = try_out(document=document, at=NOW, by=None)
        assert tried == Tried(findings=[Finding("warning", "2 programme, 120")])
        assert digest_here() == before
        assert Found.objects.count() == found
        assert not Event.objects.filter(name__startswith="bundles.").exists()


def test_it_says_why_it_could_not_be_installed(
    rounds: None, antony: Community, pack: Callable[..., Bundle], forge: Forge
) -> None:
    document: Any = opened(pack().document)
    (round_,) = document.raw["data"]["round"]
    wrong = document.raw["data"] | {"round": [{**round_, "total": "-5.00"}]}
    with within(antony):
        before = digest_here()
        tried = try_out(document=opened(forge(data=wrong)), at=NOW, by=None)
        assert tried.findings == ()
        assert tried.refusal.startswith("Attributions")
        assert digest_here() == before


def test_an_unknown_signer_can_be_tried(
    antony: Community, packed: Document, fund: Service, settings: Any
) -> None:
    text = packed.text
    settings.SECRET_KEY = "elsewhere"
    with within(antony):
        assert try_out(document=opened(text), at=NOW, by=None) == Tried(findings=[])
