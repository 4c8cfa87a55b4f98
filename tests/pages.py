"""Reading pages as a person would."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from django.http import HttpResponse

_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str]]] = []
        self.cells: list[list[str]] = []
        self.texts: list[tuple[list[str], str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.cells.append([])
        if tag in {"td", "th"} and self.cells:
            self.cells[-1].append("")
        if tag not in _VOID:
            self.open.append((tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _attrs in self.open]
        if {"script", "style", "title"} & set(tags[1:]):
            return
        self.texts.append((tags, data))
        if {"td", "th"} & set(tags) and self.cells and self.cells[-1]:
            self.cells[-1][-1] += data


def _read(response: HttpResponse) -> _Reader:
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader


def _tidy(text: str) -> str:
    return re.sub(r"[^\S\u00a0\u202f]+", " ", text).strip()


def text(response: HttpResponse) -> str:
    """Everything that the page says."""
    return _tidy(" ".join(data for _tags, data in _read(response).texts))


def rows(response: HttpResponse) -> list[list[str]]:
    """The rows of the page's tables, heads included."""
    return [[_tidy(cell) for cell in row] for row in _read(response).cells]


def heading(response: HttpResponse) -> str:
    """The page's first heading."""
    return _tidy("".join(data for tags, data in _read(response).texts if "h1" in tags))


def links(response: HttpResponse) -> list[str]:
    """Every address that the page leads to."""
    return re.findall(r'<a[^>]*\shref="([^"]*)"', response.content.decode())
