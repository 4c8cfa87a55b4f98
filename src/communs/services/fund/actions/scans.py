"""Signed papers that come back: each page goes to its agreement, whatever the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from communs.core.files.actions import attach
from communs.core.files.models import StoredFile
from communs.core.files.scanned import codes_on
from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.services.fund.engine.paying import codes
from communs.services.fund.enums import AgreementState, AmendmentState
from communs.services.fund.models import Agreement, Amendment, ScannedPage
from communs.services.fund.queries import agreed


@dataclass(frozen=True, slots=True)
class Paper:
    """An agreement, or its amendment, that waits for its pages."""

    agreement: Agreement
    amendment: Amendment | None
    digest: str
    pages: int


@dataclass(slots=True)
class Shared:
    """What became of a scan's pages, by their place in it: found, doubled, unreadable, foreign."""

    found: dict[str, list[int]] = field(default_factory=dict)
    doubled: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    foreign: list[int] = field(default_factory=list)
    missing: dict[str, list[int]] = field(default_factory=dict)


def share_scan(*, file: StoredFile, papers: Sequence[Paper], at: datetime, by: Any) -> Shared:
    """Read a scan, outside any transaction, then attach each page to the paper whose code it bears.

    `papers` are those that whoever sends it may sign for; a page of any other is foreign.
    """
    found = codes.pages(codes_on(file, field="file"))
    return attach_pages(file=file, found=found, papers=papers, at=at, by=by)


@action("fund.pages_attached")
def attach_pages(
    *,
    file: StoredFile,
    found: Sequence[codes.Found],
    papers: Sequence[Paper],
    at: datetime,
    by: Any,
) -> Shared:
    """Attach the pages of a scan, in any order; those missing, doubled or foreign are named."""
    known = {name_of(one): one for one in papers}
    shared = Shared()
    rows: list[ScannedPage] = []
    for page in found:
        row = _placed(page, known, shared, file, at)
        if row is not None:
            rows.append(row)
    if not rows:
        raise Refused(told_nothing(shared), field="file")
    owner = rows[0].agreement
    attach(file=file, subject=owner, at=at, by=by)
    ScannedPage.objects.bulk_create(rows)
    for name in shared.found:
        shared.missing[name] = _missing(known[name])
    record(owner, pages=shared.found, missing=shared.missing)
    return shared


def name_of(paper: Paper) -> str:
    """Give the name of a paper in its codes."""
    return agreed.paper_of(paper.amendment) if paper.amendment else paper.agreement.number


def papers_of(agreement: Agreement) -> list[Paper]:
    """Give the papers of an agreement that may be signed now."""
    if agreement.state == AgreementState.SENT and agreement.pages:
        return [Paper(agreement, None, agreement.document_sha256, agreement.pages)]
    return [
        Paper(agreement, one, agreed.digest_of_amendment(one), one.change["pages"])
        for one in agreement.amendments.all()
        if one.state in (AmendmentState.TO_VOTE, AmendmentState.TO_SIGN)
        and agreement.state == AgreementState.SIGNED
    ]


def told_nothing(shared: Shared) -> str:
    """Say why no page of a scan was taken."""
    if shared.doubled:
        return _("Every page of this scan is here already.")
    if shared.foreign:
        return _("No page of this scan belongs to an agreement that waits for its signature.")
    return _(
        "No square code could be read: scan at 200 dots an inch or more, the whole page, flat."
    )


def _placed(
    page: codes.Found,
    known: dict[str, Paper],
    shared: Shared,
    file: StoredFile,
    at: datetime,
) -> ScannedPage | None:
    """Give the page's row, or note why it has none."""
    code = page.code
    if code is None:
        shared.unread.append(page.place)
        return None
    paper = known.get(code.paper)
    if paper is None or not _is_of(code, paper):
        shared.foreign.append(page.place)
        return None
    here = shared.found.setdefault(code.paper, [])
    if code.page in here or _is_here(paper, code.page):
        shared.doubled.append(page.place)
        if not here:
            del shared.found[code.paper]
        return None
    here.append(code.page)
    return ScannedPage(
        agreement=paper.agreement,
        amendment=paper.amendment,
        number=code.page,
        file=file,
        place=page.place,
        at=at,
    )


def _is_of(code: codes.Code, paper: Paper) -> bool:
    """Tell whether a page is of this very text: a draft printed before has another digest."""
    return paper.digest.startswith(code.digest) and 1 <= code.page <= paper.pages


def _is_here(paper: Paper, number: int) -> bool:
    rows = ScannedPage.objects.filter(agreement=paper.agreement, amendment=paper.amendment)
    return rows.filter(number=number).exists()


def _missing(paper: Paper) -> list[int]:
    rows = ScannedPage.objects.filter(agreement=paper.agreement, amendment=paper.amendment)
    here = set(rows.values_list("number", flat=True))
    return [number for number in range(1, paper.pages + 1) if number not in here]
