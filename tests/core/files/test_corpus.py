"""Every bad upload ends in a sentence or in a clean copy, within its bounds."""

from __future__ import annotations

import io
import time

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from communs.core.files import words
from communs.core.files.engine.kinds import KINDS, sniff
from communs.core.files.engine.verdict import MEGA, Unfit
from communs.core.files.examining import examined
from communs.core.files.purposes import Purpose
from communs.core.kit.errors import Refused
from tests.core.files import samples
from tests.core.files.corpus import corpus, mutated

ANYTHING = Purpose("test.anything", "Tout", tuple(KINDS), max_bytes=20 * MEGA, public=True)
CORPUS = corpus()


def outcome(name: str, content: bytes) -> tuple[str, str, bytes]:
    """Give the reason of the refusal, or `kept:kind`; the kept name and the kept bytes."""
    try:
        with examined(ContentFile(content, name), ANYTHING, field="photo") as found:
            return f"kept:{found.kind}", found.name, found.content.read()
    except Refused as refusal:
        return reason_of(refusal), "", b""


def reason_of(refusal: Refused) -> str:
    """Give the key of a refusal's sentence; it names the field and says what is taken."""
    said = str(refusal).removesuffix(f" {words.allowed(ANYTHING)}")
    assert (refusal.field, said != str(refusal)) == ("photo", True)
    return next(key for key, text in words.REASONS.items() if str(text) == said)


def test_the_corpus_has_at_least_sixty_kinds() -> None:
    assert len({bad.title for bad in CORPUS}) == len(CORPUS) >= 60


@pytest.mark.parametrize("bad", CORPUS, ids=[bad.title for bad in CORPUS])
def test_a_bad_upload_has_its_outcome(bad: object) -> None:
    got, name, kept = outcome(bad.name, bad.content)
    assert got == bad.outcome
    if kept:
        assert name.endswith(f".{got.removeprefix('kept:')}")
        assert b"<script" not in kept


@pytest.mark.parametrize(("kind", "file"), samples.good().items())
def test_a_good_file_of_each_kind_is_kept(kind: str, file: tuple[str, bytes]) -> None:
    got, name, kept = outcome(*file)
    written = "png" if kind == "gif" else kind
    assert (got, name) == (f"kept:{written}", f"{file[0].rpartition('.')[0]}.{written}")
    if KINDS[kind].family in {"pdf", "office", "zip", "text"}:
        assert kept == file[1]


def test_mutated_files_neither_break_nor_hold_the_server() -> None:
    longest = 0.0
    for name, content in mutated(200):
        begun = time.monotonic()
        got, _name, kept = outcome(name, content)
        longest = max(longest, time.monotonic() - begun)
        if got.startswith("kept:"):
            assert kept
            again = sniff(io.BytesIO(kept)).partition(":")[0]
            assert again in {KINDS[got[5:]].family, "zip"}
    assert longest < 10


def test_a_kept_photo_says_neither_where_nor_by_what_and_stands_upright() -> None:
    _got, _name, kept = outcome("a.jpg", samples.photo_with_place())
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.size, dict(image.getexif()), image.info.get("icc_profile")) == (
            (48, 64),
            {},
            None,
        )
    assert b"Camille" not in kept


def test_a_kept_recording_says_neither_where_nor_what() -> None:
    for name, content in (
        ("a.m4a", samples.m4a()),
        ("a.mp3", samples.mp3(before=samples.id3(b"+48.7536"))),
        ("a.wav", samples.wav(b"LIST\x08\0\0\0+48.7536")),
    ):
        got, _name, kept = outcome(name, content)
        assert got.startswith("kept:")
        assert b"+48.7536" not in kept


def test_a_pdf_that_could_act_is_marked_for_agents_and_never_published() -> None:
    private = Purpose("test.marked", "Pièces", ("pdf",))
    script = samples.pdf("/OpenAction << /S /JavaScript >> /Encrypt 5 0 R")
    with examined(ContentFile(script, "a.pdf"), private, field=None) as found:
        assert (found.marks, found.content.read()) == (["encrypted", "script"], script)


def test_texts_are_kept_in_utf_8() -> None:
    for raw in ("été;1".encode("cp1252"), "été;1".encode("utf-16"), "été;1".encode("utf-8-sig")):
        assert outcome("a.csv", raw)[2] == "été;1".encode()


def test_a_moving_gif_is_kept_as_a_still_png_only_where_gif_is_taken() -> None:
    png_only = Purpose("test.png", "PNG", ("png",))
    gif = ContentFile(samples.animation(), "a.gif")
    with pytest.raises(Refused), examined(gif, png_only, field=None):
        pass


def test_nothing_is_kept_past_the_size_whatever_the_upload_claims() -> None:
    small = Purpose("test.small", "Petit", ("txt",), max_bytes=10)
    lying = ContentFile(b"a" * 11, "a.txt")
    lying.size = 3
    with pytest.raises(Refused) as refusal, examined(lying, small, field="note"):
        pass
    assert (str(refusal.value), refusal.value.field) == (
        words.too_large(11, small),
        "note",
    )


def test_sniffing_refuses_an_empty_file() -> None:
    with pytest.raises(Unfit) as unfit:
        sniff(io.BytesIO())
    assert unfit.value.reason == "empty"
