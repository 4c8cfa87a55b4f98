"""An agreement, its money and its amendments as pages show them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communs.core.access.rules import may
from communs.core.files.addresses import url_of_file
from communs.core.files.queries import files_of
from communs.core.kit.localised import day, money
from communs.services.fund import actions
from communs.services.fund.enums import AgreementState as State
from communs.services.fund.enums import AmendmentState, ClaimState, InstalmentKind, PaymentState
from communs.services.fund.models import (
    Agreement,
    Amendment,
    Application,
    Claim,
    Instalment,
    Payment,
    standing_of,
)
from communs.services.fund.queries import agreed
from communs.services.fund.queries import agreements as queries
from communs.services.fund.queries.explaining import percentage
from communs.services.fund.rules import AGREE, CHECK, CLAIM, PAY

TAGS = {
    State.DRAFTED: "neutral",
    State.SENT: "soon",
    State.SIGNED: "on",
    State.SETTLED: "off",
    State.LAPSED: "alert",
    State.CANCELLED: "alert",
}
PAID_TAGS = {
    PaymentState.DUE: "soon",
    PaymentState.CLAIMED: "soon",
    PaymentState.CHECKED: "soon",
    PaymentState.ORDERED: "soon",
    PaymentState.PAID: "on",
    PaymentState.REJECTED: "alert",
}
_AMENDED = {
    AmendmentState.TO_VOTE: "soon",
    AmendmentState.TO_SIGN: "soon",
    AmendmentState.IN_FORCE: "on",
    AmendmentState.ABANDONED: "off",
}


def whole(request: HttpRequest, file: Application, found: Agreement, on: date) -> dict[str, Any]:
    """Give all that an agreement's page shows, and what its reader may do now."""
    user: Any = request.user
    agrees = may(user, AGREE, file)
    following = queries.next_instalment(found) if found.state == State.SIGNED else None
    standing = standing_of(user, on=on)
    mine = queries.claimants(file, standing.writes) if may(user, CLAIM, file) else []
    missing = queries.missing_pages(found) if found.state == State.SENT else None
    return {
        "agreement": found,
        "state_word": found.get_state_display(),
        "state_tag": TAGS[State(found.state)],
        "money_of": figures(found),
        "parties": list(found.parties.all()),
        "instalments": [instalment(one) for one in found.instalments.all()],
        "payments": [_payment(request, file, one) for one in _payments(found)],
        "claims": [_claim(request, file, one) for one in _claims(found)],
        "recoveries": _recoveries(request, file, found),
        "amendments": [_amendment(one, file, agrees=agrees) for one in found.amendments.all()],
        "signatures": [_signature(one) for one in found.signatures.all()],
        "missing_pages": missing,
        "scanned": [one.number for one in found.scanned.all() if one.amendment_id is None],
        "may_send": agrees and found.state == State.DRAFTED,
        "may_scan": agrees and bool(actions.papers_of(found)),
        "may_sign": agrees and found.state == State.SENT,
        "may_amend": agrees
        and found.state == State.SIGNED
        and queries.open_amendment(found) is None,
        "may_end": agrees and found.state in (State.DRAFTED, State.SENT, State.SIGNED),
        "may_claim": bool(following and mine),
        "may_draft": agrees and found.state in State.over(),
        "following": following and instalment(following),
    }


def figures(found: Agreement) -> list[dict[str, str]]:
    """Give where the money of an agreement stands."""
    told = queries.ledger(found)
    rows = [
        {"label": _("Grant"), "value": money(told.grant)},
        {"label": _("Paid"), "value": money(told.paid - told.received)},
        {"label": _("Still to be paid"), "value": money(told.remaining)},
    ]
    if told.reduced:
        rows.append({"label": _("Reduced by"), "value": money(told.reduced)})
    if told.to_recover:
        rows.append({"label": _("Asked back"), "value": money(told.to_recover)})
    return rows


def row(found: Agreement) -> dict[str, Any]:
    """Give what a list shows of an agreement."""
    file = found.grant.application
    names = [one.name for one in found.parties.all()]
    return {
        "agreement": found,
        "file": file,
        "href": reverse("fund:agreement", args=[file.number]) if file else "",
        "state": found.get_state_display(),
        "tag": TAGS[State(found.state)],
        "parties": ", ".join(names),
        "amount": money(found.amount or Decimal(0)),
        "paid": money(getattr(found, "paid", None) or Decimal(0)),
    }


def instalment(one: Instalment) -> dict[str, Any]:
    """Give an instalment in words."""
    return {
        "row": one,
        "kind": one.get_kind_display(),
        "share": percentage(one.percent),
        "amount": money(one.amount),
        "planned": money(one.planned) if one.amount != one.planned else "",
        "condition": one.condition,
        "evidence": one.evidence,
    }


def waiting(request: HttpRequest, one: Payment) -> dict[str, Any]:
    """Give a payment of any file as the finance officer's list shows it."""
    file = one.instalment.agreement.grant.application
    if file is None:
        return {}
    claimant = one.claimed.organisation.name if one.claimed else ""
    return _payment(request, file, one) | {
        "file": file,
        "href": reverse("fund:agreement", args=[file.number]),
        "claimant": claimant,
    }


