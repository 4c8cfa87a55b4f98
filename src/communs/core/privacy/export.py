"""A copy of all that is kept about a person: readable by them, and by another program."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from communs.core.communities.models import Community
from communs.core.communities.scope import across
from communs.core.files.enums import State
from communs.core.files.models import StoredFile
from communs.core.files.queries import contents
from communs.core.people.models import Person
from communs.core.privacy import consultations, register
from communs.core.privacy.holdings import Holding, holdings

_IN_MEMORY = 5_000_000
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Told:
    """A holding in the reader's words."""

    what: str
    purpose: str
    kept: str
    place: str
    table: str
    rows: list[dict[str, Any]]


def told(person: Person) -> list[Told]:
    """Give what is kept about a person, in words; what an agent noted of others is left out."""
    found = [_told(holding) for holding in holdings(person)]
    return sorted(found, key=lambda one: (one.what, one.place))


def archive(person: Person, *, at: datetime) -> IO[bytes]:
    """Make the archive: a page to read, the same as JSON, the files that the person sent."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- read by the caller
    found = told(person)
    document = {
        "format": "communs.person",
        "version": _VERSION,
        "made_at": at,
        "held": [_plain(one) for one in found],
        "consulted": [_seen(one) for one in consultations.of(person)],
    }
    page = {"held": found, "person": person, "at": at, "language": get_language()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(_("read-me.html"), render_to_string("privacy/copy.html", page))
        text = json.dumps(document, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
        bundle.writestr("data.json", text)
        for name, path in _files(person):
            with bundle.open(name, "w", force_zip64=True) as target:
                for chunk in contents().chunks(path):
                    target.write(chunk)
    file.seek(0)
    return file


def _told(holding: Holding) -> Told:
    declaration = holding.declaration
    return Told(
        what=str(declaration.what),
        purpose=str(declaration.purpose),
        kept=register.kept_words(declaration),
        place=str(holding.community or _("the whole site")),
        table=f"{declaration.label}.{holding.path}",
        rows=holding.facts,
    )


def _plain(one: Told) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Told.__slots__}


def _seen(one: consultations.Seen) -> dict[str, Any]:
    facts = {"day": one.day, "place": one.community.name, "readers": one.readers}
    return facts | {"page": str(consultations.words(one.what))}


def _files(person: Person) -> Iterator[tuple[str, str]]:
    """Give the name in the archive and the path of each file; one set aside is dangerous."""
    with across("the files that one person sent"):
        sent = StoredFile.everywhere.filter(uploaded_by=person.pk, state=State.CLEAN)
        rows = list(sent.order_by("pk"))
    places = Community.objects.in_bulk({row.community_id for row in rows})
    for row in rows:
        if contents().exists(row.path):
            yield f"files/{places[row.community_id].slug}/{row.pk.hex[-8:]}-{row.name}", row.path
