"""What is known of an experiment is written, corrected or withdrawn, each time with its source."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.core.search.index import index
from communs.services.fund import queries
from communs.services.fund.models import Fact, Grant

_CODE_LENGTH = 36  # of a SlugField of 40: room for a number
_WRITTEN = ("when", "text_fr", "text_en", "source")


@action("fund.fact_added")
def add_fact(
    *, grant: Grant, when: str, text_fr: str, text_en: str, source: str, at: datetime, by: Any
) -> Fact:
    """Add what is known of an experiment; without a source it is not known."""
    fact = Fact(grant=grant, code=_free_code(grant, text_fr), corrected_at=at)
    _write(fact, when=when, text_fr=text_fr, text_en=text_en, source=source)
    fact.save(force_insert=True)
    _index(grant)
    record(fact, grant=grant.reference, code=fact.code, after=_told(fact))
    return fact


@action("fund.fact_corrected")
def correct_fact(
    *,
    fact: Fact,
    when: str,
    text_fr: str,
    text_en: str,
    source: str,
    seen: str,
    at: datetime,
    by: Any,
) -> Fact:
    """Correct a fact as its reader saw it (`seen`, its version); refused if it changed since."""
    row = _latest(fact, seen)
    before = _told(row)
    _write(row, when=when, text_fr=text_fr, text_en=text_en, source=source)
    if _told(row) == before:
        nothing_done()
        return row
    row.corrected_at = at
    row.save()
    _index(row.grant)
    record(row, grant=row.grant.reference, code=row.code, before=before, after=_told(row))
    return row


@action("fund.fact_withdrawn")
def withdraw_fact(*, fact: Fact, seen: str, reason: str, at: datetime, by: Any) -> None:
    """Show a fact no more, and say why; the journal keeps what it said."""
    why = clean_line(reason)
    if not why:
        raise Refused(_("Say why this is withdrawn."), field="reason")
    row = _latest(fact, seen)
    row.withdrawn, row.corrected_at = True, at
    row.save(update_fields=["withdrawn", "corrected_at"])
    _index(row.grant)
    record(row, grant=row.grant.reference, code=row.code, before=_told(row), reason=why)


def _latest(fact: Fact, seen: str) -> Fact:
    """Give the fact as it is now, held until the action ends; it must be what was seen."""
    held = Fact.objects.select_for_update().filter(pk=fact.pk, withdrawn=False)
    row = held.select_related("grant").first()
    if row is None or row.version != seen:
        raise Refused(_("Somebody else changed this meanwhile. Read it again, then correct it."))
    return row


def _write(fact: Fact, **values: str) -> None:
    for name, text in values.items():
        setattr(fact, name, clean_line(text))
    if not fact.text_fr:
        raise Refused(_("Write what is known."), field="text_fr")
    if not fact.source:
        raise Refused(_("Say where this comes from."), field="source")


def _told(fact: Fact) -> dict[str, str]:
    return {name: getattr(fact, name) for name in _WRITTEN}


def _free_code(grant: Grant, text: str) -> str:
    """Name a fact by its first words, with a number where another has them."""
    stem = slugify(text)[:_CODE_LENGTH].strip("-") or "fact"
    taken = set(Fact.objects.filter(grant=grant).values_list("code", flat=True))
    names = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _index(grant: Grant) -> None:
    fresh = queries.grant(grant.reference)
    if fresh is not None:
        index(queries.searchable(fresh))
