"""What the validators of the field say of files, and bodies that files can name."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from frictionless import Resource, Schema, system
from stdnum.fr import siret as sirets

from communs.core.communities.models import Community

DATA = Path(__file__).parent / "data"


def faults_of(content: bytes, name: str, folder: Path) -> list[Any]:
    """Give what Frictionless finds wrong by a Table Schema, then by its `custom_checks`.

    Validata, the validator of schema.data.gouv.fr, is Frictionless with those checks; it is not
    asked itself, as it wants other versions of half of what we use.
    """
    schema = json.loads((DATA / f"{name}-schema.json").read_text())
    path = folder / "file.csv"
    path.write_bytes(content)
    with system.use_context(trusted=True):
        resource = Resource(path=str(path), schema=Schema.from_descriptor(schema))
        report = resource.validate()
    found: list[Any] = report.flatten(["rowNumber", "fieldName", "type", "note"])
    return found + _custom(rows_of(content), schema.get("custom_checks", []))


def rows_of(content: bytes) -> list[dict[str, str]]:
    """Give the lines of a CSV file by column."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def content_of(response: Any) -> bytes:
    """Give all of an answer, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def named(*bodies: Community) -> None:
    """Give bodies a SIRET that is made up."""
    for body in bodies:
        Community.objects.filter(pk=body.pk).update(siret=made_up_siret(body))


def made_up_siret(body: Community) -> str:
    """Give a SIRET of a body's SIREN whose digits check, of no real establishment (9999…)."""
    made = (f"{body.siren}9999{last}" for last in range(10))
    return next(number for number in made if sirets.is_valid(number))


def siret_of(body: Community) -> str:
    """Give a body's SIRET as it is kept."""
    return str(Community.objects.get(pk=body.pk).siret)


def _custom(rows: list[dict[str, str]], checks: list[dict[str, Any]]) -> list[Any]:
    found = []
    for check in checks:
        columns = list(check["params"].values())
        for number, row in enumerate(rows, start=2):
            cells = [row[column] for column in columns]
            wrong = {
                "french-siret-value": any(cell and not sirets.is_valid(cell) for cell in cells),
                "one-of-required": not any(cells),
            }
            if wrong[check["name"]]:
                found.append([number, columns, check["name"], cells])
    return found
