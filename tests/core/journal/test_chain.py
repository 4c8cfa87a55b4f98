"""Nobody rewrites the journal without its showing."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from communs.core.communities.models import Community
from communs.core.communities.scope import as_owner, within
from communs.core.journal import evidence, keeping, verification
from communs.core.journal.actions import action, record
from communs.core.journal.chain import hold
from communs.core.journal.delivery import deliver_here
from communs.core.journal.models import Chain, Event, Seal
from communs.core.journal.sealing import seal_day

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 2, 0, 10, tzinfo=UTC)
FLIPS = 1000


@action("test.said")
def say(*, word: str, by: None = None) -> None:
    record("test:1", word=word, nested={"é": [1, 2.5, None, True], "a": "œ"})


@pytest.fixture
def journal(sceaux: Community) -> Iterator[Community]:
    """Sceaux's journal: twelve events, two seals."""
    with within(sceaux):
        for number in range(12):
            say(word=f"mot {number}")
            if number in {4, 9}:
                deliver_here(at=NOW)
                seal_day(day=date(2026, 6, number), at=NOW + timedelta(days=number))
        deliver_here(at=NOW)
        yield sceaux


def test_a_chain_that_nobody_touched_is_whole(journal: Community) -> None:
    found = verification.check()
    assert (found.wrong, found.events, found.seals) == ([], 12, 2)
    assert Chain.objects.get().position == 12


def test_the_chain_of_another_community_is_apart(journal: Community, antony: Community) -> None:
    with within(antony):
        deliver_here(at=NOW)
        before = Chain.objects.get().position if Chain.objects.exists() else 0
        say(word="un")
        deliver_here(at=NOW)
        said = Event.objects.filter(name="test.said")
        assert [event.position for event in said] == [before + 1]


def test_a_day_without_events_has_no_seal(journal: Community) -> None:
    assert seal_day(day=date(2026, 6, 20), at=NOW) is not None
    assert seal_day(day=date(2026, 6, 21), at=NOW) is None
    say(word="x")
    deliver_here(at=NOW)
    assert seal_day(day=date(2026, 6, 20), at=NOW) is None, "a day is sealed once"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal_event SET name = 'x'",
        "UPDATE journal_event SET position = position + 100",
        "UPDATE journal_event SET data = '{}'",
        "UPDATE journal_event SET at = '2020-01-01'",
        "DELETE FROM journal_event",
        "UPDATE journal_seal SET digest = 'x'",
        "DELETE FROM journal_seal",
    ],
)
def test_the_database_refuses_to_rewrite_history(journal: Community, change: str) -> None:
    mine = f" WHERE community_id = '{key_of(journal)}' AND digest IS NOT NULL"
    refused = pytest.raises(DatabaseError, match="is only added to")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change + mine)
    assert verification.check().wrong == []


def key_of(community: Community) -> str:
    return str(community.pk) if connection.vendor == "postgresql" else community.pk.hex


def test_events_whose_time_is_over_go_and_the_rest_can_still_be_checked(
    journal: Community,
) -> None:
    with_triggers_down(
        "UPDATE journal_event SET at = '2001-01-01' WHERE position <= 6"
        f" AND community_id = '{key_of(journal)}'",
        "UPDATE journal_seal SET at = '2001-01-02' WHERE position = 5",
    )
    assert keeping.let_go(at=datetime(2026, 6, 20, tzinfo=UTC)) == 5
    assert Event.objects.order_by("position").values_list("position", flat=True)[0] == 6
    start = verification._start()
    assert start == (5, Seal.objects.get(position=5).event_digest)


