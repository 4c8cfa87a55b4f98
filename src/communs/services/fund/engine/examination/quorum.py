"""Whether enough members are there (CGCT, article L2121-17: those there in person count)."""

from __future__ import annotations


def needed(entitled: int, percent: int) -> int:
    """Give how many must be there: more than this share, but never more than all."""
    return min(entitled, entitled * percent // 100 + 1)


def reached(entitled: int, present: int, percent: int) -> bool:
    """Tell whether the quorum is reached; never without anybody entitled."""
    return entitled > 0 and present >= needed(entitled, percent)
