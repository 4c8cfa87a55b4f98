"""What a manager writes of the master plan, and what the committee notes of a lesson."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from communs.core.kit.localised import moment
from communs.services.fund.enums import Challenge, LessonState
from communs.services.fund.forms.fields import day_field
from communs.services.fund.models import Lesson, Session
from communs.services.fund.queries import master_plan

_LARGE = {"rows": 5}
_OUTCOMES = [
    (LessonState.ACCEPTED, _("It enters the master plan")),
    (LessonState.SENT_BACK, _("It is to be written again")),
    (LessonState.REFUSED, _("It is not retained")),
]


class WorkstreamForm(forms.Form):
    """A piece of work of the plan."""

    challenge = forms.ChoiceField(label=_("Challenge"), choices=Challenge.choices)
    title = forms.CharField(label=_("Name"), max_length=160)
    summary = forms.CharField(
        label=_("In one sentence"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    position = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=9999, required=False
    )


class CloseForm(forms.Form):
    """When a piece of work ended."""

    on = day_field(label=_("Last day"), help_text=_("A closed workstream is not opened again."))


class LessonForm(forms.Form):
    """What an evaluation teaches."""

    challenge = forms.ChoiceField(label=_("Challenge"), choices=Challenge.choices)
    workstream: Any = forms.ModelChoiceField(label=_("Workstream"), queryset=None, required=False)
    finding = forms.CharField(
        label=_("What was learnt"), max_length=4000, widget=forms.Textarea(attrs=_LARGE)
    )
    recommendation = forms.CharField(
        label=_("What the plan should do"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs=_LARGE),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["workstream"]
        field.queryset = master_plan.workstreams(closed=False)
        field.empty_label = pgettext("workstream", "none")
        field.label_from_instance = lambda one: f"{one.get_challenge_display()} – {one.title}"


class LessonReviewForm(forms.Form):
    """What the steering committee made of a lesson."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=_OUTCOMES, widget=forms.RadioSelect)
    session: Any = forms.ModelChoiceField(
        label=_("In which session"), queryset=None, required=False
    )
    reason = forms.CharField(
        label=_("Why, where it is not accepted"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["session"]
        field.queryset = master_plan.sessions_of_committee()
        field.empty_label = pgettext("session", "none")
        field.label_from_instance = _session_label


def _session_label(session: Session) -> str:
    return moment(session.held_at)


def initial_of_lesson(lesson: Lesson) -> dict[str, Any]:
    """Give what the form of a lesson begins with."""
    names = ("challenge", "workstream", "finding", "recommendation")
    return {name: getattr(lesson, name) for name in names}
