"""Another installation, for a moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection


@pytest.fixture
def elsewhere(tmp_path: Path, db: None) -> Iterator[str]:
    """A folder, or a database made for a moment."""
    if connection.vendor == "sqlite":
        yield str(tmp_path / "elsewhere")
        return
    chosen = connection.settings_dict
    name = f"{chosen['NAME']}_elsewhere"
    password = f":{quote(chosen['PASSWORD'])}" if chosen["PASSWORD"] else ""
    server = f"postgres://{chosen['USER']}{password}@{chosen['HOST']}:{chosen['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as owner:
        owner.execute(f'CREATE DATABASE "{name}"')
        yield f"{server}/{name}"
        owner.execute(f'DROP DATABASE "{name}"')
