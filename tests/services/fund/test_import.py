"""`communs import-communique`: the whole document or nothing, and nothing twice."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from communs.core.communities.models import Community
from communs.core.communities.scope import as_owner, within
from communs.core.journal.models import Event
from communs.services.fund.demo import COMMUNIQUE
from communs.services.fund.models import Fact, Grant, Programme, Round

pytestmark = pytest.mark.django_db

TEXT = COMMUNIQUE.read_text()


@pytest.fixture
def empty(metropolis: Community) -> Community:
    """The metropolis before its first awards."""
    with within(metropolis), as_owner():  # nobody else shortens the journal
        for table in (Fact, Grant, Round, Programme, Event):
            table.objects.all().delete()
    return metropolis


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("import_communique", *arguments, stdout=said)
    return said.getvalue()


def held(metropolis: Community) -> tuple[int, ...]:
    with within(metropolis):
        return tuple(t.objects.count() for t in (Programme, Round, Grant, Fact, Event))


def test_the_real_document_is_kept_once(empty: Community) -> None:
    said = run(str(COMMUNIQUE))
    facts = held(empty)[3]
    assert held(empty) == (1, 1, 23, facts, 1)
    assert facts > 20
    assert f"{25 + facts} lignes créées, 0 mises à jour." in said
    assert "EPT Grand Orly Seine Bièvre\u00a0» est une autre graphie" in said
    assert "le montant de chaque projet n’est pas publié" in said
    assert "les partenaires ne sont pas publiés" in said
    assert "0 lignes créées, 0 mises à jour." in run(str(COMMUNIQUE))
    assert held(empty) == (1, 1, 23, facts, 1)


def test_what_was_kept_is_what_the_document_says(empty: Community) -> None:
    run(str(COMMUNIQUE))
    with within(empty):
        award = Round.objects.get()
        row = Grant.objects.get(number=19)
    assert (award.total, award.project_count, award.commune_count) == (923571, 23, 16)
    assert (award.territory_count, award.pooled_count, award.pooled_minimum) == (3, 14, 3)
    assert len(award.committee) == 7
    assert (row.title, row.title_as_published, row.amount, row.territory.slug) == (
        "Gestion de la relation usager-citoyen",
        "Gestion de la relation usager- citoyen",
        None,
        "paris-est-marne-et-bois",
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("923 571 euros", "beaucoup d’euros"), "total"),
        (("23 de ces projets", "24 de ces projets"), "24 projets"),
        (("16 communes", "17 communes"), "17 communes"),
        (("Antony\t", "Anthony\t"), "«\u00a0Anthony\u00a0» n’est pas dans la référence"),
        (("Liste des projets subventionnés\n\nCommune", "Fin\n\nVille"), "tableau"),
        (("27 novembre 2018", "31 novembre 2018"), "31 novembre 2018"),
    ],
)
def test_a_document_that_is_wrong_is_refused_whole(
    empty: Community, tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    assert change[0] in TEXT
    file = tmp_path / "communique.txt"
    file.write_text(TEXT.replace(*change))
    with pytest.raises(CommandError) as refused:
        run(str(file))
    assert sentence in str(refused.value)
    assert held(empty) == (0, 0, 0, 0, 0)


def test_another_total_than_expected_is_refused(empty: Community) -> None:
    with pytest.raises(CommandError, match="923571"):
        run(str(COMMUNIQUE), "--expected-total", "900000")
    assert held(empty) == (0, 0, 0, 0, 0)


def test_another_encoding_is_read_or_refused_in_words(empty: Community, tmp_path: Path) -> None:
    file = tmp_path / "communique.txt"
    file.write_bytes(TEXT.encode("cp1252"))
    run(str(file))
    assert held(empty)[2] == 23


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x00" * 2000, "caractère de contrôle"),
        (b"%PDF-1.7", "C’est un PDF"),
        (b"", "vide"),
        (b"<!doctype html><p>x", "page web"),
    ],
)
def test_what_is_no_text_is_refused(
    empty: Community, tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "communique.txt"
    file.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        run(str(file))
    assert sentence in str(refused.value)
    assert held(empty) == (0, 0, 0, 0, 0)


def test_fifty_megabytes_are_refused_unread(empty: Community, tmp_path: Path) -> None:
    file = tmp_path / "noise.txt"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)
    with pytest.raises(CommandError, match="la limite est de 1000"):
        run(str(file))


def test_a_file_that_is_not_there(empty: Community, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Il n’y a pas de fichier"):
        run(str(tmp_path / "nope.txt"))


def test_without_a_metropolis_there_is_nothing_to_import_into(db: None) -> None:
    Community.objects.filter(kind="metropolis").update(kind="territory")
    with pytest.raises(CommandError, match="load-metropolis"):
        run(str(COMMUNIQUE))
