"""Closes the journal's day: a seal, and a time-stamping authority's word on it where one is set."""

from __future__ import annotations

from datetime import date, datetime

from communs.core.communities.scope import current
from communs.core.journal import evidence
from communs.core.journal.chain import facts_of_seal, hold
from communs.core.journal.models import Seal


def seal_day(*, day: date, at: datetime) -> Seal | None:
    """Seal the chain of the community in force as it stands; None if nothing came since."""
    chain = hold(patiently=True)
    last = Seal.objects.last()
    done = last.position if last else 0
    if chain is None or chain.position <= done or (last and last.day >= day):
        return None
    seal = Seal(
        community=current(),
        day=day,
        at=at,
        position=chain.position,
        event_digest=chain.digest,
        previous=chain.seal,
    )
    seal.digest = evidence.digest_of(facts_of_seal(seal), seal.previous)
    seal.save(force_insert=True)
    chain.seal = seal.digest
    chain.save(update_fields=["seal"])
    return seal


def add_stamp(seal: Seal, stamp: bytes) -> None:
    """Keep the authority's answer; the database lets it be written once."""
    Seal.objects.filter(pk=seal.pk, stamp=None).update(stamp=stamp)
