"""XML from strangers: no document type, no entity, no bomb, nothing fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NoReturn
from xml.parsers import expat  # bare: document types, the root of every attack, are refused below

from communs.core.files.engine.verdict import Unfit

Start = Callable[[str, dict[str, str]], None]
SEPARATOR = " "  # stands between a name's namespace and the name


def parse(chunks: Iterable[bytes], on_start: Start | None = None) -> None:
    """Read XML to its end and call `on_start` with each element; raises Unfit if it is not plain.

    Without `on_start` nothing of Python runs for an element, so that a large sheet costs little.
    """
    parser = expat.ParserCreate(namespace_separator=SEPARATOR)
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    if on_start is not None:
        parser.StartElementHandler = on_start
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unfit("damaged") from error


def _refuse(*_arguments: object) -> NoReturn:
    raise Unfit("active_xml")
