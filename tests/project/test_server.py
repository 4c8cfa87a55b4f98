"""Which port is opened, and what is said of it."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.management import CommandError

from communs.core.communities.addresses import absolute
from communs.project import prepare, server
from communs.project.management.commands import run

NBSP = "\N{NO-BREAK SPACE}"
LOCAL = "127.0.0.1"


@pytest.fixture(autouse=True)
def french_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    prepare.compile_translations(prepare.house_folders())


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A program that listens on a port."""
    with socket.create_server((LOCAL, 0)) as taker:
        yield taker


@pytest.fixture
def clinic() -> Iterator[HTTPServer]:
    """A web server whose answer to every address is `clinic.status`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.server.asked.append((self.path, self.headers["Host"]))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    web = HTTPServer((LOCAL, 0), Handler)
    web.status, web.asked = 200, []
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield web
    web.shutdown()
    thread.join()
    web.server_close()


def port_of(holder: socket.socket) -> int:
    return holder.getsockname()[1]


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        return port_of(probe)


def test_a_free_port_is_taken_as_wished():
    wished = a_free_port()
    spot = server.take_port(LOCAL, wished)
    with spot.hold:
        assert (spot.host, spot.port, spot.address) == (
            LOCAL,
            wished,
            f"http://127.0.0.1:{wished}/",
        )


def test_a_port_where_a_program_listens_gives_way_to_the_next_that_nobody_holds(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    hold, taken = server._hold, []

    def watched(host: str, port: int) -> server.Spot:
        try:
            return hold(host, port)
        except OSError as error:
            taken.append((port, error.errno))
            raise

    monkeypatch.setattr(server, "_hold", watched)
    first = port_of(listener)
    spot = server.take_port(LOCAL, first)
    spot.hold.close()
    assert spot.port > first
    # Whatever else this machine listens on: each port between was asked for, and held.
    assert taken == [(port, errno.EADDRINUSE) for port in range(first, spot.port)]


def test_a_port_held_by_a_start_under_way_is_not_given_twice():
    first = server.take_port(LOCAL, a_free_port())
    second = server.take_port(LOCAL, first.port)
    with first.hold, second.hold:
        assert second.port > first.port


def test_the_server_itself_may_listen_on_the_port_held_for_it():
    spot = server.take_port(LOCAL, a_free_port())
    with spot.hold, socket.socket() as own:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        own.bind((LOCAL, spot.port))
        own.listen()
        with socket.create_connection((LOCAL, spot.port), timeout=5):
            accepted, _address = own.accept()
            accepted.close()


def test_a_server_stopped_a_moment_ago_gets_its_port_again():
    with socket.create_server((LOCAL, 0)) as gone:
        port = port_of(gone)
        client = socket.create_connection((LOCAL, port))
        accepted, _address = gone.accept()
        accepted.close()  # the side that closes first lingers
        client.recv(1)
        client.close()
    with pytest.raises(OSError, match="in use"), socket.socket() as plain:
        plain.bind((LOCAL, port))
    spot = server.take_port(LOCAL, port)
    spot.hold.close()
    assert spot.port == port


def test_the_sentence_for_a_taken_port(monkeypatch: pytest.MonkeyPatch):
    assert server.moved_sentence(8000, 8001) == (f"Le port 8000 est pris{NBSP}: j’ouvre le 8001.")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert server.moved_sentence(8000, 8001) == "Port 8000 is taken: opening 8001."


def test_too_many_taken_ports_end_in_a_sentence(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(server, "TRIES", 1)
    port = port_of(listener)
    with pytest.raises(CommandError) as refusal:
        server.take_port(LOCAL, port)
    assert str(refusal.value) == (
        f"Les ports {port} à {port} sont tous pris{NBSP}; donnez-en un autre dans COMMUNS_PORT."
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_elsewhere_ends_in_a_sentence(host: str):
    with pytest.raises(CommandError) as refusal:
        server.take_port(host, 8000)
    sentence = f"{host} n’est pas une adresse de cette machine{NBSP}; corrigez --host."
    assert str(refusal.value) == sentence


def test_a_port_for_administrators_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch):
    def refuse(host: str, port: int) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(server, "_hold", refuse)
    with pytest.raises(CommandError) as refusal:
        server.take_port(LOCAL, 80)
    assert str(refusal.value) == (
        f"Le port 80 demande plus de droits{NBSP}; donnez un COMMUNS_PORT au-dessus de 1023."
    )


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:8000/"),  # noqa: S104
        ("::", "http://[::1]:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("192.168.1.5", "http://192.168.1.5:8000/"),
    ],
)
def test_the_address_given_is_one_that_answers_here(host: str, address: str):
    with socket.socket() as hold:
        assert server.Spot(host, 8000, hold).address == address


def test_the_address_is_announced_once_the_server_is_well(
    clinic: HTTPServer, capsys: pytest.CaptureFixture[str], settings
):
    settings.ALLOWED_HOSTS = ["*", ".communs.example"]
    server._announce(LOCAL, clinic.server_port)
    address = f"http://127.0.0.1:{clinic.server_port}/"
    assert capsys.readouterr().out == (f"Communs est prêt{NBSP}: {address} (Ctrl+C pour arrêter)\n")
    assert clinic.asked == [("/sante", "communs.example")]


def test_an_unwell_server_is_announced_as_such(
    clinic: HTTPServer, capsys: pytest.CaptureFixture[str]
):
    clinic.status = 503
    server._announce(LOCAL, clinic.server_port)
    address = f"http://127.0.0.1:{clinic.server_port}/"
    assert capsys.readouterr().out == (
        f"Communs est ouvert à {address} mais va mal{NBSP}: /sante répond 503.\n"
    )


def test_nobody_there_is_no_health():
    assert server._health(LOCAL, a_free_port()) == 0


def test_links_in_letters_follow_the_port_that_was_taken(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.delenv("COMMUNS_URL", raising=False)
    monkeypatch.setenv("COMMUNS_PORT", "8000")
    settings.COMMUNS_PORT, settings.COMMUNS_URL = 8000, "http://localhost:8000"
    run._move_to(8123)
    assert absolute("/donnees/") == "http://localhost:8123/donnees/"
    assert os.environ["COMMUNS_PORT"] == "8123"  # what runs beside reads it
    monkeypatch.setenv("COMMUNS_URL", "https://fonds.example")
    run._move_to(8124)
    assert absolute("/donnees/") == "https://fonds.example/donnees/"
