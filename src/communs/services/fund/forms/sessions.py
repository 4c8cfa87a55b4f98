"""What the secretaries of the committee and of the Bureau fill in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communs.core.kit.forms import needed_to
from communs.services.fund.enums import Opinion, Outcome, Presence, RankingRule
from communs.services.fund.forms.fields import AmountField, moment_field
from communs.services.fund.models import (
    AgendaItem,
    Application,
    Appointment,
    Attendance,
    Call,
    Decision,
    Envelope,
    Scenario,
)

_FEW = {"rows": 3}
_NO_CALL = ("", pgettext_lazy("call", "none"))
_NO_ENVELOPE = ("", pgettext_lazy("envelope", "none"))
_NOBODY = ("", _("nobody"))


class SessionForm(forms.Form):
    """A session to come."""

    held_at = moment_field(label=_("Day and hour"), help_text=_("Paris time."))
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    call = forms.ChoiceField(
        label=_("Call"), required=False, help_text=_("Its envelope is the one that is shared out.")
    )
    envelope = forms.ChoiceField(label=_("Another envelope"), required=False)
    quorum = forms.IntegerField(
        label=_("Quorum (%)"),
        help_text=_("More than this share of the members must be there in person."),
        initial=50,
        min_value=0,
        max_value=100,
    )

    def __init__(
        self,
        *args: Any,
        calls: Iterable[Call],
        envelopes: Iterable[Envelope],
        waiting: Iterable[Application] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.calls = {str(one.pk): one for one in calls}
        self.envelopes = {str(one.pk): one for one in envelopes}
        fields: Any = self.fields
        fields["call"].choices = [_NO_CALL, *((k, one.title) for k, one in self.calls.items())]
        held = ((k, str(one)) for k, one in self.envelopes.items())
        fields["envelope"].choices = [_NO_ENVELOPE, *held]
        self.waiting = _offer_files(self, waiting)

    def clean_call(self) -> Call | None:
        """Give the call, or None."""
        return self.calls.get(self.cleaned_data["call"])

    def clean_envelope(self) -> Envelope | None:
        """Give the envelope, or None."""
        return self.envelopes.get(self.cleaned_data["envelope"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return _with_files(given, self.waiting)


class AgendaForm(forms.Form):
    """Files to be put on an agenda or in a deliberation."""

    def __init__(self, *args: Any, waiting: Iterable[Application], **options: Any) -> None:
        super().__init__(*args, **options)
        self.waiting = _offer_files(self, waiting, required=True)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return _with_files(given, self.waiting)


class AttendanceForm(forms.Form):
    """Who is there, and who stands in for whom."""

    def __init__(
        self,
        *args: Any,
        members: Sequence[Appointment],
        attended: Iterable[Attendance],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.members = list(members)
        known = {one.member_id: one for one in attended}
        by_row = {one.pk: one.member_id for one in known.values()}
        others = [(str(one.pk), one.person.name) for one in self.members]
        for one in self.members:
            row = known.get(one.pk)
            self.fields[f"presence_{one.pk.hex}"] = forms.ChoiceField(
                label=one.person.name,
                choices=Presence.choices,
                initial=row.presence if row else Presence.PRESENT,
            )
            self.fields[f"proxy_{one.pk.hex}"] = forms.ChoiceField(
                label=_("Represented by (%(name)s)") % {"name": one.person.name},
                choices=[_NOBODY, *(pair for pair in others if pair[0] != str(one.pk))],
                initial=str(by_row.get(row.proxy_id, "")) if row and row.proxy_id else "",
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        presences = {one.pk: given[f"presence_{one.pk.hex}"] for one in self.members}
        chosen = {one.pk: given[f"proxy_{one.pk.hex}"] for one in self.members}
        proxies = {
            key: UUID(proxy)
            for key, proxy in chosen.items()
            if proxy and presences[key] == Presence.REPRESENTED
        }
        return {"presences": presences, "proxies": proxies}


class ScenarioForm(forms.Form):
    """A ranking to be made."""

    title = forms.CharField(label=_("Name of the ranking"), max_length=120)
    rule = forms.ChoiceField(
        label=_("How it ranks"), choices=RankingRule.choices, widget=forms.RadioSelect
    )
    limit = AmountField(
        label=_("Euros to share out"),
        help_text=_("Empty: what the envelope still holds."),
        required=False,
    )


class LinesForm(forms.Form):
    """A ranking by hand: rank and amount of each file."""

    def __init__(self, *args: Any, scenario: Scenario, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = list(scenario.lines.select_related("application").order_by("rank"))
        for one in self.lines:
            number = one.application.number
            self.fields[f"rank_{number}"] = forms.IntegerField(
                label=_("Rank of %(file)s") % {"file": number},
                min_value=1,
                max_value=10_000,
                initial=one.rank,
            )
            self.fields[f"amount_{number}"] = AmountField(
                label=_("Amount for %(file)s") % {"file": number},
                required=False,
                initial=one.amount,
            )

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Give each line with its two fields."""
        return [
            (one, self[f"rank_{one.application.number}"], self[f"amount_{one.application.number}"])
            for one in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        lines: dict[UUID, tuple[int, Decimal | None]] = {
            one.pk: (
                given[f"rank_{one.application.number}"],
                given[f"amount_{one.application.number}"],
            )
            for one in self.lines
        }
        return {"lines": lines}


class VotesForm(forms.Form):
    """A vote: as it was noted, or for a start everybody in favour."""

    votes_for = forms.IntegerField(label=_("For"), min_value=0, max_value=500)
    votes_against = forms.IntegerField(label=_("Against"), min_value=0, max_value=500)
    abstentions = forms.IntegerField(label=_("Abstentions"), min_value=0, max_value=500)

    def __init__(self, *args: Any, noted: Any, voices: int, **options: Any) -> None:
        super().__init__(*args, **options)
        unanimous = {"votes_for": voices, "votes_against": 0, "abstentions": 0}
        for name, value in unanimous.items():
            kept = getattr(noted, name)
            self.initial[name] = value if noted.votes_for is None else kept


class OpinionForm(VotesForm):
    """What the committee proposes for a file."""

    opinion = forms.ChoiceField(
        label=_("What the committee proposes"),
        choices=Opinion.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    amount = AmountField(label=_("Amount proposed (€)"), required=False)
    deferred = forms.BooleanField(label=_("Defer the file to another session"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed for a refusal or a deferral; it is given with the decision."),
        widget=forms.Textarea(attrs=_FEW),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args: Any, item: AgendaItem, **options: Any) -> None:
        initial = {
            name: getattr(item, name) for name in ("opinion", "amount", "deferred", "reason")
        }
        if item.decided_at is None:
            initial["amount"] = item.amount or item.application.requested
        super().__init__(*args, noted=item, initial=initial, **options)
        first = ["opinion", "amount", "reason", "deferred"]
        self.order_fields([*first, "votes_for", "votes_against", "abstentions"])
        needed_to(self, _("necessary, except for a deferral"), "opinion")
        needed_to(self, _("necessary to propose the project"), "amount")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        paid = given.get("opinion") != Opinion.UNFAVOURABLE and not given.get("deferred")
        return _without_offer(self, given, paid=paid)


class DeliberationForm(forms.Form):
    """An act of the Bureau, with the files on which it decides where they are known already."""

    number = forms.CharField(label=_("Number of the deliberation"), max_length=40)
    title = forms.CharField(label=_("What it is about"), max_length=200)
    text = forms.CharField(
        label=_("Reasons and references"), widget=forms.Textarea(attrs={"rows": 8}), required=False
    )

    def __init__(self, *args: Any, waiting: Iterable[Application], **options: Any) -> None:
        super().__init__(*args, **options)
        self.waiting = _offer_files(self, waiting)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return _with_files(given, self.waiting)


class DecisionForm(forms.Form):
    """What the Bureau decides on a file."""

    outcome = forms.ChoiceField(
        label=_("Decision"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    amount = AmountField(label=_("Amount awarded (€)"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed where nothing is awarded."),
        widget=forms.Textarea(attrs=_FEW),
        max_length=1000,
        required=False,
    )

    def __init__(
        self, *args: Any, decision: Decision, proposed: Decimal | None, **options: Any
    ) -> None:
        initial = {name: getattr(decision, name) for name in ("outcome", "amount", "reason")}
        if initial["amount"] is None:
            initial["amount"] = proposed
        super().__init__(*args, **{"initial": initial, **options})
        needed_to(self, _("necessary to award"), "amount")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return _without_offer(self, given, paid=given.get("outcome") == Outcome.AWARDED)


def _offer_files(
    form: forms.Form, waiting: Iterable[Application], *, required: bool = False
) -> dict[str, Application]:
    """Offer the files that wait, by number; nothing is asked where none does."""
    found = {one.number: one for one in waiting}
    if found or required:
        form.fields["files"] = forms.MultipleChoiceField(
            label=pgettext_lazy("fund", "Files"),
            choices=[(key, f"{key} – {one.title}") for key, one in found.items()],
            widget=forms.CheckboxSelectMultiple,
            required=required,
            error_messages={
                "required": _("Choose at least one file."),
                "invalid_choice": _("A file that you chose does not wait here: choose again."),
            },
        )
    return found


def _with_files(given: dict[str, Any], waiting: dict[str, Application]) -> dict[str, Any]:
    return given | {"applications": [waiting[key] for key in given.pop("files", [])]}


def _without_offer(form: forms.Form, given: dict[str, Any], *, paid: bool) -> dict[str, Any]:
    """Leave out the amount that the form offered, untouched, where nothing is paid."""
    if not paid and given.get("amount") == form.initial.get("amount"):
        return given | {"amount": None}
    return given
