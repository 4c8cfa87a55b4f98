"""Fields that choose among communities."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from communs.core.communities.models import Community
from communs.core.communities.queries import by_name
from communs.services.fund.forms.choosing import CHOOSE


def offer_by_name(field: Any, rows: QuerySet[Community], *, none: Any = CHOOSE) -> None:
    """Have a field offer communities as people sort their names, after what chooses none."""
    field.queryset = rows
    first = [] if field.empty_label is None else [("", none)]
    offered = [(one.pk, field.label_from_instance(one)) for one in by_name(rows)]
    field.choices = [*first, *offered]
