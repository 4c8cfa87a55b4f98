"""An application is sent, sent again once it is completed, or withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.forms import filling
from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_text
from communs.services.fund.actions.moving import hold, hold_whole, move
from communs.services.fund.enums import Stage
from communs.services.fund.models import Application
from communs.services.fund.queries.obstacles import Obstacle, obstacles


class NotReady(Refused):
    """A file that cannot be sent yet; `obstacles` names each rule that is broken."""

    def __init__(self, found: Sequence[Obstacle]) -> None:
        count = ngettext(
            "%(count)s thing stands in the way of sending:",
            "%(count)s things stand in the way of sending:",
            len(found),
        )
        said = " ".join(one.sentence for one in found)
        super().__init__(f"{count % {'count': len(found)}} {said}")
        self.obstacles = tuple(found)


@action("fund.application_submitted")
def submit(*, application: Application, at: datetime, by: Any) -> Application:
    """Send a file, or send it again completed: from now on it is read, and no longer written.

    Raises NotReady with every rule that is broken; nothing is changed then.
    """
    held = hold_whole(application)
    again = held.stage == Stage.INCOMPLETE
    if held.stage not in (Stage.DRAFT, Stage.INCOMPLETE):
        raise Refused(_("This file was sent already."))
    found = obstacles(held, at=at)
    if found:
        raise NotReady(found)
    if held.answers is not None and held.answers.is_draft:
        filling.send(answers=held.answers, at=at, by=by)
    first = {} if again else {"submitted_at": at}
    move(application=held, to=Stage.SUBMITTED, at=at, also=first, by=by)
    asked = None if held.requested is None else str(held.requested)
    record(held, number=held.number, again=again, requested=asked)
    return held


@action("fund.application_withdrawn")
def withdraw(*, application: Application, reason: str, at: datetime, by: Any) -> None:
    """Take a file back, with the lead's reason."""
    held = hold(application)
    move(application=held, to=Stage.WITHDRAWN, at=at, reason=reason, by=by)
    record(held, number=held.number, reason=clean_text(reason))
