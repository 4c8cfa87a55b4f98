"""What a table says of the people in it: words shared by every `class Privacy`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

ACCOUNT = "the account"
"""For `kept_from`: a row lasts as long as its person's account, which ends three years unused."""


class Fate(StrEnum):
    """What becomes of a person's rows when their account is erased."""

    ERASE = "erase"
    UNLINK = "unlink"  # the row stays, and no longer says whose it is
    KEEP = "keep"  # the key stays, and leads to nobody


NOBODY: Mapping[str, Fate] = {}
"""For `whose`: rows that are tied to no account; the table says why beside it."""


class Basis(StrEnum):
    """Why the law allows it: article 6.1 of the GDPR."""

    CONSENT = "consent"
    LEGAL_DUTY = "legal_duty"
    PUBLIC_TASK = "public_task"
