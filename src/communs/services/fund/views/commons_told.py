"""What the pages of digital commons show, in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from communs.core.bundles import pages, showing
from communs.core.bundles.documents import opened
from communs.core.communities.addresses import url_of
from communs.core.communities.models import Community
from communs.core.kit.errors import Refused
from communs.core.kit.localised import day
from communs.core.registry import queries as registry
from communs.core.web import atlas
from communs.services.fund.engine.sharing import moves
from communs.services.fund.enums import CommonState, ReplicationState
from communs.services.fund.models import Common, Experiment, Replication
from communs.services.fund.queries import commons as reads
from communs.services.fund.queries import finding_words
from communs.services.fund.queries.commons import Copy
from communs.services.fund.views import proofs

TAGS = {"offered": "soon", "confirmed": "on", "withdrawn": "off"}
STATES = {
    "requested": "neutral",
    "checked": "soon",
    "live": "on",
    "measured": "on",
    "confirmed": "on",
    "rolled_back": "off",
    "given_up": "off",
}


def line(found: Any) -> dict[str, Any]:
    """Give a common as the catalogue shows it; copies were counted by `queries.commons`."""
    common: Common = found
    experiment = common.evaluation.experiment
    service = registry.by_key(common.service)
    return {
        "common": common,
        "href": reverse("fund:common", args=[common.code]),
        "tag": TAGS[common.state],
        "service_title": str(service.title) if service else common.service,
        "icon_name": service.icon if service else "settings",
        "site": experiment.site,
        "challenge": experiment.grant.get_challenge_display(),
        "verdict": common.evaluation.get_verdict_display(),
        "licence_words": showing.licence_words(common.licence),
        "demonstration": experiment.demonstration,
        "held": found.held,
        "confirmed": found.confirmed,
    }


def evidence(found: Common) -> dict[str, Any]:
    """Give the proof behind a common, and what was decided since, if anything was."""
    evaluation = found.evaluation
    later = evaluation.experiment.evaluations.filter(
        number__gt=evaluation.number, decided_at__isnull=False
    )
    last = later.order_by("-number").first()
    return {
        "effects": proofs.effects(evaluation),
        "evaluation": evaluation,
        "evaluation_href": proofs.evaluation_href(evaluation),
        "experiment_href": proofs.experiment_href(evaluation.experiment),
        "later_verdict": last.get_verdict_display() if last else "",
    }


def configuration(found: Common) -> dict[str, Any]:
    """Give what a common sets, in words, or why it cannot be read any more."""
    held = reads.bundle_of(found)
    versions = reads.bundles_of(found.evaluation.experiment)
    shown = {
        "versions": versions,
        "published": any(one.bundle.pk == found.bundle for one in versions),
        "unread": "",
    }
    if held is None:
        return shown | {"unread": _("The configuration is no longer on this site.")}
    try:
        return shown | pages.facts(opened(held.document))
    except Refused as refusal:
        return shown | {"unread": str(refusal)}


def places(found: Common, copies: Sequence[Copy], on: date) -> dict[str, Any]:
    """Give where a common runs: a map, the same as a table, and who took it from whom."""
    site = found.evaluation.experiment.site
    levels = {site.slug: ("two", _("tried here first"))}
    for copy in copies:
        row = copy.replication
        level = "one" if row.state in moves.RUNNING and copy.runs else "terr"
        if row.state not in moves.OVER and row.place_id != site.pk:
            levels[row.place.slug] = (level, state_word(row, runs=copy.runs))
    return {
        **atlas.map_of(on, levels=levels),
        **atlas.base_layer(),
        "legend": [
            {"level": "two", "label": _("tried here first")},
            {"level": "one", "label": _("runs here too")},
            {"level": "terr", "label": _("asked for or installed, not running")},
        ],
        "copies": [_copy(copy) for copy in copies],
        "tree": tree(site.name, copies),
    }


def tree(origin: str, copies: Sequence[Copy]) -> dict[str, Any]:
    """Give who took a common over from whom; what is not known comes from the origin."""
    running = [one for one in copies if one.replication.state in moves.RUNNING]
    nodes: dict[str, dict[str, Any]] = {origin: {"name": origin, "state": "", "children": []}}
    for one in sorted(running, key=lambda one: str(one.replication.installed_at)):
        name = one.replication.place.name
        state = state_word(one.replication, runs=one.runs)
        node = {"name": name, "state": state, "children": []}
        nodes.get(one.source, nodes[origin])["children"].append(node)
        nodes.setdefault(name, node)
    return nodes[origin]


def requests(
    found: Common, copies: Sequence[Copy], own: Sequence[Community], *, manages: bool
) -> list[dict[str, Any]]:
    """Give the copies that a reader may do something about, each with what comes next."""
    keys = {one.pk for one in own}
    origin = found.evaluation.experiment.site_id in keys
    return [
        _asked(found, copy, theirs=copy.replication.place_id in keys, manages=manages)
        for copy in copies
        if copy.replication.state not in moves.OVER
        and (manages or origin or copy.replication.place_id in keys)
    ]


def may_ask(found: Common, copies: Sequence[Copy], own: Sequence[Community]) -> bool:
    """Tell whether a reader may ask for a common, for one commune at least."""
    busy = {one.replication.place_id for one in copies if one.replication.state not in moves.OVER}
    busy.add(found.evaluation.experiment.site_id)
    offered = found.state != CommonState.WITHDRAWN
    return offered and any(one.pk not in busy for one in own)


def state_word(row: Replication, *, runs: bool) -> str:
    """Give a copy's state; one that is installed runs where its service is switched on."""
    if row.state == ReplicationState.LIVE and not runs:
        return _("installed, service switched off")
    return str(row.get_state_display())


