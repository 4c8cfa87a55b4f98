"""From the text of the communiqué to what it says; all that is missing is told at once."""

import re

from .committee import read_committee
from .facts import Facts
from .findings import N_, Finding, Unreadable
from .french import Prose, lines_of
from .model import Communique
from .reading import LIMIT
from .table import MISSING, Table, find_header, read_table

TOO_LONG = N_("The text holds %(size)d characters; the limit is %(limit)d.")
EMPTY = N_("The text is empty.")
WEB_PAGE = N_("This is a web page (HTML); give the text of the communiqué.")
DAMAGED = N_("The accents of the text are damaged; copy it again, in UTF-8.")

_HTML = re.compile(r"<!doctype|<html|<body|</p>|</td>|</div>", re.IGNORECASE)
_MOJIBAKE = ("Ã©", "Ã¨", "\ufffd")


def parse(text: str) -> Communique:
    """Read the communiqué; raises Unreadable with every problem of the text."""
    _refuse_what_is_no_communique(text)
    lines = lines_of(text)
    header = find_header(lines)
    table = Table(problems=[Finding("missing_table", MISSING)])
    if header is not None:
        table = read_table(lines, header)
    facts = Facts(Prose.of("\n".join(lines[:header])))
    communique = _communique(facts, table)
    problems = facts.problems + table.problems
    if problems:
        raise Unreadable.because(problems)
    return communique


def _refuse_what_is_no_communique(text: str) -> None:
    if len(text) > LIMIT:
        values: dict[str, object] = {"size": len(text), "limit": LIMIT}
        raise Unreadable(TOO_LONG, code="too_large", values=values)
    if not text.strip("\ufeff \t\r\n\u00a0"):
        raise Unreadable(EMPTY, code="empty")
    if _HTML.search(text):
        raise Unreadable(WEB_PAGE, code="html")
    if any(sign in text for sign in _MOJIBAKE):
        raise Unreadable(DAMAGED, code="damaged")


def _communique(facts: Facts, table: Table) -> Communique:
    """Ask for each fact in the text's order, so that the problems are told in that order."""
    published_on = facts.day("published_on")
    body = facts.words("body")
    awarded_on, awarded_weekday = facts.day("awarded_on"), facts.weekday()
    chair = facts.words("chair")
    fund_name, fund_acronym = facts.words("fund_name"), facts.words("fund_acronym")
    created_on, committee_on = facts.day("created_on"), facts.day("committee_on")
    committee = read_committee(facts.prose, facts.problems)
    project_count = facts.count("project_count")
    totals = facts.totals(Prose.of(table.rest), table.totals)
    return Communique(
        published_on=published_on,
        awarded_on=awarded_on,
        awarded_weekday=awarded_weekday,
        created_on=created_on,
        committee_on=committee_on,
        body=body,
        chair=chair,
        fund_name=fund_name,
        fund_acronym=fund_acronym,
        total=totals[0],
        totals=totals,
        project_count=project_count,
        commune_count=facts.count("commune_count"),
        territory_count=facts.count("territory_count"),
        pooled_count=facts.count("pooled_count"),
        pooled_minimum=facts.count("pooled_minimum"),
        fields=facts.fields(),
        committee=committee.members,
        committee_groups=committee.groups,
        rows=tuple(table.rows),
        notes=tuple(table.notes),
    )
