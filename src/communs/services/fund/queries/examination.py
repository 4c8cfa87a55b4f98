"""Reads of examination: who may be given what, what each owes, what opinions say together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from communs.core.access.models import Membership
from communs.core.communities.scope import across, current
from communs.core.kit.periods import in_force
from communs.services.fund.engine.examination import scoring
from communs.services.fund.enums import Duty, Ground, Sight, Stage
from communs.services.fund.models import (
    Agreed,
    Application,
    Appointment,
    Contact,
    Criterion,
    Interest,
    Partner,
    Phase,
    Review,
    Score,
    standing_of,
)

_REVIEWERS = (Duty.EXPERT, Duty.MEMBER, Duty.CHAIR)


@dataclass(frozen=True, slots=True)
class Barred:
    """Somebody who is kept away from a file, and why."""

    person: Any
    ground: Ground
    detail: str


def reviewers(*, on: date) -> QuerySet[Appointment]:
    """Give who may be given files that day, with their account, by name."""
    rows = Appointment.objects.filter(in_force(on), duty__in=_REVIEWERS)
    return rows.select_related("person", "mandate").order_by("person__name", "person_id", "duty")


def barred(applications: Iterable[Application], *, on: date) -> dict[UUID, list[Barred]]:
    """Give, by file, who of the fund is kept away from it: worked out from what holds that day.

    It says of all what `readable_by` enforces for each: mandate, role, firm, declared interest.
    Six queries, however many files.
    """
    keys = [one.pk for one in applications]
    held = Partner.objects.filter(application__in=keys, left_at=None)
    partners = list(held.select_related("organisation__body"))
    tasks = Appointment.objects.filter(in_force(on)).select_related("person")
    people = {task.person_id: task.person for task in tasks}
    bodies = {p.organisation.body_id for p in partners} - {None, current().pk}
    firms = {p.organisation_id for p in partners}
    ties = _ties(list(tasks), bodies, firms, on)
    found: dict[UUID, dict[UUID, Barred]] = defaultdict(dict)
    for partner in partners:
        organisation = partner.organisation
        for person, ground in (*ties[organisation.body_id], *ties[organisation.pk]):
            if person in people:
                one = Barred(people[person], ground, organisation.name)
                found[partner.application_id].setdefault(person, one)
    alone = Interest.objects.filter(in_force(on), application__in=keys)
    for row in alone:
        if row.person_id in people:
            one = Barred(people[row.person_id], Ground.INTEREST, "")
            found[row.application_id].setdefault(row.person_id, one)
    return {key: list(found[key].values()) for key in keys}


def _ties(
    tasks: list[Appointment], bodies: set[UUID], firms: set[UUID], on: date
) -> Mapping[Any, list[tuple[UUID, Ground]]]:
    """Give, by community or organisation, the accounts tied to it and how."""
    ties: dict[Any, list[tuple[UUID, Ground]]] = defaultdict(list)
    for task in tasks:
        if task.mandate_id in bodies:
            ties[task.mandate_id].append((task.person_id, Ground.MANDATE))
    people = {task.person_id for task in tasks}
    with across("whom the fund's files concern by their role in a commune"):
        roles = Membership.everywhere.filter(
            in_force(on), person__in=people, community__in=bodies
        ).order_by("id")
        for body, person in roles.values_list("community_id", "person_id"):
            ties[body].append((person, Ground.ROLE))
    about = Q(person__in=people, organisation__in=firms)
    for model, ground in ((Contact, Ground.CONTACT), (Interest, Ground.INTEREST)):
        rows = model.objects.filter(in_force(on), about).order_by("id")
        for firm, person in rows.values_list("organisation_id", "person_id"):
            ties[firm].append((person, ground))
    ties.pop(None, None)
    return ties


def phase_now(application: Application, *, on: date) -> Phase | None:
    """Give the phase of examination that counts that day: the last that has begun, or the first."""
    phases = list(application.call.phases.order_by("position"))
    begun = [one for one in phases if one.begins_on is None or one.begins_on <= on]
    if begun:
        return begun[-1]
    return phases[0] if phases else None


def own_reviews(person: Any, *, on: date) -> QuerySet[Review]:
    """Give the files that a reviewer was given and may read, those still owed first."""
    readable = Application.objects.readable_by(person, on=on)
    rows = Review.objects.filter(person=person, application__in=readable)
    return rows.select_related("application__call", "phase").order_by("sent_at", "assigned_at")


def own_among(reviews: Iterable[Review], person: Any) -> Review | None:
    """Of a file's reviews in the order of their phases, give a reviewer's own latest, or None."""
    return next((one for one in reversed(list(reviews)) if one.person_id == person.pk), None)


def criteria_of(application: Application) -> list[Criterion]:
    """Give what a file is judged by, in order."""
    return list(Criterion.objects.filter(call=application.call_id).order_by("position"))


def reviews_of(application: Application) -> list[Review]:
    """Give every review of a file, with its author, phase and scores: two queries."""
    rows = Review.objects.filter(application=application).select_related("person", "phase")
    scores = Score.objects.select_related("criterion")
    found = list(
        rows.prefetch_related(Prefetch("scores", scores)).order_by("phase__position", "id")
    )
    for one in found:
        one.application = application
    return found


def seen_by(
    person: Any, application: Application, reviews: Iterable[Review], *, on: date
) -> list[tuple[Review, bool]]:
    """Of a file's reviews, give the sent ones that somebody may read, and whether with a name.

    Who manages or instructs sees all. A reviewer sees what the phase says: never others', once
    their own is sent, or always. Who sits sees all, named, once the file is before the committee.
    """
    found = [one for one in reviews if one.sent_at is not None]
    standing = standing_of(person, on=on)
    sitting = standing.sits and application.stage != Stage.UNDER_REVIEW
    if standing.examines or sitting or Duty.SECRETARY in standing.duties:
        return [(one, True) for one in found]
    own = {one.phase_id: one for one in found if one.person_id == getattr(person, "pk", None)}
    return [
        (one, one.phase.sees_names or one.person_id == person.pk)
        for one in found
        if one.person_id == person.pk or _is_open(one.phase, own)
    ]


def _is_open(phase: Phase, own: Mapping[UUID, Review]) -> bool:
    if phase.sees_others == Sight.ALWAYS:
        return True
    return phase.sees_others == Sight.AFTER_OWN and phase.pk in own


def results(applications: Iterable[Application]) -> dict[UUID, scoring.Result]:
    """Give what opinions say of files together, the last phase that scores: four queries.

    Scores given together count instead of the mean, once each criterion has one.
    """
    found = {one.pk: one for one in applications}
    measures = _measures({one.call_id for one in found.values()})
    scores: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    sent = Review.objects.filter(application__in=found, sent_at__isnull=False, phase__scores=True)
    reviews = list(sent.values_list("pk", "application_id", "abstained"))
    given = Score.objects.filter(review__in=[key for key, _application, _abstained in reviews])
    for review, criterion, value in given.values_list("review_id", "criterion_id", "value"):
        scores[review][str(criterion)] = value
    totals: dict[UUID, list[Decimal | None]] = defaultdict(list)
    for key, application, abstained in reviews:
        total = scoring.total(measures[found[application].call_id], scores[key])
        totals[application].append(None if abstained else total)
    together = _together(found)
    return {
        key: _with(scoring.result(totals[key]), measures[one.call_id], together[key])
        for key, one in found.items()
    }


def _with(
    result: scoring.Result, measures: list[scoring.Measure], together: Mapping[str, Decimal]
) -> scoring.Result:
    total = scoring.total(measures, together)
    if total is None:
        return result
    mean = scoring.rounded(total)
    return scoring.Result(mean, result.median, result.spread, result.count, result.abstained)


def _measures(calls: set[UUID]) -> dict[UUID, list[scoring.Measure]]:
    measures: dict[UUID, list[scoring.Measure]] = defaultdict(list)
    rows = Criterion.objects.filter(call__in=calls).order_by("call", "position")
    for call, key, weight, scale in rows.values_list("call_id", "pk", "weight", "scale"):
        measures[call].append(scoring.Measure(str(key), weight, scale))
    return measures


def _together(found: Mapping[UUID, Application]) -> dict[UUID, dict[str, Decimal]]:
    together: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    rows = Agreed.objects.filter(application__in=found)
    for application, criterion, value in rows.values_list(
        "application_id", "criterion_id", "value"
    ):
        together[application][str(criterion)] = value
    return together


def agreed_of(application: Application) -> dict[UUID, Decimal]:
    """Give the scores given together to a file, by criterion."""
    rows = Agreed.objects.filter(application=application)
    return dict(rows.values_list("criterion_id", "value"))


def loads(*, on: date) -> dict[UUID, int]:
    """Give how many opinions each reviewer still owes."""
    rows = Review.objects.filter(sent_at=None, application__stage=Stage.UNDER_REVIEW)
    counted = rows.order_by().values_list("person_id").annotate(number=Count("pk"))
    return dict.fromkeys(reviewers(on=on).values_list("person_id", flat=True), 0) | dict(counted)


def interests(person: Any, *, on: date) -> QuerySet[Interest]:
    """Give what somebody declared and that still holds."""
    rows = Interest.objects.filter(in_force(on), person=person)
    return rows.select_related("organisation", "application")


def interest(key: UUID, person: Any) -> Interest | None:
    """Give a declared interest of somebody's own, or None."""
    return Interest.objects.filter(pk=key, person=person).first()
