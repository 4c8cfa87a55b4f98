"""Digital commons: an evaluated success is offered with its configuration, or withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext as _

from communs.core.bundles.models import Bundle
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.core.search.index import drop, index
from communs.services.fund.engine.sharing import moves
from communs.services.fund.enums import CommonState
from communs.services.fund.models import Common, Evaluation
from communs.services.fund.queries import commons

CODE_LENGTH = 50


@action("fund.common_offered")
def offer_common(
    *,
    evaluation: Evaluation,
    bundle: UUID,
    title: str,
    summary: str = "",
    at: datetime,
    by: Any,
) -> Common:
    """Put a success in the catalogue, with a configuration that its commune has published.

    A common is of an experiment: evaluated again, it keeps its common. What was withdrawn may be
    offered again: its copies, and what they confirmed, were kept.
    """
    if not commons.is_success(evaluation):
        raise Refused(_("Only what was evaluated as a success is offered."))
    line = clean_line(title)
    if not line:
        raise Refused(_("Write its name."), field="title")
    chosen = _published(evaluation, bundle)
    held = _held(evaluation)
    if held is not None and held.state != CommonState.WITHDRAWN:
        raise Refused(_("This success is in the catalogue already."))
    row = held or Common(code=_code(evaluation))
    row.evaluation = evaluation
    row.title, row.summary, row.service = line, clean_line(summary), chosen.service
    row.bundle, row.bundle_version, row.digest = chosen.pk, chosen.version, chosen.digest
    row.licence, row.offered_at, row.withdrawn_because = chosen.licence, at, ""
    row.state = moves.of_common(_states(row))
    row.confirmed_at = at if row.state == CommonState.CONFIRMED else None
    row.save()
    index(commons.searchable_common(row))
    experiment = evaluation.experiment.code
    record(row, code=row.code, service=row.service, digest=row.digest, experiment=experiment)
    return row


@action("fund.common_evidence_updated")
def update_evidence(*, evaluation: Evaluation, by: Any) -> Common | None:
    """Have the common of an experiment rest on a later evaluation, if that is a success too."""
    row = _held(evaluation)
    if row is None or row.evaluation_id == evaluation.pk or not commons.is_success(evaluation):
        nothing_done()
        return row
    row.evaluation = evaluation
    row.save(update_fields=["evaluation"])
    if row.state != CommonState.WITHDRAWN:
        index(commons.searchable_common(row))
    record(row, code=row.code, experiment=evaluation.experiment.code, number=evaluation.number)
    return row


@action("fund.common_withdrawn")
def withdraw_common(*, common: Common, reason: str, by: Any) -> Common:
    """Offer a common no more, and say why; who took it over keeps it."""
    why = clean_line(reason)
    if not why:
        raise Refused(_("Say why it is withdrawn."), field="reason")
    mine = Common.objects.filter(pk=common.pk).exclude(state=CommonState.WITHDRAWN)
    if not mine.update(state=CommonState.WITHDRAWN, confirmed_at=None, withdrawn_because=why):
        raise Refused(_("This common is withdrawn already."))
    common.refresh_from_db()
    drop(common)
    record(common, code=common.code, reason=why)
    return common


def settle_common(common: Common, *, at: datetime) -> str:
    """Bring a common's state in line with its copies, inside the action that moved one; give it."""
    held = Common.objects.select_for_update().get(pk=common.pk)
    if held.state != CommonState.WITHDRAWN:
        state = moves.of_common(_states(held))
        if state != held.state:
            held.state = state
            held.confirmed_at = at if state == CommonState.CONFIRMED else None
            held.save(update_fields=["state", "confirmed_at"])
    return held.state


def _held(evaluation: Evaluation) -> Common | None:
    """Give the common of an evaluation's experiment, held until the action ends."""
    found = commons.common_of(evaluation.experiment_id)
    return found and Common.objects.select_for_update().get(pk=found.pk)


def _published(evaluation: Evaluation, key: UUID) -> Bundle:
    for listed in commons.bundles_of(evaluation.experiment):
        if listed.bundle.pk == key:
            return listed.bundle
    words = _("Choose a configuration that %(name)s has published for this service.")
    raise Refused(words % {"name": evaluation.experiment.site.name}, field="bundle")


def _states(row: Common) -> list[str]:
    return list(row.replications.order_by().values_list("state", flat=True)) if row.pk else []


def _code(evaluation: Evaluation) -> str:
    """Give a code by which people know it: the service and the commune, numbered if need be."""
    experiment = evaluation.experiment
    stem = slugify(f"{experiment.service}-{experiment.site.slug}")[:CODE_LENGTH]
    taken = set(Common.objects.filter(code__startswith=stem).values_list("code", flat=True))
    numbers = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
    return stem if stem not in taken else next(code for code in numbers if code not in taken)
