"""What waits, for whom, since when, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.forms import queries as forms
from communs.core.kit.localised import number
from communs.core.registry.service import noop
from communs.services.fund import queries
from communs.services.fund.actions.moving import WRITTEN
from communs.services.fund.enums import Stage
from communs.services.fund.models import Application
from communs.services.fund.views import filed


def groups(rows: Iterable[Application], person: Any, at: datetime) -> list[dict[str, Any]]:
    """Give what waits for an instructor by what is to be done, what waits longest first."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in _TITLES}
    for one in rows:
        name = _group(one, person, at)
        if name:
            found[name].append(_waiting(one, at))
    return [
        {"key": name, "title": _(title), "rows": found[name]} for name, title in _TITLES.items()
    ]


def shown(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the groups in which something waits, and the others by their names."""
    return {
        "groups": [one for one in found if one["rows"]],
        "empty": [_("“%(title)s”") % one for one in found if not one["rows"]],
    }


def written(rows: Sequence[Application], at: datetime) -> list[dict[str, Any]]:
    """Give what a commune has to know of each of its files."""
    drafts = [one for one in rows if one.stage in WRITTEN]
    lacking = queries.obstacles_of_many(drafts, at=at, communes=forms.communes() if drafts else {})
    return [_written(one, lacking.get(one.pk, []), at) for one in rows]


def _written(
    application: Application, lacking: Sequence[queries.Obstacle], at: datetime
) -> dict[str, Any]:
    stage = queries.stage_shown(application, inside=False)
    held = queries.partners_here(application)
    return {
        "file": application,
        "href": reverse("fund:file", args=[application.number]),
        "stage": stage.label,
        "tag": filed.TAGS.get(stage, "soon"),
        "lacking": [
            {"sentence": one.sentence, "href": filed.address_of(application, one)}
            for one in lacking
        ],
        "unsigned": [one.organisation.name for one in held if one.signed_at is None],
        "writable": application.stage in WRITTEN,
        "since": since(application.stage_since, at),
        "closes": application.call.closes_at if application.stage == Stage.DRAFT else None,
    }


def since(moment: datetime, at: datetime) -> str:
    """Say for how many days something waits."""
    days = (timezone.localdate(at) - timezone.localdate(moment)).days
    if days <= 0:
        return _("since today")
    sentence = ngettext("for %(count)s day", "for %(count)s days", days)
    return sentence % {"count": days}


_TITLES = {
    "late": noop("The day to answer is over"),
    "check": noop("Look whether it is complete"),
    "decide": noop("Look whether it is eligible"),
    "opinions": noop("Wait for opinions, then end the examination"),
    "asked": noop("Waiting for the applicants"),
    "nobody": noop("Nobody answers for it yet"),
}


def _group(one: Application, person: Any, at: datetime) -> str:
    if one.instructor_id is None:
        return "nobody"
    if one.instructor_id != person.pk:
        return ""
    if one.stage == Stage.INCOMPLETE:
        due = getattr(one, "due_on", None)
        return "late" if due is not None and due < timezone.localdate(at) else "asked"
    return _BY_STAGE[Stage(one.stage)]


_BY_STAGE = {
    Stage.SUBMITTED: "check",
    Stage.COMPLETE: "decide",
    Stage.UNDER_REVIEW: "opinions",
}


def _opinions(one: Application) -> str:
    if not one.opinions_asked:
        return _("no opinion asked")
    sentence = ngettext(
        "%(sent)s opinion sent of %(asked)s",
        "%(sent)s opinions sent of %(asked)s",
        one.opinions_sent,
    )
    return sentence % {"sent": number(one.opinions_sent), "asked": number(one.opinions_asked)}


def _waiting(one: Application, at: datetime) -> dict[str, Any]:
    examined = one.stage == Stage.UNDER_REVIEW
    return {
        "file": one,
        "href": reverse("fund:review" if examined else "fund:examine", args=[one.number]),
        "opinions": _opinions(one) if examined else "",
        "stage": Stage(one.stage).label,
        "tag": filed.TAGS.get(Stage(one.stage), "soon"),
        "since": since(one.stage_since, at),
        "due_on": getattr(one, "due_on", None),
    }
