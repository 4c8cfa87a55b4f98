"""What open pages cost the live process: memory each, and the time until all have heard.

Starts `communs live` on a database of its own, opens as many streams as asked, records events one
after the other, and measures from the process's first frame sent (its own publication) to each
reader's frame received, and the process's resident memory before and after.

    python benchmarks/live.py [--clients 2000] [--rounds 20] [--smoke]

Exit status 1 if the memory passes 150 MB at 2 000 readers, or if anybody misses anything.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
BOUND_MB = 150
TOPIC = "fund.register"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--smoke", action="store_true", help="100 readers, 5 rounds")
    options = parser.parse_args()
    clients, rounds = (100, 5) if options.smoke else (options.clients, options.rounds)
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, clients * 2 + 1_000), hard))
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"COMMUNS_DATA": folder, "DJANGO_SETTINGS_MODULE": "communs.project.settings"}
        os.environ["COMMUNS_PROXIES"] = "1"  # readers say their address: one has so many pages open
        os.environ.pop("DATABASE_URL", None)
        prepare()
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "communs.project.cli", "live", "--port", str(port)],
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        )
        try:
            return asyncio.run(measure(process.pid, port, clients, rounds))
        finally:
            process.terminate()
            began = time.perf_counter()
            process.wait(30)
            print(f"stopped in {time.perf_counter() - began:.1f} s")


def prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_demo", only=["fund"], verbosity=0, stdout=StringIO())


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Reader:
    """One open page."""

    def __init__(self) -> None:
        self.heard: list[float] = []
        self.writer: asyncio.StreamWriter | None = None

    async def open(self, port: int, number: int) -> None:
        reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        self.writer.write(
            f"GET /live/metropole?topics={TOPIC} HTTP/1.1\r\nHost: localhost\r\n"
            f"X-Forwarded-For: 10.0.{number // 250}.{number % 250}\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"listening\n\n")
        assert b"200 OK" in head, head
        self.task = asyncio.create_task(self._listen(reader))

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while True:
            line = await reader.readline()
            if not line:
                return
            if line.startswith(b"data: "):
                self.heard.append(time.perf_counter())


async def measure(pid: int, port: int, clients: int, rounds: int) -> int:
    await answering(port)
    empty = memory(pid)
    readers = [Reader() for _ in range(clients)]
    began = time.perf_counter()
    for start in range(0, clients, 100):
        batch = readers[start : start + 100]
        await asyncio.gather(*(r.open(port, start + n) for n, r in enumerate(batch)))
    opened = time.perf_counter() - began
    full = memory(pid)
    spans, waits = [], []
    for number in range(rounds):
        asked = time.perf_counter()
        await asyncio.to_thread(correct, number)
        while any(len(reader.heard) <= number for reader in readers):
            await asyncio.sleep(0.01)
            if time.perf_counter() - asked > 15:
                print(f"round {number}: {sum(len(r.heard) <= number for r in readers)} missed it")
                return 1
        times = sorted(reader.heard[number] for reader in readers)
        spans.append([(moment - times[0]) * 1000 for moment in times])
        waits.append(times[-1] - asked)
    print(f"{clients} readers opened in {opened:.1f} s")
    print(
        f"memory {empty:.0f} MB empty, {full:.0f} MB full,"
        f" {(full - empty) * 1024 / clients:.0f} kB each"
    )
    flat = sorted(value for span in spans for value in span)
    print(
        f"after the first reader: p50 {statistics.median(flat):.0f} ms,"
        f" p99 {flat[int(len(flat) * 0.99)]:.0f} ms"
    )
    print(
        f"from the event to the last reader: median {statistics.median(waits):.2f} s"
        " (looked for each 0.5 s)"
    )
    return 1 if full > BOUND_MB and clients <= 2_000 else 0


async def answering(port: int) -> None:
    for _attempt in range(200):
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            await asyncio.sleep(1.5)  # the journal's first look
            return
    raise SystemExit("The live process never answered.")


def memory(pid: int) -> float:
    """Give the resident memory of a process, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def correct(number: int) -> None:
    """Correct a fact of the register, and have the event delivered."""
    from django.db import connection
    from django.utils import timezone

    from communs.core.communities.models import Community
    from communs.core.communities.scope import within
    from communs.core.journal.delivery import deliver
    from communs.services.fund.actions import correct_fact
    from communs.services.fund.models import Fact

    with within(Community.objects.get(slug="metropole")):
        fact = Fact.objects.order_by("pk").first()
        said = {"when": "", "text_fr": f"Essai {number}.", "text_en": "", "source": "Un essai"}
        correct_fact(fact=fact, seen=fact.version, at=timezone.now(), by=None, **said)
    deliver(timezone.now())
    connection.close()


if __name__ == "__main__":
    sys.exit(main())
