"""Who may write forms, and who reads the files of answers."""

from __future__ import annotations

from typing import Any

import rules
from django.utils.translation import gettext_lazy as _

from communs.core.access.enums import Role
from communs.core.access.rules import declare, holds, may
from communs.core.files import purposes
from communs.core.files.engine.verdict import MEGA
from communs.core.files.rules import sent_it
from communs.core.forms import subjects
from communs.core.forms.engine.kinds.papers import KINDS, LARGEST
from communs.core.forms.models import Answers

EDIT = "forms.edit"
READ_FILE = "forms.read_file"
FILES = "forms.answer"
TRIAL = "forms.trial"


@rules.predicate
def reads_the_answers(person: Any, file: Any) -> bool:
    """Tell whether a person may read the answers that a file belongs to; their service says."""
    kind, _colon, key = file.subject.partition(":") if file is not None else ("", "", "")
    if kind != Answers._meta.label_lower:
        return False
    found = Answers.objects.filter(pk=key).first()
    return found is not None and subjects.may_read(person, found.subject)


def _tries_forms(person: Any, _key: str) -> bool:
    return may(person, EDIT)


declare({EDIT: holds(Role.ADMINISTRATOR, Role.EDITOR), READ_FILE: sent_it | reads_the_answers})
purposes.declare(
    purposes.Purpose(
        FILES, _("Files of forms"), KINDS, max_bytes=LARGEST * MEGA, permission=READ_FILE
    )
)
subjects.declare(subjects.Use(TRIAL, _("Trial, used by no service"), _tries_forms, public=False))
