"""A signed agreement switches its service on; communes hear of their experiment."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from communs.core.access.enums import Role
from communs.core.communities.scope import current, within
from communs.core.journal.listeners import listens_to
from communs.core.journal.models import Event
from communs.core.notifications.actions import Link, notify
from communs.core.notifications.notices import Notice, declare
from communs.core.notifications.queries import holders
from communs.core.registry.actions import set_service
from communs.core.registry.service import noop
from communs.services.fund.actions import configure_experiment
from communs.services.fund.models import Experiment
from communs.services.fund.queries import experiments as queries

_NOTICES = {
    "fund.experiment_configured": "fund.experiment_configured",
    "fund.experiment_started": "fund.experiment_started",
    "fund.verdict_decided": "fund.verdict_decided",
}

declare(
    Notice(
        key="fund.experiment_configured",
        about=_("services that a signed agreement switches on"),
        title=noop("“%(title)s”: the service is switched on"),
        text=noop("Set it under Settings, then the experiment may start. You may switch it off."),
    ),
    Notice(
        key="fund.experiment_started",
        about=_("experiments that start in one’s commune"),
        title=noop("“%(title)s” has started"),
        text=noop("Everybody may follow it on its page, and join its panel."),
    ),
    Notice(
        key="fund.verdict_decided",
        about=_("verdicts on experiments of one’s commune"),
        title=noop("“%(title)s”: the verdict is decided"),
        text=noop("The evaluation says on which figures it stands."),
    ),
)


@listens_to("fund.agreement_signed")
def configure_from_agreement(event: Event) -> None:
    """Switch on, in its commune, the service of the experiment that a signed agreement pays.

    Once: a commune that switches it off later is not asked again.
    """
    found = queries.designed_for(event.data.get("grant", ""))
    service = None if found is None else queries.service_of(found)
    if found is None or service is None:
        return
    provenance = queries.origin_of(found, event.data["number"])
    with within(found.site):
        set_service(service=service, on=True, provenance=provenance, by=None)
    configure_experiment(experiment=found, provenance=provenance, at=event.at, by=None)


@listens_to(*_NOTICES)
def tell_of_experiment(event: Event) -> None:
    """Tell who runs the commune where an experiment takes place what becomes of it."""
    found = _experiment(event)
    if found is None:
        return
    here, args = current(), _args(event, found)
    with within(found.site):
        people = holders(Role.ADMINISTRATOR, Role.EDITOR, on=event.at.date())
        notify(
            notice=_NOTICES[event.name],
            people=[one for one in people if one.pk != event.actor],
            subject=event.subject,
            once=f"{event.pk} {found.pk}",
            data={"title": found.title},
            link=Link(here, "fund:evaluation" if len(args) > 1 else "fund:experiment", args),
            at=event.at,
        )


def _experiment(event: Event) -> Experiment | None:
    code = event.data.get("experiment") or event.data.get("code", "")
    return Experiment.objects.select_related("site").filter(code=code).first()


def _args(event: Event, found: Experiment) -> tuple[Any, ...]:
    if event.name == "fund.verdict_decided":
        return (found.code, event.data["number"])
    return (found.code,)
