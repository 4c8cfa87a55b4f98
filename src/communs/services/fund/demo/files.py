"""Applications of the demonstration, one at least at every stage of instruction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.documents import Document, Paragraph, pdf
from communs.core.files.actions import keep
from communs.core.people.models import Person
from communs.services.fund import actions, queries
from communs.services.fund.demo.terms import ANSWERS
from communs.services.fund.enums import Funder, OrganisationKind, PartnerRole
from communs.services.fund.models import Application, Call
from communs.services.fund.rules import MANDATE

_DAY = timedelta(days=1)
_SIRET = "99999990700002"  # of nobody; its digits check


@dataclass(frozen=True, slots=True)
class Writers:
    """Who does what in the demonstration."""

    agents: Mapping[str, Person]
    firm: Person
    instructor: Person
    manager: Person


@dataclass(frozen=True, slots=True)
class Project:
    """A made-up project: who leads, who joins, what it costs and asks."""

    title: str
    summary: str
    lead: str
    partners: tuple[str, ...] = ()
    cost: Decimal = Decimal("40000.00")
    asked: Decimal = Decimal("20000.00")
    challenge: str = "inclusive"


Then = Callable[[Application, Writers, datetime], Any]

_DRAFT = Project(
    "Bibliothèque d’objets numériques",
    "Prêter du matériel numérique et apprendre à s’en servir, dans trois communes.",
    "sceaux",
    ("bagneux", "antony"),
    cost=Decimal("82400.00"),
    asked=Decimal("41200.00"),
)
_SENT = Project(
    "Guichet itinérant des démarches",
    "Un triporteur équipé va vers les habitants qui ne viennent pas en mairie.",
    "bagneux",
)
_LACKING = Project(
    "Capteurs de livraison partagés",
    "Savoir quand une aire de livraison est libre, dans deux communes voisines.",
    "antony",
    ("sceaux",),
    challenge="resilient",
)
_COMPLETE = Project(
    "Carte des chantiers",
    "Dire chaque jour ce que les chantiers changent aux trajets.",
    "sceaux",
    challenge="agile",
)
_EXAMINED = (
    Project(
        "Jardins suivis ensemble",
        "Une carte des parcelles à adopter et leur suivi par les habitants.",
        "bagneux",
        ("sceaux", "antony"),
        cost=Decimal("60000.00"),
        asked=Decimal("30000.00"),
        challenge="resilient",
    ),
    Project(
        "Réponses de la mairie, à voix haute",
        "Les réponses de la mairie pour qui ne lit pas l’écran.",
        "antony",
        challenge="inclusive",
    ),
    Project(
        "Ambassadeurs de quartier",
        "Des habitants formés aident leurs voisins à faire leurs démarches en ligne.",
        "sceaux",
        ("bagneux",),
        cost=Decimal("36000.00"),
        asked=Decimal("18000.00"),
        challenge="collaborative",
    ),
)
_INELIGIBLE = Project(
    "Rénovation d’une salle", "Des travaux sans service numérique.", "bagneux", challenge="agile"
)
_WITHDRAWN = Project(
    "Borne d’accueil", "Une borne à l’entrée de la mairie.", "antony", challenge="agile"
)


def fill_calls(subsidy: Call, solutions: Call, who: Writers, at: datetime) -> None:
    """Make applications at every stage, as their writers and instructors would."""
    _begun(subsidy, _DRAFT, who, at - 6 * _DAY, signed=("sceaux", "bagneux"))
    _sent(subsidy, _SENT, who, at - 3 * _DAY)
    _sent(subsidy, _LACKING, who, at - 20 * _DAY, _ask)
    _sent(subsidy, _COMPLETE, who, at - 18 * _DAY, _complete)
    for number, project in enumerate(_EXAMINED):
        _sent(subsidy, project, who, at - (40 - 4 * number) * _DAY, _complete, _eligible)
    _sent(subsidy, _INELIGIBLE, who, at - 30 * _DAY, _complete, _ineligible)
    _sent(subsidy, _WITHDRAWN, who, at - 12 * _DAY, _withdraw)
    _answered(solutions, who, at)


def completed(call: Call, project: Project, who: Writers, at: datetime) -> Application:
    """Make an application that was found complete and eligible."""
    return _whole(_sent(call, project, who, at, _complete, _eligible))


def _begun(
    call: Call, project: Project, who: Writers, at: datetime, *, signed: tuple[str, ...]
) -> Application:
    lead = who.agents[project.lead]
    organisation = actions.organisation_of(body=_body(project.lead), by=lead)
    made = actions.begin_application(
        call=call,
        organisation=organisation,
        title=project.title,
        known=ANSWERS,
        at=at,
        by=lead,
    )
    actions.describe_project(
        application=made,
        title=project.title,
        summary=project.summary,
        challenges=[project.challenge],
        by=lead,
    )
    for slug in project.partners:
        actions.invite_partner(
            application=made,
            organisation=actions.organisation_of(body=_body(slug), by=lead),
            role=PartnerRole.FINANCIAL,
            at=at,
            by=lead,
        )
    _plan(made, project, lead)
    actions.share_equally(application=_whole(made), by=lead)
    _sign(made, signed, who, at + _DAY)
    return _whole(made)


def _sent(call: Call, project: Project, who: Writers, at: datetime, *then: Then) -> Application:
    everybody = (project.lead, *project.partners)
    made = _begun(call, project, who, at - 4 * _DAY, signed=everybody)
    lead = who.agents[project.lead]
    made = actions.submit(application=made, at=at, by=lead)
    for number, act in enumerate(then, start=1):
        act(_whole(made), who, at + 3 * number * _DAY)
    return made


def _plan(made: Application, project: Project, lead: Person) -> None:
    equipment = (project.cost * 6 / 10).quantize(Decimal("0.01"))
    support = project.cost - equipment
    tax = Decimal("1.20")
    actions.write_plan(
        application=made,
        expenses=[
            actions.ExpenseLine("materiel", "Matériel et pose", equipment, equipment * tax),
            actions.ExpenseLine("accompagnement", "Ateliers", support, support),
        ],
        resources=[
            actions.ResourceLine(
                Funder.OWN, "Budgets des partenaires", project.cost - project.asked, secured=True
            )
        ],
        requested=project.asked,
        seen=queries.version_of(_whole(made)),
        by=lead,
    )


def _sign(made: Application, signed: tuple[str, ...], who: Writers, at: datetime) -> None:
    for partner in _whole(made).partners.all():
        body = partner.organisation.body
        slug = body.slug if body is not None else ""
        if slug in signed:
            person = who.agents[slug]
            actions.sign(
                partner=partner,
                mandate=_mandate(slug, person, at),
                seen=queries.version_of(_whole(made)),
                at=at,
                by=person,
            )


def _mandate(slug: str, person: Person, at: datetime) -> Any:
    sentence = "Délibération fictive : l’exécutif est autorisé à signer la demande."
    page = Document(
        title=f"Délibération ({slug}, fictive)", language="fr", blocks=[Paragraph(sentence)]
    )
    upload = SimpleUploadedFile(f"deliberation-{slug}.pdf", pdf(page), "application/pdf")
    return keep(upload=upload, purpose=MANDATE, at=at, by=person)


def _assign(made: Application, who: Writers, at: datetime) -> None:
    on = timezone.localdate(at)
    actions.assign_instructor(application=made, instructor=who.instructor, on=on, by=who.manager)


def _ask(made: Application, who: Writers, at: datetime) -> None:
    _assign(made, who, at)
    actions.ask_missing(
        application=made,
        items=[
            actions.Asked("Un devis pour les capteurs, de moins de six mois."),
            actions.Asked("Le nombre de livraisons par jour aujourd’hui.", "indicateur"),
        ],
        due_on=timezone.localdate(at + 21 * _DAY),
        at=at,
        by=who.instructor,
    )


def _complete(made: Application, who: Writers, at: datetime) -> None:
    _assign(made, who, at)
    early = actions.EarlyStart(allowed=False)
    actions.declare_complete(application=made, early=early, at=at, by=who.instructor)


def _eligible(made: Application, who: Writers, at: datetime) -> None:
    actions.declare_eligible(application=made, at=at, by=who.instructor)


def _ineligible(made: Application, who: Writers, at: datetime) -> None:
    reason = "Le fonds ne paie pas de travaux sans service numérique."
    actions.declare_ineligible(application=made, reason=reason, at=at, by=who.instructor)


def _withdraw(made: Application, who: Writers, at: datetime) -> None:
    actions.withdraw(
        application=made, reason="La commune revoit son projet.", at=at, by=who.agents["antony"]
    )


def _answered(call: Call, who: Writers, at: datetime) -> None:
    """A firm answers one site of the call for solutions."""
    firm = actions.register_organisation(
        kind=OrganisationKind.COMPANY,
        name="Marchés Clairs (entreprise fictive)",
        siret=_SIRET,
        on=timezone.localdate(at - 20 * _DAY),
        by=who.firm,
    )
    site = call.sites.order_by("title").first()
    made = actions.begin_application(
        call=call,
        organisation=firm,
        title="Peser et composter au marché",
        site=site,
        known=ANSWERS,
        at=at - 10 * _DAY,
        by=who.firm,
    )
    actions.describe_project(
        application=made,
        title=made.title,
        summary="Des bacs pesés et un composteur, avec un écran pour les commerçants.",
        challenges=["resilient"],
        by=who.firm,
    )
    partner = _whole(made).partners.get()
    actions.sign(
        partner=partner,
        mandate=None,
        seen=queries.version_of(_whole(made)),
        at=at - 9 * _DAY,
        by=who.firm,
    )
    actions.submit(application=_whole(made), at=at - 8 * _DAY, by=who.firm)


def _body(slug: str) -> Community:
    return Community.objects.get(slug=slug)


def _whole(made: Application) -> Application:
    found = queries.by_key(made.pk)
    assert found is not None  # noqa: S101 -- it was just made
    return found
