"""The one place where an application changes stage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from communs.core.forms.models import Answers
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.services.fund.engine import stages
from communs.services.fund.enums import Stage
from communs.services.fund.models import Application, Step
from communs.services.fund.queries.applications import judged

WRITTEN = (Stage.DRAFT, Stage.INCOMPLETE)
_RELATED = ("call__rules", "answers", "instructor")


def move(
    *,
    application: Application,
    to: str,
    at: datetime,
    reason: str = "",
    also: Mapping[str, Any] | None = None,
    by: Any,
) -> Step:
    """Move an application to a stage, with its `Step`, inside the action that names the event.

    Refuses a move that the table forbids, one that should say why and does not, and the second of
    two people who move the same file at once. `also` are columns written with the stage.
    """
    before = application.stage
    why = clean_line(reason)
    if not stages.allowed(before, to):
        known = {"before": Stage(before).label, "after": Stage(to).label}
        raise Refused(_("This file is “%(before)s”: it cannot become “%(after)s”.") % known)
    if stages.needs_reason(before, to) and not why:
        raise Refused(_("Say why: the applicants will read it."), field="reason")
    values = {"stage": to, "stage_since": at} | dict(also or {})
    if not Application.objects.filter(pk=application.pk, stage=before).update(**values):
        raise Refused(_("Somebody else moved this file meanwhile. Read it again."))
    for name, value in values.items():
        setattr(application, name, value)
    author = getattr(by, "pk", None)
    return Step.objects.create(
        application=application, before=before, after=to, at=at, by=author, reason=why
    )


def hold(application: Application) -> Application:
    """Give a file as it is now, held until the action ends, with its call and its answers."""
    rows = Application.objects.select_related(*_RELATED)
    return rows.select_for_update(of=("self",)).get(pk=application.pk)


def hold_whole(application: Application) -> Application:
    """Give a file as it is now, held, with all that its rules look at."""
    rows = Application.objects.select_for_update(of=("self",))
    found: Application = judged(rows).get(pk=application.pk)
    return found


def answers_of(held: Application) -> Answers:
    """Give the answers of a held file; refused once they are no longer kept."""
    if held.answers is None:
        raise Refused(_("The answers to the form are no longer kept."))
    found: Answers = held.answers
    return found


def hold_to_write(application: Application) -> Application:
    """Give a file held to be written; refused once it was sent, unless something is missing."""
    held = hold(application)
    if held.stage not in WRITTEN:
        raise Refused(_("This file was sent: it can no longer be changed."))
    return held
