"""From an experiment to what its pages show: figures, what is missing, what was found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communs.core.communities.addresses import url_of
from communs.core.kit.localised import day, number
from communs.core.registry import queries as registry
from communs.services.fund.engine.evaluating import assessing
from communs.services.fund.enums import ExperimentState as State
from communs.services.fund.enums import Follows, Verdict
from communs.services.fund.models import Difficulty, Evaluation, Experiment
from communs.services.fund.queries import experiments as queries
from communs.services.fund.queries import finding_words as findings
from communs.services.fund.queries import protocol_words, protocols
from communs.services.fund.queries.freezing import change_of, freeze
from communs.services.fund.views import tried_charts

TAGS = {
    State.DESIGNED: "neutral",
    State.CONFIGURED: "soon",
    State.LIVE: "on",
    State.PAUSED: "warn",
    State.MEASURED: "soon",
    State.EVALUATED: "on",
    State.ABANDONED: "off",
}


def row(one: Experiment) -> dict[str, Any]:
    """Give what a list shows of an experiment."""
    last = queries.last_evaluation(one)
    return {
        "experiment": one,
        "href": reverse("fund:experiment", args=[one.code]),
        "state": State(one.state).label,
        "state_tag": TAGS[State(one.state)],
        "service": service_title(one),
        "verdict": verdict_word(last),
        "verdict_tag": verdict_tag(last),
    }


def verdict_word(last: Evaluation | None) -> str:
    """Give the verdict that was decided, or say that none was."""
    if last is None or not last.verdict:
        return pgettext("verdict", "not decided yet")
    return str(Verdict(last.verdict).label)


def verdict_tag(last: Evaluation | None) -> str:
    """Give the sign of a verdict."""
    return findings.VERDICT_TAGS[Verdict(last.verdict)] if last and last.verdict else "neutral"


def service_title(one: Experiment) -> str:
    """Give the name of the service that is tried; its key where it is not installed."""
    found = registry.by_key(one.service)
    return str(found.title) if found else one.service


def whole(one: Experiment, on: date, *, inside: bool) -> dict[str, Any]:
    """Give all that the page of an experiment shows; what is not decided yet only `inside`."""
    until = min(one.ends_on or on, on - timedelta(days=1))
    begun = one.starts_on is not None and one.starts_on <= until
    frozen = freeze(one, max(until, one.starts_on or until), on=on, alone=True)
    lacking = assessing.missing(frozen) if begun else []
    return {
        **row(one),
        "site_href": url_of(one.site, "web:home"),
        "grant_href": reverse("fund:grant", args=[one.grant.reference]),
        "is_public": queries.is_public(one),
        "facts": _facts(one),
        "indicators": [tried_charts.measured(told, one) for told in frozen["indicators"]],
        "is_demonstration": frozen["demonstration"] or one.demonstration,
        "missing": [_lacking(told) for told in lacking if told["gates"]],
        "quality": [_quality(told) for told in lacking],
        "to_mend": _to_mend(one, on) if inside else [],
        "begun": begun,
        "ended": one.state in (State.MEASURED, State.EVALUATED),
        "comparisons": _comparisons(frozen),
        "changes": protocol_words.told(change_of(change) for change in one.changes.all()),
        "milestones": _milestones(one, on),
        "difficulties": [_difficulty(trouble) for trouble in one.difficulties.all()],
        "panel": _panel(one),
        "evaluations": [
            _evaluation(found, one)
            for found in one.evaluations.all()
            if inside or found.decided_at is not None
        ],
        "panel_open": one.state in (State.CONFIGURED, State.LIVE, State.PAUSED),
    }


def found(told: Mapping[str, Any]) -> dict[str, Any]:
    """Give what an evaluation found of an indicator, in words."""
    key = told["key"]
    word, tag = findings.FINDINGS[told["finding"]]
    way = told["difference"] or told["before_after"] or {}
    return {
        "title": findings.title_of(key),
        "key": key,
        "word": word,
        "tag": tag,
        "before": findings.figure(key, (told["before_after"] or {}).get("before")),
        "after": findings.figure(key, (told["before_after"] or {}).get("after")),
        "effect": findings.figure(key, told["effect"], sign=True),
        "interval": findings.interval(key, told["low"], told["high"]),
        "p": findings.chance(told["p"]),
        "p_adjusted": findings.chance(told["p_adjusted"]),
        "against": findings.against(told),
        "target": findings.aimed(told["aim"], key, told["target"]),
        "reached": findings.reached(told),
        "days": number(way.get("days", 0)),
        "known": _("%(before)s before, %(after)s since the start")
        % {"before": number(told["before_days"]), "after": number(told["after_days"])},
        "alone": _estimate(key, told["before_after"]),
        "difference": _estimate(key, told["difference"]),
        "doubts": [findings.doubt(gate, told["key"]) for gate in told["gates"]],
    }


def _estimate(key: str, told: Mapping[str, Any] | None) -> str:
    if told is None:
        return pgettext("difference", "unknown")
    known = {
        "effect": findings.figure(key, told["effect"], sign=True),
        "interval": findings.interval(key, told["low"], told["high"]),
    }
    return _("%(effect)s (%(interval)s)") % known


def _facts(one: Experiment) -> list[dict[str, Any]]:
    """Give the essentials in pairs."""
    unset = _("not set yet")
    return [
        {"label": _("Service that is tried"), "value": service_title(one)},
        {"label": _("Starts on"), "value": day(one.starts_on) if one.starts_on else unset},
        {"label": _("Ends on"), "value": day(one.ends_on) if one.ends_on else unset},
        {
            "label": _("Protocol agreed on"),
            "value": day(one.agreed_at) if one.agreed_at else _("not agreed yet"),
        },
        {
            "label": _("Digest of the protocol (SHA-256)"),
            "value": one.protocol_sha256[:16] + "…"
            if one.protocol_sha256
            else pgettext("digest", "none"),
        },
        {
            "label": _("Adviser"),
            "value": _("named") if one.adviser_id else pgettext("adviser", "none yet"),
        },
    ]


def _to_mend(one: Experiment, on: date) -> list[str]:
    """Say what keeps a protocol that is not agreed yet from being agreed."""
    waits = one.state in (State.DESIGNED, State.CONFIGURED) and one.agreed_at is None
    return [fault.sentence for fault in protocols.faults(one, on=on)] if waits else []


def _lacking(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": findings.title_of(told["key"]),
        "doubts": [findings.doubt(gate, told["key"]) for gate in told["gates"]],
    }


def _quality(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": findings.title_of(told["key"]),
        "before": number(told["before_days"]),
        "after": number(told["after_days"]),
        "blocked": any(gate["blocks"] for gate in told["gates"]),
    }


def _comparisons(frozen: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": one["name"],
            "left_out": _("left out: switched the service on or off on %(day)s")
            % {"day": day(_date(one["since"]))}
            if one["left_out"]
            else "",
        }
        for one in frozen["comparisons"]
    ]


def _milestones(one: Experiment, on: date) -> list[dict[str, Any]]:
    return [
        {
            "row": milestone,
            "state": _("reached on %(day)s") % {"day": day(milestone.reached_on)}
            if milestone.reached_on
            else (
                _("due on %(day)s, not reached") if milestone.due_on < on else _("due on %(day)s")
            )
            % {"day": day(milestone.due_on)},
        }
        for milestone in one.milestones.all()
    ]


def _difficulty(one: Difficulty) -> dict[str, Any]:
    known = dict(Follows.choices)
    return {"row": one, "consequence": known.get(one.consequence, one.consequence)}


def _panel(one: Experiment) -> dict[str, Any]:
    told = queries.panel(one)
    return told | {
        name: None
        if told[name] is None
        else _("%(mean)s out of 5") % {"mean": number(round(told[name], 1))}
        for name in ("useful", "easy")
    }


def _evaluation(one: Evaluation, of: Experiment) -> dict[str, Any]:
    return {
        "row": one,
        "href": reverse("fund:evaluation", args=[of.code, one.number]),
        "proposed": Verdict(one.proposed).label,
        "proposed_tag": findings.VERDICT_TAGS[Verdict(one.proposed)],
        "verdict": verdict_word(one),
        "tag": verdict_tag(one),
    }


def _date(text: str) -> date:
    return date.fromisoformat(text)
