"""The text of an agreement and of its amendments, as documents; always in French, as signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from communs.core.communities.scope import current
from communs.core.documents import (
    Block,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Signatures,
    Table,
)
from communs.core.kit.localised import day, money
from communs.services.fund.engine.financing.amounts import percent
from communs.services.fund.engine.paying import codes, templates
from communs.services.fund.enums import AgreementState, AmendmentKind, InstalmentKind
from communs.services.fund.models import Agreement, Amendment, Grant, Instalment, Party
from communs.services.fund.queries.explaining import percentage

LANGUAGE = "fr"


def values(
    agreement: Agreement, parties: list[Party], schedule: list[Instalment], duration: int
) -> dict[str, str]:
    """Give what stands in the places of a template's clauses, in French."""
    grant: Grant = agreement.grant
    with override(LANGUAGE):
        rate = percent(agreement.amount or Decimal(0), agreement.eligible_cost or Decimal(0))
        return {
            "amount": money(agreement.amount or Decimal(0)),
            "beneficiary": parties[0].name,
            "community": current().full_name,
            "deliberation": agreement.decision,
            "duration": str(duration),
            "ends_on": day(agreement.ends_on) if agreement.ends_on else "",
            "number": agreement.number,
            "partners": ", ".join(f"{one.name} ({money(one.amount)})" for one in parties),
            "project": grant.title,
            "rate": percentage(rate),
            "schedule": " ; ".join(told(one) for one in schedule),
            "starts_on": day(agreement.starts_on) if agreement.starts_on else "",
        }


def told(one: Instalment) -> str:
    """Say an instalment in a line."""
    name = InstalmentKind(one.kind).label
    known = {"name": name, "share": percentage(one.percent), "amount": money(one.amount)}
    line = _("%(name)s of %(share)s (%(amount)s)") % known
    return f"{line}, {one.condition}" if one.condition else line


def clauses_of(template: list[dict[str, str]], known: Mapping[str, str]) -> list[dict[str, str]]:
    """Give the clauses with every place filled."""
    return [
        {name: templates.filled(one[name], known) for name in ("heading", "text")}
        for one in template
    ]


def digest_of(agreement: Agreement, parties: list[Party], schedule: list[Instalment]) -> str:
    """Give the SHA-256 of what an agreement says: the same words give the same."""
    content = {
        "number": agreement.number,
        "title": agreement.title,
        "clauses": agreement.clauses,
        "deliberation": agreement.decision,
        "parties": [[one.name, f"{one.amount:.2f}"] for one in parties],
        "schedule": [
            [str(one.kind), f"{one.planned:.2f}", one.condition, one.evidence] for one in schedule
        ],
    }
    return _sha256(content)


def digest_of_amendment(amendment: Amendment) -> str:
    """Give the SHA-256 of what an amendment says."""
    kind, number = str(amendment.kind), amendment.agreement.number
    return _sha256([number, amendment.position, kind, amendment.change, amendment.reason])


def paper_of(amendment: Amendment) -> str:
    """Give the name of an amendment in its codes."""
    return f"{amendment.agreement.number}-A{amendment.position}"


def document(agreement: Agreement) -> Document:
    """Write an agreement: its clauses, its parties and instalments, room to sign; coded pages."""
    with override(LANGUAGE):
        parties = list(agreement.parties.all())
        blocks: list[Block] = [Facts(_facts(agreement))]
        for number, clause in enumerate(agreement.clauses, start=1):
            blocks.append(
                Heading(_("Article %(number)s") % {"number": number} + f" – {clause['heading']}")
            )
            blocks += [Paragraph(part) for part in clause["text"].splitlines() if part.strip()]
        blocks += [
            Heading(_("Annex 1 – Parts of the partners")),
            _parties(parties),
            Heading(_("Annex 2 – Instalments")),
            _schedule(list(agreement.instalments.all())),
            Heading(_("Signatures")),
            _signatures(parties),
            Note(_("Text SHA-256: %(digest)s") % {"digest": agreement.document_sha256}),
        ]
        drafted = agreement.state == AgreementState.DRAFTED
        return Document(
            title=agreement.title,
            language=LANGUAGE,
            blocks=blocks,
            issuer=current().full_name,
            reference=agreement.number,
            code="" if drafted else codes.prefix(agreement.number, agreement.document_sha256),
            draft=_("DRAFT") if drafted else "",
        )


def amendment_document(amendment: Amendment) -> Document:
    """Write an amendment: what changes, why, room to sign; coded pages."""
    agreement = amendment.agreement
    with override(LANGUAGE):
        digest = digest_of_amendment(amendment)
        known = {"position": amendment.position, "number": agreement.number}
        parties = [one for one in agreement.parties.all() if one.left_at is None]
        blocks: list[Block] = [
            Facts(_facts(agreement)),
            Heading(_("What changes")),
            *[Paragraph(line) for line in change_told(amendment)],
            Heading(_("Why")),
            Paragraph(amendment.reason),
            Paragraph(_("Every other clause of the agreement stays as it is.")),
            Heading(_("Signatures")),
            _signatures(parties),
            Note(_("Text SHA-256: %(digest)s") % {"digest": digest}),
        ]
        return Document(
            title=_("Amendment no. %(position)s to agreement %(number)s") % known,
            language=LANGUAGE,
            blocks=blocks,
            issuer=current().full_name,
            reference=paper_of(amendment),
            code=codes.prefix(paper_of(amendment), digest),
        )


def change_told(amendment: Amendment) -> list[str]:
    """Say what an amendment changes, line by line."""
    change: dict[str, Any] = amendment.change
    if amendment.kind == AmendmentKind.EXTENSION:
        return [_("The agreement ends on %(day)s.") % {"day": change["ends_on_told"]}]
    lines = []
    if amendment.kind == AmendmentKind.PARTNER_LEAVES:
        lines.append(_("%(name)s leaves the project.") % {"name": change["name"]})
    for one in change["parts"]:
        known = {"name": one["name"], "amount": money(Decimal(one["amount"]))}
        lines.append(_("Part of %(name)s: %(amount)s.") % known)
    return lines


def _facts(agreement: Agreement) -> list[tuple[str, str]]:
    facts = [
        (_("Agreement"), agreement.number),
        (_("Project"), agreement.grant.title),
        (_("Deliberation"), agreement.decision),
        (_("Grant"), money(agreement.amount or Decimal(0))),
    ]
    if agreement.starts_on and agreement.ends_on:
        known = {"first": day(agreement.starts_on), "last": day(agreement.ends_on)}
        facts.append((_("Duration"), _("from %(first)s to %(last)s") % known))
    return facts


def _parties(parties: list[Party]) -> Table:
    rows = [[one.name, money(one.amount)] for one in parties]
    total = money(sum((one.amount for one in parties), Decimal(0)))
    return Table([_("Partner"), _("Part")], rows, figures=(1,), total=[_("Total"), total])


def _schedule(schedule: list[Instalment]) -> Table:
    rows = [
        [
            str(InstalmentKind(one.kind).label),
            percentage(one.percent),
            money(one.planned),
            one.condition or "–",
            one.evidence or "–",
        ]
        for one in schedule
    ]
    total = money(sum((one.planned for one in schedule), Decimal(0)))
    head = [_("Instalment"), _("Share"), _("Amount"), _("Condition"), _("Evidence asked for")]
    return Table(head, rows, figures=(1, 2), total=[_("Total"), "", total, "", ""])


def _signatures(parties: list[Party]) -> Signatures:
    return Signatures([(current().full_name, ""), *((one.name, "") for one in parties)])


def _sha256(content: Any) -> str:
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
