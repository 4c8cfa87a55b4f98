"""Spans of days: the first day counts, the end is the first day that no longer does."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def in_force(on: date, *, since: str = "since", until: str = "until") -> Q:
    """Give the filter for rows whose span holds this day; an empty bound is open."""
    started = Q(**{f"{since}__isnull": True}) | Q(**{f"{since}__lte": on})
    not_ended = Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": on})
    return started & not_ended
