"""What e-mails about one's data say."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from communs.core.communities.scope import current
from communs.core.kit.localised import day
from communs.core.people.letters import Letter


def erased() -> Letter:
    """Write that an account was erased; it is the last letter sent to its address."""
    return _signed(
        _("your account is erased"),
        _("Your account and what it kept about you are erased, as was asked."),
        _("Copies kept in case of an accident disappear by themselves, with time."),
        _("If you did not ask for it, answer this message or write to us at once."),
    )


def leaving(on: date, *, link: str) -> Letter:
    """Write that an account nobody used will go, and how to keep it."""
    return _signed(
        _("your account will be erased"),
        _("Nobody has used your account for three years: it will be erased on %(day)s.")
        % {"day": day(on)},
        _("To keep it, sign in before that day:"),
        f"    {link}",
        _("If you no longer need it, there is nothing to do."),
    )


def _signed(subject: str, *paragraphs: str) -> Letter:
    signature = current().full_name
    text = "\n\n".join([*paragraphs, f"-- \n{signature}"]) + "\n"
    return Letter(f"{signature} — {subject}", text)
