"""The words of a notification, in the reader's language, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from communs.core.communities.addresses import url_of
from communs.core.notifications.models import Notification
from communs.core.notifications.notices import find


@dataclass(frozen=True, slots=True)
class Words:
    """What a reader sees of a notification."""

    title: str
    text: str
    href: str
    at: datetime
    row: Notification


def words_of(row: Notification) -> Words:
    """Write a notification in the language in force; one of a removed service says so."""
    notice = find(row.notice)
    if notice is None:
        return Words(_("A service that is no longer here told you something."), "", "", row.at, row)
    text = _(notice.text) % row.data if notice.text else ""
    return Words(_(notice.title) % row.data, text, _href(row), row.at, row)


def _href(row: Notification) -> str:
    if row.place is None or not row.route:
        return ""
    try:
        return url_of(row.place, row.route, *row.args)
    except NoReverseMatch:
        return ""
