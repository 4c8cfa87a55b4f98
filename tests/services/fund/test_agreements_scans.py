"""Signed pages that come back on paper find their agreement by the code that each bears."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override
from PIL import Image

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.files.scanned import codes_on
from communs.core.kit.errors import Refused
from communs.services.fund import actions
from communs.services.fund.models import Agreement, ScannedPage
from tests.services.fund.agreeing import CLAUSES, Agreed, awarded, paper, printed, scan, template
from tests.services.fund.filing import AT, DAY, filing

pytestmark = pytest.mark.django_db
LONG = [{"heading": f"Article {n}", "text": "Une phrase qui se répète. " * 60} for n in range(8)]


@pytest.fixture
def award(metropolis: Community, sceaux: Community) -> Iterator[Agreed]:
    with within(metropolis), override("en"):
        made_of = template(clauses=[*CLAUSES, *LONG])
        yield awarded(filing(), sceaux, made_of=made_of)


def shared(content: bytes, *of: Agreement) -> actions.Shared:
    papers = [paper_ for one in of for paper_ in actions.papers_of(one)]
    return actions.share_scan(file=paper(content), papers=papers, at=AT, by=None)


def test_pages_come_back_in_any_order_and_what_is_missing_is_named(award: Agreed) -> None:
    agreement = award.sent()
    pages = printed(agreement)
    assert len(pages) == agreement.pages
    assert len(pages) > 2
    blank = Image.new("RGB", (1240, 1754), "white")
    first = shared(scan(pages[1], blank, pages[0], pages[1]), agreement)
    name = agreement.number
    assert first == actions.Shared(
        found={name: [2, 1]},
        doubled=[4],
        unread=[2],
        foreign=[],
        missing={name: list(range(3, len(pages) + 1))},
    )
    known: dict[str, Any] = {"agreement": agreement, "signed_on": DAY, "at": AT, "by": None}
    with pytest.raises(Refused, match="have not come back: 3"):
        actions.sign_agreement(**known)
    with pytest.raises(Refused, match="here already"):
        shared(scan(pages[0]), agreement)
    rest = shared(scan(*reversed(pages[2:])), agreement)
    assert rest.missing == {name: []}
    signature = actions.sign_agreement(**known)
    assert signature.file == ScannedPage.objects.get(agreement=agreement, number=1).file


def test_one_scan_of_several_agreements_is_shared_out(award: Agreed, antony: Community) -> None:
    one, two = award.sent(), awarded(award.filing, antony).sent()
    mixed = [page for pair in zip(printed(one), printed(two), strict=False) for page in pair]
    found = shared(scan(*mixed), one, two)
    assert set(found.found) == {one.number, two.number}
    assert (found.unread, found.foreign, found.doubled) == ([], [], [])


def test_a_page_of_another_agreement_or_of_an_older_text_is_foreign(
    award: Agreed, antony: Community
) -> None:
    agreement, other = award.sent(), awarded(award.filing, antony).sent()
    with pytest.raises(Refused, match="No page of this scan belongs"):
        shared(scan(printed(other)[0]), agreement)
    older = printed(agreement)[0]
    Agreement.objects.filter(pk=agreement.pk).update(document_sha256="f" * 64)
    agreement.refresh_from_db()
    with pytest.raises(Refused, match="No page of this scan belongs"):
        shared(scan(older), agreement)
    assert not ScannedPage.objects.exists()


def test_a_scan_without_any_code_says_how_to_scan(award: Agreed) -> None:
    agreement = award.sent()
    with pytest.raises(Refused, match="200 dots an inch"):
        shared(scan(Image.new("RGB", (1240, 1754), "white")), agreement)


def test_a_photo_of_a_page_is_a_page(award: Agreed) -> None:
    agreement = award.sent()
    made = io.BytesIO()
    printed(agreement)[0].convert("RGB").save(made, "PNG")
    found = shared(made.getvalue(), agreement)
    assert found.found == {agreement.number: [1]}


def test_a_page_of_monstrous_size_ends_in_pixels_that_can_be_held(award: Agreed) -> None:
    content = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
        b"/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 900000 9]>>endobj\n"
        b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    )
    assert codes_on(paper(content)) == [[]]
