"""Examination: files given to reviewers, opinions sent, scores given together, interests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line, clean_text
from communs.core.people.models import Person
from communs.services.fund.actions.moving import hold, move
from communs.services.fund.engine.examination.scoring import is_score
from communs.services.fund.engine.examination.sharing import Reviewer, share_out
from communs.services.fund.enums import Opinion, Stage, Way
from communs.services.fund.models import (
    Agreed,
    Application,
    Call,
    Criterion,
    Interest,
    Organisation,
    Phase,
    Review,
    Score,
)
from communs.services.fund.queries import examination as queries


@action("fund.interest_declared")
def declare_interest(
    *,
    organisation: Organisation | None = None,
    application: Application | None = None,
    words: str,
    on: date,
    by: Person,
) -> Interest:
    """Say what one has in common with an organisation or a file: it is no longer there for them."""
    line = clean_line(words)
    if not line:
        raise Refused(_("Say in a few words what ties you to it."), field="words")
    about = {"organisation": organisation, "application": application}
    if Interest.objects.filter(person=by, until=None, **about).exists():
        raise Refused(_("You declared this already."), field="organisation")
    row = Interest.objects.create(person=by, words=line, since=on, **about)
    if application is not None:
        Review.objects.filter(application=application, person=by, sent_at=None).delete()
        tally([application])
    record(row, person=str(by.pk))
    return row


@action("fund.interest_ended")
def end_interest(*, interest: Interest, on: date, by: Any) -> None:
    """Say that a tie is over; what was decided meanwhile stays as it is."""
    held = Interest.objects.select_for_update().get(pk=interest.pk)
    if held.until is not None:
        raise Refused(_("This is over already."))
    held.until = max(on, held.since)
    held.save(update_fields=["until"])
    record(held, person=str(held.person_id))


@action("fund.review_assigned")
def assign_review(
    *,
    application: Application,
    phase: Phase,
    person: Person,
    way: str = Way.HAND,
    on: date,
    at: datetime,
    by: Any,
) -> Review:
    """Give a file to a reviewer for a phase; never to who is kept away from it."""
    held = hold(application)
    _refuse_unless_examined(held)
    if person.pk not in set(queries.reviewers(on=on).values_list("person_id", flat=True)):
        raise Refused(_("This person examines no files on that day."), field="person")
    for one in queries.barred([held], on=on)[held.pk]:
        if one.person.pk == person.pk:
            words = _("%(name)s is kept away from this file: %(ground)s.")
            raise Refused(words % {"name": person.name, "ground": one.ground.label}, field="person")
    row, made = Review.objects.get_or_create(
        application=held, phase=phase, person=person, defaults={"assigned_at": at, "way": way}
    )
    if not made:
        raise Refused(_("This person has this file already."), field="person")
    tally([held])
    record(row, number=held.number, person=str(person.pk), way=str(way))
    return row


@action("fund.review_withdrawn")
def withdraw_review(*, review: Review, by: Any) -> None:
    """Take a file back from a reviewer who has not sent their opinion."""
    held = Review.objects.select_for_update().get(pk=review.pk)
    if held.sent_at is not None:
        raise Refused(_("This opinion is sent: it stays."))
    record(held, number=review.application.number, person=str(held.person_id))
    held.delete()
    tally([review.application])


@action("fund.reviews_shared")
def share_reviews(
    *,
    call: Call,
    phase: Phase,
    each: int,
    by_challenge: bool = False,
    on: date,
    at: datetime,
    by: Any,
) -> list[Application]:
    """Share a call's files out among its reviewers, so many a file; give those that lack some."""
    if not 1 <= each <= 20:  # noqa: PLR2004 -- a committee has no more
        raise Refused(_("Between 1 and 20 reviewers for a file."), field="each")
    rows = Application.objects.filter(call=call, stage=Stage.UNDER_REVIEW).order_by("number")
    files = {str(one.pk): one for one in rows}
    if not files:
        raise Refused(_("No file of this call is under examination."))
    people = _reviewers(list(files.values()), phase, on)
    challenges = {key: frozenset(one.challenges) for key, one in files.items()}
    chosen, lacking = share_out(challenges, people, each, by_challenge=by_challenge)
    way = Way.CHALLENGE if by_challenge else Way.BALANCED
    Review.objects.bulk_create(
        Review(application=files[key], phase=phase, person_id=one, way=way, assigned_at=at)
        for key, keys in chosen.items()
        for one in keys
    )
    tally(files.values())
    given = sum(len(keys) for keys in chosen.values())
    if given:
        record(call, phase=phase.position, each=each, given=given, lacking=len(lacking))
    else:
        nothing_done()
    return [files[key] for key in lacking]


