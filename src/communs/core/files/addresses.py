"""Where a file is read: here, or on the host that serves files alone."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from communs.core.communities.scope import current
from communs.core.files.images import WIDTHS
from communs.core.files.models import StoredFile

_LEAVE = signing.TimestampSigner(salt="files.leave")
_LEAVE_SECONDS = 300


def url_of_file(file: StoredFile, width: int = 0) -> str:
    """Give the address of a file, or of an image at a width."""
    if width:
        return reverse("files:image", args=[file.pk, width, file.name])
    return reverse("files:show", args=[file.pk, file.name])


def srcset(file: StoredFile) -> str:
    """Give the widths of an image as `srcset` wants them: none larger than the image is."""
    own = file.width or 0
    smaller = [f"{url_of_file(file, width)} {width}w" for width in WIDTHS if width < own]
    return ", ".join([*smaller, f"{url_of_file(file)} {own}w"])


def has_leave(request: HttpRequest, file: StoredFile) -> bool:
    """Tell whether the site itself sent this reader to the host of files, minutes ago."""
    if not _is_host_of_files(request):
        return False
    try:
        given = _LEAVE.unsign(request.GET.get("leave", ""), max_age=_LEAVE_SECONDS)
    except signing.BadSignature:
        return False
    return given == file.pk.hex


def canonical(request: HttpRequest, file: StoredFile, name: str, width: int) -> str | None:
    """Give the address that this one should have been, or None when it is right."""
    if settings.COMMUNS_FILES_HOST and not _is_host_of_files(request):
        return _on_host_of_files(request, file, width)
    if file.name and name != file.name:
        query = request.META.get("QUERY_STRING", "")
        return url_of_file(file, width) + (f"?{query}" if query else "")
    return None


def _is_host_of_files(request: HttpRequest) -> bool:
    return bool(settings.COMMUNS_FILES_HOST) and request.get_host() == settings.COMMUNS_FILES_HOST


def _on_host_of_files(request: HttpRequest, file: StoredFile, width: int) -> str:
    """That host knows communities by their segment, and readers by the leave they bring."""
    path = url_of_file(file, width)
    rest = path[len(getattr(request, "script_prefix", "/")) - 1 :]
    here = current()
    place = "" if here.is_metropolis else f"/{here.slug}"
    public = file.use.public and not file.is_draft
    leave = "" if public else f"?leave={_LEAVE.sign(file.pk.hex)}"
    return f"{request.scheme}://{settings.COMMUNS_FILES_HOST}{place}{rest}{leave}"
