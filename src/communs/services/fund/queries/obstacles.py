"""What stands in the way of sending an application: each broken rule, and where to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from communs.core.forms.engine.checking import Communes
from communs.core.forms.filling import sheet_of
from communs.core.forms.models import Answers
from communs.core.forms.rendering import communes_for
from communs.core.forms.telling import Told, all_told, problems_of
from communs.services.fund.enums import PartnerRole, Stage
from communs.services.fund.models import Application, Partner
from communs.services.fund.queries.calls import why_not_open
from communs.services.fund.queries.plans import assessed, partners_here, shares_told, terms_of


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A broken rule in words; `step` is the page that mends it, with `page` of the form if any."""

    code: str
    sentence: str
    step: str
    page: str = ""


def obstacles(application: Application, *, at: datetime) -> list[Obstacle]:
    """Give all that stands in the way of sending, in the order in which one fills a file."""
    answers = application.answers
    if answers is None or not answers.is_draft:
        return _all(application, at, [])
    communes = communes_for(answers.version.read())
    return _all(application, at, problems_of(answers, communes=communes))


def obstacles_of_many(
    applications: Sequence[Application], *, at: datetime, communes: Communes
) -> dict[UUID, list[Obstacle]]:
    """Give the same for several files, by key, with no query more: no paper is looked for."""
    found = {}
    for one in applications:
        answers: Answers | None = one.answers
        told: list[Told] = []
        if answers is not None and answers.is_draft:
            told = all_told(answers.version.read(), sheet_of(answers), communes=communes)
        found[one.pk] = _all(one, at, told)
    return found


def _all(application: Application, at: datetime, told: Sequence[Told]) -> list[Obstacle]:
    return [
        *_of_call(application, at),
        *_of_project(application),
        *_of_form(application, told),
        *_of_partners(application),
        *_of_plan(application),
        *_of_missing(application),
        *_of_signatures(application),
    ]


def _of_call(application: Application, at: datetime) -> list[Obstacle]:
    """A file that was sent in time may be completed after the end."""
    if application.stage == Stage.INCOMPLETE:
        return []
    closed = why_not_open(application.call, at)
    return [Obstacle("call", closed, "file")] if closed else []


def _of_project(application: Application) -> list[Obstacle]:
    found = []
    if not application.summary:
        found.append(Obstacle("summary", _("Say the project in one sentence."), "project"))
    if not application.challenges:
        sentence = _("Choose at least one challenge of the master plan.")
        found.append(Obstacle("challenges", sentence, "project"))
    return found


def _of_form(application: Application, told: Sequence[Told]) -> list[Obstacle]:
    if application.answers is None:
        return [Obstacle("form", _("The answers to the form are no longer kept."), "file")]
    sentence = _("Form, “%(label)s”: %(why)s")
    return [
        Obstacle("form", sentence % {"label": one.label, "why": one.sentence}, "form", one.page)
        for one in told
    ]


def _of_partners(application: Application) -> list[Obstacle]:
    if terms_of(application.call) is None:
        return []
    shares = shares_told(application)
    return [] if shares.ok else [Obstacle("shares", shares.sentence, "partners")]


def _of_plan(application: Application) -> list[Obstacle]:
    found = assessed(application)
    if found is None:
        return []
    return [Obstacle(one.code, one.sentence, "plan") for one in found.broken]


def _of_missing(application: Application) -> list[Obstacle]:
    sentence = _("Not answered yet: %(what)s")
    return [
        Obstacle("missing", sentence % {"what": row.what}, "file")
        for row in application.missing.all()
        if row.answered_at is None and row.accepted_at is None
    ]


def _of_signatures(application: Application) -> list[Obstacle]:
    rules = terms_of(application.call)
    found = []
    for partner in partners_here(application):
        name = {"name": partner.organisation.name}
        if _signs(partner) and partner.signed_at is None:
            sentence = _("%(name)s has not signed.")
            found.append(Obstacle("signature", sentence % name, "signature"))
        elif rules is not None and rules.mandate and _signs(partner) and not partner.mandate_id:
            sentence = _("The mandate of %(name)s is missing.")
            found.append(Obstacle("mandate", sentence % name, "signature"))
    return found


def _signs(partner: Partner) -> bool:
    """An observer commits to nothing."""
    return partner.role != PartnerRole.OBSERVER
