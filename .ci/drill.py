"""The drill that .ci/drill runs: each step is checked, and the first that fails ends it."""

# ruff: noqa: INP001, S101, S310, S603, S607, T201 -- a script that runs our own commands

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

WRITE = """
import sys, time
from django.utils import timezone
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.actions import action, record
from communs.core.journal.delivery import deliver

@action("drill.wrote")
def write(*, number, by):
    record("drill", number=number)

number = 0
places = list(Community.objects.filter(slug__in=["antony", "sceaux", "metropole"]))
while True:
    for place in places:
        with within(place):
            write(number=number, by=None)
    deliver(timezone.now())
    number += 1
    print(number, flush=True)
"""
FILES = """
import io
from django.core.files.base import ContentFile
from django.utils import timezone
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.files.models import StoredFile
from communs.core.files.queries import contents
from hashlib import sha256

for slug in ("antony", "sceaux"):
    place = Community.objects.get(slug=slug)
    with within(place):
        for number in range(20):
            told = f"{slug} {number}".encode() * 10_000
            row = StoredFile(community=place, purpose="drill", kind="pdf", size=len(told),
                name="drill", state="clean", sha256=sha256(told).hexdigest(), subject="drill:1",
                at=timezone.now())
            contents().save(row.path, ContentFile(told))
            row.save()
"""
DIGESTS = """
import json
from hashlib import sha256
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.files.models import StoredFile
from communs.core.files.queries import contents
from communs.project.backups import rows

told = {}
for place in Community.objects.all():
    with within(place):
        files = {f.path: sha256(b"".join(contents().chunks(f.path))).hexdigest() == f.sha256
                 for f in StoredFile.objects.all()}
        told[place.slug] = [rows.digest_here(), len(files), all(files.values())]
print(json.dumps(told))
"""


