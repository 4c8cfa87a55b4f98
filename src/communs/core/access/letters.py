"""What e-mails about roles say, and the sealed links that they carry."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from communs.core.access.enums import Role
from communs.core.access.models import Invitation
from communs.core.communities.scope import current
from communs.core.kit.localised import day
from communs.core.people.letters import Letter

_SALT = "communs.access.invitation"


def token_of(invitation: Invitation) -> str:
    """Give what the link of an invitation ends with: nobody else can write it."""
    facts = {"id": invitation.pk.hex, "expires": _exactly(invitation.expires_at)}
    return signing.dumps(facts, salt=_SALT)


def read_token(token: str) -> tuple[UUID, str] | None:
    """Give the invitation's key and the moment its link expires; None for a false link."""
    try:
        facts = signing.loads(token, salt=_SALT)
        return UUID(facts["id"]), facts["expires"]
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def is_last(invitation: Invitation, expires: str) -> bool:
    """Tell whether a link that expires then is the last one sent."""
    return _exactly(invitation.expires_at) == expires


def _exactly(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def invited(invitation: Invitation, *, by: str, link: str) -> Letter:
    """Write the letter that asks somebody to join."""
    facts = {
        "name": by,
        "place": current().full_name,
        "role": Role(invitation.role).label,
        "day": day(invitation.expires_at),
    }
    return _signed(
        _("invitation"),
        _("%(name)s invites you to work on the site of %(place)s, as: %(role)s.") % facts,
        _("Open this address, sign in or make your account, then accept:"),
        f"    {link}",
        _("It serves once, until %(day)s. If you expected nothing, ignore this message.") % facts,
    )


def told(name: str, facts: dict[str, Any], *, link: str) -> Letter:
    """Write the letter that tells a member what became of a role; raises KeyError if unknown."""
    words: dict[str, Any] = dict(facts)
    words |= {"place": current().full_name, "role": Role(facts["role"]).label}
    words |= {k: day(date.fromisoformat(facts[k])) for k in ("since", "last") if k in facts}
    subject, sentence = _told()[name]
    return _signed(subject, sentence % words, link)


def _told() -> dict[str, tuple[str, str]]:
    return {
        "role_changed": (
            _("your role has changed"),
            _("Your role on the site of %(place)s is now: %(role)s."),
        ),
        "membership_ended": (
            _("your role ends"),
            _("Your role on the site of %(place)s (%(role)s) ends: from %(since)s it is no more."),
        ),
        "delegated": (
            _("you stand in for a colleague"),
            _(
                "%(name)s lends you a role on the site of %(place)s: %(role)s,"
                " from %(since)s to %(last)s included."
            ),
        ),
        "delegation_revoked": (
            _("a delegation has ended"),
            _(
                "The role that %(name)s lent to %(taker)s on the site of %(place)s"
                " (%(role)s) is lent no more."
            ),
        ),
    }


def _signed(subject: str, *paragraphs: str) -> Letter:
    signature = current().full_name
    text = "\n\n".join([*paragraphs, f"-- \n{signature}"]) + "\n"
    return Letter(f"{signature} — {subject}", text)
