"""Names of files, sizes in words, purposes; pure functions."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from communs.core.files import purposes, uploading, words
from communs.core.files.engine.kinds import KINDS
from communs.core.files.engine.names import LONGEST, clean_name, extension
from communs.core.files.purposes import Purpose
from tests.core.files import samples


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Délibération n° 12.pdf", "Délibération n° 12.pdf"),
        ("C:\\Users\\moi\\a.PDF", "a.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("facture\u202efdp.exe", "facturefdp.pdf"),
        ("a\0.exe.pdf", "a.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie- x.pdf"),
        ("virus.pdf.exe", "virus.pdf"),
        ("virus.php.jpg", "virus.pdf"),
        ("a.b.c.pdf", "a.b.c.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("com1", "_com1.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("...", "fichier.pdf"),
        ("", "fichier.pdf"),
        ("   .pdf", "fichier.pdf"),
        ('<a href="x">.pdf', "a href=-x.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("photo 2026.03.02.", "photo 2026.03.pdf"),
        ("\ud800.pdf", "fichier.pdf"),
    ],
)
def test_a_name_is_made_harmless_and_stays_readable(given_name: str, kept: str) -> None:
    assert clean_name(given_name, "pdf", unnamed="fichier") == kept


@given(st.text(max_size=300), st.sampled_from(sorted(KINDS)))
def test_any_name_is_made_harmless(name: str, kind: str) -> None:
    made = clean_name(name, kind, KINDS[kind].others, unnamed="fichier")
    assert made.endswith(f".{kind}")
    assert 0 < len(made) <= LONGEST + 1
    assert len(made.encode()) <= 255
    assert made.isprintable()
    assert not set(made) & set('/\\<>:"|?*\0')
    assert not made.startswith((".", " "))


def test_the_extension_that_a_name_claims() -> None:
    claims = {name: extension(name) for name in ("a.CSV", "a.tar.gz", "a", "a.", "a.csv ", ".csv")}
    assert list(claims.values()) == ["csv", "gz", "", "", "csv", "csv"]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 B"),
        (1023, "1,023 B"),
        (1536, "1.5 kB"),
        (2_516_582, "2.4 MB"),
        (10 * 1024**2, "10 MB"),
        (5 * 1024**3, "5 GB"),
    ],
)
def test_a_size_is_said_in_few_digits(count: int, said: str) -> None:
    with override("en"):
        assert words.size(count) == said


def test_every_reason_has_its_sentence() -> None:
    assert all(str(text).endswith(".") for text in words.REASONS.values())


def test_purposes_are_declared_once_and_well() -> None:
    purpose = Purpose("test.once", "Une fois", ("pdf",))
    purposes.declare(purpose)
    purposes.declare(purpose)
    with pytest.raises(ValueError, match=r"test\.once"):
        purposes.declare(Purpose("test.once", "Autre", ("pdf",)))
    with pytest.raises(LookupError, match=r"test\.never"):
        purposes.named("test.never")
    for wrong in ({"kinds": ("exe",)}, {"kinds": ()}, {"max_bytes": 10**12}):
        with pytest.raises(ValueError, match=r"test\.wrong"):
            Purpose(**{"key": "test.wrong", "title": "", "kinds": ("pdf",)} | wrong)
    assert purpose in purposes.all_purposes()


def test_no_more_is_written_than_may_be_kept_and_the_true_size_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uploading, "LARGEST", 100_000)
    small, large = samples.zipped({}), bytes(300_000)
    files = {"a": _named(small, "a.bin"), "b": _named(large, "b.bin"), "c": _named(small, "c.bin")}
    request = RequestFactory().post("/", {"titre": "Été", **files})
    found = {name: (file.size, len(file.read())) for name, file in request.FILES.items()}
    request.close()
    assert request.POST["titre"] == "Été"
    assert found["a"] == (22, 22)
    assert found["b"][0] == 300_000
    assert found["b"][1] <= 100_000
    assert found["c"][0] > 100_000  # the request is full: nothing of it is kept


def _named(content: bytes, name: str) -> object:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)
