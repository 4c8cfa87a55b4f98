"""The sheet to print and put on a sign: a square code, and the same in six characters."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

from communs.core.access.rules import require
from communs.core.communities.addresses import absolute, url_of
from communs.core.communities.scope import current
from communs.core.registry.request import Request
from communs.services.delivery.rules import EDIT
from communs.services.delivery.views.asking import bay_or_404, options_of

_QUIET = 4  # modules of white around, as ISO 18004 asks


@require_safe
@login_required
def sign(request: Request, code: str) -> HttpResponse:
    """The sheet of one bay."""
    require(request.user, EDIT)
    found = bay_or_404(code, timezone.now())
    address = absolute(url_of(current(), "delivery:start", found.code))
    side, path = drawn(address)
    context = {
        "bay": found,
        "address": address,
        "side": side,
        "path": path,
        "words": options_of(request).sign_text,
    }
    return render(request, "delivery/sign.html", context)


def drawn(text: str) -> tuple[int, str]:
    """Give the side of a square code in modules, and the path that draws its dark ones."""
    code = QRCode(error_correction=ERROR_CORRECT_Q, border=_QUIET)
    code.add_data(text)
    code.make()
    rows = code.get_matrix()
    dark = [
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    ]
    return len(rows), "".join(dark)
