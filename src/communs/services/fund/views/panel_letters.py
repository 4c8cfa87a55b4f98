"""The letter that gives a tester their own link, where they left an e-mail address."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from communs.core.communities.scope import current
from communs.core.people import mail
from communs.core.people.letters import Letter
from communs.services.fund.models import Experiment


def send_link(experiment: Experiment, contact: str, link: str) -> bool:
    """Send a tester their link if `contact` is an e-mail address; tell whether it was sent.

    Anybody may write anybody's address: nothing that they wrote stands in the letter.
    """
    address = contact.strip()
    try:
        validate_email(address)
    except ValidationError:
        return False
    mail.send(_letter(experiment, link), to=address)
    return True


def _letter(experiment: Experiment, link: str) -> Letter:
    signature, known = current().full_name, {"title": experiment.title}
    paragraphs = [
        _("Thank you for testing: “%(title)s”.") % known,
        _("Say how it goes, as often as you like, or leave the panel, at your own address:"),
        f"    {link}",
        _("It is yours alone: give it to nobody."),
        _("If you asked for nothing, open it and leave: this address is then erased."),
        f"-- \n{signature}",
    ]
    subject = _("your own link to a panel")
    return Letter(f"{signature} — {subject}", "\n\n".join(paragraphs) + "\n")
