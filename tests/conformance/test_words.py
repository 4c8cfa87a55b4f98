"""French complete, correct in its typography; English complete by nature."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from communs.project import messages

DOMAINS = list(messages.domains())
NBSP = "[\u00a0\u202f]"


@pytest.fixture(params=DOMAINS, ids=[domain.name for domain in DOMAINS])
def domain(request: pytest.FixtureRequest) -> messages.Domain:
    return request.param


def french(domain: messages.Domain) -> list[str]:
    catalog = messages.read(domain, "fr")
    strings = [m.string for m in catalog if m.id]
    return [s for string in strings for s in ([string] if isinstance(string, str) else string)]


def test_every_sentence_is_translated(domain: messages.Domain) -> None:
    assert messages.missing(messages.extract(domain), messages.read(domain, "fr")) == []


def test_no_translation_is_left_of_a_sentence_no_longer_said(domain: messages.Domain) -> None:
    said = {message.id for message in messages.extract(domain)}
    assert [m.id for m in messages.read(domain, "fr") if m.id and m.id not in said] == []


def test_no_translation_is_a_guess(domain: messages.Domain) -> None:
    assert [m.id for m in messages.read(domain, "fr") if m.id and m.fuzzy] == []


def test_placeholders_survive_translation(domain: messages.Domain) -> None:
    wrong = []
    for message in messages.read(domain, "fr"):
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        source = message.id[-1] if isinstance(message.id, tuple) else message.id
        if _names(forms[-1]) != _names(source):
            wrong.append(source)
    assert wrong == []


def test_one_sentence_has_one_translation_wherever_it_is_said() -> None:
    """Django keeps one translation for all: what differs by its place says so by a context."""
    told: dict[tuple[str | None, str], set[str]] = defaultdict(set)
    for domain in DOMAINS:
        for message in messages.read(domain, "fr"):
            source = message.id[0] if isinstance(message.id, tuple) else message.id
            if source:
                told[message.context, source].add(str(message.string))
    assert {source: words for source, words in told.items() if len(words) > 1} == {}


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        ("a straight apostrophe", r"\w'\w"),
        ("a plain space before a double mark", r" [;!?»]|(?<=\S) :(?=\s|$)"),
        ("no space before a double mark", r"[^\s\u00a0\u202f.!?/:][;!?](?=\s|$)|\w:(?=\s|$)"),
        ("a plain or no space inside guillemets", rf"«(?!{NBSP})|(?<!{NBSP})»"),
        ("three dots", r"\.\.\."),
        ("two spaces", r"  "),
    ],
)
def test_french_typography(domain: messages.Domain, fault: str, pattern: str) -> None:
    assert [s for s in french(domain) if re.search(pattern, s)] == [], fault


def _names(text: str) -> list[str]:
    return sorted(set(re.findall(r"%\((\w+)\)|\{(\w+)\}", text)))
