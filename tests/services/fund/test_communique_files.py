"""A file or bytes give the right text, or a refusal in words."""

from pathlib import Path

import pytest

from communs.services.fund.engine.communique import (
    Unreadable,
    decode,
    parse,
    read_file,
)
from tests.services.fund.communique_text import RAW, TEXT, changed, problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "iso8859-15", "utf-16"])
def test_these_encodings_are_read_right(encoding: str) -> None:
    text = changed(("571 euros", "571 €"), ("Patrick", "Cœur-Léon"))
    assert decode(text.encode(encoding)) == text


def test_utf_16_big_endian_is_read_right() -> None:
    assert decode(b"\xfe\xff" + TEXT.encode("utf-16-be")) == TEXT


@pytest.mark.parametrize("encoding", ["mac-roman", "cp850", "cp437", "utf-16-le", "utf-7", "cp037"])
def test_any_other_encoding_is_refused_rather_than_misread(encoding: str) -> None:
    with pytest.raises(Unreadable):
        parse(decode(TEXT.encode(encoding)))


def test_accents_damaged_by_a_double_encoding_are_refused() -> None:
    damaged = TEXT.encode().decode("cp1252", errors="replace")
    assert problems(damaged) == ["The accents of the text are damaged; copy it again, in UTF-8."]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (RAW + b"\0", "This is not a text: it holds a control character (code 0)."),
        (b"\x00\x01\xff" * 50, "This is not a text: it holds a control character (code 0)."),
        (b"\x1b[31m" + RAW, "This is not a text: it holds a control character (code 27)."),
        (b"\x89PNG\r\n\x1a\n", "This is not a text: it holds a control character (code 26)."),
        (b"%PDF-1.7\n", "This is a PDF; give the text of the communiqué."),
        (
            b"PK\x03\x04\x14",
            "This is a word-processor document or an archive; give the text of the communiqué.",
        ),
        (b"\xff\xfeA", "This says that it is UTF-16, but it is not; save the text as UTF-8."),
        (b"\x8f\x90", "The encoding of the text is not recognised; save the text as UTF-8."),
        (b"a" * 1_000_001, "The text weighs 1001 kB; the limit is 1000 kB."),
    ],
    ids=["nul", "noise", "escape", "png", "pdf", "zip", "odd-utf16", "undefined", "large"],
)
def test_what_is_not_text_is_refused_in_words(raw: bytes, message: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        decode(raw)
    assert str(refusal.value) == message
    assert refusal.value.template % refusal.value.values == message


# Files


def test_a_file_of_fifty_megabytes_is_refused_without_being_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = tmp_path / "noise.txt"
    with noise.open("wb") as stream:
        stream.truncate(50_000_000)
    monkeypatch.setattr(Path, "open", lambda *_a, **_k: pytest.fail("the file was opened"))
    with pytest.raises(Unreadable) as refusal:
        read_file(noise)
    assert str(refusal.value) == "The text weighs 50000 kB; the limit is 1000 kB."


def test_a_missing_file_and_a_folder_are_refused_in_words(tmp_path: Path) -> None:
    messages = []
    for path in (tmp_path / "none.txt", tmp_path, "nul\0.txt"):
        with pytest.raises(Unreadable) as refusal:
            read_file(path)
        messages.append(str(refusal.value))
    assert messages == [
        f"There is no file at “{tmp_path / 'none.txt'}”.",
        f"“{tmp_path}” is not a file.",
        "There is no file at “nul\0.txt”.",
    ]


def test_a_file_that_may_not_be_opened_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbid(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "closed.txt"
    path.write_text(TEXT)
    monkeypatch.setattr(Path, "open", forbid)
    with pytest.raises(Unreadable) as refusal:
        read_file(path)
    assert str(refusal.value) == f"The file “{path}” cannot be opened."
