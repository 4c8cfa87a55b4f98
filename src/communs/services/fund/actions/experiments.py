"""Experiments are designed, configured, started, paused, measured, given up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from communs.core.communities.models import Community
from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.core.kit.timespans import PARIS
from communs.core.people.models import Person
from communs.core.registry import queries as registry
from communs.core.search.index import drop, index
from communs.services.fund.engine.evaluating import moves
from communs.services.fund.enums import ExperimentState as State
from communs.services.fund.enums import Follows
from communs.services.fund.models import Difficulty, Experiment, Grant
from communs.services.fund.queries import experiments as queries

_CODE = 56  # of a SlugField of 60: room for a number
# Words that addresses have where a code may stand: an experiment of that name is numbered.
RESERVED = frozenset({"panel"})
_THE_FUND = "fund"
_RELATED = ("grant__application", "site")


@action("fund.experiment_designed")
def design_experiment(
    *,
    grant: Grant,
    title: str,
    question: str,
    service: str,
    site: Community,
    adviser: Person | None = None,
    demonstration: bool = False,
    at: datetime,
    by: Any,
) -> Experiment:
    """Begin the experiment that a grant pays: what is asked, with which service, where."""
    if Experiment.objects.filter(grant=grant).exists():
        raise Refused(_("This grant has its experiment already."), field="grant")
    if registry.by_key(service) is None or service == _THE_FUND:
        raise Refused(_("This service is not installed here."), field="service")
    line, asked = clean_line(title), clean_line(question)
    if not line or not asked:
        raise Refused(_("Write a title, and the question that is tried."), field="question")
    row = Experiment.objects.create(
        grant=grant,
        code=_free_code(line),
        title=line[:160],
        service=service,
        site=site,
        question=asked[:500],
        state=State.DESIGNED,
        state_since=at,
        adviser=adviser,
        demonstration=demonstration,
    )
    record(row, code=row.code, grant=grant.reference, service=service, site=site.slug)
    return row


@action("fund.experiment_configured")
def configure_experiment(
    *, experiment: Experiment, provenance: str = "", at: datetime, by: Any
) -> Experiment:
    """Say that the service is switched on and set: by a signed agreement, or looked at by hand."""
    row = hold(experiment)
    _move(row, State.CONFIGURED, at)
    record(row, code=row.code, service=row.service, site=row.site.slug, provenance=provenance)
    return row


@action("fund.experiment_started")
def start_experiment(*, experiment: Experiment, on: date, at: datetime, by: Any) -> Experiment:
    """Start: from this day on the days count as tried. The page is public from now on."""
    row = hold(experiment)
    if row.agreed_at is None:
        raise Refused(_("The protocol is not agreed yet: it has to be, before the start."))
    if on > at.astimezone(PARIS).date():
        raise Refused(_("A start is noted on its day, or afterwards."), field="on")
    last = max(one.baseline_until for one in row.indicators.all())
    if on <= last:
        raise Refused(_("It starts after the last day of the baseline."), field="on")
    if row.ends_on is not None and row.ends_on <= on:
        raise Refused(_("It would end before it starts: change the protocol."), field="on")
    row.starts_on = on
    _move(row, State.LIVE, at, "starts_on")
    index(queries.searchable_experiment(row))
    record(row, code=row.code, on=on.isoformat())
    return row


@action("fund.experiment_paused")
def pause_experiment(
    *, experiment: Experiment, on: date, reason: str, at: datetime, by: Any
) -> Experiment:
    """Pause: the days until it resumes do not count. The reason stands among the difficulties."""
    row = hold(experiment)
    why = _why(reason)
    _refuse_day(row, on, at)
    _move(row, State.PAUSED, at)
    Difficulty.objects.create(experiment=row, on=on, what=why[:500], consequence=Follows.PAUSED)
    record(row, code=row.code, on=on.isoformat(), reason=why)
    return row


@action("fund.experiment_resumed")
def resume_experiment(*, experiment: Experiment, on: date, at: datetime, by: Any) -> Experiment:
    """Resume after a pause, whose difficulty is settled; `on` is its last day."""
    row = hold(experiment)
    if row.state != State.PAUSED:
        raise Refused(_("It is not paused."))
    _refuse_day(row, on, at)
    for pause in row.difficulties.filter(consequence=Follows.PAUSED, settled_on=None):
        if on < pause.on:
            raise Refused(_("It was not paused yet on that day."), field="on")
        pause.settled_on = on
        pause.save(update_fields=["settled_on"])
    _move(row, State.LIVE, at)
    record(row, code=row.code, on=on.isoformat())
    return row


@action("fund.experiment_measured")
def measure_experiment(*, experiment: Experiment, on: date, at: datetime, by: Any) -> Experiment:
    """End the trial: `on` is the last day that counts; it can be evaluated from now on."""
    row = hold(experiment)
    _refuse_day(row, on, at)
    if row.starts_on is not None and on <= row.starts_on:
        raise Refused(_("It ends after it starts."), field="on")
    row.ends_on = on
    _move(row, State.MEASURED, at, "ends_on")
    record(row, code=row.code, on=on.isoformat())
    return row


@action("fund.experiment_abandoned")
def abandon_experiment(*, experiment: Experiment, reason: str, at: datetime, by: Any) -> Experiment:
    """Give an experiment up before its evaluation; the reason stands on its page."""
    row = hold(experiment)
    why = _why(reason)
    began = row.state in State.agreed()
    _move(row, State.ABANDONED, at)
    Difficulty.objects.create(
        experiment=row,
        on=at.astimezone(PARIS).date(),
        what=why[:500],
        consequence=Follows.GIVEN_UP,
    )
    if not began:
        row.agreed_at = None
        row.save(update_fields=["agreed_at"])
        drop(row)
    record(row, code=row.code, reason=why)
    return row


def hold(experiment: Experiment) -> Experiment:
    """Give an experiment as it is now, with its protocol, held until the action ends."""
    rows = Experiment.objects.select_related(*_RELATED).select_for_update(of=("self",))
    found: Experiment = queries.with_protocol(rows).get(pk=experiment.pk)
    return found


def move_to(row: Experiment, to: str, at: datetime) -> None:
    """Move a held experiment, for the action that is running."""
    _move(row, to, at)


def _move(row: Experiment, to: str, at: datetime, *also: str) -> None:
    if not moves.allowed(row.state, to):
        known = {"before": State(row.state).label, "after": State(to).label}
        raise Refused(_("This experiment is “%(before)s”: it cannot become “%(after)s”.") % known)
    row.state, row.state_since = to, at
    row.save(update_fields=["state", "state_since", *also])


def _refuse_day(row: Experiment, on: date, at: datetime) -> None:
    if on > at.astimezone(PARIS).date():
        raise Refused(_("This day is still to come."), field="on")
    if row.starts_on is not None and on < row.starts_on:
        raise Refused(_("The experiment had not begun on that day."), field="on")


def _why(reason: str) -> str:
    why = clean_line(reason)
    if not why:
        raise Refused(_("Say why: everybody will read it."), field="reason")
    return why


def _free_code(title: str) -> str:
    wanted = slugify(title)[:_CODE].strip("-") or "experimentation"
    taken = set(Experiment.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    tried = [*({wanted} - RESERVED), *numbered]
    return next(code for code in tried if code not in taken)