def _reviewers(files: list[Application], phase: Phase, on: date) -> list[Reviewer]:
    """Give reviewers with what they have, what they know and what they may not have."""
    loads = queries.loads(on=on)
    kept = queries.barred(files, on=on)
    have = Review.objects.filter(application__in=files, phase=phase)
    given = list(have.values_list("person_id", "application_id"))
    known: dict[UUID, set[str]] = {}
    for task in queries.reviewers(on=on):
        known.setdefault(task.person_id, set()).update(task.challenges)
    return [
        Reviewer(
            key=str(person),
            load=loads.get(person, 0),
            barred=frozenset(
                str(file) for file, all_ in kept.items() if any(b.person.pk == person for b in all_)
            ),
            challenges=frozenset(challenges),
            given={str(file) for one, file in given if one == person},
        )
        for person, challenges in known.items()
    ]


@action("fund.review_sent")
def send_review(
    *,
    review: Review,
    scores: Mapping[UUID, Decimal],
    opinion: str = "",
    comment: str = "",
    abstained: bool = False,
    at: datetime,
    by: Any,
) -> Review:
    """Send an opinion: every criterion scored in halves, or an abstention that says why."""
    rows = Review.objects.select_related("application", "phase")
    held = rows.select_for_update(of=("self",)).get(pk=review.pk)
    _refuse_unless_examined(held.application)
    criteria = queries.criteria_of(held.application)
    if abstained:
        if not comment.strip():
            raise Refused(_("Say why you abstain."), field="comment")
        scores, opinion = {}, ""
    else:
        _refuse_opinion(opinion)
        if held.phase.scores:
            _refuse_scores(criteria, scores)
    words = clean_text(comment)
    changed = {"opinion": opinion, "comment": words, "abstained": abstained, "sent_at": at}
    for name, value in changed.items():
        setattr(held, name, value)
    held.save(update_fields=list(changed))
    Score.objects.filter(review=held).delete()
    if held.phase.scores:
        _keep_scores(held, criteria, scores)
    tally([held.application])
    record(held, number=held.application.number, abstained=abstained)
    return held


def _keep_scores(review: Review, criteria: Iterable[Criterion], scores: Mapping[UUID, Any]) -> None:
    Score.objects.bulk_create(
        Score(review=review, criterion=one, value=scores[one.pk])
        for one in criteria
        if one.pk in scores
    )


@action("fund.scores_agreed")
def agree_scores(
    *, application: Application, scores: Mapping[UUID, Decimal], at: datetime, by: Any
) -> None:
    """Keep the scores that the reviewers gave together, after each gave their own."""
    held = hold(application)
    _refuse_unless_examined(held)
    if not Review.objects.filter(application=held, sent_at__isnull=False).exists():
        raise Refused(_("Each reviewer gives their own opinion first."))
    criteria = queries.criteria_of(held)
    _refuse_scores(criteria, scores)
    for one in criteria:
        values = {"value": scores[one.pk], "at": at}
        Agreed.objects.update_or_create(application=held, criterion=one, defaults=values)
    tally([held])
    record(held, number=held.number)


@action("fund.application_reviewed")
def finish_examination(
    *, application: Application, reason: str = "", at: datetime, by: Any
) -> Application:
    """Say that a file is examined: it may go before the committee. Opinions still owed say why."""
    held = hold(application)
    reviews = Review.objects.filter(application=held)
    if not reviews.filter(sent_at__isnull=False).exists():
        raise Refused(_("No opinion was sent on this file yet."))
    owed = reviews.filter(sent_at=None).count()
    if owed and not clean_line(reason):
        words = _("Some opinions are still owed: say why they are not waited for.")
        raise Refused(words, field="reason")
    reviews.filter(sent_at=None).delete()
    tally([held])
    move(application=held, to=Stage.REVIEWED, at=at, reason=reason, by=by)
    record(held, number=held.number, owed=owed)
    return held


def tally(applications: Iterable[Application]) -> None:
    """Write on files the score that their opinions give, how many were asked for and sent."""
    found = list(applications)
    results = queries.results(found)
    asked = Review.objects.filter(application__in=found).values_list("application_id")
    numbers = dict(asked.annotate(number=Count("pk")).order_by())
    for one in found:
        result = results[one.pk]
        one.score = result.mean
        one.opinions_sent = result.count + result.abstained
        one.opinions_asked = max(numbers.get(one.pk, 0), one.opinions_sent)
    Application.objects.bulk_update(found, ["score", "opinions_asked", "opinions_sent"])


def _refuse_unless_examined(application: Application) -> None:
    if application.stage != Stage.UNDER_REVIEW:
        raise Refused(_("This file is not under examination now."))


def _refuse_opinion(opinion: str) -> None:
    if opinion not in Opinion.values:
        raise Refused(_("Choose your opinion."), field="opinion")


def _refuse_scores(criteria: Iterable[Criterion], scores: Mapping[UUID, Decimal]) -> None:
    for one in criteria:
        value = scores.get(one.pk)
        if value is None or not is_score(value, one.scale):
            known = {"criterion": one.title, "scale": one.scale}
            sentence = _("%(criterion)s: a score from 0 to %(scale)s, in halves.") % known
            raise Refused(sentence, field=f"score_{one.code}")
