"""Reads the communiqué that announces the fund's awards, and checks what it says of itself."""

from .checking import check
from .findings import Finding, Unreadable
from .model import Body, CommitteeMember, Communique, Match, Report, Row
from .parsing import parse
from .reading import LIMIT, decode, read_file

__all__ = [
    "LIMIT",
    "Body",
    "CommitteeMember",
    "Communique",
    "Finding",
    "Match",
    "Report",
    "Row",
    "Unreadable",
    "check",
    "decode",
    "parse",
    "read_file",
]
