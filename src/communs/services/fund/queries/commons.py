"""Reads of the digital commons: what is offered, who took it over, what its copies measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import override

from communs.core.access.enums import Role
from communs.core.access.queries import roles_by_community
from communs.core.bundles import queries as bundles
from communs.core.bundles.enums import InstallationState
from communs.core.bundles.models import Bundle, Installation
from communs.core.bundles.queries import Listed
from communs.core.communities.models import Community
from communs.core.communities.queries import by_name
from communs.core.communities.scope import across
from communs.core.registry import queries as registry
from communs.core.registry.service import Service, noop
from communs.core.search.documents import Searchable
from communs.services.fund.engine.sharing.lineage import Link
from communs.services.fund.enums import CommonState, ReplicationState, Verdict
from communs.services.fund.models import (
    Common,
    Evaluation,
    Experiment,
    ProtocolIndicator,
    Replication,
)
from communs.services.fund.queries.master_plan import HEAVY

_RELATED = ("evaluation__experiment__site", "evaluation__experiment__grant__beneficiary")
_INSTALLED = Q(replications__state__in=ReplicationState.installed())
_CONFIRMED = Q(replications__state=ReplicationState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Copy:
    """A commune that takes a common over: its row, whether its service is on, whence it came."""

    replication: Replication
    runs: bool
    source: str = ""


def commons(*, service: str = "", challenge: str = "", withdrawn: bool = False) -> QuerySet[Common]:
    """Give the commons, the latest first, each with `held` and `confirmed` copies counted.

    A copy is held where it runs: installed, its service switched on.
    """
    rows = Common.objects.select_related(*_RELATED).defer(*HEAVY)
    if not withdrawn:
        rows = rows.exclude(state=CommonState.WITHDRAWN)
    if service:
        rows = rows.filter(service=service)
    if challenge:
        rows = rows.filter(evaluation__experiment__grant__challenge=challenge)
    held = Count("replications", filter=_INSTALLED & _switched_on(registry.activations_on()))
    confirmed = Count("replications", filter=_CONFIRMED)
    return rows.annotate(held=held, confirmed=confirmed).order_by("-offered_at", "code")


def common(code: str) -> Common | None:
    """Give one common, a withdrawn one too: its copies stay."""
    rows = commons(withdrawn=True).defer(None).defer(HEAVY[0])
    return rows.filter(code=code).first()


def services_shared() -> list[Service]:
    """Give the services of which something is in the catalogue."""
    keys = Common.objects.exclude(state=CommonState.WITHDRAWN).order_by()
    found = (registry.by_key(key) for key in sorted(set(keys.values_list("service", flat=True))))
    return [one for one in found if one is not None]


def copies(found: Common) -> list[Copy]:
    """Give the communes that asked for a common or took it over; three queries."""
    rows = list(found.replications.select_related("place").order_by("requested_at", "pk"))
    on = registry.activations_on() if rows else set()
    sources = _sources(found, rows)
    return [
        Copy(
            row,
            (found.service, row.place.slug) in on,
            sources.get((row.place_id, row.digest), ""),
        )
        for row in rows
    ]


def replication(key: UUID) -> Replication | None:
    """Give one copy with its common."""
    rows = Replication.objects.select_related("place", *(f"common__{name}" for name in _RELATED))
    return rows.defer(*(f"common__{name}" for name in HEAVY)).filter(pk=key).first()


def replications_of(place: Community) -> QuerySet[Replication]:
    """Give what a commune asked for or took over, the latest first."""
    rows = Replication.objects.filter(place=place).select_related("common")
    return rows.order_by("-requested_at", "pk")


def to_follow() -> QuerySet[Replication]:
    """Give the copies that somebody has still to do something about."""
    rows = Replication.objects.exclude(
        state__in=[*ReplicationState.over(), ReplicationState.CONFIRMED]
    )
    return rows.select_related("place", "common").order_by("common__code", "requested_at", "pk")


def offerable() -> QuerySet[Evaluation]:
    """Give the successes whose experiment is not in the catalogue, the latest first."""
    theirs = Common.objects.filter(evaluation__experiment=OuterRef("experiment"))
    offered = theirs.exclude(state=CommonState.WITHDRAWN)
    later = Evaluation.objects.filter(
        experiment=OuterRef("experiment"), number__gt=OuterRef("number"), decided_at__isnull=False
    )
    rows = Evaluation.objects.defer("frozen", "results").filter(
        ~Exists(offered), ~Exists(later), verdict__in=Verdict.successes()
    )
    return rows.select_related("experiment__site").order_by("-decided_at", "pk")


def common_of(experiment: Any) -> Common | None:
    """Give the common of an experiment, withdrawn or not; a later evaluation is of the same."""
    rows = Common.objects.filter(evaluation__experiment=experiment)
    return rows.order_by("offered_at", "pk").first()


def is_success(evaluation: Evaluation) -> bool:
    """Tell whether an evaluation is decided, a success, and not gone back on since."""
    rows = Evaluation.objects.filter(experiment=evaluation.experiment_id)
    later = rows.filter(number__gt=evaluation.number, decided_at__isnull=False)
    return evaluation.verdict in Verdict.successes() and not later.exists()


def evaluation(key: UUID) -> Evaluation | None:
    """Give one decided evaluation with its experiment."""
    rows = Evaluation.objects.filter(decided_at__isnull=False).defer("frozen")
    related = ("experiment__site", "experiment__grant__application")
    return rows.select_related(*related).filter(pk=key).first()


def bundles_of(experiment: Experiment) -> list[Listed]:
    """Give what the commune of an experiment shares of its service, the latest version first."""
    service = registry.by_key(experiment.service)
    if service is None:
        return []
    rows = bundles.catalogue(service=service)
    return [one for one in rows if one.community.pk == experiment.site_id]


def bundle_of(found: Common) -> Bundle | None:
    """Give the configuration that a common offers, still published or not."""
    with across("a common shows the configuration that its commune packed"):
        rows = Bundle.everywhere.filter(digest=found.digest, pk=found.bundle)
        return rows.select_related("community").first()


def origin_of(found: Common) -> Link:
    """Give what a copy of a common must come from; any key of this site will do."""
    slug = found.evaluation.experiment.site.slug
    return Link(slug, "", found.bundle_version, found.digest)


def commons_of(service: str) -> list[Common]:
    """Give the commons of a service, withdrawn ones too: copies of them are still followed."""
    rows = Common.objects.filter(service=service).select_related(*_RELATED)
    return list(rows.defer(*HEAVY))


def open_replication(found: Common, place: Community) -> Replication | None:
    """Give what a commune has under way with a common, or None."""
    rows = found.replications.filter(place=place).exclude(state__in=ReplicationState.over())
    return rows.select_related("place").first()


def protocol(found: Common) -> Sequence[ProtocolIndicator]:
    """Give the indicators that judged the original, in order; one query."""
    rows = ProtocolIndicator.objects.filter(experiment=found.evaluation.experiment_id)
    return list(rows.order_by("position", "pk"))


def administered(person: Any, *, on: date) -> list[Community]:
    """Give the communes and territories for which somebody may take a common over."""
    if person is None or not person.is_authenticated:
        return []
    held = roles_by_community(person, on=on)
    keys = [key for key, names in held.items() if Role.ADMINISTRATOR in names]
    found = by_name(Community.objects.filter(pk__in=keys))
    return [one for one in found if not one.is_metropolis]


def offered_by(on: date) -> int:
    """Count what was offered that day or before, and is in the catalogue."""
    rows = Common.objects.filter(offered_at__date__lte=on)
    return rows.exclude(state=CommonState.WITHDRAWN).count()


def confirmed_by(on: date) -> int:
    """Count the copies confirmed that day or before, and still there."""
    rows = Replication.objects.filter(state=ReplicationState.CONFIRMED)
    return rows.filter(confirmed_at__date__lte=on).count()


def common_documents() -> Iterator[Searchable]:
    """Give the commons that everybody may find."""
    for row in commons().order_by("pk"):
        yield searchable_common(row)


def searchable_common(row: Common) -> Searchable:
    """Give what the site's search finds of a common."""
    grant, site = row.evaluation.experiment.grant, row.evaluation.experiment.site
    service = registry.by_key(row.service)
    parts = [row.summary, site.name]
    for language in ("fr", "en"):
        with override(language):
            parts += [
                str(service.title) if service else "",
                str(grant.get_challenge_display() or ""),
            ]
    return Searchable(
        subject=row,
        kind=noop("Digital common"),
        title=row.title,
        text=" · ".join(dict.fromkeys(part for part in parts if part)),
        route="fund:common",
        args=(row.code,),
        on=row.offered_at.date(),
    )


def _switched_on(on: Iterable[tuple[str, str]]) -> Q:
    """Keep the copies in communes where the service of their common is on."""
    found = Q(pk__in=[])
    for key, pairs in groupby(sorted(on), itemgetter(0)):
        slugs = [slug for _key, slug in pairs]
        found |= Q(service=key, replications__place__slug__in=slugs)
    return found


def _sources(found: Common, rows: Sequence[Replication]) -> dict[tuple[Any, str], str]:
    """Give, by place and digest, the name of the commune from which each copy was taken."""
    digests = {row.digest for row in rows if row.digest}
    if not digests:
        return {}
    with across("the lineage of a common tells from whom each commune took it"):
        held = Installation.everywhere.filter(service=found.service, digest__in=digests)
        held = held.exclude(state=InstallationState.RECEIVED)
        told = held.values_list("community", "digest", "source")
        return {(place, digest): source for place, digest, source in told}
