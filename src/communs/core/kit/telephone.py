"""Telephone numbers as people write them, and as they are kept (E.164)."""

from __future__ import annotations

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from communs.core.kit.errors import Refused

_REGION = "FR"
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def number(text: str) -> str:
    """Give a number in international form, or nothing for nothing; raises Refused."""
    if not text.strip():
        return ""
    try:
        found = phonenumbers.parse(text, _REGION)
    except NumberParseException as error:
        raise Refused(_("Write a telephone number, as 06 12 34 56 78."), field="phone") from error
    if not phonenumbers.is_valid_number(found):
        raise Refused(_("This telephone number does not exist. Check its digits."), field="phone")
    return phonenumbers.format_number(found, PhoneNumberFormat.E164)


def is_mobile(kept: str) -> bool:
    """Tell whether a number of ours takes text messages."""
    return phonenumbers.number_type(phonenumbers.parse(kept)) in _MOBILE


def spoken(kept: str) -> str:
    """Give a number as people read it: 06 12 34 56 78."""
    if not kept:
        return ""
    found = phonenumbers.parse(kept)
    national = found.country_code == phonenumbers.country_code_for_region(_REGION)
    form = PhoneNumberFormat.NATIONAL if national else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(found, form)
