"""What is measured in a page, and the accessibility rules that it breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (tags) => {
  const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
  return found.violations.map((rule) => [rule.id, rule.help, rule.nodes.map((node) => node.html)]);
}"""

FACTS = """() => {
  const shown = (node) => node.checkVisibility({visibilityProperty: true});
  return {
    path: location.pathname,
    title: document.title,
    lang: document.documentElement.lang,
    h1: [...document.querySelectorAll("h1")].filter(shown).map((node) => node.innerText),
    mains: document.querySelectorAll("main, [role=main]").length,
    heads: document.querySelectorAll("body > header").length,
    levels: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
      .filter(shown).map((node) => Number(node.tagName[1])),
  };
}"""

# Beyond the page's width, and inside nothing that scrolls by itself.
WIDER = """() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.body.querySelectorAll("*")].filter(
    (node) => node.getBoundingClientRect().right > root.clientWidth + 0.5
      && node.checkVisibility() && !node.closest(".table-scroll, pre, .gallery-live, svg svg *"));
  const name = (node) => `${node.tagName.toLowerCase()}.${node.getAttribute("class") ?? ""}`
    + ` « ${(node.textContent ?? "").trim().slice(0, 40)} »`;
  return [`${root.scrollWidth} px wide in ${root.clientWidth}`, ...wide.slice(-3).map(name)];
}"""

# Out of the sheet or the notice that should hold it.
OUT = """() => [...document.querySelectorAll(
    ".table-stack tbody tr, .card, .aside, .notice, .empty, .error-summary, .site-bar")]
  .flatMap((sheet) => [...sheet.querySelectorAll("*")].filter((node) => node.checkVisibility()
    && !node.closest(".sr") && node.getBoundingClientRect().right
      > sheet.getBoundingClientRect().right + 0.5))
  .slice(0, 3)
  .map((node) => `${node.tagName.toLowerCase()} « ${node.textContent.trim().slice(0, 40)} »`)"""

TARGETS = """([selector, width, height]) => [...document.querySelectorAll(selector)]
  .filter((node) => node.checkVisibility({visibilityProperty: true}))
  .map((node) => [node, node.getBoundingClientRect()])
  .filter(([node, box]) => box.right > 0 && (box.width < width || box.height < height))
  .map(([node, box]) => `${node.tagName.toLowerCase()} «
    ${(node.innerText || node.value || node.name || "").trim().slice(0, 40)} »
    ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`.replace(/\\s+/g, " "))"""

ANY_TARGET = (
    "button, summary, select, textarea, input:not([type=hidden]), nav a, .button, .chip, .download"
)
MAIN_TARGET = (
    "main .button, .find button, .find input, .menu-button, .menu-close, .site-menu a,"
    " .field > select, .field > input:not([type=checkbox], [type=radio]), .chip, .download,"
    " .pagination a, .mark"
)
MENU = """(open) => { const menu = document.getElementById("site-menu");
  if (menu) open ? menu.showPopover() : menu.hidePopover(); }"""
TEXT = "(size) => { document.documentElement.style.fontSize = size; }"
FOCUSED = """() => { const node = document.activeElement;
  return [node.getAttribute("href") ?? "", node.id, node.innerText?.trim() ?? ""]; }"""


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def broken_rules(page: Page) -> list[str]:
    """Run axe-core; give each broken rule with the pieces of the page that break it."""
    page.evaluate(_axe())
    return [
        f"{rule} ({sentence}): " + " | ".join(piece[:160] for piece in pieces[:3])
        for rule, sentence, pieces in page.evaluate(RUN, TAGS)
    ]


def none_of(found: Mapping[str, list[str]]) -> None:
    """Fail with a line for each page that has something in the list."""
    lines = [f"{page}: {'; '.join(what)}" for page, what in found.items() if what]
    assert lines == [], "\n".join(["", *lines])


@dataclass(slots=True)
class Look:
    """What was seen of one page, at the address where it was in the end."""

    path: str
    title: str
    lang: str
    h1: list[str]
    mains: int
    heads: int
    levels: list[int]
    wider: dict[str, list[str]] = field(default_factory=dict)
    out: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    low: list[str] = field(default_factory=list)
    skip: list[Any] = field(default_factory=list)
    at_errors: bool = False


def look_at(page: Page) -> Look:
    """Measure the page that is open, at each width and size of text."""
    look = Look(**page.evaluate(FACTS))
    look.at_errors = page.evaluate(FOCUSED)[1] == "error-summary"
    page.keyboard.press("Tab")
    first = page.evaluate(FOCUSED)
    if first[0] == "#main":
        page.keyboard.press("Enter")
    look.skip = [first[0], page.evaluate(FOCUSED)[1]]
    for width, size in ((1280, "200%"), (360, "200%"), (360, ""), (320, "")):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(TEXT, size)
        name = f"{width} px, text at 200 %" if size else f"{width} px"
        look.wider[name] = page.evaluate(WIDER)
        look.out += [f"{name}: {what}" for what in page.evaluate(OUT)]
    page.set_viewport_size({"width": 1280, "height": 900})
    _targets(page, look, "1280 px")
    page.set_viewport_size({"width": 360, "height": 740})
    _targets(page, look, "360 px")
    page.evaluate(MENU, True)
    look.wider["360 px, menu open"] = page.evaluate(WIDER)
    _targets(page, look, "360 px, menu open")
    return look


def _targets(page: Page, look: Look, where: str) -> None:
    small = page.evaluate(TARGETS, [ANY_TARGET, 24, 24])
    low = page.evaluate(TARGETS, [MAIN_TARGET, 24, 44])
    look.small += [f"{where}: {what}" for what in small]
    look.low += [f"{where}: {what}" for what in low]
