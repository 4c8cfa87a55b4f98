"""What is said of files, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communs.core.files.engine.kinds import KINDS
from communs.core.files.engine.verdict import MEGA
from communs.core.files.purposes import Purpose, named
from communs.core.kit.localised import number

if TYPE_CHECKING:
    from django.utils.functional import Promise

_KILO, _GIGA = 1024, 1024 * MEGA
_WHOLE = 10  # from ten on, a size needs no decimal

REASONS: Mapping[str, Promise | str] = {
    "empty": gettext_lazy("This file is empty."),
    "cut": gettext_lazy("This file is cut short: open it, save it again, then send it."),
    "damaged": gettext_lazy("This file cannot be read: open it, save it again, then send it."),
    "unknown": gettext_lazy("What this file holds is not recognised."),
    "not_taken": gettext_lazy("This kind of file is not taken here."),
    "heic": gettext_lazy(
        "HEIC and AVIF photos are not taken: on an iPhone, choose “Most Compatible” in the"
        " camera’s settings, or send the photo as JPEG."
    ),
    "other_image": gettext_lazy("This kind of picture is not taken: save it as JPEG or PNG."),
    "old_office": gettext_lazy(
        "This document is in an old format: save it as DOCX, XLSX, PPTX, ODT or PDF."
    ),
    "program": gettext_lazy("This file is a program; programs are not taken."),
    "web_page": gettext_lazy("This file is a web page or holds a script; it is not taken."),
    "archive": gettext_lazy("Compressed archives of this kind are not taken."),
    "nested_archive": gettext_lazy("This file hides an archive or a program inside another."),
    "encrypted": gettext_lazy("This file is protected by a password: remove it, then send it."),
    "macros": gettext_lazy(
        "This document holds macros or objects: save it without them, or as PDF."
    ),
    "remote": gettext_lazy(
        "This document fetches parts of itself from elsewhere: save it with its pictures inside,"
        " or as PDF."
    ),
    "active_xml": gettext_lazy(
        "This document holds instructions that are not taken: save it as PDF."
    ),
    "escaping_names": gettext_lazy("This archive holds names or links that are not taken."),
    "too_many_entries": gettext_lazy("This archive holds too many files."),
    "bomb": gettext_lazy("This file swells too much when it is opened."),
    "too_many_pixels": gettext_lazy("This picture has too many pixels: reduce it, then send it."),
    "too_heavy": gettext_lazy("This file takes too long to check: send a simpler one."),
    "active_pdf": gettext_lazy(
        "This PDF holds a script, an attachment or a password: print it to a new PDF, then send it."
    ),
}


def size(count: int) -> str:
    """Give a number of bytes as people say it: « 2,4 Mo »."""
    for unit, form in (
        (_GIGA, _("%(count)s GB")),
        (MEGA, _("%(count)s MB")),
        (_KILO, _("%(count)s kB")),
    ):
        if count >= unit:
            value = Decimal(count) / unit
            digits = Decimal(1) if value >= _WHOLE else Decimal("0.1")
            rounded = value.quantize(digits)
            return form % {"count": number(rounded.normalize() + 0)}
    return _("%(count)s B") % {"count": number(count)}


def allowed(purpose: Purpose) -> str:
    """Give what a purpose takes: its kinds and its size."""
    labels = ", ".join(KINDS[key].label for key in purpose.kinds)
    most = size(purpose.max_bytes)
    return _("Taken: %(kinds)s; at most %(size)s.") % {"kinds": labels, "size": most}


def refusal(reason: str, purpose: Purpose) -> str:
    """Give why a file is not kept, and what would be."""
    return f"{REASONS.get(reason, REASONS['damaged'])} {allowed(purpose)}"


def too_large(count: int, purpose: Purpose) -> str:
    """Give the sentence about a file over its purpose's size."""
    found = {"size": size(count), "most": size(purpose.max_bytes)}
    return _("This file weighs %(size)s; at most %(most)s are taken.") % found


def _allowed_by(key: str) -> str:
    return allowed(named(key))


allowed_lazily = lazy(_allowed_by, str)
