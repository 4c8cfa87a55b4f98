"""What taking readings in costs, through the real code: tenant, checks, states, journal.

Runs on the database of DATABASE_URL (SQLite in a temporary folder without one), with 1,640 things
of one source. Rows are counted by CPU second of this process and, on PostgreSQL, of the server's
own process for us. Beside each stands a reference of the same run: bare rows of the same size
written a thousand at a time.

- MQTT, quality of service 1, a real mosquitto: one reading a message, fifty readings a message;
- HTTP, JSON bodies of 1,000 readings, to the pages' process (in this one, by a test client) and,
  from eight senders at once, to the live process, where the proxies of `deploy/` lead them;
- HTTP, one reading a body, 64 senders at once, to the live process (its own CPU, a real network);
- the same batch once 1, 4 and 16 times as many rows are there: it must not slow down.

    python benchmarks/sensing.py [--smoke] [--rows 200000]

Exit status 1 if a bound is passed; with --smoke only ratios to the reference count.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent)]
THINGS = 1_640
BATCH = 1_000
FEW = 50_000
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
# Least rows a CPU second: SQLite, PostgreSQL.
BOUNDS = {
    "MQTT, one a message": (40_000, 40_000),
    "MQTT, fifty a message": (120_000, 60_000),
    "HTTP, 1,000 a body, pages": (60_000, 40_000),
    "HTTP, 1,000 a body": (100_000, 60_000),
    "HTTP, one a body": (3_000, 3_000),
}
SLACK = {"HTTP, one a body": 20, "MQTT, one a message": 3}  # what a message costs besides its row
SMOKE = 60.0  # times the CPU of a bare row, or of a bare commit: only what runs away is caught


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="fewer rows, ratios only")
    parser.add_argument("--rows", type=int, default=200_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMUNS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "communs.project.settings"
        start(folder)
        return report(Path(folder), 10_000 if options.smoke else options.rows, smoke=options.smoke)


def start(folder: str) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import setup_databases, setup_test_environment
    from django.urls import get_resolver

    from communs.core.kit.memory import settle

    os.environ["COMMUNS_API_RATE"] = "1000000000"
    django.setup()
    setup_test_environment(debug=False)
    if not os.environ.get("DATABASE_URL"):
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"{folder}/test.sqlite3"
    setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    call_command("load_demo", only=["fund"], verbosity=0, stdout=StringIO())
    _ = get_resolver().url_patterns
    settle()  # as each process does that takes readings in


class Clock:
    """A CPU clock of this process, and of its PostgreSQL server process."""

    def __init__(self) -> None:
        from django.db import connection

        self.server = None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.server = cursor.fetchone()[0]

    def read(self) -> float:
        return time.process_time() + (_cpu_of(self.server) if self.server else 0.0)


def report(folder: Path, rows: int, *, smoke: bool) -> int:
    from django.db import connection

    from communs.core.communities.models import Community
    from communs.core.communities.scope import within

    antony = Community.objects.get(slug="antony")
    with within(antony):
        source, secret = prepared()
    clock, over = Clock(), []
    bare = bare_rows(folder, rows)
    print(f"{connection.vendor}: bare rows, {BATCH} a commit: {bare:.0f} a CPU second")
    for name, work in works(secret, rows, folder):
        count, seconds = timed(clock, work)
        rate = count / seconds
        print(f"{name:28} {rate:9.0f} a CPU second   {bare / rate:6.1f} times a bare row")
        least = BOUNDS[name][connection.vendor == "postgresql"]
        slack = SLACK.get(name, 1)
        over += [name] if (bare / rate > SMOKE * slack if smoke else rate < least) else []
    over += flat(clock, antony, source, rows)
    for name in over:
        print("OVER", name)
    return 1 if over else 0


def prepared() -> tuple[Any, str]:
    from communs.core.sensing import actions, keeping
    from communs.core.sensing.models import State, Thing

    source, secret = actions.add_source(slug="bench", name="Bench", by=None, keep_days=4000)
    actions.commission(source=source, code="s0", at=BEGIN, by=None)
    first = Thing.objects.get(source=source).number
    things = [Thing(source=source, code=f"s{n}", number=first + n) for n in range(1, THINGS)]
    Thing.objects.bulk_create(things)
    State.objects.bulk_create(State(pk=thing.pk, thing=thing) for thing in things)
    actions.set_source(source=source, values={"flips_most": 10_000}, by=None)
    keeping.prepare(BEGIN)
    source.refresh_from_db()
    return source, secret


_said = iter(range(10**12))


def readings(count: int) -> list[dict[str, Any]]:
    """Give as many readings, each later than all before, one in four a change."""
    told = []
    for _ in range(count):
        number = next(_said)
        at = BEGIN + timedelta(milliseconds=20 * number)
        turn = number // THINGS
        told.append(
            {
                "device": f"s{number % THINGS}",
                "time": round(at.timestamp() * 1000),
                "sequence": turn % 60_000,
                "presence": turn // 4 % 2 == 0,
            }
        )
    return told


Work = Callable[[Clock], tuple[int, float]]


def works(secret: str, rows: int, folder: Path) -> Iterator[tuple[str, Any]]:
    yield "HTTP, 1,000 a body, pages", http(secret, rows, BATCH)
    yield "HTTP, 1,000 a body", live(secret, rows, BATCH, senders=8)
    yield "HTTP, one a body", live(secret, max(rows // 20, 1_000), 1, senders=64)
    if shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"):
        yield "MQTT, one a message", mqtt(rows // 4, 1, folder / "one")
        yield "MQTT, fifty a message", mqtt(rows, 50, folder / "fifty")
    else:
        print("MOSQUITTO IS NOT HERE: MQTT was not measured (apt-get install mosquitto)")


def timed(clock: Clock, work: Any) -> tuple[int, float]:
    return work(clock)


def http(secret: str, rows: int, each: int) -> Work:
    """Post bodies through the whole application, middleware included."""
    from django.test import Client
    from django.utils import timezone

    client = Client()
    first, *bodies = [json.dumps(readings(each)) for _ in range(rows // each + 1)]
    headers = {"Authorization": f"Bearer {secret}", "Host": "localhost"}

    def post(body: str) -> int:
        answer = client.post(
            "/antony/api/capteurs/bench", body, content_type="application/json", headers=headers
        )
        told = answer.json()
        assert answer.status_code == 200, answer.content
        return int(told["kept"])

    def work(clock: Clock) -> tuple[int, float]:
        real, timezone.now = timezone.now, lambda: BEGIN + timedelta(days=30)
        try:
            post(first)  # a server has read its addresses long before
            before = clock.read()
            kept = sum(post(body) for body in bodies)
            return kept, clock.read() - before
        finally:
            timezone.now = real

    return work


def live(secret: str, rows: int, each: int, senders: int) -> Work:
    """Send bodies to the live process, from many senders that wait each for its answer."""
    bodies = [json.dumps(readings(each)) for _ in range(rows // each + senders)]

    def work(_clock: Clock) -> tuple[int, float]:
        with live_process() as (port, spent):
            # It has read its modules.
            asyncio.run(posted(port, secret, bodies[:senders], senders))
            before = spent()
            kept = asyncio.run(posted(port, secret, bodies[senders:], senders))
            return kept, spent() - before

    return work


async def posted(port: int, secret: str, bodies: list[str], senders: int) -> int:
    """Post bodies over connections that stay open; give how many readings were kept."""
    left, kept = iter(bodies), 0

    async def sender() -> None:
        nonlocal kept
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for body in left:
            writer.write(
                f"POST /antony/api/capteurs/bench HTTP/1.1\r\nHost: localhost\r\n"
                f"Authorization: Bearer {secret}\r\nContent-Length: {len(body)}\r\n\r\n"
                f"{body}".encode()
            )
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            told = json.loads(await reader.readexactly(length))
            assert b" 200 " in head.partition(b"\r\n")[0], told
            kept += told["kept"]
        writer.close()

    await asyncio.gather(*(sender() for _ in range(senders)))
    return kept


@contextmanager
def live_process() -> Iterator[tuple[int, Callable[[], float]]]:
    """Run `communs live` on this database; give its port, and its CPU seconds so far."""
    from django.db import connection

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    name, given = connection.settings_dict["NAME"], os.environ.get("DATABASE_URL", "")
    url = f"{given.rpartition('/')[0]}/{name}" if given else f"sqlite:///{name}"
    command = [sys.executable, "-m", "communs.project.cli", "live", "--port", str(port)]
    environment = os.environ | {"DATABASE_URL": url, "PYTHONPATH": str(HERE.parent / "src")}
    with subprocess.Popen(command, env=environment) as process:
        try:
            _wait_for(port)
            yield port, partial(_spent_by, process.pid, given)
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


def _spent_by(process: int, given: str) -> float:
    """Give the CPU seconds of a process, and on PostgreSQL of the server's beside ours."""
    from django.db import connection

    servers = []
    if given:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid()"
            )
            servers = [row[0] for row in cursor.fetchall()]
    return sum(map(_cpu_of, [process, *servers]))


