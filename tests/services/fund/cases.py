"""A call, its form and applications made for tests, as their writers would make them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.files.models import StoredFile
from communs.core.forms import actions as forms
from communs.core.forms.models import Form, Version
from communs.core.people.models import Person
from communs.services.fund import actions, queries
from communs.services.fund.enums import CallKind, Duty, PartnerRole
from communs.services.fund.models import Application, Call, Organisation, Partner, Programme

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
OPENS = AT - timedelta(days=30)
CLOSES = AT + timedelta(days=30)
SIRET = "99999990700002"
TERMS: dict[str, Any] = {
    "base": "before_tax",
    "rate": "50",
    "ceilings": [
        {"partners": 1, "amount": "30000.00"},
        {"partners": 3, "amount": "60000.00"},
    ],
    "owner_share": "20",
    "expense_types": [
        {"code": "materiel", "labels": {"fr": "Matériel", "en": "Equipment"}, "eligible": True},
        {"code": "salaires", "labels": {"fr": "Salaires"}, "eligible": False},
    ],
    "roles": ["lead", "financial", "test_site"],
    "mandate": False,
}
DEFINITION: dict[str, Any] = {
    "pages": [
        {
            "key": "besoin",
            "title": {"fr": "Le besoin", "en": "The need"},
            "sections": [
                {
                    "key": "contexte",
                    "title": "Contexte",
                    "fields": [
                        {
                            "key": "besoin_constate",
                            "kind": "text",
                            "label": {"fr": "Le besoin", "en": "The need"},
                            "required": True,
                        }
                    ],
                }
            ],
        }
    ]
}
ANSWERED = {"besoin_constate": "Un besoin."}


def form_version(key: str = "essai") -> Version:
    """Publish a form of one question, once."""
    form = Form.objects.filter(key=key).first()
    if form is None:
        form = forms.add_form(
            key=key,
            title="Formulaire d’essai",
            purpose="fund.application",
            definition=DEFINITION,
            at=OPENS,
            by=None,
        )
        return forms.publish(form=form, at=OPENS, by=None)
    return Version.objects.get(form=form, retired_at=None)


def call_made(
    title: str = "Appel d’essai", *, terms: Mapping[str, Any] | None = None, **values: Any
) -> Call:
    """Publish a call for subsidies, open a month before and a month after."""
    programme, _made = Programme.objects.get_or_create(
        code="test", defaults={"acronym": "TEST", "name": "Programme d’essai"}
    )
    rules = actions.add_rules(code="essai", title="Règles", terms=terms or TERMS, by=None)
    given: dict[str, Any] = {
        "programme": programme,
        "kind": CallKind.SUBSIDY,
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "rules": rules,
        "form": form_version(),
    }
    call = actions.add_call(title=title, **given | values, by=None)
    actions.add_criterion(call=call, title="Utilité", by=None)
    if call.kind == CallKind.SOLUTIONS:
        body = Community.objects.get(slug="sceaux")
        actions.add_site(call=call, body=body, title="Marché", challenge="Un défi.", by=None)
    actions.publish_call(call=call, at=OPENS, by=None)
    found = queries.call(call.code)
    assert found is not None
    return found


def solutions_made() -> Call:
    """Publish a call for solutions, with one site and no rules."""
    return call_made("Solutions d’essai", kind=CallKind.SOLUTIONS, rules=None)


def organisation(slug: str) -> Organisation:
    """Give the organisation of a commune."""
    return actions.organisation_of(body=Community.objects.get(slug=slug), by=None)


def person_of(slug: str, role: Role = Role.ADMINISTRATOR, name: str = "") -> Person:
    """Give somebody with a role in a commune."""
    email = f"{name or role}.{slug}@case.example"
    person = Person.objects.filter(email=email).first()
    if person is None:
        person = Person.objects.create_user(email, name=f"{role} {slug}")
        with within(Community.objects.get(slug=slug)):
            Membership.objects.create(person=person, role=role)
    return person


def appointed(duty: Duty, name: str = "") -> Person:
    """Give somebody with a task in the fund."""
    email = f"{name or duty}@case.example"
    person = Person.objects.filter(email=email).first()
    if person is None:
        person = Person.objects.create_user(email, name=str(duty))
        actions.appoint(email=email, duty=duty, since=OPENS.date(), by=None)
    return person


def begun(call: Call, slug: str = "sceaux", *, known: Any = ANSWERED, **values: Any) -> Application:
    """Begin an application of a commune."""
    given: dict[str, Any] = {"title": "Prêt d’objets", "organisation": organisation(slug)}
    made = actions.begin_application(call=call, **given | values, known=known, at=AT, by=None)
    return whole(made)


def joined(application: Application, slug: str, role: str = PartnerRole.FINANCIAL) -> Partner:
    """Have a commune join."""
    return actions.invite_partner(
        application=application, organisation=organisation(slug), role=role, at=AT, by=None
    )


def planned(
    application: Application, *, cost: str = "80000.00", asked: str | None = "40000.00"
) -> Application:
    """Write a plan of one line, the rest paid by the partners themselves."""
    wanted = None if asked is None else Decimal(asked)
    own = Decimal(cost) - (wanted or Decimal(0))
    return actions.write_plan(
        application=application,
        expenses=[actions.ExpenseLine("materiel", "Matériel", Decimal(cost))],
        resources=[actions.ResourceLine("own", "Budget", own, secured=True)],
        requested=wanted,
        seen=queries.version_of(whole(application)),
        by=None,
    )


def signed(application: Application, *slugs: str) -> None:
    """Have partners sign; all of them unless some are named."""
    for partner in whole(application).partners.all():
        body = partner.organisation.body
        if not slugs or (body is not None and body.slug in slugs):
            seen = queries.version_of(whole(application))
            actions.sign(partner=partner, mandate=None, seen=seen, at=AT, by=None)


def ready(call: Call, *slugs: str, **values: Any) -> Application:
    """Give a file that may be sent: the first commune leads."""
    lead, *others = slugs or ("sceaux", "bagneux", "antony")
    made = begun(call, lead)
    actions.describe_project(
        application=made,
        title=made.title,
        summary="Prêter des objets.",
        challenges=["inclusive"],
        by=None,
    )
    for slug in others:
        joined(made, slug)
    actions.share_equally(application=whole(made), by=None)
    planned(whole(made), **values)
    signed(made)
    return whole(made)


def sent(call: Call, *slugs: str, **values: Any) -> Application:
    """Give a file that was sent."""
    made = ready(call, *slugs, **values)
    actions.submit(application=made, at=AT, by=None)
    return whole(made)


def complete(application: Application) -> Application:
    """Find a file complete; it may not start before the award."""
    early = actions.EarlyStart(allowed=False)
    actions.declare_complete(application=application, early=early, at=AT, by=None)
    return whole(application)


def whole(application: Application) -> Application:
    """Read a file again."""
    found = queries.by_key(application.pk)
    assert found is not None
    return found


def client_of(person: Person) -> Client:
    """Give a browser in which somebody is signed in."""
    client = Client()
    client.force_login(person)
    return client


def paper(purpose: str, name: str = "acte.pdf", *, at: datetime = AT, by: Any = None) -> StoredFile:
    """Give a small PDF that was sent."""
    from communs.core.files.actions import keep

    return keep(upload=pdf_upload(name), purpose=purpose, at=at, by=by)


def pdf_upload(name: str = "acte.pdf") -> SimpleUploadedFile:
    """Give a small PDF as a browser sends it."""
    from communs.core.documents import Document, Paragraph, pdf

    page = Document(title="Acte", language="fr", blocks=[Paragraph("Un acte.")])
    return SimpleUploadedFile(name, pdf(page), "application/pdf")
