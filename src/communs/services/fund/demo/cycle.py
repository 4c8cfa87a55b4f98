"""A made-up call of the fund, with applications at every stage of instruction; nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from communs.core.access.demo import PASSWORD
from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.forms import actions as forms
from communs.core.forms.models import Version
from communs.core.people.models import Person
from communs.services.fund import actions
from communs.services.fund.demo import terms
from communs.services.fund.demo.agreed import agree
from communs.services.fund.demo.decided import decide
from communs.services.fund.demo.files import Writers, fill_calls
from communs.services.fund.enums import CallKind, Duty
from communs.services.fund.models import Call, FundingRules, Programme

_AGENTS = (
    ("sceaux@demo.example", "Administration de Sceaux (fictive)", "sceaux"),
    ("bagneux@demo.example", "Administration de Bagneux (fictive)", "bagneux"),
)
_STAFF = (
    ("instruction@demo.example", "Instruction du fonds (fictive)", Duty.INSTRUCTOR),
    ("gestion-fonds@demo.example", "Gestion du fonds (fictive)", Duty.MANAGER),
)
FIRM = "entreprise@demo.example"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calls:
    """The two calls of the demonstration."""

    subsidy: Call
    solutions: Call


def load(metropolis: Community) -> None:
    """Make accounts, rules, two calls, and applications at every stage."""
    at = timezone.now()
    agents = {slug: _agent(email, name, slug) for email, name, slug in _AGENTS}
    agents["antony"] = Person.objects.get(email="antony@demo.example")
    firm = Person.objects.create_user(FIRM, PASSWORD, name="Entreprise de démonstration (fictive)")
    with within(metropolis):
        staff = {duty: _staff(email, name, duty, at) for email, name, duty in _STAFF}
        calls = _calls(at)
        people = Writers(agents, firm, staff[Duty.INSTRUCTOR], staff[Duty.MANAGER])
        fill_calls(calls.subsidy, calls.solutions, people, at)
        decide(calls.subsidy, people, at)
        agree(calls.subsidy, at)


def _agent(email: str, name: str, slug: str) -> Person:
    person = Person.objects.create_user(email, PASSWORD, name=name)
    with within(Community.objects.get(slug=slug)):
        Membership.objects.create(person=person, role=Role.ADMINISTRATOR)
    return person


def _staff(email: str, name: str, duty: Duty, at: datetime) -> Person:
    person = Person.objects.create_user(email, PASSWORD, name=name)
    since = timezone.localdate(at - 90 * _DAY)
    actions.appoint(email=email, duty=duty, since=since, by=None)
    return person


def _calls(at: datetime) -> Calls:
    programme = Programme.objects.get(code="fmin")
    rules = _rules(at)
    version = _form(at)
    envelope = actions.add_envelope(
        programme=programme,
        title="Enveloppe de démonstration",
        year=timezone.localtime(at).year,
        amount=Decimal("600000.00"),
        by=None,
    )
    closes = timezone.localtime(at + 30 * _DAY).replace(hour=17, minute=0, second=0, microsecond=0)
    shared: dict[str, Any] = {"programme": programme, "form": version, "example": True, "by": None}
    shared |= {"opens_at": at - 60 * _DAY, "closes_at": closes}
    subsidy = actions.add_call(
        **shared,
        kind=CallKind.SUBSIDY,
        title=f"FMIN {timezone.localtime(at).year} (démonstration)",
        summary="Essayer un service numérique avec des habitants, à plusieurs collectivités.",
        text=(
            "Appel inventé pour la démonstration. Les communes et les territoires demandent une"
            " subvention pour essayer un service numérique, seuls ou à plusieurs."
        ),
        rules=rules,
        envelope=envelope,
        challenges=["inclusive", "resilient", "agile", "collaborative"],
    )
    solutions = actions.add_call(
        **shared,
        kind=CallKind.SOLUTIONS,
        title="Quartiers à l’essai (démonstration)",
        summary="Deux communes offrent un site et un défi ; proposez une solution à y essayer.",
        text="Appel à solutions inventé pour la démonstration.",
        challenges=["resilient", "attractive"],
    )
    _sites(solutions)
    for call in (subsidy, solutions):
        _prepare(call, at)
        actions.publish_call(call=call, at=at - 61 * _DAY, by=None)
        call.refresh_from_db()
    return Calls(subsidy, solutions)


def _rules(at: datetime) -> FundingRules:
    return actions.add_rules(
        code="exemple",
        title="Règles d’exemple",
        terms=terms.TERMS,
        text=terms.TEXT,
        valid_from=timezone.localdate(at - 90 * _DAY),
        example=True,
        by=None,
    )


def _form(at: datetime) -> Version:
    form = forms.add_form(
        key="fmin-demonstration",
        title="Demande de subvention (démonstration)",
        title_en="Application for a grant (demonstration)",
        purpose="fund.application",
        definition=terms.FORM,
        demonstration=True,
        at=at - 90 * _DAY,
        by=None,
    )
    return forms.publish(form=form, at=at - 90 * _DAY, by=None)


def _prepare(call: Call, at: datetime) -> None:
    for title, explanation, weight in terms.CRITERIA:
        actions.add_criterion(
            call=call, title=title, explanation=explanation, weight=weight, by=None
        )
    today = timezone.localdate(at)
    for title, begins, ends in (("Avis individuels", -5, 20), ("Échange collégial", 21, 35)):
        phase = {"title": title, "begins_on": today + begins * _DAY}
        phase["ends_on"] = today + ends * _DAY
        actions.add_phase(call=call, phase=phase, by=None)


def _sites(call: Call) -> None:
    for slug, title, challenge, place in (
        (
            "sceaux",
            "Marché couvert (fictif)",
            "Réduire les déchets du marché sans allonger le temps des commerçants.",
            "Centre-ville",
        ),
        (
            "bagneux",
            "Quartier en travaux (fictif)",
            "Dire aux riverains, chaque jour, ce que le chantier change à leurs trajets.",
            "Quartier nord",
        ),
    ):
        body = Community.objects.get(slug=slug)
        actions.add_site(
            call=call, body=body, title=title, challenge=challenge, place=place, by=None
        )
