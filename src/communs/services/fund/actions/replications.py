"""Replications: a commune asks for a common, tries it, runs it, measures it, confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.communities.models import Community
from communs.core.indicators import definitions
from communs.core.indicators import queries as indicators
from communs.core.indicators.engine.combining import Step
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.kit.localised import day, number
from communs.core.kit.text import clean_line, clean_text
from communs.core.kit.timespans import PARIS
from communs.services.fund.actions.commons import settle_common
from communs.services.fund.engine.sharing import moves
from communs.services.fund.enums import CommonState, ReplicationState
from communs.services.fund.models import Common, ProtocolIndicator, Replication
from communs.services.fund.queries import commons


@dataclass(frozen=True, slots=True)
class Held:
    """The configuration in force in a commune: which, which version, since when."""

    digest: str
    version: int
    at: datetime


@action("fund.replication_asked")
def ask_replication(
    *, common: Common, place: Community, message: str = "", at: datetime, by: Any
) -> Replication:
    """Say that a commune wants to take a common over; once at a time."""
    if common.state == CommonState.WITHDRAWN:
        raise Refused(withdrawn())
    _refuse_origin(common, place)
    row = _begin(common, place, ReplicationState.REQUESTED, at, message=clean_text(message))
    record(row, **_named(row))
    return row


@action("fund.replication_given_up")
def give_up_replication(
    *, replication: Replication, reason: str, at: datetime, by: Any
) -> Replication:
    """Take back what was asked, before anything was installed; the commune may ask again."""
    why = clean_line(reason)
    if not why:
        raise Refused(_("Say why, in one sentence."), field="reason")
    row = _moved(replication, ReplicationState.GIVEN_UP, at, reason=why)
    record(row, **_named(row), reason=why)
    return row


@action("fund.replication_checked")
def note_check(*, replication: Replication, at: datetime, by: Any) -> Replication:
    """Note that the commune tried the configuration without effect, and that it can be installed.

    Once it runs, or was tried before, there is nothing more to note.
    """
    if replication.state != ReplicationState.REQUESTED:
        nothing_done()
        return replication
    row = _moved(replication, ReplicationState.CHECKED, at)
    record(row, **_named(row))
    return row


@action("fund.replication_live")
def note_installation(*, common: Common, place: Community, held: Held, by: Any) -> Replication:
    """Note that a commune runs a common, whether it asked or not; a later version is the same copy.

    Hearing twice changes nothing.
    """
    row = commons.open_replication(common, place)
    if row is not None and row.state in moves.RUNNING:
        if (row.digest, row.version) == (held.digest, held.version):
            nothing_done()
            return row
        row.digest, row.version = held.digest, held.version
        row.save(update_fields=["digest", "version"])
    else:
        values = {"digest": held.digest, "version": held.version, "installed_at": held.at}
        row = (
            _begin(common, place, ReplicationState.LIVE, held.at, **values)
            if row is None
            else _moved(row, ReplicationState.LIVE, held.at, **values)
        )
    record(row, **_named(row), version=held.version, digest=held.digest)
    return row


@action("fund.replication_undone")
def note_undone(
    *, replication: Replication, replaced_by: str = "", at: datetime, by: Any
) -> Replication:
    """Note that a commune runs a common no more: the copy counts no longer.

    `replaced_by` names the configuration in its place, if any. A common that this copy alone had
    confirmed is offered again, and no more than that.
    """
    row = _moved(replication, ReplicationState.ROLLED_BACK, at, reason=replaced_by)
    state = settle_common(row.common, at=at)
    record(row, **_named(row), replaced_by=replaced_by, common_state=state)
    return row


@action("fund.replication_measured")
def measure_replication(
    *, replication: Replication, on: date, at: datetime, by: Any
) -> Replication:
    """Keep what the indicators of the original measure in the copy, since it runs there.

    `on` is today: the figures end the day before. Raises Refused as long as one of them has fewer
    days with a value than the protocol of the original asks for.
    """
    if replication.installed_at is None:
        raise Refused(_("Nothing is installed there: there is nothing to measure."))
    asked = commons.protocol(replication.common)
    if not asked:
        raise Refused(_("The original was judged by no indicator: nothing can be measured."))
    first = replication.installed_at.astimezone(PARIS).date()
    last = on - timedelta(days=1)
    figures = [_figure(one, replication.place, first, last, on) for one in asked]
    row = _moved(replication, ReplicationState.MEASURED, at, measured=figures)
    record(row, **_named(row), indicators=len(figures))
    return row


@action("fund.replication_confirmed")
def confirm_replication(
    *, replication: Replication, reason: str, at: datetime, by: Any
) -> Replication:
    """Say, with the reason, that a success was found again elsewhere: it is a digital common."""
    why = clean_line(reason)
    if not why:
        raise Refused(_("Say what confirms it."), field="reason")
    _refuse_origin(replication.common, replication.place)
    row = _moved(replication, ReplicationState.CONFIRMED, at, reason=why, confirmed_at=at)
    settle_common(row.common, at=at)
    record(row, **_named(row), reason=why)
    return row


def withdrawn() -> str:
    """Say that a common is offered no more."""
    return _("This common is withdrawn: it is offered no more.")


def unconfirmable(replication: Replication) -> str:
    """Say why a copy cannot be confirmed as it is, or nothing where it can."""
    if moves.allowed(replication.state, ReplicationState.CONFIRMED):
        return ""
    known = {
        "state": ReplicationState(replication.state).label,
        "name": replication.place.name,
    }
    words = _("Only a copy that was measured is confirmed. This one (%(name)s) is “%(state)s”.")
    return words % known


def _begin(
    common: Common, place: Community, state: str, at: datetime, **values: Any
) -> Replication:
    row = Replication(common=common, place=place, state=state, state_since=at, requested_at=at)
    for name, value in values.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        words = _("%(name)s has asked for this common already: its request stands on its page.")
        raise Refused(words % {"name": place.name}) from error
    return row


def _moved(replication: Replication, to: str, at: datetime, **values: Any) -> Replication:
    """Move a copy to a state; the second of two people who do so at once is refused."""
    before = replication.state
    if not moves.allowed(before, to):
        known = {
            "before": ReplicationState(before).label,
            "after": ReplicationState(to).label,
            "name": replication.place.name,
        }
        words = _("In %(name)s this common is “%(before)s”: it cannot become “%(after)s”.")
        raise Refused(words % known)
    changed = {"state": to, "state_since": at} | values
    if not Replication.objects.filter(pk=replication.pk, state=before).update(**changed):
        raise Refused(_("Somebody else moved this meanwhile. Read it again."))
    for name, value in changed.items():
        setattr(replication, name, value)
    return replication


def _figure(
    asked: ProtocolIndicator, place: Community, first: date, last: date, on: date
) -> Mapping[str, Any]:
    """Give what an indicator says of the whole time in the copy, with how many days tell it."""
    try:
        found = definitions.named(asked.indicator)
        ((_place, series),) = indicators.compared_series(
            found.key, [place], first, last, step=Step.DAY, on=on
        )
        whole = indicators.compare(found.key, first, last, communities=[place], on=on)
    except LookupError as error:
        words = _("The indicator “%(key)s” is measured here no more.")
        raise Refused(words % {"key": asked.indicator}) from error
    days = sum(point.known for point in series.points)
    if days < asked.least_days:
        words = ngettext(
            "“%(title)s” has %(days)s day with a value in %(name)s since %(first)s: the protocol"
            " asks for %(least)s.",
            "“%(title)s” has %(days)s days with a value in %(name)s since %(first)s: the protocol"
            " asks for %(least)s.",
            days,
        )
        known = {
            "title": found.title,
            "days": number(days),
            "name": place.name,
            "first": day(first),
            "least": number(asked.least_days),
        }
        raise Refused(words % known)
    value = next((row.point.value for row in whole.rows), None)
    return {
        "indicator": found.key,
        "version": found.version,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "days": days,
        "value": None if value is None else str(value),
    }


def _refuse_origin(common: Common, place: Community) -> None:
    site = common.evaluation.experiment.site
    if place.pk == site.pk:
        words = _("This comes from %(name)s: another commune has to find it again.")
        raise Refused(words % {"name": site.name})


def _named(row: Replication) -> dict[str, Any]:
    return {"common": row.common.code, "place": row.place.slug}
