"""Who may read a file that is not public."""

from __future__ import annotations

from typing import Any

import rules

from communs.core.access.rules import declare

READ_OWN = "files.read_own"


@rules.predicate
def sent_it(person: Any, file: Any) -> bool:
    """Tell whether this person sent this file; combine it with others in a purpose's permission."""
    return bool(
        getattr(person, "is_authenticated", False)
        and file is not None
        and file.uploaded_by == person.pk
    )


declare({READ_OWN: sent_it})
