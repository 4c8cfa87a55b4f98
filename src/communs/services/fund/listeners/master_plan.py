"""What an evaluation teaches is proposed to the master plan; who reviews it hears."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communs.core.communities.scope import current
from communs.core.journal.listeners import listens_to
from communs.core.journal.models import Event
from communs.core.kit.periods import in_force
from communs.core.notifications.actions import Link, notify
from communs.core.notifications.notices import Notice, declare
from communs.core.people.models import Person
from communs.core.registry.service import noop
from communs.services.fund import actions
from communs.services.fund.enums import Duty, LessonState
from communs.services.fund.models import Appointment, Evaluation, Lesson
from communs.services.fund.queries import master_plan

_ABOUT = _("lessons for the master plan")

declare(
    Notice(
        key="fund.lesson_to_review",
        about=_ABOUT,
        title=noop("A lesson for the master plan waits for a review"),
        text=noop("It comes from the evaluation of “%(title)s”."),
    ),
    Notice(
        key="fund.lesson_sent_back",
        about=_ABOUT,
        title=noop("A lesson for the master plan is to be written again"),
        text=noop("It comes from the evaluation of “%(title)s”. Reason: %(reason)s"),
    ),
)


@listens_to("fund.verdict_decided")
def draw_lesson(event: Event) -> None:
    """Propose a lesson from a verdict, under the grant's challenge; a manager may write it anew.

    Where no challenge is known, the evaluation waits on the manager's page instead.
    """
    found = _evaluation(event)
    challenge = None if found is None else master_plan.challenge_of(found)
    finding = "" if found is None else found.finding or found.reason
    if found is not None and challenge and finding:
        actions.propose_lesson(
            evaluation=found,
            challenge=challenge,
            finding=finding,
            recommendation=found.recommendation,
            at=event.at,
            by=None,
        )


@listens_to("fund.lesson_proposed", "fund.lesson_written", "fund.lesson_reviewed")
def tell_reviewers(event: Event) -> None:
    """Tell who reviews that a lesson waits, or managers that one is to be written again."""
    rows = Lesson.objects.select_related("evaluation__experiment")
    found = rows.filter(pk=event.subject.partition(":")[2]).first()
    waits = event.name != "fund.lesson_reviewed"
    if found is None or found.state != (LessonState.PROPOSED if waits else LessonState.SENT_BACK):
        return
    duties = (Duty.SECRETARY, Duty.CHAIR) if waits else (Duty.MANAGER,)
    data = {"title": found.evaluation.experiment.title}
    notify(
        notice="fund.lesson_to_review" if waits else "fund.lesson_sent_back",
        people=_people(found, duties, event),
        subject=event.subject,
        once=str(event.pk),
        data=data if waits else data | {"reason": found.reason},
        link=Link(current(), "fund:lesson", (str(found.pk),)),
        at=event.at,
    )


def _evaluation(event: Event) -> Evaluation | None:
    label, _mark, key = event.subject.partition(":")
    if label != "fund.evaluation":
        return None
    rows = Evaluation.objects.filter(pk=UUID(key), decided_at__isnull=False)
    return rows.select_related("experiment__grant__application").first()


def _people(found: Lesson, duties: tuple[str, ...], event: Event) -> list[Person]:
    """Give who has one of these tasks, but not who is kept away from it, nor who did it."""
    on = event.at.date()
    tasks = Appointment.objects.filter(in_force(on), duty__in=duties).values("person")
    rows = Person.objects.filter(pk__in=tasks, is_active=True).filter(~Q(pk=event.actor))
    return [one for one in rows if master_plan.lesson(found.pk, one, on=on) is not None]
