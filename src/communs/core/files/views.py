"""The address of a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communs.core.access.rules import require
from communs.core.files import addresses, images, queries, rules
from communs.core.files.engine.kinds import KINDS
from communs.core.files.enums import State
from communs.core.files.models import StoredFile
from communs.core.files.serving import Served, answer


@require_safe
def show(request: HttpRequest, key: UUID, name: str, width: int = 0) -> HttpResponseBase:
    """Serve a file, or an image at a width, to whom its purpose allows."""
    file = queries.file(key)
    if file is None or (width and not (file.is_image and width in images.WIDTHS)):
        raise Http404(str(key))
    if not addresses.has_leave(request, file):
        _require(request, file)
    elsewhere = addresses.canonical(request, file, name, width)
    if elsewhere:
        return redirect(elsewhere)
    if file.state != State.CLEAN:
        return _not_yet(request, file)
    try:
        return answer(request, _served(file, width))
    except FileNotFoundError as error:
        raise Http404(str(key)) from error


def _require(request: Any, file: StoredFile) -> None:
    if file.is_draft:
        require(request.user, rules.READ_OWN, file)
    elif not file.use.public:
        require(request.user, file.use.permission, file)


def _served(file: StoredFile, width: int) -> Served:
    public = file.use.public and not file.is_draft
    kind = KINDS[file.kind]
    media_type = kind.media_type + ("; charset=utf-8" if kind.family == "text" else "")
    if not width:
        size = queries.contents().size(file.path)
        return Served(file.path, file.sha256, size, file.name, media_type, kind.inline, public)
    path = images.at_width(file, width)
    name = f"{file.name.rpartition('.')[0]}-{width}.webp"
    size = queries.contents().size(path)
    return Served(path, f"{file.sha256}-{width}", size, name, "image/webp", True, public)


def _not_yet(request: HttpRequest, file: StoredFile) -> HttpResponseBase:
    title, message = {
        State.PENDING: (
            _("This file is being checked"),
            _("It will be here in a few minutes: come back, or reload the page."),
        ),
        State.QUARANTINED: (
            _("This file was set aside"),
            _("The antivirus found something in it. Ask who sent it for another copy."),
        ),
    }.get(
        State(file.state),
        (_("This file was removed"), _("The time for which it was to be kept is over.")),
    )
    context = {"code": 404, "title": title, "message": message, "suggestions": []}
    return render(request, "web/error.html", context, status=404)
