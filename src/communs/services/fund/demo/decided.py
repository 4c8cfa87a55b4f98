"""The demonstration's committee and Bureau: opinions, a session that decided, one that is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from communs.core.access.demo import PASSWORD
from communs.core.communities.models import Community
from communs.core.people.models import Person
from communs.services.fund import actions
from communs.services.fund.demo.files import Project, Writers, completed
from communs.services.fund.enums import Duty, Outcome, Presence, SessionKind
from communs.services.fund.models import AgendaItem, Application, Call, Decision, Session
from communs.services.fund.queries import examination, sessions

_DAY = timedelta(days=1)
_SITTING = (
    ("comite@demo.example", "Secrétariat du comité (fictif)", Duty.SECRETARY, "", ""),
    ("presidence@demo.example", "Présidence du comité (fictive)", Duty.CHAIR, "", ""),
    ("elue-bagneux@demo.example", "Élue de Bagneux (fictive)", Duty.MEMBER, "bagneux", ""),
    ("elu-montreuil@demo.example", "Élu de Montreuil (fictif)", Duty.MEMBER, "montreuil", ""),
    ("experte@demo.example", "Experte (fictive)", Duty.EXPERT, "", "Laboratoire fictif"),
    ("expert@demo.example", "Expert (fictif)", Duty.EXPERT, "", "Association fictive"),
    ("bureau@demo.example", "Secrétariat du Bureau (fictif)", Duty.RECORDER, "", ""),
    ("bureau1@demo.example", "Membre du Bureau 1 (fictif)", Duty.BUREAU, "", ""),
    ("bureau2@demo.example", "Membre du Bureau 2 (fictive)", Duty.BUREAU, "", ""),
    ("bureau3@demo.example", "Membre du Bureau 3 (fictif)", Duty.BUREAU, "", ""),
)
_VOTING = (Duty.CHAIR, Duty.MEMBER, Duty.BUREAU)
_DECIDED = (
    (
        Project(
            "Livrer sans bloquer la rue",
            "Réserver une aire de livraison avant de venir.",
            "sceaux",
            challenge="resilient",
        ),
        "18000.00",
    ),
    (
        Project(
            "Prêt de tablettes",
            "Prêter une tablette à qui n’en a pas, et l’aider à s’en servir.",
            "bagneux",
            ("sceaux", "antony"),
            cost=Decimal("90000.00"),
            asked=Decimal("45000.00"),
        ),
        "41200.00",
    ),
    (Project("Écran du hall", "Un écran dans le hall.", "antony", challenge="agile"), None),
)
_OPEN = (
    Project("Alerte crue par quartier", "Prévenir rue par rue.", "antony", challenge="resilient"),
    Project("Marché sans file", "Dire le temps d’attente.", "sceaux", challenge="agile"),
)


def decide(call: Call, who: Writers, at: datetime) -> None:
    """Have a session of the committee and of the Bureau behind, and one of the committee open."""
    people = {row[0]: _somebody(*row, at=at) for row in _SITTING}
    chair, secretary = people["presidence@demo.example"], people["comite@demo.example"]
    files = [completed(call, project, who, at - 55 * _DAY) for project, _amount in _DECIDED]
    _examined(files, call, at - 40 * _DAY, secretary)
    session = _sitting(call, files, at - 26 * _DAY, secretary)
    for file, (_project, amount) in zip(files, _DECIDED, strict=True):
        _propose(session, file, amount, at - 26 * _DAY, chair)
    actions.close_session(session=session, at=at - 26 * _DAY, by=secretary)
    _sealed(call, files, at - 20 * _DAY, people["bureau@demo.example"])
    waiting = [completed(call, project, who, at - 30 * _DAY) for project in _OPEN]
    _examined(waiting, call, at - 8 * _DAY, secretary)
    _sitting(call, waiting, at - _DAY / 24, secretary, ranked=True)


def _somebody(
    email: str, name: str, duty: Duty, mandate: str, group: str, *, at: datetime
) -> Person:
    person = Person.objects.create_user(email, PASSWORD, name=name)
    actions.appoint(
        email=email,
        duty=duty,
        mandate=Community.objects.get(slug=mandate) if mandate else None,
        group=group,
        votes=duty in _VOTING,
        since=timezone.localdate(at - 120 * _DAY),
        by=None,
    )
    return person


def _examined(files: Sequence[Application], call: Call, at: datetime, by: Person) -> None:
    """Have files examined by who may: given, scored, ended."""
    phase = call.phases.get(position=1)
    on = timezone.localdate(at)
    reviewers = list(dict.fromkeys(one.person for one in examination.reviewers(on=on)))
    away = examination.barred(files, on=on)
    for number, file in enumerate(files):
        kept = {one.person.pk for one in away[file.pk]}
        for place, person in enumerate(one for one in reviewers if one.pk not in kept):
            review = actions.assign_review(
                application=file, phase=phase, person=person, on=on, at=at, by=by
            )
            actions.send_review(
                review=review,
                scores=_scores(file, 4 - number + place),
                opinion="reserved" if number else "favourable",
                comment="Avis inventé pour la démonstration.",
                at=at + _DAY,
                by=person,
            )
        actions.finish_examination(application=file, at=at + 2 * _DAY, by=by)


def _scores(file: Application, turn: int) -> dict[UUID, Decimal]:
    criteria = examination.criteria_of(file)
    return {one.pk: Decimal(min(one.scale, max(1, turn % 5 + 1))) for one in criteria}


def _sitting(
    call: Call, files: Sequence[Application], at: datetime, by: Person, *, ranked: bool = False
) -> Session:
    """Open a session of the committee on files, everybody there."""
    session = actions.plan_session(
        kind=SessionKind.COMMITTEE, held_at=at, place="Salle fictive", call=call, at=at, by=by
    )
    actions.put_on_agenda(session=session, applications=files, at=at - _DAY, by=by)
    _attended(session, at, by)
    session = actions.open_session(session=session, at=at, by=by)
    if ranked:
        for rule, title in (("fill", "Par note"), ("points", "Le plus de points")):
            actions.make_scenario(session=session, title=title, rule=rule, at=at, by=by)
    return session


def _attended(session: Session, at: datetime, by: Person) -> None:
    on = timezone.localdate(at)
    presences = {one.pk: Presence.PRESENT for one in sessions.members(session.kind, on=on)}
    actions.note_attendance(session=session, presences=presences, on=on, by=by)


def _propose(
    session: Session, file: Application, amount: str | None, at: datetime, by: Person
) -> None:
    item = AgendaItem.objects.get(session=session, application=file)
    on = timezone.localdate(at)
    away = [one.person.pk for one in sessions.recused([item], on=on)[file.pk]]
    voices = sessions.voices(sessions.attendance(session), away)
    actions.give_opinion(
        item=item,
        opinion="favourable" if amount else "unfavourable",
        amount=Decimal(amount) if amount else None,
        reason="" if amount else "Le projet ne dit pas à qui il sert.",
        votes_for=voices,
        votes_against=0,
        abstentions=0,
        on=on,
        at=at,
        by=by,
    )


def _sealed(call: Call, files: Sequence[Application], at: datetime, by: Person) -> None:
    """Have the Bureau decide what the committee proposed, and seal."""
    session = actions.plan_session(
        kind=SessionKind.BUREAU, held_at=at, place="Salle fictive", call=call, at=at, by=by
    )
    act = actions.write_deliberation(
        session=session,
        number=f"{timezone.localtime(at).year}-D7 (fictive)",
        title="Attribution de subventions du fonds (démonstration)",
        text="Vu les propositions du comité de sélection.\nActe inventé pour la démonstration.",
        at=at,
        by=by,
    )
    actions.add_to_deliberation(deliberation=act, applications=files, at=at, by=by)
    _attended(session, at, by)
    actions.open_session(session=session, at=at, by=by)
    awarded = Decision.objects.filter(deliberation=act, outcome=Outcome.AWARDED).count()
    assert awarded == sum(1 for _project, amount in _DECIDED if amount)  # noqa: S101 -- as made up
    actions.note_vote(deliberation=act, votes_for=3, votes_against=0, abstentions=0, by=by)
    actions.seal(deliberation=act, at=at, by=by)
