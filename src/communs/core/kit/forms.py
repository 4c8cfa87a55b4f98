"""Doing what a filled form asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.forms import BaseForm, Form

from communs.core.kit.errors import Refused

R = TypeVar("R")


def done(form: Form, action: Callable[..., R], **more: Any) -> R | None:
    """Do what a filled form asks; None if it cannot be, the reason beside its field."""
    if not form.is_valid():
        return None
    try:
        return action(**form.cleaned_data, **more)
    except Refused as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, str(refusal))
        return None


def needed_to(form: BaseForm, words: Any, *names: str) -> None:
    """Say in labels when optional fields are necessary all the same: "necessary to send"."""
    fields: Any = form.fields
    for name in names:
        if name in fields:
            fields[name].mark = words
