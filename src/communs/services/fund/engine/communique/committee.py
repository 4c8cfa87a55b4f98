"""Who sat on the committee, as the text says it."""

import re
from dataclasses import dataclass

from .findings import N_, Finding
from .french import DATE, Prose
from .model import CommitteeMember, Standing

NOBODY = N_("The members of the committee are missing.")

_START = re.compile(rf"\bcomite d'examen du {DATE}")
_SENTENCE_END = re.compile(r"(?<=[a-z0-9]{3})[\"']?\. ?(?=[a-z0-9\"]|$)")
_LONGEST = 3000  # characters
_UPPER = "A-ZÀ-ÖØ-Þ"
_FIRST_NAME = rf"[{_UPPER}][a-zß-öø-ÿ]{{1,30}}(?:-[{_UPPER}][a-zß-öø-ÿ]{{1,30}}){{0,2}}"
_NAME = re.compile(rf"{_FIRST_NAME}(?: [{_UPPER}][{_UPPER}'’-]{{1,40}}){{1,3}}(?![\w])")
_AFTER_ROLE = re.compile(
    r"(?:,? reunissait| ?,? (?:et )?des representants| ?,? (?:et )?des personnalites).*$|,? et$|,$"
)
_CHAIRED = re.compile(r"\bpreside(?:e)? par $")
_GROUPS = re.compile(
    r"\bdes (?P<words>representants des groupes politiques|personnalites qualifiees)"
)
_QUALIFIED = "personnalites qualifiees"


@dataclass(frozen=True, slots=True)
class Committee:
    """Those named, and the groups that the text names without their people."""

    members: tuple[CommitteeMember, ...]
    groups: tuple[str, ...]


def read_committee(prose: Prose, problems: list[Finding]) -> Committee:
    """Read the sentence on the committee; where it names nobody, a problem is added."""
    found = _START.search(prose.folded)
    if found is None:  # its date is missing too, and that is told
        return Committee((), ())
    rest = prose.part(found.end(), found.end() + _LONGEST)
    end = _SENTENCE_END.search(rest.folded)
    sentence = rest.part(0, end.start() if end else _LONGEST)
    members = _members(sentence)
    if not members:
        problems.append(Finding("committee", NOBODY))
    groups = tuple(
        sentence.printed[group.start("words") : group.end("words")]
        for group in _GROUPS.finditer(sentence.folded)
    )
    return Committee(members, groups)


def _members(sentence: Prose) -> tuple[CommitteeMember, ...]:
    names = list(_NAME.finditer(sentence.printed))
    ends = [*(name.start() for name in names), len(sentence.printed)][1:]
    return tuple(
        CommitteeMember(
            name[0],
            _role(sentence.part(name.end(), end)),
            _standing(sentence.folded[: name.start()]),
        )
        for name, end in zip(names, ends, strict=True)
    )


def _role(between: Prose) -> str:
    start = len(between.folded) - len(between.folded.lstrip(" ,"))
    trimmed = between.part(start, len(between.folded.rstrip()))
    tail = _AFTER_ROLE.search(trimmed.folded)
    return trimmed.printed[: tail.start()].strip() if tail else trimmed.printed


def _standing(before: str) -> Standing:
    if _CHAIRED.search(before):
        return "chair"
    return "qualified person" if _QUALIFIED in before else "member"
