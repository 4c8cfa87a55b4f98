"""Identifiers with check digits: SIRET, IBAN."""

from __future__ import annotations

from typing import Any

from stdnum import iban
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.fr import siret

from communs.core.forms.engine.kinds.base import Around, Fault, Given, Kind, NoSettings, line


class SiretKind(Kind[NoSettings]):
    """The fourteen digits of an establishment, with their check digit."""

    key = "siret"

    def parse(self, given: Given, settings: NoSettings, around: Around) -> str | None:
        del settings, around
        text = line(given)
        if not text:
            return None
        try:
            return siret.validate(text)
        except InvalidLength as error:
            raise Fault("siret_length", count=sum(c.isdigit() for c in text)) from error
        except InvalidChecksum as error:
            raise Fault("siret_check") from error
        except ValidationError as error:
            raise Fault("siret") from error

    def text(self, value: Any, settings: NoSettings, language: str) -> str:
        del settings, language
        return siret.format(value, separator="\u00a0")

    def schema(self, settings: NoSettings) -> dict[str, Any]:
        del settings
        return {"type": "string", "pattern": "^[0-9]{14}$"}


class IbanKind(Kind[NoSettings]):
    """A bank account, of any country, with its check digits."""

    key = "iban"

    def parse(self, given: Given, settings: NoSettings, around: Around) -> str | None:
        del settings, around
        text = line(given)
        if not text:
            return None
        try:
            return iban.validate(text)
        except InvalidChecksum as error:
            raise Fault("iban_check") from error
        except (ValidationError, LookupError, ValueError) as error:
            raise Fault("iban") from error

    def text(self, value: Any, settings: NoSettings, language: str) -> str:
        del settings, language
        return iban.format(value, separator="\u00a0")

    def schema(self, settings: NoSettings) -> dict[str, Any]:
        del settings
        return {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}$"}
