"""From calls to what their pages show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from communs.core.access.rules import may
from communs.core.kit.localised import moment, money
from communs.services.fund import queries
from communs.services.fund.engine.financing.terms import Terms
from communs.services.fund.enums import CallKind, CallState, Challenge, PartnerRole
from communs.services.fund.models import Call
from communs.services.fund.queries.explaining import base_name, partners_told, percentage
from communs.services.fund.rules import REVIEW, SIT


def card(call: Call, at: datetime) -> dict[str, Any]:
    """Give what a list shows of a call."""
    tag, state = state_of(call, at)
    return {
        "call": call,
        "href": reverse("fund:call", args=[call.code]),
        "tag": tag,
        "state": state,
        "when": when(call, at),
    }


def sitting(user: Any) -> dict[str, bool]:
    """Tell whether the committee's pages, and those of reviewers, are for somebody."""
    return {"may_sit": may(user, SIT), "may_review": may(user, REVIEW)}


def state_of(call: Call, at: datetime) -> tuple[str, str]:
    """Give how far a call is, in a word, with the kind of its tag."""
    if call.state == CallState.DRAFT:
        return _("in preparation"), "neutral"
    if call.opens_at is not None and at < call.opens_at:
        return _("opens soon"), "soon"
    return (_("closed"), "off") if queries.why_not_open(call, at) else (_("open"), "on")


def when(call: Call, at: datetime) -> str:
    """Say until when one may apply; the hour is that of Paris, wherever one reads it."""
    if call.opens_at is None:
        return _("The dates are not set yet.")
    closed = queries.why_not_open(call, at)
    if closed and call.state == CallState.PUBLISHED:
        return closed
    if call.closes_at is None:
        return _("One may apply at any time.")
    known = {"moment": moment(call.closes_at)}
    return _("Applications are taken until %(moment)s (Paris time).") % known


def asks_firms(call: Call) -> bool:
    """Tell whether firms and associations answer, rather than communes."""
    return call.kind == CallKind.SOLUTIONS


def of_call(call: Call, at: datetime) -> dict[str, Any]:
    """Give what a call's page shows besides the call."""
    tag, state = state_of(call, at)
    rules = queries.terms_of(call)
    return {
        "tag_words": tag,
        "state": state,
        "when": when(call, at),
        "is_open": not queries.why_not_open(call, at),
        "closes_iso": call.closes_at and timezone.localtime(call.closes_at).isoformat(),
        "rules_told": rules_told(rules) if rules else [],
        "kinds": kinds_told(rules) if rules else [],
        "challenges": [str(Challenge(one).label) for one in call.challenges if one in Challenge],
        "weights": sum(one.weight for one in call.criteria.all()),
    }


def rules_told(rules: Terms) -> list[dict[str, str]]:
    """Give the rules of a call as pairs of words."""
    base = base_name(rules.base)
    told = [
        {
            "label": _("Rate"),
            "value": _("at most %(rate)s of the costs that count, %(base)s")
            % {"rate": percentage(rules.rate), "base": base},
        }
    ]
    told += [
        {
            "label": _("Ceiling from %(partners)s on") % {"partners": partners_told(one.partners)},
            "value": money(one.amount),
        }
        for one in rules.ceilings
    ]
    if rules.owner_share:
        sentence = _("at least %(share)s of the cost")
        share = sentence % {"share": percentage(rules.owner_share)}
        told.append({"label": _("Own funds of the partners"), "value": share})
    roles = ", ".join(str(PartnerRole(role).label) for role in rules.roles)
    told.append({"label": _("Partners that count for a ceiling"), "value": roles})
    mandate = _("asked of each partner") if rules.mandate else _("not asked")
    told.append({"label": _("Document that mandates who signs"), "value": mandate})
    return told


def kinds_told(rules: Terms) -> list[dict[str, str]]:
    """Give the kinds of expense, and whether each counts."""
    language = (get_language() or "fr")[:2]
    return [
        {"label": one.label(language), "value": _counted(one.eligible, one.ceiling)}
        for one in rules.expense_types
    ]


def _counted(eligible: bool, ceiling: Any) -> str:
    if not eligible:
        return _("does not count")
    if ceiling is None:
        return _("counts")
    return _("counts up to %(ceiling)s") % {"ceiling": money(ceiling)}
