"""Awards, templates and agreements made for tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdfium2 import PdfDocument

from communs.core.communities.models import Community
from communs.core.documents import pdf
from communs.core.files.actions import keep
from communs.core.files.models import StoredFile
from communs.services.fund import actions
from communs.services.fund.engine.sealing import digest
from communs.services.fund.enums import PartnerRole, PaymentState, SessionKind, Stage
from communs.services.fund.models import (
    Agreement,
    AgreementTemplate,
    Application,
    Deliberation,
    Grant,
    Partner,
    Payment,
    Round,
    Seal,
    Session,
)
from communs.services.fund.queries import agreed
from tests.services.fund.filing import AT, DAY, Filing

SCHEDULE = [
    {"kind": "advance", "percent": "40", "condition": "à la signature", "evidence": ""},
    {"kind": "interim", "percent": "30", "condition": "à mi-parcours", "evidence": ""},
    {"kind": "balance", "percent": "30", "condition": "à la fin", "evidence": "état des dépenses"},
]
CLAUSES = [
    {"heading": "Objet", "text": "{community} verse {amount} à {beneficiary}."},
    {"heading": "Partenaires", "text": "{partners}\n{schedule}"},
]
VOTES = {"partner_leaves": True, "extension": 6, "budget_shift": 20}
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
    b"/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
    b"0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n161\n%%EOF\n"
)


@dataclass
class Agreed:
    """A file that was awarded, with its seal, and the agreement that follows."""

    filing: Filing
    file: Application
    grant: Grant
    seal: Seal
    template: AgreementTemplate

    def drafted(self) -> Agreement:
        """Draft the agreement."""
        known: dict[str, Any] = {"template": self.template, "starts_on": DAY, "at": AT, "by": None}
        return actions.draft_agreement(application=self.file, **known)

    def sent(self) -> Agreement:
        """Draft and send it."""
        return actions.send_agreement(agreement=self.drafted(), at=AT, by=None)

    def signed(self) -> Agreement:
        """Draft, send and sign it."""
        agreement = self.sent()
        known: dict[str, Any] = {"signed_on": DAY, "at": AT, "by": None}
        actions.sign_agreement(agreement=agreement, file=paper(), checked_by_hand=True, **known)
        agreement.refresh_from_db()
        return agreement


def template(
    schedule: Sequence[dict[str, str]] = SCHEDULE, title: str = "Modèle", **more: Any
) -> AgreementTemplate:
    """Add a template."""
    values: dict[str, Any] = {"clauses": CLAUSES, "votes": VOTES, "duration_months": 12}
    return actions.add_template(title=title, schedule=schedule, **(values | more), by=None)


def sealed(filing: Filing, title: str = "Attribution", text: str = "", days: int = 0) -> Seal:
    """Make a sealed act of the Bureau."""
    at = AT + timedelta(days=days)
    session = Session.objects.create(
        kind=SessionKind.BUREAU, held_at=at, call=filing.call, state="sealed", opened_at=at
    )
    number = f"2026-D{Seal.objects.count() + 1}"
    act = Deliberation.objects.create(session=session, number=number, title=title, text=text)
    last = Seal.objects.order_by("-id").first()
    content = {"number": number, "title": title, "text": text}
    previous = last.digest if last else ""
    return Seal.objects.create(
        deliberation=act,
        content=content,
        previous=previous,
        digest=digest(content, previous),
        at=at,
    )


def awarded(
    filing: Filing,
    *bodies: Community,
    amount: str = "41200.00",
    shares: Sequence[str] = (),
    made_of: AgreementTemplate | None = None,
) -> Agreed:
    """Award a file to these communes."""
    file = filing.file(*bodies, stage=Stage.AWARDED, requested=amount)
    for partner, share in zip(
        Partner.objects.filter(application=file).order_by("id"), shares, strict=bool(shares)
    ):
        partner.share = Decimal(share)
        partner.save(update_fields=["share"])
    seal = sealed(filing)
    round_, _made = Round.objects.get_or_create(
        programme=filing.programme, awarded_on=DAY, defaults={"body": "Bureau"}
    )
    number = Grant.objects.filter(round=round_).count() + 1
    grant = Grant.objects.create(
        round=round_,
        number=number,
        reference=f"essai-{number}",
        beneficiary=bodies[0],
        beneficiary_as_published=bodies[0].name,
        title=file.title,
        title_as_published=file.title,
        awarded_on=DAY,
        amount=Decimal(amount),
        words="essai",
        application=file,
        seal=seal,
    )
    kept = made_of or AgreementTemplate.objects.filter(code="modele").first() or template()
    return Agreed(filing, file, grant, seal, kept)


def paper(content: bytes = PDF, purpose: str = "fund.signed_page") -> StoredFile:
    """Keep a file as a draft."""
    upload = SimpleUploadedFile("papier.pdf", content)
    return keep(upload=upload, purpose=purpose, at=AT, by=None)


def paid(agreement: Agreement, on: date = DAY) -> Payment:
    """Check, order and pay whatever waits on an agreement."""
    rows = Payment.objects.filter(instalment__agreement=agreement)
    row = rows.exclude(state__in=(PaymentState.PAID, PaymentState.REJECTED)).get()
    if row.state == PaymentState.DUE:
        row = actions.check_payment(payment=row, at=AT, by=None)
    if row.state == PaymentState.CHECKED:
        reference = f"M-{Payment.objects.exclude(reference='').count() + 1}"
        row = actions.order_payment(payment=row, reference=reference, on=on, by=None)
    return actions.pay(payment=row, on=on, by=None)


def printed(agreement: Agreement) -> list[Image.Image]:
    """Give the pages as a scanner would: pictures, slightly turned."""
    document = PdfDocument(pdf(agreed.document(agreement)))
    return [
        page.render(scale=150 / 72).to_pil().rotate(1.5, fillcolor="white", expand=True)
        for page in document
    ]


def scan(*pages: Image.Image) -> bytes:
    """Give pages as one file of the scanner's."""
    made = io.BytesIO()
    first, *others = (one.convert("RGB") for one in pages)
    first.save(made, "PDF", save_all=True, append_images=others, resolution=150)
    return made.getvalue()


def lead_of(file: Application) -> Partner:
    """Give the partner that leads."""
    return Partner.objects.select_related("organisation").get(
        application=file, role=PartnerRole.LEAD
    )
