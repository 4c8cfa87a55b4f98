"""First segments of addresses that no community may take."""

from __future__ import annotations

from django.conf import settings
from django.urls import get_resolver

# Said in advance, so that no community is in the way of a service to come.
TO_COME = {
    "ambassadeurs", "assistant", "bibliotheque", "demarches", "documents", "entraide",
    "espaces", "fonds", "formation", "jardins", "jeunes", "kiosque", "lieux", "livraison",
    "parcours", "stationnement", "ville-3d",
}  # fmt: skip
# Reserved for no service either, though nothing answers there yet.
NEVER = {"admin", "static", "territoires"}


def reserved_segments() -> set[str]:
    """Give every first segment that an address of the site, a language or a file begins with."""
    found = {code for code, _label in settings.LANGUAGES} | TO_COME | NEVER
    patterns = list(get_resolver().url_patterns)
    while patterns:
        pattern = patterns.pop()
        route = str(pattern.pattern)
        if not route and hasattr(pattern, "url_patterns"):
            patterns += pattern.url_patterns
        found.add(route.split("/", maxsplit=1)[0])
    return found - {""}
