"""The press release is read, checked and kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from django.utils.text import slugify
from django.utils.translation import gettext as _

from communs.core.communities.engine.reference import typographic
from communs.core.communities.models import Community
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.search.index import index
from communs.services.fund.actions.registering import reference_of, territory_of, words_of
from communs.services.fund.engine import known_facts
from communs.services.fund.engine.communique import (
    Body,
    Communique,
    Match,
    Report,
    check,
    parse,
    read_file,
)
from communs.services.fund.enums import Provenance
from communs.services.fund.models import Fact, Grant, Programme, Round
from communs.services.fund.queries import grant_documents

DATA = Path(__file__).parent.parent / "data"
FIRST_AWARDS = date(2018, 11, 27)


@dataclass(slots=True)
class Changes:
    """What an import wrote."""

    created: int = 0
    updated: int = 0

    def __bool__(self) -> bool:
        return bool(self.created or self.updated)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a communiqué: what was written, and what its checks had to say."""

    changes: Changes
    report: Report


def read_and_import(*, path: Path | str, expected_total: Decimal | None = None, by: Any) -> Outcome:
    """Read a communiqué, check it, keep it; raises Unreadable or Refused with nothing written."""
    text = read_file(path)
    communique = parse(text)
    report = check(communique, _directory(communique.awarded_on), expected_total=expected_total)
    if report.disagreements:
        sentences = [_(f.template) % f.values for f in report.disagreements]
        raise Refused(
            "\n".join([_("The communiqué disagrees with itself or the reference:"), *sentences])
        )
    changes = import_communique(
        communique=communique, matches=report.matches, text=text, document=Path(path).name, by=by
    )
    return Outcome(changes, report)


@action("fund.communique_imported")
def import_communique(
    *, communique: Communique, matches: tuple[Match, ...], text: str, document: str, by: Any
) -> Changes:
    """Keep a communiqué that was read and checked; a second time nothing changes."""
    changes = Changes()
    programme = _keep_programme(communique, changes)
    award = _keep_round(programme, communique, text, document, changes)
    classified, facts = _known(communique)
    for match in matches:
        grant = _keep_grant(award, match, classified.get(match.row.number), changes)
        _keep_facts(grant, facts.get(match.row.number, []), changes)
    if changes:
        index(*grant_documents(award))
        record(award, created=changes.created, updated=changes.updated, document=document)
    else:
        nothing_done()
    return changes


def _known(
    communique: Communique,
) -> tuple[dict[int, known_facts.Classification], dict[int, list[known_facts.KnownFact]]]:
    """Give, by row, our classification and the sourced facts; they speak of 2018 only."""
    if communique.awarded_on != FIRST_AWARDS:
        return {}, {}
    rows = known_facts.read_classifications(DATA / "grants-2018.csv")
    facts: dict[int, list[known_facts.KnownFact]] = {}
    for fact in known_facts.read_facts(DATA / "facts-2018.csv"):
        facts.setdefault(fact.row, []).append(fact)
    return {row.row: row for row in rows}, facts


def _directory(day: date) -> list[Body]:
    rows = Community.objects.existing(day)
    return [Body(cast(Any, c.kind), c.name, c.siren or "", c.insee, c.slug) for c in rows]


def _keep_programme(communique: Communique, changes: Changes) -> Programme:
    values = {
        "acronym": communique.fund_acronym,
        "name": typographic(communique.fund_name),
        "created_on": communique.created_on,
    }
    return _keep(Programme, {"code": slugify(communique.fund_acronym)}, values, changes)


def _keep_round(
    programme: Programme, communique: Communique, text: str, document: str, changes: Changes
) -> Round:
    key = {"programme": programme, "awarded_on": communique.awarded_on}
    values = {
        "announced_on": communique.published_on,
        "committee_on": communique.committee_on,
        "body": communique.body,
        "total": communique.total,
        "project_count": communique.project_count,
        "commune_count": communique.commune_count,
        "territory_count": communique.territory_count,
        "pooled_count": communique.pooled_count,
        "pooled_minimum": communique.pooled_minimum,
        "committee": [
            {"name": m.name, "role": typographic(m.role), "standing": m.standing}
            for m in communique.committee
        ],
        "document": document,
        "document_sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    return _keep(Round, key, values, changes)


def _keep_grant(award: Round, match: Match, known: Any, changes: Changes) -> Grant:
    beneficiary = Community.objects.get(slug=match.body.key)
    territory = territory_of(beneficiary, award)
    row = match.row
    values = {
        "reference": reference_of(award, row.number),
        "beneficiary": beneficiary,
        "territory": territory,
        "beneficiary_as_published": row.beneficiary,
        "title": row.title_tidy,
        "title_as_published": row.title,
        "awarded_on": award.awarded_on,
        "theme": known.theme if known else None,
        "challenge": known.challenge if known else None,
        "classified_by": Provenance.INFERRED,
        "row": row.number if known else None,
    }
    values["words"] = words_of(values, territory)
    return _keep(Grant, {"round": award, "number": row.number}, values, changes)


def _keep_facts(grant: Grant, known: list[known_facts.KnownFact], changes: Changes) -> None:
    corrected = Fact.objects.filter(grant=grant, corrected_at__isnull=False)
    ours = set(corrected.values_list("code", flat=True))
    for fact in known:
        if fact.code in ours:
            continue
        values = {
            "when": str(fact.date or ""),
            "value": "" if fact.value is None else str(fact.value),
            "unit": fact.unit,
            "text_fr": fact.text_fr,
            "text_en": fact.text_en,
            "source": fact.source,
        }
        _keep(Fact, {"grant": grant, "code": fact.code}, values, changes)


def _keep(model: Any, key: dict[str, Any], values: dict[str, Any], changes: Changes) -> Any:
    """Give the row of this key with these values, written only if something differs."""
    row = model.objects.filter(**key).first()
    if row is None:
        changes.created += 1
        return model.objects.create(**key, **values)
    if any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        changes.updated += 1
    return row
