"""What monitoring reads: /metriques, in Prometheus' text format.

With several processes, each writes its counts to the folder PROMETHEUS_MULTIPROC_DIR, and
whichever is asked adds them up (`run --workers` sets it).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from hmac import compare_digest

from django.conf import settings
from django.db.models import Count, Min, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from communs.core.communities.models import Community
from communs.core.communities.scope import across
from communs.core.jobs.enums import JobState
from communs.core.jobs.models import Job
from communs.core.journal.models import Chain, Event, Undelivered

_SHARED = "PROMETHEUS_MULTIPROC_DIR"
_LOOPBACK = {"127.0.0.1", "::1"}
_OURS = CollectorRegistry()
_REQUESTS = Histogram(
    "communs_request_seconds",
    "Requests by route, method and status, and how long they took.",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
    registry=_OURS,
)
_DATABASE = Counter(
    "communs_database_seconds",
    "Seconds that requests waited for the database, by route.",
    ["route"],
    registry=_OURS,
)
_children: dict[tuple[str, str, int], tuple[Histogram, Counter]] = {}


def observe(route: str, method: str, status: int, seconds: float, database: float) -> None:
    """Count a request that took `seconds`, `database` of them waiting for the database."""
    key = (route, method, status)
    found = _children.get(key)
    if found is None:
        found = _children[key] = (_REQUESTS.labels(route, method, status), _DATABASE.labels(route))
    found[0].observe(seconds)
    found[1].inc(database)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer this machine, or whoever bears COMMUNS_METRICS_TOKEN; nobody else learns of it."""
    if not _may_read(request):
        raise Http404
    registry = _OURS
    if _SHARED in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    own = CollectorRegistry()
    own.register(Installation(timezone.now()))
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=own)
    text = generate_latest(registry) + generate_latest(own)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    """Behind a proxy every visitor comes from this machine: there the token alone counts."""
    token = settings.COMMUNS_METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and compare_digest(given.encode(), token.encode()):
        return True
    forwarded = settings.ALLAUTH_TRUSTED_PROXY_COUNT or "X-Forwarded-For" in request.headers
    return not forwarded and request.META.get("REMOTE_ADDR") in _LOOPBACK


class Installation(Collector):
    """Counts that the database holds, asked when monitoring asks."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def collect(self) -> Iterator[Metric]:
        with across("metrics count over the whole installation"):
            yield from self._jobs()
            yield from self._events()
        places = Community.objects.filter(merged_into=None).order_by()
        kinds = GaugeMetricFamily("communs_communities", "Communities by kind.", labels=["kind"])
        for kind, count in places.values_list("kind").annotate(Count("pk")):
            kinds.add_metric([kind], count)
        yield kinds

    def _jobs(self) -> Iterator[Metric]:
        found = dict(Job.everywhere.order_by().values_list("state").annotate(Count("pk")))
        states = GaugeMetricFamily("communs_jobs", "Jobs by state.", labels=["state"])
        for state in JobState:
            states.add_metric([state.value], found.get(state.value, 0))
        yield states
        due = Job.everywhere.filter(state=JobState.WAITING, due_at__lte=self._at)
        first = due.aggregate(first=Min("due_at"))["first"]
        yield GaugeMetricFamily(
            "communs_job_oldest_seconds",
            "How long the oldest due job has waited.",
            (self._at - first).total_seconds() if first else 0,
        )

    def _events(self) -> Iterator[Metric]:
        chained = Chain.everywhere.aggregate(total=Sum("position"))["total"] or 0
        waiting = Event.everywhere.filter(position=None).count()
        yield CounterMetricFamily("communs_events", "Events ever chained.", chained)
        yield GaugeMetricFamily("communs_events_waiting", "Events nobody heard of yet.", waiting)
        yield GaugeMetricFamily(
            "communs_events_undelivered",
            "Events that a listener failed on.",
            Undelivered.everywhere.count(),
        )
