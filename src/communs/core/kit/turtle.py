"""RDF as Turtle: the few forms that a catalogue of data needs, escaped as RDF 1.1 asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NEVER_IN_AN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\"\\]")


def iri(address: str) -> str:
    """Write an address; what may stand in none is percent-encoded."""
    return f"<{_NEVER_IN_AN_IRI.sub(lambda found: f'%{ord(found[0]):02X}', address)}>"


def literal(text: str, language: str = "") -> str:
    """Write a text, with its language if it has one."""
    said = _CONTROL.sub(lambda found: _ESCAPED.get(found[0], f"\\u{ord(found[0]):04X}"), text)
    return f'"{said}"@{language}' if language else f'"{said}"'


def node(properties: Mapping[str, str | Iterable[str]]) -> str:
    """Write something without an address of its own."""
    told = " ; ".join(_said(properties))
    return f"[ {told} ]"


def subject(address: str, properties: Mapping[str, str | Iterable[str]]) -> str:
    """Write all that is said of an address; a property without a value is left out."""
    told = " ;\n    ".join(_said(properties))
    return f"{iri(address)}\n    {told} .\n"


def document(prefixes: Mapping[str, str], subjects: Iterable[str]) -> str:
    """Write a whole document."""
    head = "".join(f"@prefix {name}: {iri(at)} .\n" for name, at in prefixes.items())
    return "\n".join([head, *subjects])


def _said(properties: Mapping[str, str | Iterable[str]]) -> list[str]:
    found = {
        name: [values] if isinstance(values, str) else list(values)
        for name, values in properties.items()
    }
    return [f"{name} {', '.join(values)}" for name, values in found.items() if any(values)]
