"""The word that a misspelt one meant: alike to the ear first, then to the eye.

Each known word is kept with its sound. A misspelt word is looked up under its own sound and under
every sound one letter away, so that the cost does not grow with what is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

_SHORTEST = 3
_LETTERS = "abdefgijklmnoprstuvz"
# What French ears do not tell apart; longest spellings first.
_ALIKE = (
    (r"eaux?|aux?", "o"),
    (r"ph", "f"),
    (r"[sc]ch|sch", "j"),
    (r"ch", "j"),
    (r"qu|[qckx]", "k"),
    (r"gn", "ni"),
    (r"gu(?=[eiy])", "g"),
    (r"ou", "u"),
    (r"oi|oy", "oa"),
    (r"ai|ei|ay|ey|er\b|ez\b|et\b", "e"),
    (r"[ae]n|[ae]m(?=[bp])", "an"),
    (r"in|ain|ein|yn|im(?=[bp])", "in"),
    (r"[om](?=[bp])", "n"),
    (r"y", "i"),
    (r"w", "v"),
    (r"h", ""),
)
_SOFT = ((re.compile(r"c(?=[eiy])"), "s"), (re.compile(r"g(?=[eiy])"), "j"))
_RULES = tuple((re.compile(pattern), sound) for pattern, sound in _ALIKE)
_DOUBLED = re.compile(r"(.)\1+")
_MUTE = re.compile(r"(?<=..)(?:e?s|e|t|d|x|z)+\b")


@lru_cache(maxsize=131_072)
def sound(word: str) -> str:
    """Give how a folded word sounds, roughly: doubled, mute and like-sounding letters made one."""
    heard = _MUTE.sub("", word)
    for pattern, letter in (*_SOFT, *_RULES):
        heard = pattern.sub(letter, heard)
    return _DOUBLED.sub(r"\1", heard) or word


def sounds_near(word: str) -> set[str]:
    """Give the sound of a word and every sound one letter away."""
    heard = sound(word)
    parts = [(heard[:n], heard[n:]) for n in range(len(heard) + 1)]
    less = {a + b[1:] for a, b in parts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1}
    other = {a + letter + b[1:] for a, b in parts if b for letter in _LETTERS}
    more = {a + letter + b for a, b in parts for letter in _LETTERS}
    pairs = range(len(word) - 1)
    crossed = {sound(word[:n] + word[n + 1] + word[n] + word[n + 2 :]) for n in pairs}
    return {heard} | {near for near in less | swapped | other | more | crossed if len(near) > 1}


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Give the candidate fewest slips away, or None if all are too far to have been meant."""
    if len(word) < _SHORTEST:
        return None
    most = 1 + (len(word) > 4) + (len(word) > 8)  # noqa: PLR2004 -- longer words, more slips
    best = min(
        ((_distance(word, one), one) for one in candidates),
        default=None,
    )
    if best is None:
        return None
    most += 2 * (sound(best[1]) == sound(word))
    return best[1] if best[0] <= most else None


def _distance(word: str, other: str) -> float:
    """Count slips; a first letter that differs, which people rarely miss, counts half more."""
    return OSA.distance(word, other) + (word[:1] != other[:1]) / 2