def state_tag(row: Replication, *, runs: bool) -> str:
    """Give the sign of a copy's state."""
    return "warn" if row.state == ReplicationState.LIVE and not runs else STATES[row.state]


def followed(row: Replication, on: Collection[tuple[str, str]]) -> dict[str, Any]:
    """Give a copy as the manager's list shows it; `on` are the services switched on, by place."""
    runs = (row.common.service, row.place.slug) in on
    return {
        "replication": row,
        "state": state_word(row, runs=runs),
        "tag": state_tag(row, runs=runs),
        "href": reverse("fund:common", args=[row.common.code]),
    }


def figures(row: Replication) -> list[dict[str, Any]]:
    """Give what was measured in a copy, in words."""
    return [_measured(one) for one in row.measured]


def nothing_shared(experiment: Experiment) -> str:
    """Say what a commune has to do before its success can be offered."""
    words = _(
        "%(name)s has not published its configuration of this service yet: one of its"
        " administrators does so under “Settings”."
    )
    return words % {"name": experiment.site.name}


def _copy(copy: Copy) -> dict[str, Any]:
    row = copy.replication
    return {
        "place": row.place,
        "state": state_word(row, runs=copy.runs),
        "tag": state_tag(row, runs=copy.runs),
        "since": row.state_since,
        "installed_at": row.installed_at,
        "version": row.version,
        "source": copy.source,
        "says": _says(row, runs=copy.runs),
    }


def _says(row: Replication, *, runs: bool) -> str:
    """Say what follows where a copy is over, confirmed, or installed but not switched on."""
    if row.state == ReplicationState.ROLLED_BACK:
        follows = _("It counts no more.")
        if row.reason:
            replaced = _("Replaced by “%(title)s”.") % {"title": row.reason}
            return f"{replaced} {follows}"
        return follows
    if row.state in (ReplicationState.MEASURED, ReplicationState.CONFIRMED) and not runs:
        return _("Installed, but the service is switched off there.")
    return row.reason if row.state in (*moves.OVER, ReplicationState.CONFIRMED) else ""


def _asked(found: Common, copy: Copy, *, theirs: bool, manages: bool) -> dict[str, Any]:
    row = copy.replication
    waits = row.state in (ReplicationState.REQUESTED, ReplicationState.CHECKED)
    return {
        "replication": row,
        "state": state_word(row, runs=copy.runs),
        "tag": state_tag(row, runs=copy.runs),
        "asked_on": day(row.requested_at),
        "figures": figures(row),
        "preview": url_of(row.place, "bundles:preview", found.bundle) if theirs else "",
        "settings": url_of(row.place, "bundles:configuration", found.service) if theirs else "",
        "may_give_up": waits and (theirs or manages),
        "may_measure": (theirs or manages) and moves.allowed(row.state, "measured"),
        "may_confirm": manages and moves.allowed(row.state, "confirmed"),
    }


def _measured(one: dict[str, Any]) -> dict[str, Any]:
    key = one["indicator"]
    value = None if one["value"] is None else float(one["value"])
    known = {
        "value": finding_words.figure(key, value),
        "days": one["days"],
        "first": day(date.fromisoformat(one["first"])),
        "last": day(date.fromisoformat(one["last"])),
    }
    told = _("%(value)s over %(days)s days with a value, from %(first)s to %(last)s")
    return {
        "label": finding_words.title_of(key),
        "value": None if value is None else told % known,
    }
