"""Calls: written, published with rules that no longer change, and closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from communs.core.communities.models import Community
from communs.core.forms.models import Version
from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line, clean_text
from communs.core.search.index import drop, index
from communs.services.fund.enums import CallKind, CallState
from communs.services.fund.models import (
    Application,
    Call,
    Criterion,
    Envelope,
    FundingRules,
    Phase,
    Programme,
    Score,
    Site,
)
from communs.services.fund.queries.calls import lacking, searchable_call

_CODE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class FirstCriterion:
    """What applications are judged by, as it is written with the call; no title is none."""

    title: str
    weight: int = 1


def first_phases(kind: str) -> list[str]:
    """Name the times of examination with which a call begins."""
    return [_("Individual opinions")] if kind == CallKind.SUBSIDY else []


@action("fund.call_added")
def add_call(
    *,
    programme: Programme,
    kind: str,
    title: str,
    summary: str = "",
    text: str = "",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    rules: FundingRules | None = None,
    form: Version | None = None,
    envelope: Envelope | None = None,
    challenges: Sequence[str] = (),
    example: bool = False,
    criteria: Sequence[FirstCriterion] = (),
    phases: Sequence[str] = (),
    by: Any,
) -> Call:
    """Begin a call, with its first criteria and phases; nobody sees it before it is published."""
    row = Call(programme=programme, kind=kind, code=_code(title), example=example)
    _write(
        row,
        title=title,
        summary=summary,
        text=text,
        opens_at=opens_at,
        closes_at=closes_at,
        rules=rules,
        form=form,
        envelope=envelope,
        challenges=challenges,
    )
    row.save(force_insert=True)
    _judge(row, criteria)
    titles = enumerate(phases, start=1)
    Phase.objects.bulk_create(Phase(call=row, position=n, title=title) for n, title in titles)
    record(row, code=row.code)
    return row


@action("fund.call_changed")
def change_call(*, call: Call, at: datetime, by: Any, **values: Any) -> Call:
    """Change a call. Once it is published its rules, form and opening stay; its end may come later.

    Takes the same words as `add_call`, but for the programme and the kind.
    """
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.state != CallState.DRAFT:
        _refuse_moved(held, values, at)
    _write(held, **values)
    held.save()
    if held.state == CallState.PUBLISHED:
        index(searchable_call(held))
    record(held, code=held.code)
    return held


@action("fund.call_published")
def publish_call(*, call: Call, at: datetime, by: Any) -> Call:
    """Show a call to everybody; from its opening on, it takes applications."""
    held = Call.objects.select_for_update().get(pk=call.pk)
    _refuse_unready(held, at)
    mine = Call.objects.filter(pk=held.pk, state=CallState.DRAFT)
    if not mine.update(state=CallState.PUBLISHED, published_at=at):
        raise Refused(_("This call is published already."))
    held.refresh_from_db()
    index(searchable_call(held))
    record(held, code=held.code)
    return held


@action("fund.call_archived")
def archive_call(*, call: Call, at: datetime, by: Any) -> None:
    """Take a call that is closed off the list of calls; its files stay."""
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.state != CallState.PUBLISHED:
        raise Refused(_("Only a published call is archived."))
    if held.closes_at is None or held.closes_at > at:
        raise Refused(_("This call still takes applications: close it first."))
    held.state = CallState.ARCHIVED
    held.save(update_fields=["state"])
    drop(held)
    record(held, code=held.code)


@action("fund.criterion_added")
def add_criterion(
    *, call: Call, title: str, explanation: str = "", weight: int = 1, scale: int = 5, by: Any
) -> Criterion:
    """Add what applications are judged by; the list is settled once the call is published."""
    held = _draft(call)
    line = clean_line(title)
    code = slugify(line)[:_CODE_LENGTH]
    if not code:
        raise Refused(_("Write what is judged."), field="title")
    place = held.criteria.count() + 1
    values = {"title": line, "help": clean_line(explanation), "weight": weight, "scale": scale}
    row, made = Criterion.objects.get_or_create(
        call=held, code=code, defaults=values | {"position": place}
    )
    if not made:
        raise Refused(_("This call has this criterion already."), field="title")
    record(held, criterion=code, weight=weight)
    return row


@action("fund.criterion_removed")
def remove_criterion(*, criterion: Criterion, by: Any) -> None:
    """Take a criterion away from a call that is not published, and by which nobody judged yet."""
    held = _draft(criterion.call)
    if Score.objects.filter(criterion=criterion).exists():
        raise Refused(_("Opinions were given by this criterion: it stays."))
    record(held, criterion=criterion.code)
    criterion.delete()


@action("fund.phase_added")
def add_phase(*, call: Call, phase: dict[str, Any], by: Any) -> Phase:
    """Add a time of examination: title, begins_on, ends_on, scores, sees_others, sees_names."""
    held = Call.objects.select_for_update().get(pk=call.pk)
    line = clean_line(phase["title"])
    if not line:
        raise Refused(_("Write what this phase is called."), field="title")
    begins, ends = phase.get("begins_on"), phase.get("ends_on")
    if begins is not None and ends is not None and ends < begins:
        raise Refused(_("The last day comes after the first one."), field="ends_on")
    last = held.phases.order_by("-position").values_list("position", flat=True).first() or 0
    row = Phase.objects.create(call=held, position=last + 1, **phase | {"title": line})
    record(held, phase=line)
    return row


@action("fund.phase_removed")
def remove_phase(*, phase: Phase, by: Any) -> None:
    """Take a time of examination away in which nobody was asked for an opinion."""
    if phase.reviews.exists():
        raise Refused(_("Opinions were asked for in this phase: it stays."))
    record(phase.call, phase=phase.title)
    phase.delete()


@action("fund.site_added")
def add_site(
    *, call: Call, body: Community, title: str, challenge: str, place: str = "", by: Any
) -> Site:
    """Add where a commune offers to try solutions, and the challenge that it sets there."""
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.kind != CallKind.SOLUTIONS:
        raise Refused(_("Only a call for solutions has sites."))
    line, words = clean_line(title), clean_text(challenge)
    if not line:
        raise Refused(_("Write what this site is called."), field="title")
    if not words:
        raise Refused(_("Write the challenge that solutions should answer."), field="challenge")
    values = {"challenge": words, "place": clean_line(place)}
    row, made = Site.objects.get_or_create(call=held, body=body, title=line, defaults=values)
    if not made:
        raise Refused(_("This commune has a site of this name already."), field="title")
    record(held, site=line, body=body.slug)
    return row


@action("fund.site_removed")
def remove_site(*, site: Site, by: Any) -> None:
    """Take a site away that nobody answered yet."""
    if Application.objects.filter(site=site).exists():
        raise Refused(_("Somebody answers this site already: it stays."))
    record(site.call, site=site.title)
    site.delete()


def _draft(call: Call) -> Call:
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.state != CallState.DRAFT:
        raise Refused(_("This call is published: its criteria no longer change."))
    return held


def _code(title: str) -> str:
    code = slugify(title)[:_CODE_LENGTH].strip("-")
    if not code:
        raise Refused(_("Write a title in letters and digits."), field="title")
    if Call.objects.filter(code=code).exists():
        raise Refused(_("Another call has this title."), field="title")
    return code


def _write(row: Call, **values: Any) -> None:
    for name in ("title", "summary"):
        values[name] = clean_line(values[name])
    values["challenges"] = list(values["challenges"])
    for name, value in values.items():
        setattr(row, name, value)
    if not row.title:
        raise Refused(_("Write a title."), field="title")
    if row.closes_at is not None and (row.opens_at is None or row.closes_at <= row.opens_at):
        raise Refused(_("A call closes after it opens."), field="closes_at")
    if row.envelope is not None and row.envelope.programme_id != row.programme_id:
        raise Refused(_("This envelope belongs to another programme."), field="envelope")


def _refuse_moved(held: Call, values: dict[str, Any], at: datetime) -> None:
    """Refuse what applicants of a published call already count on being moved."""
    for name in ("rules", "form", "opens_at"):
        if values[name] != getattr(held, name):
            sentence = _("This call is published: what applicants count on no longer changes.")
            raise Refused(sentence, field=name)
    closes = values["closes_at"]
    if closes is None or closes == held.closes_at:
        return
    if held.closes_at is not None and closes < held.closes_at:
        raise Refused(
            _("The end of a published call may come later, not sooner."), field="closes_at"
        )
    _refuse_over(closes, at)


def _refuse_over(closes: datetime | None, at: datetime) -> None:
    if closes is not None and closes <= at:
        raise Refused(_("This end is past: choose a later one."), field="closes_at")


def _judge(row: Call, criteria: Sequence[FirstCriterion]) -> None:
    found: dict[str, Criterion] = {}
    for n, one in enumerate(criteria, start=1):
        line = clean_line(one.title)
        code = slugify(line)[:_CODE_LENGTH]
        if not line:
            continue
        if not code or code in found:
            again = _("This call has this criterion already.")
            wrong = again if code else _("Write what is judged.")
            raise Refused(wrong, field=f"criterion_{n}_title")
        facts = {"title": line, "weight": one.weight, "position": len(found) + 1}
        found[code] = Criterion(call=row, code=code, **facts)
    Criterion.objects.bulk_create(found.values())


def _refuse_unready(held: Call, at: datetime) -> None:
    """Refuse with all that is lacking at once; the field is that of the first thing."""
    found = lacking(held, at)
    if found:
        said = " ".join(sentence for _field, sentence in found)
        raise Refused(_("Not published: %(said)s") % {"said": said}, field=found[0][0] or None)
