"""Reads of experiments: who may see which, one whole, lists, what their journal says of pauses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from communs.core.communities.models import Community
from communs.core.communities.queries import by_name
from communs.core.communities.queries import metropolis as the_metropolis
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.people.models import Person
from communs.core.registry import queries as registry
from communs.core.registry.service import Origin, Service, noop
from communs.core.search.documents import Searchable
from communs.services.fund.engine.evaluating import series
from communs.services.fund.enums import ExperimentState
from communs.services.fund.models import (
    AdviserVisit,
    Application,
    Comparison,
    Difficulty,
    Evaluation,
    Experiment,
    Feedback,
    Grant,
    Milestone,
    Organisation,
    ProtocolChange,
    ProtocolIndicator,
    Standing,
    Tester,
    standing_of,
)

_RELATED = ("grant__application", "grant__beneficiary", "site", "adviser")
_WORDS = 5
_PAUSED, _RESUMED = "fund.experiment_paused", "fund.experiment_resumed"


def published() -> Q:
    """Give the condition under which everybody reads an experiment: it began."""
    given_up = Q(state=ExperimentState.ABANDONED, agreed_at__isnull=False)
    return Q(state__in=ExperimentState.agreed()) | given_up


def visible(person: Any, *, on: date) -> QuerySet[Experiment]:
    """Keep the experiments that a person may read: those that began, those that they run or host.

    Whom a file concerns, and who judges files, is kept away from what is not public of it.
    """
    standing = standing_of(person, on=on)
    theirs = Q(site__in=standing.bodies) if standing.bodies else Q(pk__in=[])
    if person is not None and person.is_authenticated:
        theirs |= Q(adviser=person)
    if standing.reads_files:
        readable = Application.objects.readable_by(person, on=on).filter(
            pk=OuterRef("grant__application")
        )
        inside = Q(grant__application=None) | Q(Exists(readable))
        theirs |= inside & ~Q(site__in=_concerned(standing))
    rows: QuerySet[Experiment] = Experiment.objects.filter(published() | theirs)
    return rows


def experiment(code: str, person: Any, *, on: date) -> Experiment | None:
    """Give an experiment that a person may read, with its protocol; what is not theirs is None."""
    rows = visible(person, on=on).select_related(*_RELATED)
    return with_protocol(rows).filter(code=code).first()


def whole(code: str, person: Any, *, on: date) -> Experiment | None:
    """Give an experiment that a person may read, with all that its page shows."""
    rows = visible(person, on=on).select_related(*_RELATED)
    return with_life(rows).filter(code=code).first()


def with_protocol(rows: QuerySet[Experiment]) -> QuerySet[Experiment]:
    """Have experiments come with their indicators and comparisons."""
    return rows.prefetch_related(
        Prefetch("indicators", ProtocolIndicator.objects.order_by("position")),
        Prefetch("comparisons", Comparison.objects.select_related("other").order_by("other__slug")),
    )


def with_life(rows: QuerySet[Experiment]) -> QuerySet[Experiment]:
    """Have experiments come with all that their page shows."""
    here = Tester.objects.filter(experiment=OuterRef("pk"), left_at=None).order_by()
    counted = here.values("experiment").annotate(n=Count("pk")).values("n")
    rows = rows.annotate(testers_here=Coalesce(Subquery(counted), 0))
    return with_protocol(rows).prefetch_related(
        Prefetch("feedback", Feedback.objects.order_by("-on", "-id")),
        Prefetch("changes", ProtocolChange.objects.order_by("at", "id")),
        Prefetch("milestones", Milestone.objects.order_by("due_on", "id")),
        Prefetch("difficulties", Difficulty.objects.order_by("-on", "-id")),
        Prefetch("visits", AdviserVisit.objects.order_by("-on", "-id")),
        Prefetch("evaluations", Evaluation.objects.defer("frozen").order_by("-number")),
    )


def experiments(
    person: Any, *, state: str = "", challenge: str = "", on: date
) -> QuerySet[Experiment]:
    """List experiments that a person may read, those under way first."""
    rows = visible(person, on=on)
    if state:
        rows = rows.filter(state=state)
    if challenge:
        rows = rows.filter(grant__challenge=challenge)
    latest = Evaluation.objects.defer("frozen", "results").order_by("-number")
    return (
        rows.select_related("grant", "site")
        .prefetch_related(Prefetch("evaluations", latest))
        .order_by("-state_since", "code")
    )


def public_experiments() -> QuerySet[Experiment]:
    """Give the experiments that began, with their protocol and their evaluations."""
    rows = Experiment.objects.filter(published()).select_related("grant", "site")
    latest = Evaluation.objects.defer("frozen", "results").order_by("-number")
    return with_protocol(rows).prefetch_related(Prefetch("evaluations", latest)).order_by("code")


def of_grants(grants: list[Any]) -> dict[Any, Experiment]:
    """Give the experiment of each grant, by the grant's key; two queries."""
    latest = Evaluation.objects.defer("frozen", "results").order_by("-number")
    rows = Experiment.objects.filter(grant__in=grants).prefetch_related(
        Prefetch("evaluations", latest)
    )
    return {row.grant_id: row for row in rows}


