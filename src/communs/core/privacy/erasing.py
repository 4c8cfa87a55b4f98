"""Takes a person out of every table: each says itself what becomes of its rows.

Nothing here opens a transaction or writes an event: the action that calls it does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q

from communs.core.communities.models import Community
from communs.core.communities.scope import across, within
from communs.core.files.images import delete_all
from communs.core.files.models import StoredFile
from communs.core.kit.privacy import Fate
from communs.core.people import attempts, mail
from communs.core.people.models import Person
from communs.core.privacy.holdings import Holding, holdings
from communs.core.search.documents import only, subject_of
from communs.core.search.index import drop
from communs.core.search.models import Document


def take_out(person: Person) -> dict[str, int]:
    """Erase a person's rows and unlink what stays; gives how many rows of each table went.

    The account itself goes last, with the tables of the sign-in library that hang on it.
    """
    gone: Counter[str] = Counter()
    found = holdings(person)
    _forget_files(person)
    for holding in reversed(found):
        if holding.declaration.model is not Person:
            gone.update(_apply(holding, person))
    _forget_search(person)
    for session in UserSession.objects.filter(user=person):
        session.end()
    attempts.forgive(person.email)
    mail.forget(person.email)
    person.delete()
    return dict(gone)


def _apply(holding: Holding, person: Person) -> dict[str, int]:
    if holding.fate == Fate.KEEP:
        return {}
    with holding.opened():
        rows = holding.rows(person)
        if holding.fate == Fate.UNLINK:
            rows.update(**{holding.path: None})
            return {}
        subjects = [subject_of(row) for row in rows]
        if holding.community:
            drop(*subjects)
            _erase_files(Q(subject__in=subjects))
        rows.delete()
    return {holding.declaration.label: len(subjects)}


def _forget_files(person: Person) -> None:
    """Erase the drafts that a person sent: nothing owns them yet."""
    with across("the drafts of an account that is erased"):
        drafts = StoredFile.everywhere.filter(uploaded_by=person.pk, subject="").order_by()
        places = set(drafts.values_list("community", flat=True))
    for place in Community.objects.filter(pk__in=places):
        with within(place):
            _erase_files(Q(uploaded_by=person.pk, subject=""))


def _erase_files(which: Q) -> None:
    rows = StoredFile.objects.filter(which)
    _delete_contents(row.path for row in rows)
    rows.delete()


def _delete_contents(paths: Iterable[str]) -> None:
    """Delete contents once the rows are gone for good; the daily sweep does what this cannot."""
    for path in paths:
        transaction.on_commit(lambda path=path: delete_all(path), robust=True)  # type: ignore[misc]


def _forget_search(person: Person) -> None:
    """Take out of the index what this person alone could find."""
    with across("what one person alone could find"):
        own: Any = Document.everywhere.filter(audience=only(person)).order_by()
        places = set(own.values_list("community", flat=True))
    for place in Community.objects.filter(pk__in=places):
        with within(place):
            rows = Document.objects.filter(audience=only(person))
            drop(*rows.values_list("subject", flat=True))
