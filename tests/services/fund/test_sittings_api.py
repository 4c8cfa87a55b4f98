"""Who sits reads sessions by the API as on the pages: without the files they are kept away from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.fund.actions import bureau, committee
from communs.services.fund.enums import Duty, SessionKind, Stage
from tests.services.fund.cases import client_of
from tests.services.fund.filing import AT, Filing, filing, somebody
from tests.services.fund.sitting import opened, planned, proposed, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(metropolis: Community, monkeypatch: pytest.MonkeyPatch) -> Iterator[Filing]:
    monkeypatch.setattr(timezone, "now", lambda: AT)
    with within(metropolis), override("en"):
        yield filing()


@pytest.fixture
def bagneux(db: None) -> Community:
    return Community.objects.get(slug="bagneux")


def read(client: Client, path: str) -> Any:
    found = client.get(f"/api/fonds/{path}")
    assert found.status_code == 200, found.content
    return found.json()


def test_a_session_of_the_committee_is_read_without_what_one_is_kept_away_from(
    here: Filing, sceaux: Community, bagneux: Community
) -> None:
    mayor = somebody("Maire", Duty.MEMBER, mandate=bagneux)
    member = somebody("Zoé", Duty.SECRETARY)
    theirs = here.file(bagneux, stage=Stage.REVIEWED)
    other = here.file(sceaux, stage=Stage.REVIEWED)
    session = opened(here, theirs, other)
    proposed(session, theirs, "20000.00")
    (row,) = read(client_of(member), "comite")
    assert (row["key"], row["state"], row["call"], row["files"]) == (
        str(session.pk),
        "open",
        here.call.code,
        2,
    )
    whole = read(client_of(member), f"comite/{session.pk}")
    assert whole["quorum"] == {"entitled": 4, "present": 4, "needed": 3, "reached": True}
    assert [(one["application"], one["amount"], one["recused"]) for one in whole["agenda"]] == [
        (theirs.number, "20000.00", 1),
        (other.number, None, 0),
    ]
    assert read(client_of(mayor), "comite")[0]["files"] == 1
    kept = read(client_of(mayor), f"comite/{session.pk}")
    assert [one["application"] for one in kept["agenda"]] == [other.number]
    assert theirs.number not in str(kept)


def test_a_session_of_the_bureau_shows_what_is_put_to_the_vote(
    here: Filing, bagneux: Community
) -> None:
    mayor = somebody("Maire", Duty.BUREAU, mandate=bagneux)
    file = here.file(bagneux, stage=Stage.REVIEWED)
    session = opened(here, file)
    proposed(session, file, "20000.00")
    committee.close_session(session=session, at=AT, by=None)
    sitting = planned(here, SessionKind.BUREAU)
    act = bureau.write_deliberation(
        session=sitting, number="7", title="Attributions", at=AT, by=None
    )
    bureau.add_to_deliberation(deliberation=act, applications=[file], at=AT, by=None)
    seated(sitting)
    clerk = client_of(somebody("Secrétaire", Duty.RECORDER))
    (row,) = read(clerk, "bureau")
    assert (row["key"], row["files"]) == (str(sitting.pk), 1)
    (prepared,) = read(clerk, f"bureau/{sitting.pk}")["deliberations"]
    assert (prepared["number"], prepared["sealed"]) == ("7", False)
    assert [(one["application"], one["amount"]) for one in prepared["decisions"]] == [
        (file.number, "20000.00")
    ]
    assert read(client_of(mayor), "bureau")[0]["files"] == 0
    kept = read(client_of(mayor), f"bureau/{sitting.pk}")
    assert kept["deliberations"][0]["decisions"] == []


def test_sessions_are_there_for_who_sits_alone(here: Filing, bagneux: Community) -> None:
    session = planned(here)
    paths = ("comite", f"comite/{session.pk}", "bureau", f"bureau/{session.pk}")
    agent = client_of(somebody("Agente"))
    assert [Client().get(f"/api/fonds/{path}").status_code for path in paths] == [401] * 4
    assert [agent.get(f"/api/fonds/{path}").status_code for path in paths] == [404] * 4
    member = client_of(somebody("Zoé", Duty.MEMBER))
    assert member.get(f"/api/fonds/bureau/{session.pk}").status_code == 404