def of_grant(grant: Any, person: Any, *, on: date) -> Experiment | None:
    """Give the experiment of a grant, if a person may read it."""
    latest = Evaluation.objects.defer("frozen", "results").order_by("-number")
    rows = (
        visible(person, on=on).filter(grant=grant).prefetch_related(Prefetch("evaluations", latest))
    )
    return rows.first()


def to_design(person: Any, *, on: date) -> list[Any]:
    """Give the grants for which a person may design an experiment: those without one."""
    standing = standing_of(person, on=on)
    rows = Grant.objects.filter(experiments__isnull=True).select_related("beneficiary")
    readable = Application.objects.readable_by(person, on=on).filter(pk=OuterRef("application"))
    rows = rows.filter(Q(application=None) | Q(Exists(readable)))
    return list(
        rows.exclude(beneficiary__in=_concerned(standing)).order_by("-awarded_on", "number")
    )


def designed_for(grant: str) -> Experiment | None:
    """Give the experiment that waits for the agreement of a grant, by the grant's reference."""
    rows = Experiment.objects.filter(grant__reference=grant, state=ExperimentState.DESIGNED)
    return rows.select_related(*_RELATED).first()


def service_of(experiment: Experiment) -> Service | None:
    """Give the service that an experiment tries, or None where it is not installed any more."""
    return registry.by_key(experiment.service)


def origin(reference: str) -> Origin | None:
    """Tell by which experiment and agreement this fund switched a service on, from `origin_of`."""
    code, _comma, number = reference.partition(", ")
    metropolis = the_metropolis()
    if metropolis is None:
        return None
    with within(metropolis):
        found = Experiment.objects.filter(code=code).first()
    if found is None:
        return None
    sentence = _("Switched on by the signed agreement %(number)s, for the experiment “%(title)s”.")
    said = sentence % {"number": number, "title": found.title}
    return Origin(said, metropolis, "fund:experiment", (code,))


def origin_of(experiment: Experiment, agreement: str) -> str:
    """Write by what a service is switched on, for `origin` to read."""
    return f"fund: {experiment.code}, {agreement}"


def last_evaluation(experiment: Experiment) -> Evaluation | None:
    """Give the latest evaluation of an experiment, without its figures."""
    return next(iter(experiment.evaluations.all()), None)


def evaluation(experiment: Experiment, number: int) -> Evaluation | None:
    """Give an evaluation by its number, with its figures."""
    found: Evaluation | None = Evaluation.objects.filter(
        experiment=experiment, number=number
    ).first()
    return found


def protocol_of(experiment: Experiment) -> dict[str, Any]:
    """Give a protocol as plain JSON: what is agreed, and what its digest is of."""
    return {
        "question": experiment.question,
        "service": experiment.service,
        "site": experiment.site.slug,
        "starts_on": _day(experiment.starts_on),
        "ends_on": _day(experiment.ends_on),
        "indicators": [
            {
                "indicator": one.indicator,
                "version": one.version,
                "control": one.control,
                "aim": one.aim,
                "baseline": [one.baseline_from.isoformat(), one.baseline_until.isoformat()],
                "target": None if one.target is None else str(one.target.normalize()),
                "least_days": one.least_days,
            }
            for one in experiment.indicators.all()
        ],
        "comparisons": [one.other.slug for one in experiment.comparisons.all()],
    }


def protocol_digest(experiment: Experiment) -> str:
    """Give the SHA-256 of a protocol."""
    return series.digest(protocol_of(experiment))


