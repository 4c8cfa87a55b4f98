"""What is printed in square codes on a kept file, read in the bounded process."""

from __future__ import annotations

import tempfile

from django.utils.translation import gettext as _

from communs.core.files import queries, words
from communs.core.files.models import StoredFile
from communs.core.files.sandbox import worker
from communs.core.kit.errors import Refused

MOST_PAGES = 300


def codes_on(file: StoredFile, *, field: str | None = None) -> list[list[str]]:
    """Give the texts of the codes on each page, in order; a picture is one page.

    Takes about a tenth of a second a page: hold no transaction meanwhile. Raises Refused where the
    pages cannot be drawn, or are too many.
    """
    found: list[list[str]] = []
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        for chunk in queries.contents().chunks(file.path):
            source.write(chunk)
        source.flush()
        while True:
            asked = {"first": len(found), "pixels": 50_000_000, "side": 3840}
            told = worker.ask(asked, source, target)
            if "unfit" in told:
                raise Refused(words.refusal(told["unfit"], file.use), field=field)
            if told["count"] > MOST_PAGES:
                words_ = _("This file has %(count)s pages: send at most %(most)s at a time.")
                raise Refused(words_ % {"count": told["count"], "most": MOST_PAGES}, field=field)
            found += told["pages"]
            if len(found) >= told["count"] or not told["pages"]:
                return found
