"""The command that makes the index anew, and the one that tells whether it should be."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from communs.core.communities.models import Community
from communs.core.communities.scope import across, within
from communs.core.search.backends import backend
from communs.core.search.backends.shelves import Shelf
from communs.core.search.engine.terms import Term
from communs.core.search.index import drop
from communs.core.search.models import Document

pytestmark = pytest.mark.django_db


def run(*options: str) -> str:
    out = StringIO()
    call_command("search_rebuild", *options, stdout=out)
    return out.getvalue().strip()


def test_it_puts_back_what_is_missing_from_the_documents_and_from_the_engine(
    metropolis: Community,
) -> None:
    with across("how many documents there are before one is lost"):
        before = Document.everywhere.count()
    with within(metropolis):
        drop(metropolis)
        lost = Document.objects.get(title="Antony")
    backend().remove([(lost.number, lost.terms)], Shelf.PUBLIC)
    assert lost.number not in backend().newest(Term("antony"), 500, Shelf.PUBLIC)
    with pytest.raises(CommandError, match="Métropole du Grand Paris"):
        run("--check")
    assert f" {before} documents" in run()
    assert lost.number in backend().newest(Term("antony"), 500, Shelf.PUBLIC)
    assert run("--check")


def test_a_community_that_is_none_is_named() -> None:
    with pytest.raises(CommandError, match="nulle-part"):
        run("--community", "nulle-part")
