"""A desk at which somebody reads pages and answers forms: in a browser, or by the test client.

Both do the same with the same words, so that a scene is written once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html
from playwright.sync_api import Locator, Page

from tests.journeys.visiting import leave_by, send

_SENDS = "main form.form button[type=submit]:not([aria-hidden])"
_HIDDEN = {"style", "script", "template", "title"}
REFUSED = 400


def plain(text: str) -> str:
    """Give a text with simple spaces, to compare what is said whatever spaces it is set with."""
    return " ".join(text.replace("\N{NARROW NO-BREAK SPACE}", " ").split())


def read(body: bytes) -> str:
    """Give the text of a PDF."""
    with pypdfium2.PdfDocument(body) as document:
        return plain(" ".join(one.get_textpage().get_text_range() for one in document))


class Desk(ABC):
    """Where somebody who is signed in reads a page and acts on it."""

    @property
    @abstractmethod
    def address(self) -> str:
        """The page that is read, without its origin."""

    @abstractmethod
    def goto(self, address: str) -> None: ...

    @abstractmethod
    def said(self) -> str:
        """Give what the main part of the page says."""

    @abstractmethod
    def body(self, address: str) -> bytes:
        """Give a file."""

    @abstractmethod
    def press(self, words: str, *, exact: bool = False) -> None:
        """Press a button, or follow a link, by its words."""

    @abstractmethod
    def follow(self, href: str, beside: str = "") -> None:
        """Follow the first link whose address has this in it, of the list's item that says this."""

    @abstractmethod
    def options(self, name: str) -> list[str]:
        """Give what a choice offers, but for nothing."""

    @abstractmethod
    def names(self, start: str) -> list[str]:
        """Give the names of the choices that begin so."""

    @abstractmethod
    def put(self, **typed: Any) -> None:
        """Fill a form by the names of its fields: texts, choices by what they show, boxes, files.

        A dot in a name is written as two underscores.
        """

    @abstractmethod
    def send(self) -> None:
        """Send the form of the page."""

    def write(self, **typed: Any) -> None:
        """Fill a form and send it."""
        self.put(**typed)
        self.send()

    def choose(self, **starts: str) -> None:
        """Choose, in each list, the first that has these words."""
        for name, words in starts.items():
            self.put(**{name: next(one for one in self.options(name) if words in one)})

    def fetched(self, address: str) -> str:
        """Read the text of a PDF."""
        return read(self.body(address))


