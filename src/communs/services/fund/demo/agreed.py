"""The demonstration's agreements: one signed with its advance paid, one to be signed; made up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from communs.core.access.demo import PASSWORD
from communs.core.documents import pdf
from communs.core.files.actions import keep
from communs.core.people.models import Person
from communs.services.fund import actions
from communs.services.fund.enums import Duty
from communs.services.fund.models import Agreement, Call, Grant, Payment
from communs.services.fund.queries import agreed
from communs.services.fund.rules import SIGNED_PAGE

_DAY = timedelta(days=1)
_FINANCE = ("finances@demo.example", "Finances de la métropole (fictives)")
_CLAUSES = {
    "Objet": (
        "La présente convention fixe les conditions dans lesquelles {community} soutient le"
        " projet « {project} », par la délibération {deliberation}."
    ),
    "Montant": (
        "La subvention est de {amount} au plus, soit {rate} du coût retenu ; elle est réduite"
        " dans la même proportion si le coût final est moindre."
    ),
    "Bénéficiaires": "La subvention est répartie ainsi :\n{partners}.",
    "Durée": "La convention court du {starts_on} au {ends_on}, soit {duration} mois.",
    "Versements": "La subvention est versée ainsi :\n{schedule}.",
    "Contrôle et trop-perçu": (
        "Le bénéficiaire tient à disposition les pièces qui justifient les dépenses. Ce qui a été"
        " versé en trop est rendu."
    ),
    "Communs": (
        "Ce qui est produit avec la subvention est partagé avec les communes de la métropole."
    ),
}
_SCHEDULE = (
    ("advance", "40", "à la signature de la convention", ""),
    ("interim", "30", "quand 40 % du coût retenu est dépensé", "état des dépenses"),
    ("balance", "30", "à la fin du projet", "état final des dépenses et bilan"),
)
_VOTES = {"partner_leaves": True, "extension": 6, "budget_shift": 20}


def agree(call: Call, at: datetime) -> None:
    """Draft an agreement for each award; one is signed and its advance paid, the others wait."""
    finance = _finance(at)
    template = actions.add_template(
        title="Convention d’exemple, à adapter",
        clauses=[{"heading": heading, "text": text} for heading, text in _CLAUSES.items()],
        schedule=[
            {"kind": kind, "percent": percent, "condition": condition, "evidence": evidence}
            for kind, percent, condition, evidence in _SCHEDULE
        ],
        votes=_VOTES,
        duration_months=24,
        example=True,
        by=None,
    )
    actions.choose_template(call=call, template=template, by=None)
    grants = Grant.objects.filter(application__call=call).select_related("application")
    made = [_sent(one, template, at - 18 * _DAY) for one in grants.order_by("number")]
    if made:
        _paid(made[-1], finance, at)


def _finance(at: datetime) -> Person:
    email, name = _FINANCE
    person = Person.objects.create_user(email, PASSWORD, name=name)
    since = timezone.localdate(at - 90 * _DAY)
    actions.appoint(email=email, duty=Duty.FINANCE, since=since, by=None)
    return person


def _sent(grant: Grant, template: Any, at: datetime) -> Agreement:
    starts_on = timezone.localdate(at)
    known: dict[str, Any] = {"template": template, "starts_on": starts_on, "at": at, "by": None}
    known["application"] = grant.application
    drafted = actions.draft_agreement(**known)
    return actions.send_agreement(agreement=drafted, at=at + _DAY, by=None)


def _paid(agreement: Agreement, finance: Person, at: datetime) -> None:
    """Have an agreement signed, and its advance checked, ordered and paid."""
    signed = at - 12 * _DAY
    paper = keep(
        upload=ContentFile(pdf(agreed.document(agreement)), name="convention-signee.pdf"),
        purpose=SIGNED_PAGE,
        at=signed,
        by=None,
    )
    actions.sign_agreement(
        agreement=agreement,
        signed_on=timezone.localdate(signed),
        file=paper,
        checked_by_hand=True,
        at=signed,
        by=None,
    )
    payment = Payment.objects.get(instalment__agreement=agreement)
    actions.check_payment(payment=payment, at=at - 10 * _DAY, by=finance)
    ordered = timezone.localdate(at - 8 * _DAY)
    actions.order_payment(
        payment=payment, reference=f"{ordered.year}-4207 (fictif)", on=ordered, by=finance
    )
    actions.pay(payment=payment, on=timezone.localdate(at - 4 * _DAY), by=finance)
