"""From findings to the verdict that is proposed; a person decides beside it.

What one indicator shows, its probability raised by Holm's rule as several judge at once:

- better: it moved the way that was aimed at, surely (adjusted p below 0.05), set against something
  where nothing was tried;
- hint: the same, with nothing to set it against: what happened everywhere is not told apart;
- worse: it moved the other way, surely, set against something;
- unclear: nothing sure; also a change for the worse with nothing to set it against;
- unusable: its figures bear no conclusion (`gates.py`).

The verdict proposed, the first line that fits:

1. every indicator better, all targets reached, protocol as agreed: generalise;
2. every indicator better, protocol as agreed: adapt, as a target is not reached;
3. some worse, none better nor hinting: abandon;
4. some better or hinting, none worse: prolong, as something is not sure yet;
5. else: inconclusive, which is an ordinary outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BETTER, HINT, WORSE, UNCLEAR, UNUSABLE = "better", "hint", "worse", "unclear", "unusable"


@dataclass(frozen=True, slots=True)
class Shown:
    """What one indicator shows, and whether its target is reached; None without a target."""

    finding: str
    reached: bool | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """The verdict proposed, and the rule that gave it."""

    verdict: str
    rule: str


def finding(effect: float, p: float, *, aim: str, against: bool, sure: float = 0.05) -> str:
    """Say what a usable indicator shows; `p` is adjusted, `aim` is up or down."""
    if p >= sure or effect == 0:
        return UNCLEAR
    good = (effect > 0) == (aim == "up")
    if good:
        return BETTER if against else HINT
    return WORSE if against else UNCLEAR


def propose(shown: Sequence[Shown], *, protocol_changed: bool) -> Proposal:
    """Give the verdict that follows from what all indicators show."""
    found = [one.finding for one in shown]
    if found and set(found) == {BETTER} and not protocol_changed:
        if all(one.reached is not False for one in shown):
            return Proposal("generalise", "all_reached")
        return Proposal("adapt", "target_not_reached")
    good, bad = {BETTER, HINT} & set(found), WORSE in found
    if bad and not good:
        return Proposal("abandon", "worse")
    if good and not bad:
        return Proposal("prolong", _why(found, protocol_changed=protocol_changed))
    return Proposal("inconclusive", "contradict" if bad else "nothing_sure")


def _why(found: Sequence[str], *, protocol_changed: bool) -> str:
    if protocol_changed and set(found) == {BETTER}:
        return "protocol_changed"
    return "nothing_to_compare" if set(found) == {HINT} else "some_unsure"
