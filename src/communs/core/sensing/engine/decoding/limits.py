"""How much one message may hold, and what its names may be made of."""

from __future__ import annotations

import re

MOST_BYTES = 1_048_576  # of a body
MOST_READINGS = 10_000  # in a body
MOST_DEPTH = 32  # of objects and lists inside one another
MOST_LINE = 1_024  # characters of a line of a CSV file
MOST_SEQUENCE = 2**63 - 1  # what both databases keep as a whole number
LAST_INSTANT = 253_402_300_799_999  # the end of the year 9999, in milliseconds
SECONDS_BELOW = 100_000_000_000  # a smaller number is in seconds, not in milliseconds

LONGEST_CODE = 64
LONGEST_PROPERTY = 32
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]*", re.ASCII)
PROPERTY = re.compile(r"[a-z][a-z0-9_-]*", re.ASCII)
