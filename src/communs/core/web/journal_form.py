"""What may be looked for in the journal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communs.core.journal import labels
from communs.core.journal.queries import Asked
from communs.core.people.models import Person
from communs.core.web.member_forms import Day


class JournalForm(forms.Form):
    """Days, an event, a person, a subject; whatever is left empty does not count."""

    first = Day(label=_("From"), required=False)
    last = Day(label=_("To"), required=False)
    name = forms.ChoiceField(label=_("What was done"), required=False)
    person = forms.CharField(label=_("By whom"), required=False, max_length=120)
    subject = forms.CharField(label=_("To what"), required=False, max_length=120)
    before = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, names: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = sorted(((name, labels.of_event(name)) for name in names), key=lambda c: c[1])
        self.fields["name"].choices = [("", _("Everything")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day comes before the first."))
        return cleaned

    def asked(self) -> Asked:
        """Give what is looked for; call once the form is valid."""
        given = self.cleaned_data
        return Asked(
            first=given["first"],
            last=given["last"],
            name=given["name"],
            subject=given["subject"],
            actors=_named(given["person"]) if given["person"] else None,
        )


def _named(text: str) -> tuple[UUID, ...]:
    """Give the accounts of that address, or whose name has these words."""
    found = Person.objects.filter(Q(email=text.lower()) | Q(name__icontains=text)).order_by()
    return tuple(found.values_list("pk", flat=True)[:200])
