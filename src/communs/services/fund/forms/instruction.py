"""What an instructor asks of the list of files, and decides on one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communs.core.files.forms import FileField, WithFiles
from communs.services.fund.actions import Asked, EarlyStart
from communs.services.fund.enums import Stage
from communs.services.fund.forms.choosing import offer_choices
from communs.services.fund.forms.fields import day_field
from communs.services.fund.models import Appointment, Call
from communs.services.fund.queries import MINE, NOBODYS, Wanted
from communs.services.fund.rules import PIECE

_ITEMS = 4
_YES, _NO = "yes", "no"


class FilesForm(forms.Form):
    """Search and filters of the list of files."""

    q = forms.CharField(label=_("Number, title, partner"), required=False, max_length=100)
    call = forms.ChoiceField(label=_("Call"), required=False)
    stage = forms.ChoiceField(label=pgettext_lazy("application", "Stage"), required=False)
    instructor = forms.ChoiceField(label=_("Instructor"), required=False)

    def __init__(self, *args: Any, calls: Iterable[Call], inside: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        everything = ("", _("All"))
        fields: Any = self.fields
        fields["call"].choices = [everything, *((one.code, one.title) for one in calls)]
        hidden = set() if inside else set(Stage.secret())
        fields["stage"].choices = [
            everything,
            *(choice for choice in Stage.choices if choice[0] not in hidden),
        ]
        fields["instructor"].choices = [
            everything,
            (MINE, _("mine")),
            (NOBODYS, _("nobody yet")),
        ]
        if not inside:
            del self.fields["instructor"]

    def wanted(self) -> Wanted:
        """Give what is asked; what is not accepted is left out."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return Wanted(**given)


class AssignForm(forms.Form):
    """Who answers for a file."""

    instructor = forms.ChoiceField(label=_("Who answers for this file"))

    def __init__(
        self, *args: Any, examiners: Iterable[Appointment], user: Any, current: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.people = {str(one.person_id): one.person for one in examiners}
        field: Any = self.fields["instructor"]
        offer_choices(field, [(key, one.name) for key, one in self.people.items()])
        if user.pk != getattr(current, "pk", None):
            field.initial = str(user.pk)  # oneself, where one is among them

    def clean_instructor(self) -> Any:
        """Give the account."""
        return self.people[self.cleaned_data["instructor"]]


class MissingForm(forms.Form):
    """What a file lacks, one thing a line."""

    due_on = day_field(label=_("Answer by"), required=False)

    def __init__(self, *args: Any, questions: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        about = [("", _("The file as a whole")), *questions]
        for n in range(1, _ITEMS + 1):
            self.fields[f"what_{n}"] = forms.CharField(
                label=_("Missing item %(n)s") % {"n": n}, max_length=300, required=n == 1
            )
            self.fields[f"about_{n}"] = forms.ChoiceField(
                label=_("What it is about"), choices=about, required=False
            )
        self.order_fields([*(f for f in self.fields if f != "due_on"), "due_on"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        numbers = range(1, _ITEMS + 1)
        items = [Asked(given[f"what_{n}"], given[f"about_{n}"]) for n in numbers]
        return {"items": [one for one in items if one.what], "due_on": given["due_on"]}


class AnswerForm(WithFiles):
    """An answer to what was asked for."""

    answer = forms.CharField(
        label=_("Your answer"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    file = FileField(PIECE, label=_("File"), required=False)


class CompleteForm(forms.Form):
    """A file is complete, and may start before the award or not."""

    early_start = forms.ChoiceField(
        label=_("May the project start before the award?"),
        choices=[(_NO, _("No: work begins after the award only")), (_YES, _("Yes"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say whether the project may start before the award: yes or no.")
        },
    )
    early_start_on = day_field(label=_("If yes, from which day on"), required=False)
    early_start_reason = forms.CharField(label=_("If yes, why"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        allowed = {_YES: True, _NO: False}.get(given["early_start"])
        day, reason = given["early_start_on"], given["early_start_reason"]
        return {"early": EarlyStart(allowed, day, reason)}


class OptionalReasonForm(forms.Form):
    """A remark with a decision."""

    reason = forms.CharField(
        label=_("Remark"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