def _payments(found: Agreement) -> list[Payment]:
    rows = []
    for one in found.instalments.all():
        for payment in one.payments.all():
            payment.instalment = one
            rows.append(payment)
    return rows


def _claims(found: Agreement) -> list[Claim]:
    rows = []
    for one in found.instalments.all():
        for claim in one.claims.all():
            claim.instalment = one
            rows.append(claim)
    return rows


def _payment(request: HttpRequest, file: Application, one: Payment) -> dict[str, Any]:
    user: Any = request.user
    state = PaymentState(one.state)
    pays = may(user, PAY, file)
    args = [file.number, one.pk]
    steps = {
        PaymentState.ORDERED: ("fund:pay", _("Note that it is paid"), pays),
        PaymentState.CHECKED: ("fund:order_payment", pgettext("fund", "Order"), pays),
        PaymentState.DUE: ("fund:check_payment", _("Check"), may(user, CHECK, file)),
    }
    name, label, allowed = steps.get(state, ("", "", False))
    return {
        "row": one,
        "kind": InstalmentKind(one.instalment.kind).label,
        "amount": money(one.amount),
        "state": state.label,
        "tag": PAID_TAGS[state],
        "when": _when(one),
        "step": {"href": reverse(name, args=args), "label": label} if allowed and name else None,
        "presses": state == PaymentState.DUE,
        "reject": reverse("fund:reject_payment", args=args)
        if pays and state in (PaymentState.DUE, PaymentState.CHECKED, PaymentState.ORDERED)
        else "",
    }


def _when(one: Payment) -> str:
    if one.paid_on:
        return _("paid on %(day)s") % {"day": day(one.paid_on)}
    if one.state == PaymentState.REJECTED:
        return one.reason
    if one.ordered_on:
        return _("ordered on %(day)s, no. %(reference)s") % {
            "day": day(one.ordered_on),
            "reference": one.reference,
        }
    return _("due since %(day)s") % {"day": day(one.due_at)}


def _claim(request: HttpRequest, file: Application, one: Claim) -> dict[str, Any]:
    tags = {ClaimState.MADE: "soon", ClaimState.ACCEPTED: "on", ClaimState.REJECTED: "alert"}
    user: Any = request.user
    checks = one.state == ClaimState.MADE and may(user, CHECK, file) and one.made_by != user.pk
    return {
        "row": one,
        "kind": InstalmentKind(one.instalment.kind).label,
        "spent": money(one.spent),
        "accepted": None if one.accepted is None else money(one.accepted),
        "state": one.get_state_display(),
        "tag": tags[ClaimState(one.state)],
        "files": [{"name": f.name, "href": url_of_file(f)} for f in files_of(one)],
        "check": reverse("fund:check_claim", args=[file.number, one.pk]) if checks else "",
        "reject": reverse("fund:reject_claim", args=[file.number, one.pk]) if checks else "",
    }


def _recoveries(request: HttpRequest, file: Application, found: Agreement) -> list[dict[str, Any]]:
    pays = may(request.user, PAY, file)
    return [
        {
            "row": one,
            "amount": money(one.amount),
            "receive": reverse("fund:receive", args=[file.number, one.pk])
            if pays and one.received_on is None
            else "",
        }
        for one in found.recoveries.all()
    ]


def _amendment(one: Amendment, file: Application, *, agrees: bool) -> dict[str, Any]:
    state = AmendmentState(one.state)
    waits = state in (AmendmentState.TO_VOTE, AmendmentState.TO_SIGN)
    return {
        "row": one,
        "kind": one.get_kind_display(),
        "state": state.label,
        "tag": _AMENDED[state],
        "changes": agreed.change_told(one),
        "may_vote": agrees and state == AmendmentState.TO_VOTE,
        "may_sign": agrees and state == AmendmentState.TO_SIGN,
        "may_abandon": agrees and waits,
        "file": file,
    }


def _signature(one: Any) -> dict[str, Any]:
    return {
        "row": one,
        "href": url_of_file(one.file) if one.file else "",
        "what": _("Amendment") if one.amendment_id else _("Agreement"),
    }


def shared_told(shared: actions.Shared) -> list[tuple[str, str]]:
    """Say what became of a scan: level and sentence."""
    lines = []
    for name, pages in shared.found.items():
        known = {"name": name, "pages": _list(sorted(pages))}
        lines.append(("success", _("Agreement %(name)s: pages %(pages)s are attached.") % known))
        if shared.missing[name]:
            known["pages"] = _list(shared.missing[name])
            lines.append(("error", _("Agreement %(name)s: pages %(pages)s are missing.") % known))
    others = (
        (shared.doubled, _("Pages of the scan that were here already: %(pages)s.")),
        (shared.unread, _("Pages of the scan without a code that can be read: %(pages)s.")),
        (shared.foreign, _("Pages of the scan that belong to nothing here: %(pages)s.")),
    )
    lines += [("error", said % {"pages": _list(pages)}) for pages, said in others if pages]
    return lines


def _list(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
