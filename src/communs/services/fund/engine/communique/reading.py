"""From bytes or a file to text: a correct reading, or a clear refusal."""

import codecs
from pathlib import Path

from .findings import N_, Unreadable

LIMIT = 1_000_000  # bytes; the communiqué of 2018 holds under 4,000

TOO_LARGE = N_("The text weighs %(size)d kB; the limit is %(limit)d kB.")
NO_FILE = N_("There is no file at “%(path)s”.")
NOT_A_FILE = N_("“%(path)s” is not a file.")
NO_ACCESS = N_("The file “%(path)s” cannot be opened.")
A_PDF = N_("This is a PDF; give the text of the communiqué.")
AN_ARCHIVE = N_("This is a word-processor document or an archive; give the text of the communiqué.")
NOT_TEXT = N_("This is not a text: it holds a control character (code %(code)d).")
BROKEN = N_("This says that it is %(encoding)s, but it is not; save the text as UTF-8.")
UNKNOWN_ENCODING = N_("The encoding of the text is not recognised; save the text as UTF-8.")

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FRENCH = frozenset(
    "àâäæçéèêëîïôöœùûüÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸ"
    "«»‹›‘’“”„–—…•·°º²³½€§©®™×\u00a0\u00ad"
    "áãåíìñóòõøúßÁÍÑÓÚ"  # names of people and places from elsewhere
)
_WHITE = frozenset("\t\n\r\x0b\x0c")
_FIRST_PRINTABLE = 0x20
_C1 = range(0x7F, 0xA0)


def read_file(path: str | Path) -> str:
    """Read the text at a path, without ever loading more than the limit."""
    path = Path(path)
    try:
        if not path.exists():
            raise Unreadable(NO_FILE, str(path), code="no_file", values={"path": str(path)})
        if not path.is_file():
            raise Unreadable(NOT_A_FILE, str(path), code="not_a_file", values={"path": str(path)})
        _weigh(path.stat().st_size, str(path))
        with path.open("rb") as stream:
            return decode(stream.read(LIMIT + 1))
    except (OSError, ValueError) as error:
        values: dict[str, object] = {"path": str(path)}
        raise Unreadable(NO_ACCESS, str(path), code="no_access", values=values) from error


def decode(raw: bytes) -> str:
    """Give the text of these bytes, in UTF-8, UTF-16, Windows-1252 or ISO-8859-15."""
    _weigh(len(raw))
    if raw.startswith(b"%PDF-"):
        raise Unreadable(A_PDF, code="pdf")
    if raw.startswith(b"PK\x03\x04"):
        raise Unreadable(AN_ARCHIVE, code="archive")
    text = _decoded(raw)
    _refuse_noise(text)
    return text


def _weigh(size: int, place: str = "") -> None:
    if size > LIMIT:
        values: dict[str, object] = {"size": -(-size // 1000), "limit": LIMIT // 1000}
        raise Unreadable(TOO_LARGE, place, code="too_large", values=values)


def _decoded(raw: bytes) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError as error:
                values: dict[str, object] = {"encoding": encoding.upper()}
                raise Unreadable(BROKEN, code="encoding", values=values) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _one_byte_a_letter(raw)


def _one_byte_a_letter(raw: bytes) -> str:
    """Read an older French file; any letter that French does not use betrays another encoding."""
    _refuse_noise(raw.decode("latin-1"), also=range(0))
    windows = any(0x80 <= byte < 0xA0 for byte in raw)  # noqa: PLR2004 -- the range ISO leaves empty
    try:
        text = raw.decode("cp1252" if windows else "iso8859-15")
    except UnicodeDecodeError as error:
        raise Unreadable(UNKNOWN_ENCODING, code="encoding") from error
    if any(not letter.isascii() and letter not in _FRENCH for letter in set(text)):
        raise Unreadable(UNKNOWN_ENCODING, code="encoding")
    return text


def _refuse_noise(text: str, *, also: range = _C1) -> None:
    for letter in sorted(set(text)):
        code = ord(letter)
        if (code < _FIRST_PRINTABLE and letter not in _WHITE) or code in also:
            place = f"character {text.index(letter) + 1}"
            raise Unreadable(NOT_TEXT, place, code="not_text", values={"code": code})
