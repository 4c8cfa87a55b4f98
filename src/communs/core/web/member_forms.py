"""Forms about members: inviting, changing, ending, lending."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.core.access.enums import Role
from communs.core.people.forms import Address

_WORDS = _("Write the date as 27/11/2018.")


class Day(forms.DateField):
    """A day, picked or typed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": _WORDS},
            **options,
        )


class RoleField(forms.ChoiceField):
    """A role, chosen among all."""

    def __init__(self) -> None:
        words = _(
            "An administrator sets everything and chooses members."
            " An editor writes and publishes what services show."
            " An agent serves residents at the counter or outside."
        )
        super().__init__(
            label=_("Role"), choices=Role.choices, widget=forms.RadioSelect, help_text=words
        )

    def clean(self, value: Any) -> Role:
        return Role(super().clean(value))


class InviteForm(forms.Form):
    """Who is asked to join, to do what."""

    email = Address()
    role = RoleField()


class RoleForm(forms.Form):
    """Another role for a member."""

    role = RoleField()


class EndForm(forms.Form):
    """The day a member's role ends."""

    until = Day(
        label=_("First day without the role"),
        help_text=_("Today: the role ends at once. What this member lent ends too."),
    )


class DelegateForm(forms.Form):
    """To whom one lends one's role, and when; the last day is included."""

    to = forms.ChoiceField(label=_("Colleague who stands in"))
    since = Day(label=_("First day"))
    last = Day(label=_("Last day"), help_text=_("Included. A year at most."))

    def __init__(self, *args: Any, colleagues: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.colleagues = {str(row.pk): row for row in colleagues}
        choices = [(key, str(row.person)) for key, row in self.colleagues.items()]
        self.fields["to"].choices = [("", _("Choose…")), *choices]  # type: ignore[attr-defined]

    def clean_to(self) -> Any:
        return self.colleagues[self.cleaned_data["to"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        last = cleaned.get("last")
        if last == dt.date.max:
            self.add_error("last", _WORDS)
        elif last:
            cleaned["until"] = last + dt.timedelta(days=1)
        return cleaned