class InBrowser(Desk):
    """The page of a browser."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self._origin = origin

    @property
    def address(self) -> str:
        return self.page.url.removeprefix(self._origin)

    def goto(self, address: str) -> None:
        self.page.goto(address)

    def said(self) -> str:
        return plain(self.page.locator("main").inner_text())

    def body(self, address: str) -> bytes:
        answer = self.page.request.get(address)
        assert answer.ok, address
        return answer.body()

    def press(self, words: str, *, exact: bool = False) -> None:
        main = self.page.locator("main")
        one = main.get_by_role("button", name=words, exact=exact)
        leave_by(one.or_(main.get_by_role("link", name=words, exact=exact)).first)

    def follow(self, href: str, beside: str = "") -> None:
        main = self.page.locator("main")
        inside = main.locator("li", has_text=beside) if beside else main
        leave_by(inside.locator(f"a[href*='{href}']").first)

    def options(self, name: str) -> list[str]:
        field = f"main [name={name}] option[value]:not([value=''])"
        return self.page.locator(field).all_inner_texts()

    def names(self, start: str) -> list[str]:
        found = self.page.locator(f"main select[name^={start}]").all()
        return [one.get_attribute("name") or "" for one in found]

    def put(self, **typed: Any) -> None:
        for name, value in typed.items():
            _put(self.page.locator(f"main [name='{name.replace('__', '.')}']"), value)

    def send(self) -> None:
        button = self.page.locator(_SENDS)
        if button.count():
            leave_by(button.first)
        else:
            send(self.page)


def _put(field: Locator, value: Any) -> None:
    kind = field.first.evaluate("(node) => node.tagName === 'SELECT' ? 'select' : node.type")
    if kind == "select":
        field.select_option(label=value)
    elif kind == "file":
        field.set_input_files(value)
    elif kind in ("radio", "checkbox") and isinstance(value, str):
        field.and_(field.page.locator(f"[value='{value}']")).check()
    elif kind == "checkbox":
        field.set_checked(value)
    else:
        field.fill(value)


class Leaf(Desk):
    """Pages read without a browser: forms are sent whole, with what they hold and their token."""

    def __init__(self, person: Any = None) -> None:
        self._client = Client(enforce_csrf_checks=True)
        self._address = "/"
        self._main: Any = None
        self._files: dict[str, Any] = {}
        self.sign_in(person)

    def sign_in(self, person: Any) -> None:
        """Sign somebody in, again where a session has ended."""
        if person is not None:
            self._client.force_login(person)

    @property
    def address(self) -> str:
        return self._address

    def goto(self, address: str) -> None:
        where = urljoin(self._address, address)
        self._take(self._client.get(where, follow=True), where)

    def said(self) -> str:
        return plain(" ".join(_texts(self._main)))

    def body(self, address: str) -> bytes:
        answer = self._client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    def press(self, words: str, *, exact: bool = False) -> None:
        found = self._main.xpath(".//button|.//a[@href]")
        for one in found:
            name = plain(one.text_content())
            if name == words if exact else words.casefold() in name.casefold():
                self._leave_by(one)
                return
        told = f"{self._address}: no “{words}” in {[plain(n.text_content()) for n in found]}"
        raise AssertionError(told)

    def follow(self, href: str, beside: str = "") -> None:
        inside = [self._main]
        if beside:
            inside = [i for i in self._main.iter("li") if beside in plain(i.text_content())]
        links = [a for i in inside for a in i.iter("a") if href in a.get("href", "")]
        assert links, f"{self._address}: no link to {href} beside “{beside}”: {self.said()}"
        self._leave_by(links[0])

    def options(self, name: str) -> list[str]:
        found = self._named(name)[0].iter("option")
        return [plain(one.text_content()) for one in found if one.get("value")]

    def names(self, start: str) -> list[str]:
        return [one.get("name") for one in self._main.iter("select") if start in one.get("name")]

    def put(self, **typed: Any) -> None:
        for name, value in typed.items():
            self._put(name.replace("__", "."), value)

    def send(self) -> None:
        forms = [one for one in self._main.iter("form") if "form" in one.get("class", "").split()]
        buttons = [b for form in forms for b in form.iter("button") if b.get("type") == "submit"]
        self._leave_by(next(b for b in buttons if b.get("aria-hidden") is None))

    def _leave_by(self, one: Any) -> None:
        if one.tag == "a":
            self.goto(one.get("href"))
            return
        form = next(one.iterancestors("form"))
        held = form.form_values()
        if one.get("name"):
            held.append((one.get("name"), one.get("value", "")))
        where = urljoin(self._address, one.get("formaction") or form.get("action") or "")
        if form.get("method", "get").lower() == "get":
            self.goto(f"{urlsplit(where).path}?{urlencode(held)}")
        elif form.get("enctype") == "multipart/form-data":
            given: dict[str, Any] = {}
            for name, value in held:
                given.setdefault(name, []).append(value)
            self._take(self._client.post(where, given | self._files, follow=True), where)
        else:
            assert not self._files, f"{self._address} does not send files"
            kind = "application/x-www-form-urlencoded"
            answer = self._client.post(where, urlencode(held), content_type=kind, follow=True)
            self._take(answer, where)

    def _take(self, answer: Any, address: str) -> None:
        chain = getattr(answer, "redirect_chain", [])
        self._address = urljoin(address, chain[-1][0]) if chain else address
        page = html.document_fromstring(answer.content.decode())
        self._main, self._files = page.find(".//main"), {}
        assert answer.status_code < REFUSED, f"{self._address}: {answer.status_code} {self.said()}"

    def _named(self, name: str) -> list[Any]:
        found = [one for one in self._main.iter() if one.get("name") == name]
        assert found, f"{self._address}: no field {name}"
        return found

    def _put(self, name: str, value: Any) -> None:
        fields = self._named(name)
        kind = fields[0].tag if fields[0].tag != "input" else fields[0].get("type", "text")
        if kind == "select":
            options = {plain(o.text_content()): o for o in fields[0].iter("option")}
            assert value in options, f"{name}: {list(options)}"
            fields[0].value = options[value].get("value")
        elif kind == "file":
            self._files[name] = SimpleUploadedFile(
                value["name"], value["buffer"], value["mimeType"]
            )
        elif kind in ("radio", "checkbox"):
            _tick(fields, value)
        else:
            fields[0].value = value


def _tick(fields: list[Any], value: Any) -> None:
    if not isinstance(value, str):
        fields[0].checked = value
        return
    one = next(field for field in fields if field.get("value") == value)
    if one.get("type") == "radio":
        for field in fields:
            field.attrib.pop("checked", None)
    one.set("checked", "")


def _texts(node: Any) -> list[str]:
    """Give the texts of what is shown, in order."""
    if not isinstance(node.tag, str) or node.tag in _HIDDEN:
        return [node.tail or ""]
    inside = [node.text or ""] + [text for child in node for text in _texts(child)]
    return [*inside, node.tail or ""]
