"""A file of readings is taken in; each refusal names its line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests import pages
from tests.core.sensing.conftest import Place

from communs.core.sensing import queries
from communs.core.sensing.models import Observation, Source

pytestmark = pytest.mark.django_db

HOME = "/en/antony/capteurs/"
HOUR = 3_600_000
SOURCE = {
    "name": "Quartier nord",
    "slug": "nord",
    "protocol": "chirpstack",
    "topic": "application/7/#",
    "mapping": '{"properties": {"presence": "occupied"}}',
    "silent_after": "2 h 30",
    "stuck_after": "",
    "flips_most": "40",
    "keep_days": "30",
}


def brought(client: Client, source: Source, content: bytes) -> object:
    file = SimpleUploadedFile("readings.csv", content, content_type="text/csv")
    return client.post(f"{HOME}{source.pk}/fichier/", {"file": file})


def test_a_file_is_taken_in_and_each_refusal_names_its_lines(
    source: Source, place: Place, signed_in: Client
) -> None:
    place("a1")
    now = timezone.now()
    late, soon = (
        f"{now + timedelta(**by):%Y-%m-%dT%H:%M:%SZ}" for by in ({"hours": -1}, {"days": 1})
    )
    old = f"{now - timedelta(days=500):%Y-%m-%dT%H:%M:%SZ}"
    content = "\r\n".join(
        [
            "device;time;property;value",
            f"a1;{late};presence;1",
            "",
            f"a1;{late};presence;1",
            f"a1;{late};presence;much",
            f"zz;{late};presence;1",
            f"a1;{soon};presence;1",
            f"a1;{old};presence;1",
            f"a1;{late};presence;9",
            "a1;2026-03-02T12:00:00;presence;1",
        ]
    ).encode()
    answer = brought(signed_in, source, content)
    assert answer.status_code == 200
    assert pages.rows(answer)[1:] == [
        ["Not a number where one is due", "1", "5 (value)"],
        ["Time without its offset", "1", "10 (time)"],
        ["Unknown sensor", "1", "6 (zz)"],
        ["Out of range", "1", "9 (a1)"],
        ["Dated in the future", "1", "7 (a1)"],
        ["Too old", "1", "8 (a1)"],
    ]
    assert "Kept 1 Received before 1 Kept, but older than the latest 0" in pages.text(answer)
    again = brought(signed_in, source, content)
    assert "Kept 0 Received before 2" in pages.text(again)
    assert (
        Observation.objects.filter(thing__in=[t.number for t in source.things.all()]).count() == 1
    )


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b"a;b;c\n1;2;3\n", ["Not what this source sends", "1", "1 (device)"]),
        (b"device,time,property,value\n\xff\n", ["Not JSON", "1", "2 (UTF-8)"]),
    ],
)
def test_a_file_that_is_none_is_refused_at_its_line(
    source: Source, signed_in: Client, content: bytes, row: list[str]
) -> None:
    assert pages.rows(brought(signed_in, source, content))[1:] == [row]


def test_no_file_and_too_large_a_file_are_refused(
    source: Source, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert signed_in.post(f"{HOME}{source.pk}/fichier/", {}).status_code == 422
    monkeypatch.setattr("communs.core.sensing.forms.LARGEST_FILE", 10)
    answer = brought(signed_in, source, b"device,time,property,value\n")
    assert answer.status_code == 422
    assert "This file is larger than 8 MB: cut it in parts." in pages.text(answer)


def test_many_lines_are_taken_in_batches_and_the_first_refusals_named(
    source: Source, place: Place, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("communs.core.sensing.views.bringing._AT_ONCE", 10)
    place("a1")
    at = queries.milliseconds(timezone.now()) - HOUR
    lines = [f"{'a1' if n % 2 else 'zz'},{at + n},presence,{n % 2}" for n in range(60)]
    text = "device,time,property,value\n" + "\n".join(lines)
    answer = brought(signed_in, source, text.encode())
    named = ", ".join(f"{n} (zz)" for n in range(2, 42, 2))
    assert pages.rows(answer)[1:] == [["Unknown sensor", "30", f"{named} and 10 others"]]
    assert queries.ends_of(source, on=timezone.now().date())[0].count == 30
