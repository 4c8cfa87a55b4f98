"""Checks an exported journal on its own: `python evidence.py journal.jsonl`.

It needs Python alone, neither Communs nor its database. Each event's digest is the SHA-256 of
the digest before it and of the event's canonical JSON; each seal's digest covers the chain up to
it and the seal before. So a change anywhere shows, from there on.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

FORMAT = "communs-journal-1"
Record = dict[str, Any]


def canonical(facts: Record) -> bytes:
    """Give the one way in which these facts are written: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode("utf-8", "surrogatepass")


def digest_of(facts: Record, previous: str) -> str:
    """Give the digest of facts that follow `previous` (64 hexadecimal digits)."""
    return hashlib.sha256(previous.encode("ascii") + b"\n" + canonical(facts)).hexdigest()


def origin(community: str) -> str:
    """Give the digest before a community's first event."""
    return hashlib.sha256(f"{FORMAT}:{community}".encode()).hexdigest()


class Checker:
    """Reads events and seals in order, and keeps what is wrong with them."""

    def __init__(self, community: str, *, position: int = 0, digest: str = "") -> None:
        self.position = position
        self.digest = digest or origin(community)
        self.seal = "" if position else self.digest
        self.community = community
        self.events = self.seals = 0
        self.wrong: list[str] = []
        self._digests: dict[int, str] = {self.position: self.digest}

    def event(self, facts: Record, digest: str) -> None:
        """Check the next event."""
        self.events += 1
        place = facts.get("position")
        if place != self.position + 1:
            self.wrong.append(f"event {place}: expected event {self.position + 1}")
        if facts.get("community") != self.community:
            self.wrong.append(f"event {place}: of another community")
        if digest_of(facts, self.digest) != digest:
            self.wrong.append(f"event {place}: changed")
        self.position += 1
        self.digest = digest
        self._digests[self.position] = digest

    def sealed(self, facts: Record, digest: str) -> None:
        """Check the next seal, after the events that it covers."""
        self.seals += 1
        day = facts.get("day")
        if self.seal and facts.get("previous") != self.seal:
            self.wrong.append(f"seal of {day}: does not follow the seal before it")
        if digest_of(facts, str(facts.get("previous"))) != digest:
            self.wrong.append(f"seal of {day}: changed")
        if self._digests.get(facts.get("position", -1)) != facts.get("event_digest"):
            self.wrong.append(f"seal of {day}: the chain it seals is not this one")
        self.seal = digest

    def end(self, position: int, digest: str, seal: str) -> None:
        """Check that the chain and its seals go as far as its end says."""
        if (position, digest) != (self.position, self.digest):
            self.wrong.append(f"end: the chain should end at event {position}")
        if self.seal and seal != self.seal:
            self.wrong.append("end: the last seal is not the one it should be")


def check_lines(lines: Iterable[bytes]) -> Checker:
    """Check an exported journal, line by line; raises ValueError where it is not one."""
    read = _read(lines)
    first = next(read, {})
    if first.keys() != {"format", "community", "position", "digest"} or first["format"] != FORMAT:
        message = f"This is not a journal of the format {FORMAT}."
        raise ValueError(message)
    checker = Checker(first["community"], position=first["position"], digest=first["digest"])
    if first["position"] == 0 and first["digest"] != origin(first["community"]):
        checker.wrong.append("header: the chain does not begin at its origin")
    ended = False
    try:
        for record in read:
            if ended:
                checker.wrong.append("there is more after the end")
            ended = _take(record, checker)
    except (KeyError, TypeError, AttributeError) as error:
        message = f"A record after event {checker.position} is not one of a journal."
        raise ValueError(message) from error
    if not ended:
        checker.wrong.append("the end is missing")
    return checker


def _take(record: Record, checker: Checker) -> bool:
    if "event" in record:
        checker.event(record["event"], record["digest"])
    elif "seal" in record:
        checker.sealed(record["seal"], record["digest"])
    else:
        checker.end(**record["end"])
        return True
    return False


def _read(lines: Iterable[bytes]) -> Iterator[Record]:
    """Give each line's record; the last line must be the sum of all before it."""
    total = hashlib.sha256()
    held: bytes | None = None
    for line in lines:
        if held is not None:
            total.update(held)
            yield _parsed(held)
        held = line
    if held is None or _parsed(held) != {"sha256": total.hexdigest()}:
        message = "The file is not whole: its last line is not the sum of the others."
        raise ValueError(message)


def _parsed(line: bytes) -> Record:
    try:
        record = json.loads(line)
        exact = canonical(record) + b"\n" == line
    except (ValueError, RecursionError) as error:
        message = "A line cannot be read."
        raise ValueError(message) from error
    if not isinstance(record, dict) or not exact:
        message = "A line is not written as the journal writes it."
        raise ValueError(message)
    return record


def main(paths: list[str]) -> int:
    """Check each file and say what was found; 0 when all are whole, 2 where one is no journal."""
    worst = 0
    for path in paths:
        try:
            with open(path, "rb") as file:  # noqa: PTH123 -- stands alone, plainly
                checker = check_lines(file)
        except (OSError, ValueError) as error:
            worst, found = 2, [str(error)]
        else:
            worst = max(worst, int(bool(checker.wrong)))
            whole = f"whole, {checker.events} events, {checker.seals} seals"
            found = checker.wrong or [whole]
        sys.stdout.writelines(f"{path}: {sentence}\n" for sentence in found)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