class Installation:
    """One installation: its data folder, and its database where that is elsewhere."""

    def __init__(self, folder: Path, url: str = "", **more: str) -> None:
        self.env = {**os.environ, "COMMUNS_DATA": str(folder), "LC_ALL": "en_US.UTF-8", **more}
        self.env.pop("DATABASE_URL", None)
        if url:
            self.env["DATABASE_URL"] = url

    def run(self, *words: str, fails: bool = False) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "communs.project.cli", *words],
            env=self.env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if bool(done.returncode) != fails:
            sys.exit(f"{' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def shell(self, code: str) -> str:
        return self.run("shell", "--no-imports", "-c", code)

    def digests(self) -> dict[str, Any]:
        return json.loads(self.shell(DIGESTS).strip().splitlines()[-1])

    @contextmanager
    def writing(self) -> Iterator[None]:
        words = [sys.executable, "-m", "communs.project.cli", "shell", "--no-imports", "-c", WRITE]
        writer = subprocess.Popen(words, env=self.env, stdout=subprocess.PIPE, text=True)
        assert writer.stdout
        for _first in range(3):
            writer.stdout.readline()
        try:
            yield
            if writer.poll() is not None:
                sys.exit("the writer stopped while the backup was made")
        finally:
            writer.kill()
            rounds = writer.stdout.read().split()
            print(f"   {rounds[-1] if rounds else 0} rounds were written meanwhile")


def check(said: str, *, holds: bool) -> None:
    print(f"{'ok' if holds else 'FAILED'}  {said}", flush=True)
    if not holds:
        sys.exit(1)


def drill(folder: Path, vendor: str) -> None:
    url = os.environ.get("DATABASE_URL", "") if vendor == "postgresql" else ""
    other = url and _made(url, "elsewhere")
    here = Installation(folder / "here", url)
    there = Installation(folder / "there", other)
    here.run("prepare", "--empty")
    here.run("load_demo", "--only", "fund")  # minutes less than with every service's made-up life
    here.shell(FILES)
    backups = folder / "backups"
    backups.mkdir()

    began = time.monotonic()
    with here.writing():
        here.run("backup", str(backups / "busy.tar.gz"))
    check(f"{vendor}: backed up while written to, {time.monotonic() - began:.1f} s", holds=True)
    began = time.monotonic()
    there.run("restore", str(backups / "busy.tar.gz"))
    check(f"restored elsewhere, journal verified, {time.monotonic() - began:.1f} s", holds=True)

    here.run("work", "--once")
    before = here.digests()
    here.run("backup", str(backups / "quiet.tar.gz"))
    refused = there.run("restore", str(backups / "quiet.tar.gz"), fails=True)
    check("data that are there are not lost unasked", holds="--replace" in refused)
    there.run("restore", str(backups / "quiet.tar.gz"), "--replace")
    after = there.digests()
    alike = {slug for slug in before if slug != "metropole" and before[slug] == after[slug]}
    check(
        "every commune is restored to the last letter and file",
        holds=alike == set(before) - {"metropole"} and before["antony"][1:] == [20, True],
    )
    check(
        "the secret key came along",
        holds=(folder / "here/secret-key").read_text() == (folder / "there/secret-key").read_text(),
    )

    broken = backups / "broken.tar.gz"
    whole = (backups / "quiet.tar.gz").read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    check(
        "half a backup is refused",
        holds="damaged" in there.run("restore", str(broken), "--replace", fails=True),
    )
    check("and nothing was changed by it", holds=there.digests() == after)
    one(here, backups)
    here.run("check")
    here.run("verify-journal")


def one(here: Installation, backups: Path) -> None:
    before = here.digests()
    here.run("backup", str(backups / "antony.tar.gz"), "--community", "antony")
    with here.writing():
        time.sleep(0.5)
    changed = here.digests()
    check(
        "Antony and Sceaux went on",
        holds=all(changed[s] != before[s] for s in ("antony", "sceaux")),
    )
    here.run("restore", str(backups / "antony.tar.gz"), "--community", "antony", "--replace")
    after = here.digests()
    check("Antony alone is as it was", holds=after["antony"] == before["antony"])
    check(
        "nobody else was touched (the metropolis notes it)",
        holds=all(after[s] == changed[s] for s in after if s not in {"antony", "metropole"}),
    )


def replica(folder: Path) -> None:
    """A hot standby made by pg_basebackup: read, cut off, done without."""
    url = os.environ["DATABASE_URL"]
    superuser = url.replace("communs_owner@", "postgres@")
    server = url.split("@")[1].split("/")[0]
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"))
    own = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if own:
        shutil.chown(folder, "postgres")
    subprocess.run(
        [*own, binaries / "pg_basebackup", "-D", folder / "standby", "-R", "-X", "stream",
         "--checkpoint=fast", "-d", superuser], check=True, cwd=folder)  # fmt: skip
    port = str(int(server.split(":")[1]) + 1)
    options = f"-p {port} -c hot_standby=on -c unix_socket_directories={folder}"
    control = [*own, binaries / "pg_ctl", "-D", folder / "standby", "-w"]
    subprocess.run([*control, "-l", folder / "standby.log", "-o", options, "start"], check=True,
                   cwd=folder, stdout=subprocess.DEVNULL)  # fmt: skip
    copy = url.replace(server, f"127.0.0.1:{port}")
    pages = Installation(
        folder / "pages", url, COMMUNS_REPLICA_URL=copy, COMMUNS_PORT=str(int(port) + 20)
    )
    (folder / "pages").mkdir()
    try:
        _read_through(pages, copy, control, folder)
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, cwd=folder,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip


def _read_through(pages: Installation, copy: str, control: list, folder: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "communs.project.cli", "run", "--alone"],
        env=pages.env, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout
    try:
        address = next(
            line.split("http")[1].split(" ")[0] for line in server.stdout if "http" in line
        )
        address = f"http{address}"
        codes = [_status(f"{address}communes/") for _try in range(20)]
        check(
            "visitors' pages are read from the replica",
            holds=codes == [200] * 20 and _read(copy),
        )
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, cwd=folder,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        codes = [_status(f"{address}communes/") for _try in range(20)]
        check("the replica dies: no visitor sees it", holds=codes == [200] * 20)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _read(url: str) -> bool:
    """Tell whether the last query of some connection to the replica was a page's."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        " AND query LIKE 'SELECT%communities_community%'"
    )
    done = subprocess.run(["psql", url, "-Atc", asked], capture_output=True, text=True, check=True)
    return int(done.stdout) > 0


def _status(address: str) -> int:
    with urlopen(Request(address), timeout=20) as answer:
        return answer.status


def _made(url: str, name: str) -> str:
    base, _, _name = url.rpartition("/")
    subprocess.run(["psql", f"{base}/postgres", "-qc", f"CREATE DATABASE {name}"], check=True)
    return f"{base}/{name}"


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="communs-drill-"))
    place.chmod(0o755)
    try:
        drill(place, sys.argv[1])
        if sys.argv[1] == "postgresql":
            replica(place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
