"""Puts one community back: its rows and files only; nobody else's are touched."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from communs.core.communities.enums import Kind
from communs.core.communities.models import Community, directory
from communs.core.communities.scope import as_owner, within
from communs.core.geo.placing import rebuild as rebuild_spots
from communs.core.journal.models import Chain
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.registry.models import activations
from communs.core.search import index
from communs.core.search.models import Document
from communs.core.search.rebuilding import rebuild
from communs.project.backups import archive, erasures, rows
from communs.project.backups.restoring import (
    lose_again,
    note_restored,
    put_files,
    refuse_damaged_journal,
    refuse_unfit,
)
from communs.project.backups.taking import member_of

Say = Callable[[str], object]
Lines = Iterable[bytes]


def restore_community(
    path: Path, slug: str, *, passphrase: str = "", replace: bool = False, say: Say
) -> None:
    """Put a community back where it is missing, or (`replace`) in the place of what it has."""
    manifest = archive.check(path, passphrase=passphrase)
    refuse_unfit(manifest, kind="community")
    erased = erasures.known(path)
    _refuse_other(manifest, slug)
    say(_("The backup is whole: version %(version)s, made %(made_at)s.") % manifest)
    files = put_files(path, passphrase)  # strays, if what follows fails: the sweep removes them
    with transaction.atomic():
        keys, known = _shared(path, passphrase)
        here = Community.objects.get(pk=UUID(manifest["community"]["id"]))
        with within(here):
            if known and not replace and _has_rows():
                raise Refused(_("%s has data here already: say --replace to lose them.") % here)
            _replace_rows(path, passphrase, keys)
            _compare(manifest, keys)
            events = refuse_damaged_journal()
            found = rebuild()
            rebuild_spots()
        with within(Community.objects.get(kind=Kind.METROPOLIS)):
            note_restored(what=f"{slug}", made_at=manifest["made_at"], by=None)
    directory.forget()
    lose_again(erased, say=say)
    activations.forget()
    say(_("Rows put back: %(num)d.") % {"num": sum(manifest["counts"].values())})
    say(_("Files put back: %(num)d.") % {"num": files})
    say(_("Tables and walls are up to date; %(num)d documents can be found.") % {"num": found})
    say(_("The journal is whole: %(num)d events.") % {"num": events})


def _refuse_other(manifest: archive.Manifest, slug: str) -> None:
    told = manifest["community"]
    if told["slug"] != slug:
        raise Refused(_("This is the backup of %s.") % told["slug"])
    ours = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
    if manifest["migrations"] != ours:
        raise Refused(
            _("One community goes back into tables of its own version only (%s).")
            % manifest["version"]
        )
    namesake = Community.objects.filter(slug=slug).exclude(pk=UUID(told["id"])).first()
    if namesake is not None:
        raise Refused(_("%s is known here under another key: its journal would not verify.") % slug)


def _shared(path: Path, passphrase: str) -> tuple[dict[Any, dict[UUID, UUID]], bool]:
    """Make the places and accounts that are missing; give their keys here, if the place was known.

    An account is known by its key, else by its address; a place by its key, else by its slug.
    """
    places: dict[UUID, UUID] = {}
    people: dict[UUID, UUID] = {}
    missing: set[UUID] = set()
    keys: dict[Any, dict[UUID, UUID]] = {Community: places, Person: people}
    for name, source in _tables(path, passphrase):
        if name == member_of(Community):
            fresh = [line for line in source if not _place_known(line, places)]
            missing = {UUID(json.loads(line)["id"]) for line in fresh}
            rows.keep(Community, fresh, keys)
        elif name == member_of(Person):
            for line in source:
                _person(json.loads(line), people)
        else:
            for model in _REFERENCE:
                if name == member_of(model):
                    rows.keep(model, _about(source, missing), keys)
    return keys, not missing


_REFERENCE = [model for model, _found in rows.reference([])]


def _about(source: Lines, missing: set[UUID]) -> Iterator[bytes]:
    """Keep the public rows of the places that were just made: the others have theirs."""
    for line in source:
        row = json.loads(line)
        if UUID(row.get("member") or row["community"]) in missing:
            yield line


def _place_known(line: bytes, places: dict[UUID, UUID]) -> bool:
    row = json.loads(line)
    key = UUID(row["id"])
    same = Community.objects.filter(pk=key)
    alike = models.Q(slug=row["slug"])
    if row["kind"] == Kind.METROPOLIS:
        alike |= models.Q(kind=Kind.METROPOLIS)
    found = same.first() or Community.objects.filter(alike).first()
    if found is not None:
        places[key] = found.pk
    return found is not None


def _person(row: dict[str, Any], people: dict[UUID, UUID]) -> None:
    key = UUID(row["id"])
    found = (
        Person.objects.filter(pk=key).first() or Person.objects.filter(email=row["email"]).first()
    )
    if found is None:
        found = Person.objects.create_user(
            row["email"],
            pk=key,
            name=row["name"],
            is_active=row["is_active"],
            joined_at=parse_datetime(row["joined_at"]),
        )
    people[key] = found.pk


def _has_rows() -> bool:
    return any(next(rows.of_here(model), None) is not None for model in rows.tables())


def _replace_rows(path: Path, passphrase: str, keys: dict[Any, dict[UUID, UUID]]) -> None:
    index.drop(*Document.objects.values_list("subject", flat=True))
    with as_owner():
        rows.drop_here()
    ours = {member_of(model): model for model in rows.tables()}
    for name, source in _tables(path, passphrase):
        if name in ours:
            rows.keep(ours[name], source, keys)


def _compare(manifest: archive.Manifest, keys: dict[Any, dict[UUID, UUID]]) -> None:
    """Refuse unless what is here is what was backed up, to the last letter, journal's end too."""
    moved = any(old != new for known in keys.values() for old, new in known.items())
    if not moved and rows.digest_here() != manifest["digest"]:
        raise Refused(_("What was put back differs from what was backed up."))
    head = list(Chain.objects.values_list("position", "digest").first() or ())
    if head != manifest["head"]:
        raise Refused(_("What was put back differs from what was backed up."))


def _tables(path: Path, passphrase: str) -> Iterator[tuple[str, IO[bytes]]]:
    for name, _size, content in archive.members(path, passphrase=passphrase):
        if name.startswith("rows/"):
            yield name, content
