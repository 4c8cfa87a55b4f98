"""What a communiqué says, and what becomes of it once checked: values only."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from .findings import Finding

Standing = Literal["chair", "member", "qualified person"]
Kind = Literal["commune", "territory", "metropolis"]
How = Literal["exact", "prefix", "typography", "article", "short name"]


@dataclass(frozen=True, slots=True)
class CommitteeMember:
    """A public official named by the text, in the role it prints."""

    name: str
    role: str
    standing: Standing = "member"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: as printed, and the title with its typography repaired."""

    number: int
    beneficiary: str
    title: str
    title_tidy: str


@dataclass(frozen=True, slots=True)
class Communique:
    """All that the text says, nothing that it does not."""

    published_on: date
    awarded_on: date
    awarded_weekday: str
    created_on: date
    committee_on: date
    body: str
    chair: str
    fund_name: str
    fund_acronym: str
    total: Decimal
    totals: tuple[Decimal, ...]
    project_count: int
    commune_count: int
    territory_count: int
    pooled_count: int
    pooled_minimum: int
    fields: tuple[str, ...]
    committee: tuple[CommitteeMember, ...]
    committee_groups: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """A body of the reference: a commune, a territory or the metropolis."""

    kind: Kind
    name: str
    siren: str
    insee: str | None
    key: str


@dataclass(frozen=True, slots=True)
class Match:
    """A row joined to a body, and by what likeness; the note says it when it is not exact."""

    row: Row
    body: Body
    how: How
    note: Finding | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The communiqué against the reference and against itself."""

    matches: tuple[Match, ...]
    disagreements: tuple[Finding, ...]
    unverifiable: tuple[Finding, ...]
    notes: tuple[Finding, ...]
