"""From what each kind of source sends to readings; what cannot be understood keeps its place.

A reading that is wrong in a batch is one `Malformed` where it stood, the others are kept; a body
that cannot be read at all is one `Malformed`. No body raises anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from communs.core.sensing.engine.decoding import (
    chirpstack,
    csv_file,
    ngsi,
    plain,
    plain_quick,
    sensorthings,
    ttn,
)
from communs.core.sensing.engine.decoding.mappings import byte_rules_of, rules_of
from communs.core.sensing.engine.readings import Malformed, Reading


class Decode(Protocol):
    """Gives the readings of a body, which was received at an instant (ms since 1970)."""

    def __call__(
        self, body: bytes, *, received: int, mapping: Mapping[str, Any]
    ) -> list[Reading | Malformed]: ...


_DECODERS: Final[Mapping[str, Decode]] = {
    "plain": plain.decode,
    "chirpstack": chirpstack.decode,
    "ttn": ttn.decode,
    "ngsi": ngsi.decode,
    "sensorthings": sensorthings.decode,
    "csv_file": csv_file.decode,
}


def decoder(protocol: str) -> Decode:
    """Give what reads the bodies of a protocol; a KeyError says that there is no such protocol."""
    return _DECODERS[protocol]


def decode_all(
    protocol: str, bodies: Sequence[bytes], *, received: int, mapping: Mapping[str, Any]
) -> list[Reading | Malformed]:
    """Give the readings of bodies that were received together, as if each were read alone."""
    quick = plain_quick.read_together(bodies, received) if protocol == "plain" else None
    if quick is not None:
        return quick
    decode = decoder(protocol)
    return [one for body in bodies for one in decode(body, received=received, mapping=mapping)]


def fault_of(mapping: Mapping[str, Any]) -> Malformed | None:
    """Give what is wrong with where an agent says that properties stand; None when nothing is."""
    try:
        rules_of(mapping)
        byte_rules_of(mapping)
    except Malformed as error:
        return error.with_traceback(None)
    return None
