"""Joins a printed name to one body of the reference, or says which are near; never guesses."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from .findings import N_, Finding
from .french import key
from .model import Body, How, Match, Row

READ_AS: dict[How, str] = {
    "prefix": N_("Row %(row)d: “%(printed)s” is the territory “%(name)s”."),
    "typography": N_("Row %(row)d: “%(printed)s” is another spelling of “%(name)s”."),
    "article": N_("Row %(row)d: “%(printed)s” is “%(name)s” with another article."),
    "short name": N_("Row %(row)d: “%(printed)s” is the short name of “%(name)s”."),
}
UNKNOWN = N_("Row %(row)d: “%(printed)s” is not in the reference.")
UNKNOWN_NEAR = N_("Row %(row)d: “%(printed)s” is not in the reference; near it: %(nearest)s.")

_PREFIX = re.compile(
    r"^\s*(?:EPT|[EÉ]tablissement public territorial)(?: de| du| d['’])?\s+", re.IGNORECASE
)
_ARTICLE = re.compile(r"^(?:la|le|les|l) (?=.)")
_TOO_COMMON = frozenset({"bois", "bourg", "grand", "mont", "noisy", "saint", "vallee", "ville"})
_SHORTEST = 4  # letters of a short name
_LONGEST = 100  # characters compared when looking for near names
_NEAR = 60  # of 100, rapidfuzz's likeness
_SUGGESTIONS = 3

Index = dict[str, list[Body]]


def _without_article(name: str) -> str:
    return _ARTICLE.sub("", key(name))


@dataclass(slots=True)
class Reference:
    """The bodies, ready to be looked up by each likeness in turn, the surest first."""

    bodies: tuple[Body, ...]
    exact: Index = field(init=False)
    typography: Index = field(init=False)
    article: Index = field(init=False)

    def __init__(self, bodies: Iterable[Body]) -> None:
        self.bodies = tuple(bodies)
        self.exact = self._index(str)
        self.typography = self._index(key)
        self.article = self._index(_without_article)

    def match(self, row: Row) -> Match | Finding:
        """Give the body of this row, or what to say when it is unknown or doubtful."""
        name = row.beneficiary
        bare = _PREFIX.sub("", name, count=1)
        territories = bare != name
        for how, found in self._ways(bare):
            chosen = [body for body in found if not territories or body.kind == "territory"]
            if len(chosen) == 1:
                likeness: How = "prefix" if territories and how == "exact" else how
                return Match(row, chosen[0], likeness, _note(row, chosen[0], likeness))
            if chosen:
                return _unknown(row, [body.name for body in chosen])
        return _unknown(row, self._nearest(bare))

    def _ways(self, name: str) -> Iterable[tuple[How, list[Body]]]:
        yield "exact", self.exact.get(name, [])
        yield "typography", self.typography.get(key(name), [])
        yield "article", self.article.get(_without_article(name), [])
        yield "short name", self._begun_by(key(name))

    def _begun_by(self, short: str) -> list[Body]:
        if len(short) < _SHORTEST or short in _TOO_COMMON:
            return []
        return [
            body
            for full, bodies in self.typography.items()
            if full.startswith(f"{short} ")
            for body in bodies
        ]

    def _nearest(self, name: str) -> list[str]:
        found = process.extract(
            key(name[:_LONGEST]),
            {body.name: key(body.name) for body in self.bodies},
            scorer=fuzz.ratio,
            limit=_SUGGESTIONS,
            score_cutoff=_NEAR,
        )
        return [str(choice) for _, _, choice in found]

    def _index(self, spelling: Callable[[str], str]) -> Index:
        index: Index = {}
        for body in self.bodies:
            index.setdefault(spelling(body.name), []).append(body)
        return index


def _note(row: Row, body: Body, how: How) -> Finding | None:
    if how == "exact":
        return None
    values = _values(row) | {"name": body.name}
    return Finding("read_as", READ_AS[how], values, f"row {row.number}")


def _unknown(row: Row, nearest: list[str]) -> Finding:
    place = f"row {row.number}"
    if not nearest:
        return Finding("unknown_beneficiary", UNKNOWN, _values(row), place)
    values = _values(row) | {"nearest": ", ".join(nearest[:_SUGGESTIONS])}
    return Finding("unknown_beneficiary", UNKNOWN_NEAR, values, place)


def _values(row: Row) -> dict[str, object]:
    return {"row": row.number, "printed": row.beneficiary[:_LONGEST]}
