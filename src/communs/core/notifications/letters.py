"""E-mails of notices: plain text, one link each, and the way to stop them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from email.utils import parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, dumps, loads
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.communities.addresses import absolute, url_of
from communs.core.communities.scope import current
from communs.core.notifications.models import Notification, Reach, Sending
from communs.core.notifications.notices import find
from communs.core.notifications.wording import Words, words_of

_SALT = "communs.notifications.unsubscribe"


def letter(sending: Sending, reach: Reach) -> EmailMessage:
    """Write the e-mail of one notification; made again it is the same message, by its name."""
    row = sending.notification
    with translation.override(reach.language):
        words, stop = words_of(row), _stopper(row)
        notice = find(row.notice)
        why = _("You cannot switch this message off: %(why)s") % {
            "why": notice.always if notice else ""
        }
        end = _("To stop these messages: %(link)s") % {"link": stop} if stop else why
        settings_end = _("All your choices: %(link)s") % {"link": _choices()}
        text = _text([_paragraph(words)], [end, settings_end])
        return _message(row, words.title, text, f"{sending.pk.hex}", stop)


def digest(rows: Sequence[Notification], reach: Reach, day: date) -> EmailMessage:
    """Write the e-mail that gathers what waited for that morning."""
    with translation.override(reach.language):
        count = len(rows)
        subject = ngettext("%(count)s notice", "%(count)s notices", count) % {"count": count}
        end = _("All your choices: %(link)s") % {"link": _choices()}
        text = _text([_paragraph(words_of(row)) for row in rows], [end])
        name = f"digest-{day.isoformat()}-{rows[0].person_id.hex}-{current().pk.hex}"
        return _message(rows[0], subject, text, name, "")


def _paragraph(words: Words) -> str:
    lines = [words.title, words.text, absolute(words.href) if words.href else ""]
    return "\n".join(line for line in lines if line)


def _text(paragraphs: list[str], ends: list[str]) -> str:
    signature = f"-- \n{current().full_name}"
    return "\n\n".join([*paragraphs, "\n".join([signature, *ends])]) + "\n"


def _message(row: Notification, subject: str, text: str, name: str, stop: str) -> EmailMessage:
    """Give the message; Message-ID is made from what it is, so that a second copy shows as one."""
    headers = {"Message-ID": f"<{name}@{_domain()}>", "Auto-Submitted": "auto-generated"}
    if stop:
        headers |= {
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    title = " ".join(f"{current().full_name} — {subject}".split())  # a header is one line
    return EmailMessage(title, text, to=[row.person.email], headers=headers)


def _domain() -> str:
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return address.rpartition("@")[2] or urlsplit(settings.COMMUNS_URL).hostname or "localhost"


def _choices() -> str:
    return absolute(url_of(current(), "notifications:wishes"))


def _stopper(row: Notification) -> str:
    notice = find(row.notice)
    if notice is None or notice.always:
        return ""
    token = stop_token(row.person_id, row.notice)
    return absolute(url_of(current(), "notifications:unsubscribe", token))


def stop_token(person: UUID, notice: str) -> str:
    """Give what lets a link stop a notice for one person here, without signing in."""
    return dumps([current().pk.hex, person.hex, notice], salt=_SALT, compress=True)


def read_stop_token(token: str) -> tuple[UUID, str] | None:
    """Give the person and the notice that a token names here, or None; it lasts for ever."""
    try:
        community, person, notice = loads(token, salt=_SALT)
    except BadSignature:
        return None
    return (UUID(person), notice) if community == current().pk.hex else None


def without_secrets(message: EmailMessage) -> str:
    """Give a letter's text as agents may see it: without the link that stops it."""
    stop = message.extra_headers.get("List-Unsubscribe", "").strip("<>")
    return str(message.body).replace(stop, "…") if stop else str(message.body)