def _cpu_of(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def mqtt(rows: int, each: int, folder: Path) -> Work:
    """Publish while nobody listens, then listen until all is kept and acknowledged."""
    from paho.mqtt.publish import multiple
    from tests.core.sensing import mosquitto

    from communs.core.sensing.engine.brokers import Broker
    from communs.core.sensing.listening import Listener

    def listener(port: int) -> Listener:
        broker = Broker("127.0.0.1", port)
        return Listener(broker, clock=lambda: BEGIN + timedelta(days=30))

    def work(clock: Clock) -> tuple[int, float]:
        with mosquitto.running(folder) as port:
            one = listener(port)
            one.run(lambda: not one.topics.filters)
            topic = "communs/antony/bench/x"
            told = [(topic, json.dumps(readings(each)), 1, False) for _ in range(rows // each)]
            multiple(told, hostname="127.0.0.1", port=port)
            one = listener(port)
            before = clock.read()
            one.run(lambda: one.kept + one.refused < rows // each * each)
            spent = clock.read() - before
            assert not one.refused
            return one.kept, spent

    return work


def bare_rows(folder: Path, rows: int) -> float:
    """Give how many rows SQLite alone writes a CPU second, durably, a thousand at a time."""
    connection = sqlite3.connect(folder / "bare.sqlite3")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        "CREATE TABLE bare (community text, at, thing, sequence, value,"
        " PRIMARY KEY (community, at, thing, sequence)) WITHOUT ROWID"
    )
    begun = time.process_time()
    for first in range(0, rows, BATCH):
        told = [("a" * 32, first + n, n, 0, 1.0) for n in range(BATCH)]
        connection.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?)", told)
        connection.commit()
    return rows / (time.process_time() - begun)


def flat(clock: Clock, antony: Any, source: Any, rows: int) -> list[str]:
    """Tell whether a batch costs more when sixteen times as many rows are there."""
    from communs.core.communities.scope import within
    from communs.core.sensing.engine.decoding import decoder
    from communs.core.sensing.intake import take
    from communs.core.sensing.models import Source
    from communs.core.sensing.queries import milliseconds

    received = milliseconds(BEGIN + timedelta(days=30))
    decode, costs = decoder("plain"), []
    with within(antony):
        source = Source.objects.get(pk=source.pk)
        for times in (1, 4, 16):
            before, count = clock.read(), 0
            for _ in range(rows // 16 * times // BATCH):
                body = json.dumps(readings(BATCH)).encode()
                held = clock.read()
                told = decode(body, received=received, mapping={})
                take(source=source, readings=told, at=received, by=None)
                count += BATCH
                before += held - before if count == BATCH else 0
            costs.append((clock.read() - before) / max(count, 1))
    rates = ", ".join(f"{1 / cost:.0f}" for cost in costs if cost)
    print(f"as rows grow (1, 4, 16 times): {rates} a CPU second, making the bodies included")
    # Few rows tell little: two batches of a thousand have cost half of what ten did, or twice.
    return ["slower as rows grow"] if rows >= FEW and costs[-1] > 1.6 * costs[1] else []


if __name__ == "__main__":
    sys.exit(main())
