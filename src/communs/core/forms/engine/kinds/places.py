"""Addresses and points on a map."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, ClassVar

import msgspec

from communs.core.forms.engine.kinds.amounts import decimal
from communs.core.forms.engine.kinds.base import (
    Around,
    Fault,
    Given,
    Kind,
    NoSettings,
    bounded,
    line,
    lines,
)
from communs.core.kit.text import fold

_POSTCODE = re.compile(r"[0-9]{5}")
_LONGEST_LINES = 300
_LONGEST_TOWN = 100
_PLACES = Decimal("0.000001")  # ten centimetres


class AddressSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whether the commune must be one of the metropolis."""

    inside: bool = False


class AddressKind(Kind[AddressSettings]):
    """Free lines, a postcode, a commune; `code` is its INSEE code where the register has it."""

    key = "address"
    settings: ClassVar[type[Any]] = AddressSettings
    parts = ("lines", "postcode", "commune")
    single = False

    def parse(
        self, given: Given, settings: AddressSettings, around: Around
    ) -> dict[str, str] | None:
        street, postcode = lines(given, "lines"), line(given, "postcode")
        commune = line(given, "commune")
        if not (street or postcode or commune):
            return None
        missing = [
            part
            for part, typed in zip(self.parts, (street, postcode, commune), strict=True)
            if not typed
        ]
        if missing:
            raise Fault("address_part", part=missing[0])
        if not _POSTCODE.fullmatch(postcode):
            raise Fault("postcode")
        code, name = around.communes.get(fold(commune), ("", bounded(commune, _LONGEST_TOWN)))
        if settings.inside and not code:
            raise Fault("commune", commune=commune)
        street = bounded(street, _LONGEST_LINES)
        return {"lines": street, "postcode": postcode, "commune": name, "code": code}

    def write(self, value: Any) -> dict[str, list[str]]:
        return {part: [str(value[part])] for part in self.parts}

    def check(self, value: Any, settings: AddressSettings, around: Around) -> None:
        """Raise Fault unless it is an address; a commune's code of another day stays."""
        found = self.parse(self.write(value), settings, around)
        if found is None or {**found, "code": ""} != {**value, "code": ""}:
            raise Fault("not_so")

    def text(self, value: Any, settings: AddressSettings, language: str) -> str:
        del settings, language
        return f"{value['lines']}\n{value['postcode']} {value['commune']}"

    def schema(self, settings: AddressSettings) -> dict[str, Any]:
        del settings
        text = {"type": "string", "minLength": 1}
        return {
            "type": "object",
            "properties": {
                "lines": text | {"maxLength": _LONGEST_LINES},
                "postcode": {"type": "string", "pattern": "^[0-9]{5}$"},
                "commune": text | {"maxLength": 120},
                "code": {"type": "string", "maxLength": 5},
            },
            "required": ["lines", "postcode", "commune", "code"],
            "additionalProperties": False,
        }


class PointKind(Kind[NoSettings]):
    """A point in degrees (WGS 84), to ten centimetres."""

    key = "point"
    parts = ("lat", "lon")
    single = False

    def parse(self, given: Given, settings: NoSettings, around: Around) -> dict[str, float] | None:
        del settings, around
        typed = {part: line(given, part) for part in self.parts}
        if not any(typed.values()):
            return None
        if not all(typed.values()):
            raise Fault("point_half")
        found = {part: decimal(text) for part, text in typed.items()}
        lat, lon = found["lat"], found["lon"]
        if lat is None or lon is None:
            raise Fault("point")
        if abs(lat) > 90 or abs(lon) > 180:  # noqa: PLR2004 -- degrees
            raise Fault("point_range")
        return {"lat": float(lat.quantize(_PLACES) + 0), "lon": float(lon.quantize(_PLACES) + 0)}

    def write(self, value: Any) -> dict[str, list[str]]:
        return {part: [f"{Decimal(str(value[part])):f}"] for part in self.parts}

    def text(self, value: Any, settings: NoSettings, language: str) -> str:
        del settings
        mark = "." if language.startswith("en") else ","
        lat, lon = (self.write(value)[part][0].replace(".", mark) for part in self.parts)
        return f"{lat} ; {lon}"

    def schema(self, settings: NoSettings) -> dict[str, Any]:
        del settings
        return {
            "type": "object",
            "properties": {
                "lat": {"type": "number", "minimum": -90, "maximum": 90},
                "lon": {"type": "number", "minimum": -180, "maximum": 180},
            },
            "required": ["lat", "lon"],
            "additionalProperties": False,
        }
