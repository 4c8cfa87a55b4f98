"""Reads of calls and of what they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, DecimalField, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.kit.localised import moment
from communs.core.kit.periods import in_force
from communs.core.registry.service import noop
from communs.core.search.documents import Searchable
from communs.services.fund.enums import CallKind, CallState, Challenge
from communs.services.fund.models import (
    Application,
    Appointment,
    Call,
    Criterion,
    Envelope,
    FundingRules,
    Organisation,
    Phase,
    Programme,
    Site,
)


def why_not_open(call: Call, at: datetime) -> str:
    """Say why a call takes no application at an instant; "" where it does.

    The end is an instant, the same wherever one reads it from: the sentence gives it in local time.
    """
    if call.state != CallState.PUBLISHED or call.opens_at is None:
        return _("This call is not open.")
    if at < call.opens_at:
        return _("This call opens on %(moment)s (Paris time).") % {"moment": moment(call.opens_at)}
    if call.closes_at is not None and at >= call.closes_at:
        known = {"moment": moment(call.closes_at)}
        return _("This call closed on %(moment)s (Paris time).") % known
    return ""


def open_calls(*, at: datetime) -> QuerySet[Call]:
    """Give the published calls that are open or will be, those that close first before."""
    rows = Call.objects.filter(state=CallState.PUBLISHED)
    still = Q(closes_at=None) | Q(closes_at__gt=at)
    return rows.filter(still).select_related("programme").order_by("closes_at", "code")


def closed_calls(*, at: datetime) -> QuerySet[Call]:
    """Give the published calls that no longer take anything, the latest first."""
    rows = Call.objects.filter(state=CallState.PUBLISHED, closes_at__lte=at)
    return rows.select_related("programme").order_by("-closes_at", "code")


def call(code: str, *, drafts: bool = False) -> Call | None:
    """Give a call with all that it says; those in preparation only to who prepares them."""
    found = _whole(Call.objects.filter(code=code))
    return (found if drafts else found.exclude(state=CallState.DRAFT)).first()


def lacking(call: Call, at: datetime) -> list[tuple[str, str]]:
    """Give all that a call lacks before it may be published: each its field, if any, and why."""
    subsidy, solutions = call.kind == CallKind.SUBSIDY, call.kind == CallKind.SOLUTIONS
    over = call.closes_at is not None and call.closes_at <= at
    wanted = (
        (call.opens_at is None, "opens_at", _("Say when the call opens.")),
        (over, "closes_at", _("This end is past: choose a later one.")),
        (call.form is None, "form", _("Choose the form that applicants fill.")),
        (subsidy and call.rules is None, "rules", _("Choose the funding rules.")),
        (
            solutions and not call.sites.all(),
            "",
            _("Add the sites to which solutions answer first."),
        ),
        (
            not call.criteria.all(),
            "",
            _("Add the criteria by which applications are judged first."),
        ),
    )
    return [(field, sentence) for lacks, field, sentence in wanted if lacks]


def all_calls() -> QuerySet[Call]:
    """Give every call, those in preparation first."""
    return Call.objects.select_related("programme").order_by("-state", "-opens_at", "code")


def prepared_calls() -> QuerySet[Call]:
    """Give every call as who prepares it reads it, with what tells what it lacks."""
    return _whole(all_calls())


def calls_counted(person: Any, *, on: date) -> QuerySet[Call]:
    """Give every call with its files, begun and sent, that somebody may count."""
    theirs = Q(applications__in=Application.objects.countable_by(person, on=on))
    sent = theirs & Q(applications__submitted_at__isnull=False)
    return all_calls().annotate(
        file_count=Count("applications", filter=theirs, distinct=True),
        sent_count=Count("applications", filter=sent, distinct=True),
    )


def all_calls_named() -> QuerySet[Call]:
    """Give the calls that were published, by name, for a list to choose from."""
    rows = Call.objects.exclude(state=CallState.DRAFT)
    return rows.only("code", "title", "community").order_by("-opens_at", "code")


def programmes() -> QuerySet[Programme]:
    """Give the funds, by name."""
    return Programme.objects.order_by("acronym")


def programme_named(acronym: str) -> Programme | None:
    """Give the fund of this acronym, or None."""
    return Programme.objects.filter(acronym=acronym).order_by("pk").first()


def rules_versions() -> QuerySet[FundingRules]:
    """Give the rules, each version."""
    return FundingRules.objects.order_by("code", "-version")


def rules_of(key: UUID) -> FundingRules | None:
    """Give one version of rules, or None."""
    return FundingRules.objects.filter(pk=key).first()


def rules_named(code: str, version: int) -> FundingRules | None:
    """Give one version of rules by its name, or None."""
    return FundingRules.objects.filter(code=code, version=version).first()


def envelope(key: UUID) -> Envelope | None:
    """Give money voted, or None."""
    return Envelope.objects.filter(pk=key).first()


def envelopes() -> QuerySet[Envelope]:
    """Give the money voted, with `shared`, what its parts take; None where there is none."""
    parts = Envelope.objects.filter(parent=OuterRef("pk")).order_by().values("parent")
    added = parts.annotate(sum=Sum("amount")).values("sum")
    field = DecimalField(max_digits=14, decimal_places=2)
    rows = Envelope.objects.select_related("programme", "parent")
    return rows.annotate(shared=Subquery(added, output_field=field)).order_by("-year", "title")


def appointments(*, on: date) -> QuerySet[Appointment]:
    """Give the tasks of that day and of later, by task and name."""
    rows = Appointment.objects.filter(Q(until=None) | Q(until__gt=on))
    return rows.select_related("person", "mandate").order_by("duty", "person__name", "id")


def appointment(key: UUID) -> Appointment | None:
    """Give a task, or None."""
    return Appointment.objects.select_related("person").filter(pk=key).first()


def examiners(*, on: date) -> QuerySet[Appointment]:
    """Give who may answer for a file that day."""
    rows = Appointment.objects.filter(in_force(on), duty__in=["manager", "instructor"])
    return rows.select_related("person").order_by("person__name")


def organisations() -> QuerySet[Organisation]:
    """Give the firms and associations, by name, with `contact_count`."""
    rows = Organisation.objects.filter(body=None)
    return rows.annotate(contact_count=Count("contacts")).order_by("name")


def organisation(key: UUID) -> Organisation | None:
    """Give an organisation, or None."""
    return Organisation.objects.filter(pk=key).first()


def criterion(key: UUID) -> Criterion | None:
    """Give a criterion with its call, or None."""
    return Criterion.objects.select_related("call").filter(pk=key).first()


def phase(key: UUID) -> Phase | None:
    """Give a time of examination with its call, or None."""
    return Phase.objects.select_related("call").filter(pk=key).first()


def site(key: UUID) -> Site | None:
    """Give a site with its call, or None."""
    return Site.objects.select_related("call", "body").filter(pk=key).first()


def body_named(slug: str) -> Community | None:
    """Give the commune or territory of this slug, or None."""
    return Community.objects.filter(slug=slug).first()


def call_documents() -> Iterator[Searchable]:
    """Give the calls that everybody may find."""
    rows = Call.objects.filter(state=CallState.PUBLISHED).select_related("programme")
    for row in rows.order_by("pk").iterator(chunk_size=200):
        yield searchable_call(row)


def searchable_call(row: Call) -> Searchable:
    """Give what the site's search finds of a call."""
    parts = [row.summary, row.programme.acronym, row.programme.name, row.text]
    for language in ("fr", "en"):
        with override(language):
            parts += [str(Challenge(one).label) for one in row.challenges if one in Challenge]
    return Searchable(
        subject=row,
        kind=noop("Call"),
        title=row.title,
        text=" · ".join(dict.fromkeys(part for part in parts if part)),
        route="fund:call",
        args=(row.code,),
        on=row.opens_at.date() if row.opens_at else None,
    )


def _whole(rows: QuerySet[Call]) -> QuerySet[Call]:
    rows = rows.select_related("programme", "rules", "form__form", "envelope")
    return rows.prefetch_related("criteria", "phases", Prefetch("sites", _sites()))


def _sites() -> Any:
    return Site.objects.select_related("body").order_by("body__name", "title")
