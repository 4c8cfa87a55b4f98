"""What cannot be is refused beside its field, in words."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from tests import pages

from communs.core.sensing.forms import Lapse, lapse_words
from communs.core.sensing.models import Source

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


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        ("mapping", "{", "This is not JSON that can be read."),
        ("mapping", '{"a": NaN}', "This is not JSON that can be read."),
        ("mapping", r'{"a": "\ud800"}', "This is not JSON that can be read."),
        ("mapping", r'{"a": "\u0000"}', "Write a JSON object, between { and }."),
        ("mapping", "[1]", "Write a JSON object, between { and }."),
        ("mapping", '{"properties": [1]}', "This is not understood: mapping.properties."),
        ("mapping", '{"bytes": {"presence": 1}}', "This is not understood: mapping.bytes."),
        ("slug", "Nord 1", "Only small letters, digits and hyphens between them."),
        ("slug", "rue", "Another source has this short name already."),
        ("topic", "#", "A topic begins with a name, and has no space."),
        ("topic", "+/x", "A topic begins with a name, and has no space."),
        ("topic", "communs/sceaux/rue", "A topic of communs begins with communs/antony/."),
        ("silent_after", "soon", "Write a time such as “2 h 30”, “45 min” or “3 d”."),
        ("silent_after", "0 h", "Write a time such as “2 h 30”, “45 min” or “3 d”."),
        ("stuck_after", "90000 d", "Write a time such as “2 h 30”, “45 min” or “3 d”."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(
    source: Source, signed_in: Client, field: str, given: str, sentence: str
) -> None:
    answer = signed_in.post(f"{HOME}ajouter/", {**SOURCE, field: given})
    assert answer.status_code == 422
    assert sentence in pages.text(answer)
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Source.objects.filter(name="Quartier nord").exists()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2 h 30", 9_000), ("2h30", 9_000), ("2 h 30 min", 9_000), ("45 min", 2_700),
        ("3 d", 259_200), ("3 jours", 259_200), ("1 j 2 h", 93_600), ("90 s", 90),
        ("2\u00a0heures", 7_200),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_say_it(text: str, seconds: int) -> None:
    field = Lapse()
    assert field.clean(text) == seconds
    assert field.clean(lapse_words(seconds)) == seconds


@pytest.mark.parametrize("text", ["2", "30 h 61 x", "h", "-2 h", "2 h 30 30"])
def test_another_time_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="Écrivez une durée"):
        Lapse().clean(text)
