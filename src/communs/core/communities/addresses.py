"""Addresses of pages in another community, or in another language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

if TYPE_CHECKING:
    from communs.core.communities.models import Community


def url_of(community: Community, name: str, *args: Any, **kwargs: Any) -> str:
    """Give the address of a page in a community, in the language in force."""
    here = reverse(name, args=args, kwargs=kwargs)
    rest = here[len(get_script_prefix()) - 1 :]
    return f"{prefix_of(community)}{rest}"


def urls_of(
    community: Community, name: str, *, sample: object = "0-0-0"
) -> Callable[[object], str]:
    """Give a maker of addresses of one kind, for lists: the route is looked up once.

    It takes what the route's one argument takes, written with letters, digits and hyphens; the
    sample is one such value that stands nowhere else in the address.
    """
    head, _, tail = url_of(community, name, sample).rpartition(str(sample))
    return lambda argument: f"{head}{argument}{tail}"


def prefix_of(community: Community) -> str:
    """Give what stands before every path of a community; it ends without a slash."""
    language = get_language() or settings.LANGUAGE_CODE
    spoken = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    if community.host:
        return f"//{community.host}{spoken}"
    return spoken if community.is_metropolis else f"{spoken}/{community.slug}"


def absolute(href: str) -> str:
    """Give an address that works from a letter: with its host."""
    base = urlsplit(settings.COMMUNS_URL)
    if href.startswith("//"):
        return f"{base.scheme}:{href}"
    return f"{base.scheme}://{base.netloc}{href}"
