"""Boards of money as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.kit.localised import money, number
from communs.services.fund.enums import CallKind, PaymentState, Stage
from communs.services.fund.queries import piloting
from communs.services.fund.queries.agreements import WAITING


def by_state(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give what waits by what is to be done."""
    titles = {
        PaymentState.DUE: _("To be checked: advances"),
        PaymentState.CLAIMED: _("To be checked: claims"),
        PaymentState.CHECKED: _("To be ordered"),
        PaymentState.ORDERED: _("To be paid"),
    }
    held = list(rows)
    return [
        {"key": str(state), "title": titles[state], "rows": _of(held, state)} for state in WAITING
    ]


def envelopes(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each envelope: voted, awarded, agreed, paid, left."""
    return [
        {
            "title": str(one["envelope"]),
            "voted": money(one["envelope"].amount),
            "awarded": money(one["awarded"]),
            "signed": money(one["signed"]),
            "paid": money(one["paid"]),
            "left": money(one["envelope"].amount - one["awarded"]),
        }
        for one in rows
    ]


def calls(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each call with the days that its decisions took, against the first round's."""
    return [
        {
            "title": one["call__title"],
            "code": one["call__code"],
            "files": number(one["files"]),
            "decided": number(one["decided"]),
            "days": _("not decided yet") if one["days"] is None else _days(one["days"]),
            "tag": _tag(one["days"]),
            "word": _against(one["days"]),
        }
        for one in rows
    ]


def outcomes(found: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """Give how files ended, by kind of call."""
    return [
        {
            "kind": CallKind(kind).label,
            "ends": [
                {"label": Stage(stage).label, "value": number(count)}
                for stage, count in sorted(ends.items())
            ],
        }
        for kind, ends in sorted(found.items())
    ]


def spans() -> list[dict[str, str]]:
    """Give how long a signature and a payment take."""
    on = timezone.localdate()
    return [
        {
            "label": _("From the deliberation to the signature (median)"),
            "value": _span(piloting.days_to_signature(on)),
        },
        {
            "label": _("From what is due or claimed to the payment (median)"),
            "value": _span(piloting.days_to_payment(on)),
        },
    ]


def _of(rows: list[dict[str, Any]], state: str) -> list[dict[str, Any]]:
    return [one for one in rows if one and one["row"].state == state]


def _span(days: Decimal | None) -> str:
    return _("unknown") if days is None else _("%(days)s days") % {"days": number(days)}


def _days(days: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": number(days)}


def _tag(days: int | None) -> str:
    if days is None:
        return "neutral"
    return "on" if days <= piloting.DAYS_OF_2018 else "warn"


def _against(days: int | None) -> str:
    if days is None:
        return _("open")
    known = {"days": piloting.DAYS_OF_2018}
    if days <= piloting.DAYS_OF_2018:
        return _("within the %(days)s days of 2018") % known
    return _("more than the %(days)s days of 2018") % known
