"""The whole database at one instant, taken while it is being written to; and put back.

SQLite copies itself (`VACUUM INTO`, then its backup interface); PostgreSQL has its own tools,
`pg_dump`, `pg_restore` and `psql`, of its client package.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from django.utils.translation import gettext as _

from communs.core.communities.scope import across, as_owner
from communs.core.kit.errors import Refused

MEMBER = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


@contextmanager
def frozen() -> Iterator[None]:
    """Read the database as it is at one instant, holding no writer up."""
    if connection.in_atomic_block:
        yield
        return
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(
            "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" if postgresql else "BEGIN"
        )
        try:
            yield
        finally:
            with suppress(Exception):  # the connection may be gone: that error is the one to tell
                cursor.execute("COMMIT")
            connection.close()


def snapshot(target: Path) -> dict[str, int]:
    """Write the whole database to a file; give how many rows each table has there."""
    if connection.vendor == "sqlite":
        return _snapshot_sqlite(target)
    return _snapshot_postgresql(target)


def check(file: Path, counts: dict[str, int]) -> None:
    """Refuse a snapshot that SQLite finds broken, or that holds other rows than it should."""
    if connection.vendor != "sqlite":
        return  # pg_restore reads all of it in one transaction, and rows are counted after
    with closing(sqlite3.connect(file)) as copy:
        found = [row[0] for row in copy.execute("PRAGMA integrity_check")]
        if found != ["ok"] or copy.execute("PRAGMA foreign_key_check").fetchone():
            raise Refused(_("The backup’s database is broken: %s.") % found[0])
        _compare(counts, _counts_sqlite(copy))


def restore(file: Path, counts: dict[str, int]) -> None:
    """Put a snapshot in the place of the database, in one go; its rows are counted after."""
    if connection.vendor == "sqlite":
        name = _sqlite_name()
        connection.close()
        with closing(sqlite3.connect(file)) as copy, closing(_sqlite(name)) as target:
            copy.backup(target)
        return
    _restore_postgresql(file)
    _compare(counts, _counts_postgresql())


def is_empty() -> bool:
    """Tell whether the database has neither a community nor an account."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in {"communities_community", "people_person"} & there:
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 -- one of two names
            if cursor.fetchone():
                return False
    return True


def _compare(wanted: dict[str, int], found: dict[str, int]) -> None:
    differing = sorted(name for name in wanted if wanted[name] != found.get(name))
    if differing:
        raise Refused(_("The backup’s rows are not all there: %s.") % ", ".join(differing))


def _tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models} | {"django_migrations"})


def _sqlite_name() -> str:
    return str(connection.settings_dict["NAME"])


def _sqlite(name: str) -> sqlite3.Connection:
    return sqlite3.connect(name, uri=name.startswith("file:"), timeout=60, isolation_level=None)


def _snapshot_sqlite(target: Path) -> dict[str, int]:
    with closing(_sqlite(_sqlite_name())) as source:
        source.execute("VACUUM INTO ?", [str(target)])
    with closing(sqlite3.connect(target)) as copy:
        return _counts_sqlite(copy)


def _counts_sqlite(copy: sqlite3.Connection) -> dict[str, int]:
    there = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    count = "SELECT count(*) FROM {}"
    chosen = [name for name in _tables() if name in there]
    return {name: copy.execute(count.format(f'"{name}"')).fetchone()[0] for name in chosen}


def _snapshot_postgresql(target: Path) -> dict[str, int]:
    """Dump as the owner, who sees every row because it says so (row-level security is forced)."""
    with frozen(), across("a backup holds every community"):
        counts = _counts_postgresql()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            name = cursor.fetchone()[0]
        chosen = [f"--snapshot={name}"] if not connection.in_atomic_block else []
        _run(
            "pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges",
            "--enable-row-security", f"--file={target}", *chosen,
        )  # fmt: skip
    return counts


def _counts_postgresql() -> dict[str, int]:
    with as_owner(), across("a backup counts its rows"), connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        counts = {}
        for name in set(_tables()) & there:
            cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608 -- from the models
            counts[name] = cursor.fetchone()[0]
    return counts


_STANDING = """
SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE;', schemaname, tablename) FROM pg_tables
 WHERE schemaname = current_schema()
UNION ALL
SELECT format('DROP FUNCTION IF EXISTS %s CASCADE;', p.oid::regprocedure) FROM pg_proc p
 WHERE pronamespace = current_schema()::regnamespace
   AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
"""


def _restore_postgresql(file: Path) -> None:
    """Drop what stands and bring back the dump in one transaction, or change nothing."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(_STANDING)
        drops = "\n".join(row[0] for row in cursor.fetchall())
    connection.close()
    words, env = _target("psql")
    words += ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    writer = subprocess.Popen(  # noqa: S603
        [*words, "--single-transaction", "--file=-"],
        env=env, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    reader = subprocess.Popen(  # noqa: S603
        [_tool("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    if writer.stdin is None or reader.stdout is None:
        raise RuntimeError("both are pipes")
    try:
        with suppress(BrokenPipeError):
            writer.stdin.write(drops.encode() + b"\n")
            shutil.copyfileobj(reader.stdout, writer.stdin, 1024 * 1024)
        reader.stdout.close()
        said = reader.communicate()[1]
        if reader.returncode and writer.poll() is None:
            writer.kill()  # before its input ends: nothing is kept
        _told(writer.communicate()[1] or said, writer.returncode)
    finally:
        reader.kill()
        writer.kill()


def _run(tool: str, *options: str) -> None:
    words, env = _target(tool)
    done = subprocess.run([*words, *options], env=env, capture_output=True, check=False)  # noqa: S603
    _told(done.stderr, done.returncode)


def _told(said: bytes, code: int) -> None:
    if code:
        reason = said.decode(errors="replace").strip().splitlines() or [str(code)]
        raise Refused(_("PostgreSQL’s tools gave up: %s") % reason[0][:300])


def _target(tool: str) -> tuple[list[str], dict[str, str]]:
    """Give a tool's words and environment for the database in use, all communities seen."""
    words, env = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    more = {"PGOPTIONS": "-c communs.community=*"}
    return [_tool(tool), *words[1:]], {**os.environ, **(env or {}), **more}


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Refused(_("%(tool)s is needed: install PostgreSQL’s client.") % {"tool": name})
    return found