def test_an_exported_journal_is_checked_without_communs(journal: Community, tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    file.write_bytes(b"".join(verification.export()))
    done = checked_alone(file)
    assert (done.returncode, done.stdout) == (0, f"{file}: whole, 12 events, 2 seals\n")
    file.write_bytes(file.read_bytes()[:-40])
    assert checked_alone(file).returncode == 2


def checked_alone(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", evidence.__file__, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_flipped_byte_of_the_export_is_found(journal: Community) -> None:
    whole = b"".join(verification.export())
    assert evidence.check_lines(io.BytesIO(whole)).wrong == []
    chance = random.Random(1)
    missed = [
        place
        for place in (chance.randrange(len(whole)) for _ in range(FLIPS))
        if passes(
            whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :]
        )
    ]
    assert missed == []


def passes(content: bytes) -> bool:
    try:
        return not evidence.check_lines(io.BytesIO(content)).wrong
    except ValueError:
        return False


def test_a_forger_who_sums_the_export_again_is_found(journal: Community) -> None:
    lines = b"".join(verification.export()).splitlines(keepends=True)[:-1]
    chance = random.Random(2)
    missed = []
    for number in range(len(lines)):
        record = json.loads(lines[number])
        forged = [*lines]
        forged[number] = evidence.canonical(altered(record, chance)) + b"\n"
        total = evidence.hashlib.sha256(b"".join(forged)).hexdigest()
        if passes(b"".join(forged) + evidence.canonical({"sha256": total}) + b"\n"):
            missed.append(number)
    assert missed == []


def altered(record: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    inner = next((record[key] for key in ("event", "seal", "end") if key in record), record)
    key = chance.choice(sorted(inner))
    inner[key] = f"{inner[key]}x" if isinstance(inner[key], str) else "x"
    return record


COLUMNS = {
    "journal_event": [
        "id",
        "community_id",
        "name",
        "at",
        "actor",
        "subject",
        "data",
        "position",
        "digest",
    ],
    "journal_seal": ["community_id", "day", "at", "position", "event_digest", "previous", "digest"],
    "journal_chain": ["position", "digest", "seal"],
}


def test_a_changed_value_of_the_database_is_found(journal: Community) -> None:
    chance = random.Random(3)
    missed = []
    for table, columns in COLUMNS.items():
        for column in columns:
            with transaction.atomic():
                with_triggers_down(change(journal, table, column, chance))
                if verification.check().wrong == []:
                    missed.append(f"{table}.{column}")
                transaction.set_rollback(True)
    assert missed == []


@pytest.mark.thorough
@pytest.mark.skipif(connection.vendor == "postgresql", reason="it stores no broken key or date")
def test_a_flipped_byte_of_the_database_is_found(journal: Community) -> None:
    chance, missed = random.Random(4), []
    with_triggers_down("PRAGMA ignore_check_constraints = ON")
    mine = f"community_id = '{key_of(journal)}'"
    values = [
        (table, column, key, str(value))
        for table, columns in COLUMNS.items()
        for column in columns
        for key, value in rows_of(f"SELECT id, {column} FROM {table} WHERE {mine}")
        if value is not None
    ]
    assert len(values) > 12 * 7
    lengths = [len(value.encode()) for *_place, value in values]
    for table, column, key, value in chance.choices(values, lengths, k=FLIPS):
        content = bytearray(value.encode())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(7)
        forged = content.decode(errors="surrogateescape")
        try:
            forged.encode()
        except UnicodeEncodeError:  # no longer a text
            forged = bytes(content)
        try:
            with transaction.atomic():
                with as_owner(), connection.cursor() as cursor:
                    cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [forged, key])
                if verification.check().wrong == []:
                    missed.append((table, column, value, forged))
                transaction.set_rollback(True)
        except IntegrityError:  # two events at one place: the table itself refuses
            assert column == "position"
    with_triggers_down("PRAGMA ignore_check_constraints = OFF")
    assert missed == []


def rows_of(question: str) -> list[Any]:
    with connection.cursor() as cursor:
        return cursor.execute(question).fetchall()


def change(journal: Community, table: str, column: str, chance: random.Random) -> str:
    """Give the statement that changes one column of one row a little."""
    mine = f"community_id = '{key_of(journal)}'"
    offset = 0 if table == "journal_chain" else chance.randrange(2)
    one = f"SELECT id FROM {table} WHERE {mine} ORDER BY position LIMIT 1 OFFSET {offset}"
    key = key_of(Community.objects.get(slug="antony"))
    values = {
        "id": f"'{UUID(int=7) if connection.vendor == 'postgresql' else UUID(int=7).hex}'",
        "community_id": f"'{key}'",
        "actor": f"'{key}'",
        "position": "position + 1000",
        "at": "'2020-01-01 00:00:00+00'" if connection.vendor == "postgresql" else "'2020-01-01'",
        "day": "'2020-01-01'",
        "data": """'{"word": "other"}'""",
    }
    value = values.get(column, f"'y' || substr({column}, 2)")
    return f"UPDATE {table} SET {column} = {value} WHERE id = ({one})"


def with_triggers_down(*statements: str) -> None:
    """Do what only the owner of the machine could."""
    with as_owner(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in COLUMNS:
                cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            for table in COLUMNS:
                cursor.execute(f"DROP TRIGGER IF EXISTS wall_{table}_update")
        for statement in statements:
            cursor.execute(statement)


def test_the_command_says_what_is_wrong_and_ends_with_one(
    journal: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    out = io.StringIO()
    call_command("verify_journal", "sceaux", stdout=out)
    assert out.getvalue() == "sceaux\u00a0: intact, 12 événements, 2 scellés\n"
    with_triggers_down("UPDATE journal_event SET subject = 'x' WHERE position = 3")
    error = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_journal", "sceaux", stderr=error)
    assert (ended.value.code, error.getvalue()) == (1, "sceaux: event 3: changed\n")


def test_a_chain_is_held_by_one_at_a_time(journal: Community) -> None:
    with transaction.atomic():
        assert hold() is not None
