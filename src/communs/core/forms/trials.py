"""Trying a published form for real: as many colleagues as there are fill the same answers.

It is also how a service uses a form: its own actions, which own the event, call `filling`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from communs.core.forms import filling, queries
from communs.core.forms.engine.moving import Moved
from communs.core.forms.filling import Change, Kept
from communs.core.forms.models import Answers, Form, Version
from communs.core.forms.rules import TRIAL
from communs.core.journal.actions import action, nothing_done, record


def subject_of(form: Form) -> str:
    """Give what the trial of a form belongs to."""
    return f"{TRIAL}:{form.pk}"


def trial_of(form: Form) -> Answers | None:
    """Give the trial of a form, or None."""
    return queries.answers_about(subject_of(form))


@action("forms.trial_begun")
def begin(*, form: Form, version: Version, at: datetime, by: Any) -> Answers:
    """Begin the trial of a form, in the place of the one before."""
    before = trial_of(form)
    if before is not None:
        filling.forget(answers=before, by=by)
    answers = filling.begin(version=version, subject=subject_of(form), at=at, by=by)
    record(form, key=form.key, number=version.number)
    return answers


@action("forms.trial_kept")
def write(*, answers: Answers, change: Change, at: datetime, by: Any) -> Kept:
    """Keep what a page of a trial asks for."""
    kept = filling.apply(answers=answers, change=change, at=at, by=by)
    if kept.changed or change.add or change.remove:
        record(kept.answers, page=change.page)
    else:
        nothing_done()
    return kept


@action("forms.trial_sent")
def send(*, answers: Answers, at: datetime, by: Any) -> Answers:
    """Send a trial: it goes nowhere, and is checked as any other."""
    sent = filling.send(answers=answers, at=at, by=by)
    record(sent, about=sent.subject)
    return sent


@action("forms.trial_moved")
def move(*, answers: Answers, version: Version, at: datetime, by: Any) -> Moved:
    """Move a trial to the version in force."""
    moved = filling.rebase(answers=answers, version=version, at=at, by=by)
    record(answers, number=version.number, left=[one.path for one in moved.left])
    return moved
