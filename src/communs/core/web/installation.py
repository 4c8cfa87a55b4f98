"""The first run: who may set the installation up, how far it is, and its steps."""

from __future__ import annotations

import base64
import secrets
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from communs.core.access.actions import make_first_administrator
from communs.core.access.models import Membership
from communs.core.communities.actions import load_metropolis
from communs.core.communities.engine.commune_list import ListedCommune, read_commune_list
from communs.core.communities.engine.tables import BadFile
from communs.core.communities.enums import Kind
from communs.core.communities.founding import FILE, found_metropolis
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.people.actions import sign_up
from communs.core.people.models import Person
from communs.core.registry.actions import set_service
from communs.core.registry.queries import services
from communs.core.search.rebuilding import rebuild

PATH = "/installation/"
_GROUP, _GROUPS = 4, 4


def metropolis() -> Community | None:
    """Give the metropolis, once there is one."""
    return Community.objects.filter(kind=Kind.METROPOLIS).first()


def is_open() -> bool:
    """Tell whether there is still something to set up: nobody administers the metropolis yet."""
    place = metropolis()
    if place is None:
        return True
    with within(place):
        return not Membership.objects.exists()


def set_up_code() -> str:
    """Give the code of this installation, sixteen letters and digits (80 bits).

    It comes from the secret key: whoever can read that may set the installation up.
    """
    digest = salted_hmac("communs.set-up", "code", algorithm="sha256").digest()
    text = base64.b32encode(digest).decode()[: _GROUP * _GROUPS]
    return "-".join(text[i : i + _GROUP] for i in range(0, len(text), _GROUP))


def is_code(text: str) -> bool:
    """Tell whether this is the code, however its groups are parted."""
    said = "".join(text.upper().replace("-", "").split())
    return secrets.compare_digest(said.encode(), set_up_code().replace("-", "").encode())


def has_mail() -> bool:
    """Tell whether messages leave by a server, and are not only written to a folder."""
    return not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


def load_reference() -> None:
    """Load the Métropole du Grand Paris, and make it searchable."""
    load_metropolis()
    _index()


def found(*, name: str, siren: str, communes: Any, on: Any) -> None:
    """Make a metropolis from an uploaded list of its communes; raises Refused beside its field."""
    try:
        found_metropolis(
            name=name, siren=siren, communes=_read(communes), is_taken=_is_taken, on=on
        )
    except BadFile as error:
        raise Refused(_(error.template) % error.values, field="communes") from error
    _index()


def switch_on(keys: list[str]) -> None:
    """Have these services on in the metropolis, and the others off."""
    for service in services():
        set_service(service=service, on=service.key in keys, by=None)


@transaction.atomic
def administer(*, name: str, email: str, password: str, proven: bool, on: Any) -> Person:
    """Make the first administrator; `password` is as it is stored, `proven` whose address it is.

    An account that exists keeps its password, and must have proven its address.
    """
    person = Person.objects.filter(email=email).first()
    if person is not None and not proven:
        raise Refused(_("This address has an account already: use another one."), field="email")
    if person is None:
        person = sign_up(email=email, name=name, by=None)
        person.password = password
        person.save(update_fields=["password"])
    make_first_administrator(person=person, on=on, by=person)
    return person


def _index() -> None:
    place = metropolis()
    if place is not None:
        with within(place):
            rebuild()


def _read(upload: Any) -> tuple[ListedCommune, ...]:
    """Read the list under the name that its faults are told with."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        return read_commune_list(path)


def _is_taken(slug: str) -> bool:
    if slug in dict(settings.LANGUAGES):
        return True
    try:
        resolve(f"/{slug}/")
    except Resolver404:
        return False
    return True
