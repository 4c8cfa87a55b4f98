"""Serves the live application in this process, until told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from communs.core.live.application import Live

CONNECTIONS = 20_000  # open at once: granian counts idle ones too
_LOOK = 1.0  # seconds between two looks at whether our parent lives
_LAST_WORDS = 2.0  # seconds for streams to end


def serve(
    host: str, port: int, *, alive: Callable[[], bool], stops: Iterable[signal.Signals]
) -> None:
    """Serve until one of these signals, or until `alive` says no."""
    asyncio.run(_serve(host, port, alive, list(stops)))


async def _serve(
    host: str, port: int, alive: Callable[[], bool], stops: list[signal.Signals]
) -> None:
    live, over = Live(), asyncio.Event()
    for order in stops:
        asyncio.get_running_loop().add_signal_handler(order, over.set)
    server = Server(
        live.application,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        backlog=2048,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,  # it warns of itself: experimental
    )
    live.start()
    serving = asyncio.create_task(server.serve())
    while not over.is_set() and alive() and not serving.done():
        await _either(over, _LOOK)
    live.stop()
    await asyncio.sleep(0.2)  # the streams' last bytes
    server.stop()
    await asyncio.wait([serving], timeout=_LAST_WORDS)


async def _either(over: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(over.wait(), seconds)
    except TimeoutError:
        return
