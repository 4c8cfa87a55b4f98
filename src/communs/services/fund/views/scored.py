"""Opinions, scores and recusals as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.access.rules import may
from communs.core.kit.localised import money, number
from communs.services.fund.engine.examination.scoring import Result
from communs.services.fund.enums import Stage
from communs.services.fund.models import Application, Review
from communs.services.fund.queries import examination
from communs.services.fund.queries.examination import Barred
from communs.services.fund.rules import EXAMINE, SIT


def opinions(request: HttpRequest, found: Application, every: Iterable[Review]) -> dict[str, Any]:
    """Of a file's reviews, give what a reader may know: each opinion, and together."""
    user: Any = request.user
    on = timezone.localdate()
    examines = may(user, EXAMINE)
    judged = found.stage != Stage.UNDER_REVIEW
    seen = examination.seen_by(user, found, every, on=on)
    own_only = all(one.person_id == user.pk for one, _named in seen)
    return {
        "opinions": [_opinion(one, named=named) for one, named in seen],
        "totals": [] if own_only and not examines else figures(_result(found)),
        "owed": [
            {"review": one, "href": reverse("fund:take_back_review", args=[found.number, one.pk])}
            for one in every
            if examines and one.sent_at is None
        ],
        "away": kept_away(examination.barred([found], on=on)[found.pk]) if examines else "",
        "runs": examines,
        "reads_all": examines or (judged and may(user, SIT)),
        "may_run": examines and not judged,
        "reviews_now": not judged,
    }


def figures(result: Result) -> list[dict[str, str]]:
    """Give mean, median, spread and number of opinions, as a row of figures."""
    none = "" if result.count else _unknown(_("no opinion yet"))
    return [
        {"label": _("Mean"), "value": none or out_of_100(result.mean)},
        {"label": _("Median"), "value": none or out_of_100(result.median)},
        {"label": _("Between the lowest and the highest"), "value": none or points(result.spread)},
        {"label": _("Opinions"), "value": number(result.count)},
        {"label": _("Abstentions"), "value": number(result.abstained)},
    ]


def euros(value: Decimal | None) -> str:
    """Write an amount; unknown is said, never 0."""
    return _("unknown") if value is None else money(value)


def out_of_100(value: Decimal | None) -> str:
    """Write a score; unknown is said, never 0."""
    return _("unknown") if value is None else _("%(score)s out of 100") % {"score": number(value)}


def points(value: Decimal | None) -> str:
    """Write a difference of scores."""
    if value is None:
        return _("unknown")
    words = ngettext("%(score)s point", "%(score)s points", int(value))
    return words % {"score": number(value)}


def kept_away(barred: Iterable[Barred]) -> str:
    """Say who is kept away from a file, and why."""
    told = [
        f"{one.person.name} ({one.ground.label}{f', {one.detail}' if one.detail else ''})"
        for one in barred
    ]
    return ", ".join(told) or _("nobody")


def _unknown(words: str) -> str:
    return format_html('<span class="unknown">{}</span>', words)


def _result(found: Application) -> Result:
    return examination.results([found])[found.pk]


def _opinion(one: Review, *, named: bool) -> dict[str, Any]:
    return {
        "name": one.person.name if named else _("A reviewer"),
        "phase": one.phase.title,
        "opinion": _("abstained") if one.abstained else one.get_opinion_display(),
        "tag": {"favourable": "on", "reserved": "soon", "unfavourable": "alert"}.get(
            one.opinion, "neutral"
        ),
        "comment": one.comment,
        "at": one.sent_at,
        "scores": [
            {
                "label": score.criterion.title,
                "value": f"{number(score.value)} / {score.criterion.scale}",
            }
            for score in one.scores.all()
        ],
    }
