"""The report of an evaluation as a document: to print, to sign for, to keep."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from communs.core.communities.scope import current
from communs.core.documents import Block, Bullets, Document, Facts, Heading, Note, Paragraph, Table
from communs.core.kit.localised import day, moment, money, number
from communs.services.fund.enums import Verdict
from communs.services.fund.models import Evaluation, Experiment
from communs.services.fund.queries import finding_words as findings
from communs.services.fund.queries import protocol_words
from communs.services.fund.views import tried_shown


def report(experiment: Experiment, evaluation: Evaluation) -> Document:
    """Write the report of an evaluation: question, findings, doubts, verdict, figures' digest."""
    rows = [tried_shown.found(one) for one in evaluation.results["indicators"]]
    blocks: list[Block] = [
        Paragraph(experiment.question, strong=True),
        Facts(_facts(experiment, evaluation)),
        Heading(_("What was learnt")),
        _table(rows),
    ]
    for one in rows:
        blocks += _one(one)
    blocks += _changes(evaluation)
    blocks += [Heading(_("Verdict")), *_verdict(evaluation)]
    known = {"digest": evaluation.digest}
    blocks.append(Note(_("The figures used are frozen. SHA-256: %(digest)s") % known))
    if evaluation.frozen["demonstration"]:
        blocks.append(Note(_("These figures belong to a demonstration.")))
    title = _("Evaluation no. %(number)s: %(title)s")
    return Document(
        title=title % {"number": number(evaluation.number), "title": experiment.title},
        language=(get_language() or "fr")[:2],
        blocks=blocks,
        issuer=current().full_name,
        dated=day(evaluation.at),
        draft="" if evaluation.decided_at else _("DRAFT"),
    )


def _facts(experiment: Experiment, evaluation: Evaluation) -> list[tuple[str, str]]:
    return [
        (_("Commune"), experiment.site.name),
        (_("Service that is tried"), tried_shown.service_title(experiment)),
        (_("Grant"), f"{experiment.grant.reference} – {experiment.grant.title}"),
        (_("Starts on"), day(experiment.starts_on) if experiment.starts_on else _("unknown")),
        (_("Figures up to"), day(evaluation.until)),
        (_("Evaluated on"), moment(evaluation.at)),
    ]


def _table(rows: list[dict[str, Any]]) -> Table:
    head = [
        _("Indicator"),
        _("Before"),
        _("Since the start"),
        _("Effect"),
        _("Interval at %(level)s per cent") % {"level": 95},
    ]
    lines = [
        [one["title"], one["before"], one["after"], one["effect"], one["interval"]] for one in rows
    ]
    return Table(
        [*head, _("Finding")],
        [[*line, str(one["word"])] for line, one in zip(lines, rows, strict=True)],
    )


def _one(one: dict[str, Any]) -> list[Block]:
    facts = [
        (_("Aim"), one["target"]),
        (_("Target"), one["reached"]),
        (_("Set against"), one["against"]),
        (_("Before and after alone"), one["alone"]),
        (_("Difference in differences"), one["difference"]),
        (_("Probability under no effect, raised by Holm’s rule"), one["p_adjusted"]),
        (_("Values known"), one["known"]),
    ]
    blocks: list[Block] = [Heading(one["title"], 2), Facts(facts)]
    if one["doubts"]:
        blocks.append(Bullets([f"{d.sentence} {d.follows}".strip() for d in one["doubts"]]))
    return blocks


def _changes(evaluation: Evaluation) -> list[Block]:
    """Say how the protocol changed after the start, and what follows."""
    found = protocol_words.told(evaluation.frozen["changes"])
    if not found:
        return []
    blocks: list[Block] = [Heading(_("The protocol changed after the start"))]
    for one in found:
        known = {"day": day(one.on), "reason": one.reason}
        blocks.append(Paragraph(_("%(day)s. Reason: %(reason)s") % known))
        blocks += [Bullets(one.lines)] if one.lines else []
    return [*blocks, Paragraph(_("No more than “to be prolonged” is proposed."))]


def _verdict(evaluation: Evaluation) -> list[Block]:
    proposed = Verdict(evaluation.proposed).label
    rule = findings.rule(evaluation.results["rule"])
    known = {"verdict": proposed, "rule": rule}
    blocks: list[Block] = [Paragraph(_("Proposed: %(verdict)s. %(rule)s") % known)]
    if evaluation.decided_at is None:
        return [*blocks, Paragraph(_("Nobody has decided yet."))]
    decided = {
        "verdict": Verdict(evaluation.verdict).label,
        "moment": moment(evaluation.decided_at),
    }
    told = _("Decided by a person on %(moment)s: %(verdict)s.") % decided
    blocks.append(Paragraph(told, strong=True))
    parts = (
        (_("Reason"), evaluation.reason),
        (pgettext("verdict", "What was learnt"), evaluation.finding),
        (_("What is recommended"), evaluation.recommendation),
        (
            _("Final cost"),
            money(evaluation.final_cost) if evaluation.final_cost is not None else "",
        ),
    )
    return [*blocks, Facts([(label, text) for label, text in parts if text])]
