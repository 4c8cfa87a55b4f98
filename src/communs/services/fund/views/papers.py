"""Minutes of the committee and acts of the Bureau, as PDF and DOCX."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communs.core.access.rules import require
from communs.core.communities.scope import current
from communs.core.documents import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Table,
    docx,
    pdf,
)
from communs.core.kit.formats import csv_file, json_file
from communs.core.kit.localised import day, moment, money
from communs.core.registry.request import Request
from communs.services.fund.enums import Ground, SessionKind
from communs.services.fund.models import AgendaItem, Attendance, Decision, Deliberation, Session
from communs.services.fund.queries import sessions
from communs.services.fund.rules import RUN_COMMITTEE
from communs.services.fund.schemas import DECISION_COLUMNS, act_row, decision_row
from communs.services.fund.views import scored, sittings
from communs.services.fund.views.bureau import act_or_404

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@login_required
def minutes_pdf(request: Request, key: UUID) -> HttpResponse:
    """The minutes of a session of the committee, to be signed."""
    return _answer(_minutes_of(request, key), pdf, "application/pdf", "proces-verbal.pdf")


@require_safe
@login_required
def minutes_docx(request: Request, key: UUID) -> HttpResponse:
    """The same minutes, to be corrected by hand."""
    return _answer(_minutes_of(request, key), docx, _DOCX, "proces-verbal.docx")


@require_safe
def act_pdf(request: Request, key: UUID) -> HttpResponse:
    """A deliberation, or its draft."""
    return _answer(_act_of(request, key), pdf, "application/pdf", "deliberation.pdf")


@require_safe
def act_docx(request: Request, key: UUID) -> HttpResponse:
    """The same, to be corrected by hand."""
    return _answer(_act_of(request, key), docx, _DOCX, "deliberation.docx")


@require_safe
def acts_csv(_request: Request) -> HttpResponse:
    """What sealed acts decide, one line an application, as open data."""
    rows = [decision_row(act, one) for act in sessions.sealed_acts() for one in act.decisions.all()]
    lines = ([row[name] for name in DECISION_COLUMNS] for row in rows)
    return csv_file("deliberations.csv", DECISION_COLUMNS, lines)


@require_safe
def acts_json(_request: Request) -> HttpResponse:
    """The sealed acts with their decisions and seals, as open data."""
    return json_file({"acts": [act_row(one) for one in sessions.sealed_acts()]})


def _answer(
    document: Document, write: Callable[[Document], bytes], media: str, name: str
) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write(document), content_type=media, headers=headers)


def _minutes_of(request: Request, key: UUID) -> Document:
    require(request.user, RUN_COMMITTEE)
    found = sittings.session_or_404(key, SessionKind.COMMITTEE)
    items = sessions.agenda(found, request.user, on=timezone.localdate())
    return minutes(found, sessions.attendance(found), items)


def _act_of(request: Request, key: UUID) -> Document:
    found = act_or_404(request, key)
    rows = sessions.decisions_for(found, request.user, on=timezone.localdate())
    return deliberation(found, rows, sessions.attendance(found.session))


def minutes(session: Session, attended: list[Attendance], items: list[AgendaItem]) -> Document:
    """Write the minutes: who was there, and for each file what is proposed and who was away."""
    count = sessions.quorum_of(session, attended)
    blocks: list[Block] = [
        Facts(_facts_of(session)),
        Heading(_("Attendance")),
        _attendance(attended),
        Paragraph(sittings.needed(count)),
        Heading(pgettext("fund", "Files")),
    ]
    for one in items:
        blocks += _item(one)
    title = _("Minutes of the selection committee of %(day)s") % {"day": day(session.held_at)}
    return _document(title, blocks, draft=session.closed_at is None)


def deliberation(
    act: Deliberation, decisions: list[Decision], attended: list[Attendance]
) -> Document:
    """Write an act of the Bureau; a draft until it is sealed, with its seal afterwards."""
    sealed = act.seals.first()
    blocks: list[Block] = [
        Facts([*_facts_of(act.session), (_("Subject"), act.title)]),
        Heading(_("Attendance")),
        _attendance(attended),
    ]
    if act.text:
        blocks += [Heading(_("Reasons and references")), Paragraph(act.text)]
    blocks += [Heading(_("Decisions")), _decisions(decisions)]
    if act.votes_for is not None:
        blocks += [Heading(_("Vote")), Paragraph(_votes(act))]
    if sealed is not None:
        known = {"moment": moment(sealed.at), "digest": sealed.digest}
        blocks.append(Note(_("Sealed on %(moment)s. Seal (SHA-256): %(digest)s") % known))
    title = _("Deliberation no. %(number)s") % {"number": act.number}
    return _document(title, blocks, draft=sealed is None)


def _document(title: str, blocks: list[Block], *, draft: bool) -> Document:
    return Document(
        title=title,
        language=(get_language() or "fr")[:2],
        blocks=blocks,
        issuer=current().full_name,
        draft=_("DRAFT") if draft else "",
    )


def _facts_of(session: Session) -> list[tuple[str, str]]:
    facts = [(_("Session"), f"{session.get_kind_display()}, {moment(session.held_at)}")]
    hours = ((_("Opened on"), session.opened_at), (_("Closed on"), session.closed_at))
    facts += [(label, moment(at)) for label, at in hours if at is not None]
    if session.place:
        facts.append((_("Place"), session.place))
    if session.call is not None:
        facts.append((_("Call"), session.call.title))
    return facts


def _attendance(attended: list[Attendance]) -> Block:
    if not attended:
        return Paragraph(_("Nobody was noted yet."))
    names = {one.pk: one.name for one in attended}
    rows = [
        [
            one.name,
            one.group or "–",
            str(one.get_presence_display())
            + (f" ({names[one.proxy_id]})" if one.proxy_id in names else ""),
        ]
        for one in attended
    ]
    return Table([_("Member"), _("Group"), _("Presence")], rows)


def _item(one: AgendaItem) -> list[Block]:
    file = one.application
    blocks: list[Block] = [
        Heading(f"{file.number} – {file.title}", 2),
        Facts(_facts_of_item(one)),
    ]
    if one.recused:
        words = _("Kept away from this file; they neither read it nor voted on it.")
        blocks += [Paragraph(words), Bullets([_recused(row) for row in one.recused])]
    return blocks


def _facts_of_item(one: AgendaItem) -> list[tuple[str, str]]:
    asked = scored.euros(one.application.requested)
    facts = [(_("Asked for"), asked), (_("Proposal"), _proposal(one))]
    if one.reason:
        facts.append((_("Reason"), one.reason))
    if one.decided_at is not None:
        known = {"present": one.present, "entitled": one.entitled}
        words = _("%(present)s there of %(entitled)s who may vote on this file")
        facts += [(_("Vote"), _votes(one)), (_("Quorum"), words % known)]
    return facts


def _recused(row: dict[str, Any]) -> str:
    ground = Ground(row["ground"]).label
    return f"{row['name']} – {ground}" + (f" ({row['detail']})" if row["detail"] else "")


def _proposal(one: AgendaItem) -> str:
    if one.decided_at is None:
        return _("not looked at")
    if one.deferred:
        return _("deferred")
    told = str(one.get_opinion_display())
    return f"{told}, {money(one.amount)}" if one.amount is not None else told


def _votes(row: AgendaItem | Deliberation) -> str:
    known = {"for": row.votes_for, "against": row.votes_against, "abstained": row.abstentions}
    return _("For: %(for)s. Against: %(against)s. Abstentions: %(abstained)s.") % known


def _decisions(decisions: list[Decision]) -> Block:
    rows = [
        [
            f"{one.application.number} – {one.application.title}",
            str(one.get_outcome_display()),
            "–" if one.amount is None else money(one.amount),
            one.reason or "–",
        ]
        for one in decisions
    ]
    total = sum((one.amount or Decimal(0) for one in decisions), Decimal(0))
    head = [_("Application"), _("Decision"), _("Amount"), _("Reason")]
    return Table(head, rows, figures=(2,), total=[_("Total"), "", money(total), ""])
