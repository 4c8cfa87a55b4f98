"""What people agree to before they are written to or called on their telephone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from communs.core.privacy.consents import Question, ask_for

TEXTS = ask_for(
    Question(
        "notifications.texts",
        _("Text messages"),
        _("I agree to receive text messages about the notices that I chose, at my number."),
    )
)
CALLS = ask_for(
    Question(
        "notifications.calls",
        _("Calls instead of e-mails"),
        _("I agree to be called by an agent, at my number, instead of receiving e-mails."),
    )
)
