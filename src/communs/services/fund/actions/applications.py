"""Applications: begun by an organisation, written by several of its agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.communities.models import Community
from communs.core.communities.scope import current
from communs.core.files.actions import forget
from communs.core.forms import filling
from communs.core.forms.engine.moving import Moved
from communs.core.forms.models import Version
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line, words
from communs.services.fund.actions.moving import answers_of, hold, hold_to_write
from communs.services.fund.engine.financing import amounts
from communs.services.fund.enums import CallKind, Challenge, Funder, PartnerRole, Stage
from communs.services.fund.models import (
    Application,
    Call,
    Expense,
    Organisation,
    Partner,
    Resource,
    Site,
    Step,
)
from communs.services.fund.queries.calls import why_not_open
from communs.services.fund.queries.explaining import amount_refused
from communs.services.fund.queries.plans import terms_of, version_of

MOST_LINES = 60
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class ExpenseLine:
    """A line of cost as it was written."""

    type: str
    label: str
    before_tax: Decimal | None = None
    with_tax: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """A line of what pays, as it was written."""

    funder: str
    label: str
    amount: Decimal
    secured: bool = False


@action("fund.application_begun")
def begin_application(
    *,
    call: Call,
    organisation: Organisation,
    title: str,
    site: Site | None = None,
    known: Mapping[str, Any] | None = None,
    at: datetime,
    by: Any,
) -> Application:
    """Begin a file for an organisation, which leads it; its number is the year's next.

    `known` are answers to the form that are known already.
    """
    closed = why_not_open(call, at)
    if closed:
        raise Refused(closed)
    _refuse_organisation(call, organisation)
    if (site is None) == (call.kind == CallKind.SOLUTIONS):
        raise Refused(_("Choose the site that you answer."), field="site")
    row = Application(
        call=call,
        number=_next_number(at),
        title=_title(title),
        site=site,
        begun_at=at,
        stage_since=at,
    )
    row.words = _words(row, [organisation])
    subject = f"fund.application:{row.pk}"
    assert call.form is not None  # noqa: S101 -- a published call has one: the database says so
    row.answers = filling.begin(version=call.form, subject=subject, values=known, at=at, by=by)
    row.save(force_insert=True)
    Partner.objects.create(
        application=row,
        organisation=organisation,
        role=PartnerRole.LEAD,
        share=_HUNDRED,
        invited_at=at,
    )
    author = getattr(by, "pk", None)
    Step.objects.create(application=row, before="", after=Stage.DRAFT, at=at, by=author)
    record(row, number=row.number, call=call.code)
    return row


@action("fund.project_described")
def describe_project(
    *,
    application: Application,
    title: str,
    summary: str,
    challenges: Sequence[str],
    by: Any,
) -> Application:
    """Write what the project is called, in one sentence, and which challenges it answers."""
    held = hold_to_write(application)
    known = list(dict.fromkeys(challenges))
    if not set(known) <= set(held.call.challenges or Challenge.values):
        raise Refused(_("Choose challenges among those of the call."), field="challenges")
    held.title, held.summary, held.challenges = _title(title), clean_line(summary), known
    held.words = _words(held, [one.organisation for one in _partners(held)])
    held.save(update_fields=["title", "summary", "challenges", "words"])
    record(held, number=held.number)
    return held


@action("fund.plan_written")
def write_plan(
    *,
    application: Application,
    expenses: Sequence[ExpenseLine],
    resources: Sequence[ResourceLine],
    requested: Decimal | None,
    seen: str,
    by: Any,
) -> Application:
    """Write what the project costs and what pays for it; whoever signed signs again.

    `seen` is the version that the page was opened at: a colleague's change is not written over.
    Rules may be broken in a draft; they may not when it is sent.
    """
    held = hold_to_write(application)
    before = version_of(held)
    if seen != before:
        sentence = _(
            "The plan or the partners changed meanwhile, in another tab or by somebody else: read"
            " them again first."
        )
        raise Refused(sentence, field="seen")
    held.requested = _amount(requested, "requested")
    _check_lines(held, expenses, resources)
    _replace_lines(held, expenses, resources)
    held.save(update_fields=["requested"])
    fresh = Application.objects.select_related("call__rules").get(pk=held.pk)
    if version_of(fresh) == before:
        nothing_done()
        return fresh
    unsigned = unsign(fresh)
    asked = None if fresh.requested is None else str(fresh.requested)
    record(fresh, number=fresh.number, requested=asked, unsigned=unsigned)
    return fresh


@action("fund.answers_written")
def write_answers(*, application: Application, change: Any, at: datetime, by: Any) -> filling.Kept:
    """Keep what a page of the form posts, what is refused too; see `core/forms`."""
    held = hold_to_write(application)
    kept = filling.apply(answers=answers_of(held), change=change, at=at, by=by)
    if kept.changed or change.add or change.remove:
        record(held, number=held.number, page=change.page)
    else:
        nothing_done()
    return kept


@action("fund.answers_moved")
def move_answers(*, application: Application, version: Version, at: datetime, by: Any) -> Moved:
    """Move a draft to a newer version of its form, as its writer asks once shown what changes."""
    held = hold_to_write(application)
    moved = filling.rebase(answers=answers_of(held), version=version, at=at, by=by)
    record(held, number=held.number, version=version.number)
    return moved


@action("fund.draft_forgotten")
def forget_draft(*, application: Application, at: datetime, by: Any) -> None:
    """Erase a draft that nobody wrote in for as long as its form says, with all that it holds."""
    held = hold(application)
    answers = held.answers
    if held.stage != Stage.DRAFT or (answers is not None and answers.expires_at > at):
        nothing_done()
        return
    mandates = [one.mandate for one in held.partners.select_related("mandate") if one.mandate]
    record(held, number=held.number)
    held.delete()
    for mandate in mandates:
        forget(file=mandate, by=by)
    if answers is not None:
        filling.forget(answers=answers, by=by)


def unsign(application: Application) -> int:
    """Take back every agreement to what has just changed; give how many there were."""
    signed = Partner.objects.filter(application=application, signed_at__isnull=False)
    return int(signed.update(signed_at=None, signed_by=None))


def organisation_words(application: Application) -> str:
    """Give what a file is found by once its partners changed."""
    return _words(application, [one.organisation for one in _partners(application)])


def _refuse_organisation(call: Call, organisation: Organisation) -> None:
    is_body = organisation.body_id is not None
    if call.kind == CallKind.SUBSIDY and not is_body:
        raise Refused(_("Communes and territories answer this call."), field="organisation")
    if call.kind == CallKind.SOLUTIONS and is_body:
        sentence = _("Firms and associations answer this call; communes offer its sites.")
        raise Refused(sentence, field="organisation")


def _next_number(at: datetime) -> str:
    """Give the next number of the year here; the community is held, so that two do not meet."""
    Community.objects.select_for_update(no_key=True).get(pk=current().pk)
    start = f"{at.astimezone(timezone.get_current_timezone()).year}-"
    last = Application.objects.filter(number__startswith=start).order_by("-number").first()
    return f"{start}{int(last.number.removeprefix(start)) + 1 if last else 1:05d}"


def _title(title: str) -> str:
    line = clean_line(title)
    if not line:
        raise Refused(_("Write what the project is called."), field="title")
    return line


def _words(application: Application, organisations: Sequence[Organisation]) -> str:
    names = [one.name for one in organisations]
    text = " ".join([application.number, application.title, application.summary, *names])
    return " ".join(words(text))


def _partners(application: Application) -> Sequence[Partner]:
    rows = application.partners.filter(left_at=None)
    return list(rows.select_related("organisation").order_by("id"))


def _amount(given: Decimal | None, field: str) -> Decimal | None:
    """Check an amount that a program or a page gave; what is not known stays unknown."""
    if given is None:
        return None
    try:
        return amounts.checked(given)
    except amounts.Unfit as fault:
        raise Refused(amount_refused(fault), field=field) from fault


def _check_lines(
    held: Application, expenses: Sequence[ExpenseLine], resources: Sequence[ResourceLine]
) -> None:
    if max(len(expenses), len(resources)) > MOST_LINES:
        raise Refused(_("Write at most %(most)s lines.") % {"most": MOST_LINES})
    rules = terms_of(held.call)
    known = {one.code for one in rules.expense_types} if rules else set()
    for number, line in enumerate(expenses, start=1):
        if known and line.type not in known:
            raise Refused(_("Choose a kind of expense."), field=f"expense_{number}_type")
        _check_expense(line, f"expense_{number}")
    for number, resource in enumerate(resources, start=1):
        if resource.funder not in Funder.values:
            raise Refused(_("Choose who pays."), field=f"resource_{number}_funder")
        _amount(resource.amount, f"resource_{number}_amount")


def _check_expense(line: ExpenseLine, start: str) -> None:
    if not clean_line(line.label):
        raise Refused(_("Write what this line pays for."), field=f"{start}_label")
    net = _amount(line.before_tax, f"{start}_before_tax")
    gross = _amount(line.with_tax, f"{start}_with_tax")
    if net is None and gross is None:
        raise Refused(_("Write what this line costs."), field=f"{start}_before_tax")
    if net is not None and gross is not None and gross < net:
        sentence = _("With tax, a line does not cost less than before tax.")
        raise Refused(sentence, field=f"{start}_with_tax")


def _replace_lines(
    held: Application, expenses: Sequence[ExpenseLine], resources: Sequence[ResourceLine]
) -> None:
    held.expenses.all().delete()
    held.resources.all().delete()
    Expense.objects.bulk_create(
        Expense(
            application=held,
            position=number,
            type=line.type,
            label=clean_line(line.label),
            before_tax=line.before_tax,
            with_tax=line.with_tax,
        )
        for number, line in enumerate(expenses, start=1)
    )
    Resource.objects.bulk_create(
        Resource(
            application=held,
            position=number,
            funder=line.funder,
            label=clean_line(line.label) or str(Funder(line.funder).label),
            amount=line.amount,
            secured=line.secured,
        )
        for number, line in enumerate(resources, start=1)
    )
