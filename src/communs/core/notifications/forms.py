"""How a person wishes to be told: one field a notice and way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communs.core.kit import telephone
from communs.core.kit.errors import Refused
from communs.core.notifications.enums import Channel, Pace
from communs.core.notifications.models import Reach
from communs.core.notifications.notices import Notice, all_notices

Wishes = dict[tuple[str, str], bool]


class WishesForm(forms.Form):
    """Language, pace, number; then each notice, by e-mail and by text message."""

    language = forms.ChoiceField(label=gettext_lazy("Language of your messages"))
    pace = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=Pace.choices,
        help_text=gettext_lazy("What cannot wait is sent at once all the same."),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone number"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("For text messages, or for a call. Only agents who call see it."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    call_me = forms.BooleanField(
        label=gettext_lazy("Call me instead of writing e-mails"),
        required=False,
        help_text=gettext_lazy("An agent reads you the message during office hours."),
    )

    def __init__(self, data: Any = None, *, reach: Reach, held: Wishes) -> None:
        initial = {
            "language": reach.language,
            "pace": reach.pace,
            "phone": telephone.spoken(reach.phone),
            "call_me": reach.call_me,
        }
        super().__init__(data, initial=initial)
        language: Any = self.fields["language"]
        language.choices = settings.LANGUAGES
        self._asked: dict[str, tuple[str, str]] = {}
        for notice in all_notices():
            for channel in (Channel.EMAIL, Channel.SMS):
                self._ask(notice, channel, held)

    def _ask(self, notice: Notice, channel: Channel, held: Wishes) -> None:
        name = f"{notice.key.replace('.', '-')}-{channel.value}"
        fixed = bool(notice.always) and channel == Channel.EMAIL
        wanted = fixed or held.get((notice.key, channel), channel in notice.channels)
        self.fields[name] = forms.BooleanField(
            label=_("%(way)s: %(notice)s") % {"way": channel.label, "notice": notice.about},
            required=False,
            initial=wanted,
            disabled=fixed,
            help_text=str(notice.always) if fixed else "",
        )
        if not fixed:
            self._asked[name] = (notice.key, channel.value)

    @property
    def about_you(self) -> list[forms.BoundField]:
        """The fields about the person."""
        return [self[name] for name in self.base_fields]

    @property
    def about_notices(self) -> list[forms.BoundField]:
        """The fields about each notice."""
        return [self[name] for name in self.fields if name not in self.base_fields]

    def clean_phone(self) -> str:
        try:
            return telephone.number(self.cleaned_data["phone"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        phone = given.get("phone")
        if phone is None:
            return given
        wants_texts = any(
            given.get(n) for n, (_key, way) in self._asked.items() if way == Channel.SMS
        )
        if given.get("call_me") and not phone:
            self.add_error("phone", _("Write the number at which to call you."))
        if wants_texts and not (phone and telephone.is_mobile(phone)):
            self.add_error("phone", _("Write a mobile number, to receive text messages."))
        return given

    @property
    def wishes(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        wanted = {asked: bool(given[name]) for name, asked in self._asked.items()}
        return {name: given[name] for name in self.base_fields} | {"wanted": wanted}
