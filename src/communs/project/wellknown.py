"""Addresses that programs look for by convention."""

from __future__ import annotations

from datetime import UTC, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

_VALID = timedelta(days=180)  # asked anew by whoever reads it later
# What has no business in a search engine: forms of accounts, settings, what is drawn for one.
_CLOSED = ("/compte/", "/connexion/", "/reglages/", "/recherche/", "/api/", "/metriques")


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Tell crawlers what is not for them, in every language and community (RFC 9309)."""
    lines = [f"Disallow: {start}{path}" for path in _CLOSED for start in ("", "/*")]
    return _plain("\n".join(["User-agent: *", *lines]))


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Tell whom to write to about a weakness (RFC 9116), where COMMUNS_SECURITY_CONTACT says."""
    contact = settings.COMMUNS_SECURITY_CONTACT
    if not contact:
        raise Http404
    end = (timezone.now() + _VALID).astimezone(UTC).replace(microsecond=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {end.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: fr, en",
        f"Canonical: {request.build_absolute_uri('/.well-known/security.txt')}",
    ]
    return _plain("\n".join(lines))


def _plain(text: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")
