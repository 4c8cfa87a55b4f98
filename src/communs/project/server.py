"""The web server: a free port, granian around the WSGI application, and a clean end."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from multiprocessing.synchronize import Lock
from typing import NamedTuple

from django.conf import settings
from django.core.management import CommandError
from django.utils.translation import gettext as _
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from communs.project.beside import STOPS
from communs.project.prepare import terminal_language

TRIES = 20
THREADS = 4
# granian's backpressure counts open connections, idle ones too: one browser keeps up to six.
CONNECTIONS = 512
PATIENCE = 60.0
LAST_PORT = 65535


class Spot(NamedTuple):
    """Where the server listens; the socket keeps the port ours until the server has it."""

    host: str
    port: int
    hold: socket.socket

    @property
    def address(self) -> str:
        """Give what a person types in a browser of this machine."""
        return f"http://{_bracketed(self.reachable)}:{self.port}/"

    @property
    def reachable(self) -> str:
        """Give a host that answers on this machine, when it listens on all of them."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104


def take_port(host: str, first: int) -> Spot:
    """Hold the first free port from `first` on, or refuse in one sentence."""
    last = min(first + TRIES - 1, LAST_PORT)
    for port in range(first, last + 1):
        try:
            return _hold(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CommandError(_refusal(error, host, port)) from error
    with terminal_language():
        message = _("Ports %(first)d to %(last)d are all taken; set COMMUNS_PORT to another one.")
        raise CommandError(message % {"first": first, "last": last})


def moved_sentence(wanted: int, got: int) -> str:
    """Say that the wanted port was taken."""
    with terminal_language():
        message = _("Port %(wanted)d is taken: opening %(got)d.")
        return message % {"wanted": wanted, "got": got}


def serve(spot: Spot, *, workers: int, log: bool) -> None:
    """Serve until Ctrl+C or SIGTERM, then return."""
    server = Server(
        "communs.project.wsgi:application",
        address=spot.host,
        port=spot.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=CONNECTIONS,
        websockets=False,
        log_level=LogLevels.warning,
        log_access=log,
        workers_kill_timeout=10,
    )
    loader = partial(_load_in_worker, spot.reachable, spot.port, multiprocessing.Lock())
    _hear_once(STOPS)
    try:
        server.serve(target_loader=loader, wrap_loader=False)
    except SystemExit:
        # A signal to all processes: a worker that ends first looks like a failure to granian.
        if not server.interrupt_signal:
            raise


def _hold(host: str, port: int) -> Spot:
    """Bind without listening, so that no other program may take the port meanwhile."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _kind, _protocol, _name, place = found[0]
    hold = socket.socket(family)
    try:
        try:
            hold.bind(place)
        except OSError:
            # Connections of a server stopped a moment ago still linger on it: not a real taker.
            hold.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            hold.bind(place)
    except OSError:
        hold.close()
        raise
    if sys.platform == "linux":
        # Only now, so that holding was exclusive: granian opens its own sockets on the same port.
        hold.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    else:
        hold.close()
    return Spot(str(place[0]), port, hold)


def _refusal(error: OSError, host: str, port: int) -> str:
    with terminal_language():
        if error.errno in {errno.EACCES, errno.EPERM}:
            message = _("Port %(port)d needs more rights; set COMMUNS_PORT above 1023.")
            return message % {"port": port}
        message = _("%(host)s is not an address of this machine; correct --host.")
        return message % {"host": host}


def _load_in_worker(host: str, port: int, first: Lock) -> Callable[..., object]:
    """Give granian's worker the application; it starts threads, so it runs after the fork."""
    from communs.project.wsgi import application  # loads Django where it will serve

    _hear_once({signal.SIGTERM})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if first.acquire(block=False):
        threading.Thread(target=_announce, args=(host, port), daemon=True).start()
    return application


def _hear_once(orders: set[signal.Signals]) -> None:
    """Pass only the first of these signals on to the handler that granian is about to set.

    Ctrl+C and service managers often signal a whole group, or twice: a second signal during
    granian's handlers blocks them for ever. So all threads are deaf but one, which calls once.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    before = signal.getsignal(signal.SIGTERM)
    threading.Thread(target=_end_once, args=(orders, before), daemon=True).start()


def _end_once(orders: set[signal.Signals], before: object) -> None:
    signal.sigwait(orders)
    while (stop := signal.getsignal(signal.SIGTERM)) is before:
        time.sleep(0.01)
    if callable(stop):
        stop(signal.SIGTERM, None)


def _end_with_parent() -> None:
    """Stop this worker when the command is gone, even killed: no orphan keeps the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _announce(host: str, port: int) -> None:
    """Print the address once the server answers, and how it is when it is not well."""
    limit = time.monotonic() + PATIENCE
    while not (status := _health(host, port)) and time.monotonic() < limit:
        time.sleep(0.05)
    address = f"http://{_bracketed(host)}:{port}/"
    with terminal_language():
        ready = _("Communs is ready: %(address)s (Ctrl+C to stop)") % {"address": address}
        unwell = _("Communs is open at %(address)s but unwell: /sante answers %(status)s.")
        unwell %= {"address": address, "status": status}
    sys.stdout.write((ready if status == HTTPStatus.OK else unwell) + "\n")
    sys.stdout.flush()


def _health(host: str, port: int) -> int:
    """Ask /sante as a visitor would, under a name that the settings accept; 0 is no answer."""
    names = (name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*")
    headers = {"Host": next(names, "localhost"), "X-Forwarded-Proto": "https"}
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/sante", headers=headers)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
