"""Reads of applications: lists, one file, what waits; only ever what the reader may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet

from communs.core.communities.models import Community
from communs.core.kit.text import clean_line, words
from communs.core.people.models import Person
from communs.services.fund.enums import PartnerRole, Stage
from communs.services.fund.models import (
    Application,
    Call,
    Expense,
    Missing,
    Organisation,
    Partner,
    Resource,
    Site,
    Standing,
    Step,
    standing_of,
)

_LISTED = (
    "number",
    "title",
    "stage",
    "stage_since",
    "requested",
    "begun_at",
    "submitted_at",
    "community",
    "call__code",
    "call__title",
    "call__closes_at",
    "instructor",
    "score",
    "opinions_asked",
    "opinions_sent",
)
MINE = "mine"
NOBODYS = "nobody"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of the list of files; empty is no condition."""

    q: str = ""
    call: str = ""
    stage: str = ""
    instructor: str = ""


def files(person: Any, wanted: Wanted, *, on: date) -> QuerySet[Application]:
    """Give the files that a person may read, as a list shows them, the latest moved first.

    Instructors are read after: joined, each file that is found meets each person before the first
    page is cut, as the database cannot guess how many files have a word in them.
    """
    rows = _asked(person, wanted, on=on).select_related("call").only(*_LISTED)
    held = Partner.objects.filter(left_at=None).select_related("organisation")
    names = held.only("application", "organisation__name").order_by("application", "id")
    shown: QuerySet[Application] = rows.prefetch_related(
        Prefetch("partners", names),
        Prefetch("instructor", Person.objects.only("name")),
    ).order_by("-stage_since", "-number")
    return shown


def stage_counts(person: Any, wanted: Wanted, *, on: date) -> Mapping[str, int]:
    """Give how many files there are by stage, whatever stage is asked for; one query."""
    rows = _asked(person, Wanted(wanted.q, wanted.call, "", wanted.instructor), on=on)
    return dict(rows.order_by().values_list("stage").annotate(n=Count("*")))


def file(number: str, person: Any, *, on: date) -> Application | None:
    """Give a file with all that its page shows, or None to who may not read it."""
    rows = Application.objects.readable_by(person, on=on).filter(number=number)
    found: Application | None = whole(rows).first()
    return found


def whole(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Give files with all that their pages show."""
    return judged(rows).prefetch_related(Prefetch("steps", Step.objects.order_by("id")))


def judged(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Give files with their call and its rules, answers, partners, plan and what is missing."""
    related = ("call__rules", "call__programme", "answers__version", "instructor", "site__body")
    return rows.select_related(*related).prefetch_related(
        _with_partners(),
        Prefetch("expenses", Expense.objects.order_by("position")),
        Prefetch("resources", Resource.objects.order_by("position")),
        Prefetch("missing", Missing.objects.select_related("file").order_by("id")),
    )


def named(number: str, person: Any, *, on: date) -> Application | None:
    """Give a file with its call and partners alone, for who is about to change it; or None."""
    rows = Application.objects.readable_by(person, on=on).filter(number=number)
    related = rows.select_related("call__rules", "call__programme")
    found: Application | None = related.prefetch_related(_with_partners()).first()
    return found


def by_key(key: UUID) -> Application | None:
    """Give a file whole, for what the house itself does with it, such as telling its partners."""
    return whole(Application.objects.filter(pk=key)).first()


def reread(application: Application) -> Application:
    """Give a file whole, as it is now, to who has just changed it."""
    found: Application = whole(Application.objects.filter(pk=application.pk)).get()
    return found


def is_readable(key: UUID | str, person: Any, *, on: date) -> bool:
    """Tell whether a person may read a file."""
    rows = Application.objects.readable_by(person, on=on)
    return bool(rows.filter(pk=key).exists())


def same_draft(
    organisation: Organisation, call: Call, title: str, site: Site | None, *, since: datetime
) -> Application | None:
    """Give a draft that an organisation began since then in a call, of the same title and site."""
    rows = Application.objects.filter(
        call=call, stage=Stage.DRAFT, title=clean_line(title), site=site, begun_at__gte=since
    )
    led = Partner.objects.filter(organisation=organisation, role=PartnerRole.LEAD, left_at=None)
    found: Application | None = rows.filter(pk__in=led.values("application")).first()
    return found


def forgotten_drafts(*, at: datetime) -> QuerySet[Application]:
    """Give the drafts that nobody wrote in for as long as their form says."""
    over = Q(answers=None) | Q(answers__expires_at__lte=at)
    return Application.objects.filter(over, stage=Stage.DRAFT).order_by("pk")


def own_partners(application: Application, standing: Standing) -> list[Partner]:
    """Give the partners of a file for which somebody writes."""
    return [
        one
        for one in application.partners.all()
        if one.left_at is None and one.organisation_id in standing.writes
    ]


def applicants(person: Any, *, on: date) -> tuple[list[Community], list[Organisation]]:
    """Give the communes and territories, then the firms, for which a person may apply."""
    standing = standing_of(person, on=on)
    bodies = Community.objects.filter(pk__in=standing.bodies).order_by("name")
    firms = Organisation.objects.filter(pk__in=standing.writes, body=None).order_by("name")
    return list(bodies), list(firms)


def stage_shown(application: Application, *, inside: bool) -> Stage:
    """Give the stage that a reader is told: what the committee proposes is told to nobody yet."""
    stage = Stage(application.stage)
    return Stage.IN_COMMITTEE if stage in Stage.secret() and not inside else stage


def to_check(person: Any, *, on: date) -> QuerySet[Application]:
    """Give what waits for an instructor: theirs and nobody's, what waits longest first."""
    rows = Application.objects.readable_by(person, on=on)
    waiting = [Stage.SUBMITTED, Stage.COMPLETE, Stage.INCOMPLETE, Stage.UNDER_REVIEW]
    theirs = Q(instructor=person.pk) | Q(instructor=None)
    open_items = Q(missing__answered_at=None, missing__accepted_at=None)
    found: QuerySet[Application] = (
        rows.filter(theirs, stage__in=waiting)
        .select_related("call", "instructor")
        .annotate(due_on=Min("missing__due_on", filter=open_items))
        .annotate(asked_again=Max("missing__answered_at"))
        .order_by("stage_since", "number")
    )
    return found


def to_write(person: Any, *, on: date) -> QuerySet[Application]:
    """Give the files of a person's organisations that are not decided, with what they lack."""
    standing = standing_of(person, on=on)
    rows = Application.objects.readable_by(person, on=on)
    theirs = Partner.objects.filter(organisation__in=standing.writes, left_at=None)
    over = [Stage.AWARDED, Stage.REFUSED, Stage.WITHDRAWN, Stage.CLOSED]
    rows = rows.filter(pk__in=theirs.values("application")).exclude(stage__in=over)
    return whole(rows).order_by("-stage_since", "-number")


def _with_partners() -> Prefetch:
    partners = Partner.objects.select_related("organisation__body", "mandate", "signed_by")
    return Prefetch("partners", partners.order_by("id"))


def _asked(person: Any, wanted: Wanted, *, on: date) -> QuerySet[Application]:
    rows: QuerySet[Application] = Application.objects.readable_by(person, on=on)
    for word in words(wanted.q):
        rows = rows.filter(words__contains=word)
    if wanted.call:
        rows = rows.filter(call__code=wanted.call)
    if wanted.stage:
        rows = rows.filter(stage=wanted.stage)
    if wanted.instructor == MINE:
        rows = rows.filter(instructor=person.pk)
    elif wanted.instructor == NOBODYS:
        rows = rows.filter(instructor=None)
    return rows
