"""What is done when people change their mind elsewhere."""

from __future__ import annotations

from uuid import UUID

from communs.core.journal.listeners import listens_to
from communs.core.journal.models import Event
from communs.core.notifications import actions


@listens_to("privacy.consent_withdrawn")
def stop_what_was_agreed(event: Event) -> None:
    """Send no more text messages, or make no more calls, to who took their consent back."""
    actions.stop(person=UUID(event.subject.partition(":")[2]), purpose=event.data["purpose"])
