"""A dry run: the installation itself, and the service's own check, all of it taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from communs.core.bundles.actions import install
from communs.core.bundles.documents import Document
from communs.core.kit.errors import Refused
from communs.core.registry.service import Finding


@dataclass(frozen=True, slots=True)
class Tried:
    """What an installation would give: refused with its reason, or what the service then finds."""

    refusal: str = ""
    findings: Sequence[Finding] = ()


def try_out(*, document: Document, take: Collection[str] = (), at: datetime, by: Any) -> Tried:
    """Install a document, have its service look at itself, and take all of it back."""
    try:
        with transaction.atomic():
            install(document=document, take=take, accept_unknown=True, at=at, by=by)
            found = [Finding(f.level, str(f.sentence)) for f in document.service.check()]
            transaction.set_rollback(True)
    except Refused as refusal:
        return Tried(refusal=str(refusal))
    return Tried(findings=found)
