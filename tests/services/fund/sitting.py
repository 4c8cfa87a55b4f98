"""Sessions of the committee and of the Bureau, made by their actions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from communs.services.fund.actions import committee
from communs.services.fund.enums import Duty, Presence, SessionKind
from communs.services.fund.models import (
    AgendaItem,
    Application,
    Appointment,
    Session,
)
from communs.services.fund.queries import sessions as queries
from tests.services.fund.filing import AT, DAY, Filing, somebody


def seated(session: Session, *absent: str, **proxies: str) -> None:
    """Note everybody there but some; `Name="Other"` says who stands in for whom."""
    members = {one.person.name: one for one in queries.members(session.kind, on=DAY)}
    presences = {one.pk: Presence.PRESENT for one in members.values()}
    presences |= {members[name].pk: Presence.EXCUSED for name in absent}
    presences |= {members[name].pk: Presence.REPRESENTED for name in proxies}
    stood = {members[name].pk: members[other].pk for name, other in proxies.items()}
    committee.note_attendance(session=session, presences=presences, proxies=stood, on=DAY, by=None)


def planned(here: Filing, kind: str = SessionKind.COMMITTEE) -> Session:
    if kind == SessionKind.BUREAU:
        for name in ("Dina", "Élie", "Fanny"):
            somebody(name, Duty.BUREAU)
    return committee.plan_session(
        kind=kind, held_at=AT + timedelta(days=1), call=here.call, at=AT, by=None
    )


def opened(here: Filing, *files: Application) -> Session:
    """A session of three members, open, with these files on its agenda."""
    for name in ("Ana", "Bo", "Chloé"):
        if not Appointment.objects.filter(person__name=name).exists():
            somebody(name, Duty.MEMBER)
    session = planned(here)
    if files:
        committee.put_on_agenda(session=session, applications=files, at=AT, by=None)
    seated(session)
    return committee.open_session(session=session, at=AT, by=None)


def proposed(session: Session, file: Application, euros: str | None = None, **more: Any) -> Any:
    item = AgendaItem.objects.get(session=session, application=file)
    values: dict[str, Any] = {"opinion": "favourable" if euros else "unfavourable"}
    values |= {"amount": Decimal(euros)} if euros else {"reason": "Trop flou"}
    votes = {"votes_for": 3, "votes_against": 0, "abstentions": 0}
    return committee.give_opinion(item=item, **(values | votes | more), on=DAY, at=AT, by=None)


def stage(file: Application) -> str:
    return Application.objects.get(pk=file.pk).stage