def pauses(experiment: Experiment, until: date) -> list[tuple[date, date]]:
    """Give the days on which an experiment was paused, as its journal says, first and last."""
    rows = Event.objects.filter(
        subject=f"fund.experiment:{experiment.pk}", name__in=(_PAUSED, _RESUMED)
    ).order_by("id")
    found: list[tuple[date, date]] = []
    since: date | None = None
    for name, data in rows.values_list("name", "data"):
        day = date.fromisoformat(data["on"])
        if name == _PAUSED:
            since = day
        elif since is not None:
            found.append((since, day))
            since = None
    return [*found, *([(since, until)] if since is not None and since <= until else [])]


def panel(experiment: Any) -> dict[str, Any]:
    """Give who tests, what they say on average, their latest words; None where nobody spoke.

    `words` are those that everybody may read; `unread`, those that nobody has read yet.
    """
    said = list(experiment.feedback.all())
    means = {
        name: sum(getattr(one, name) for one in said) / len(said) if said else None
        for name in ("useful", "easy")
    }
    words = [one for one in said if one.words and one.shown][:_WORDS]
    unread = [one for one in said if one.words and one.shown is None]
    known = {"testers": experiment.testers_here, "said": len(said)}
    return known | {"words": words, "unread": unread} | means


def feedback(key: UUID, experiment: Experiment) -> Feedback | None:
    """Give what a tester of an experiment said, by its key."""
    found: Feedback | None = Feedback.objects.filter(pk=key, experiment=experiment).first()
    return found


def testers(experiment: Experiment) -> QuerySet[Tester]:
    """Give who tests, for who runs the panel."""
    rows: QuerySet[Tester] = Tester.objects.filter(experiment=experiment, left_at=None)
    return rows.annotate(answers=Count("feedback")).order_by("consented_at", "id")


def accounts_of(rows: Iterable[Tester]) -> list[Person]:
    """Give the accounts of testers who left the address of theirs."""
    return list(Person.objects.filter(email__in={one.contact.strip() for one in rows} - {""}))


def tester(token: str) -> Tester | None:
    """Give who tests by the link that they were given, unless they left."""
    found: Tester | None = (
        Tester.objects.filter(token_digest=token_digest(token), left_at=None)
        .select_related("experiment__site", "experiment__grant")
        .first()
    )
    return found


def token_digest(token: str) -> str:
    """Give what is kept of a tester's link."""
    return hashlib.sha256(token.encode()).hexdigest()


def milestone(key: UUID, experiment: Experiment) -> Milestone | None:
    """Give a milestone of an experiment, or None."""
    found: Milestone | None = Milestone.objects.filter(pk=key, experiment=experiment).first()
    return found


def difficulty(key: UUID, experiment: Experiment) -> Difficulty | None:
    """Give a difficulty of an experiment, or None."""
    found: Difficulty | None = Difficulty.objects.filter(pk=key, experiment=experiment).first()
    return found


def live_by(on: date) -> int:
    """Count the experiments that had begun by a day and had not ended."""
    rows = Experiment.objects.filter(published(), starts_on__lte=on)
    return (
        rows.filter(Q(ends_on=None) | Q(ends_on__gte=on))
        .exclude(state=ExperimentState.ABANDONED)
        .count()
    )


def decided_by(on: date) -> QuerySet[Evaluation]:
    """Give the evaluations decided by a day."""
    rows: QuerySet[Evaluation] = Evaluation.objects.filter(decided_at__date__lte=on)
    return rows


def experiment_documents() -> Iterator[Searchable]:
    """Give what the site's search finds of experiments: those that everybody may read."""
    for row in public_experiments():
        yield searchable_experiment(row)


def searchable_experiment(row: Experiment) -> Searchable:
    """Give what the site's search finds of an experiment."""
    return Searchable(
        subject=row,
        kind=noop("Experiment"),
        title=row.title,
        text=f"{row.question} · {row.site.name} · {row.grant.title}",
        route="fund:experiment",
        args=(row.code,),
        on=row.starts_on or row.state_since.date(),
    )


def is_public(row: Experiment) -> bool:
    """Tell whether everybody may read an experiment as it is now."""
    began = row.state in ExperimentState.agreed()
    return began or (row.state == ExperimentState.ABANDONED and row.agreed_at is not None)


def communes_to_compare(experiment: Experiment) -> list[Community]:
    """Give the communities that a site may be compared with: those of its kind."""
    rows = Community.objects.filter(kind=experiment.site.kind)
    return by_name(rows.exclude(pk=experiment.site_id))


def _concerned(standing: Standing) -> Any:
    return Organisation.objects.filter(pk__in=standing.concerned, body__isnull=False).values("body")


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
