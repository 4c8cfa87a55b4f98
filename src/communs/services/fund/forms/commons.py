"""What is asked of who offers a common, and of who takes it over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communs.core.bundles import showing
from communs.core.bundles.queries import Listed
from communs.core.communities.models import Community
from communs.core.kit.localised import day
from communs.core.registry.service import Service
from communs.services.fund.enums import Challenge

_ALL = pgettext_lazy("filter", "All")
_SMALL = {"rows": 3}


class CommonsForm(forms.Form):
    """Filters of the catalogue."""

    service = forms.ChoiceField(label=_("Service"), required=False)
    challenge = forms.ChoiceField(
        label=_("Challenge"), choices=[("", _ALL), *Challenge.choices], required=False
    )

    def __init__(self, *args: Any, services: Sequence[Service], **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(one.key, one.title) for one in services]
        self.fields["service"].choices = [("", _ALL), *offered]  # type: ignore[attr-defined]


class OfferForm(forms.Form):
    """Which configuration of the commune is offered, and what it is called."""

    bundle = forms.ChoiceField(label=_("Configuration"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Name"), max_length=160)
    summary = forms.CharField(
        label=_("In one sentence"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=_SMALL),
    )

    def __init__(self, *args: Any, bundles: Sequence[Listed], **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {str(one.bundle.pk): one.bundle.pk for one in bundles}
        field: Any = self.fields["bundle"]
        field.choices = [(str(one.bundle.pk), _version(one)) for one in bundles]

    def clean_bundle(self) -> Any:
        """Give the configuration's key."""
        return self.known[self.cleaned_data["bundle"]]


class AskForm(forms.Form):
    """For which commune a common is asked, and what its people should know."""

    place = forms.ChoiceField(label=_("For which commune"))
    message = forms.CharField(
        label=_("What you expect of it, and when"),
        max_length=1000,
        required=False,
        help_text=_("The original commune and the metropolis read it; it is not published."),
        widget=forms.Textarea(attrs=_SMALL),
    )

    def __init__(self, *args: Any, places: Sequence[Community], **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {one.slug: one for one in places}
        field: Any = self.fields["place"]
        field.choices = [(one.slug, one.name) for one in places]

    def clean_place(self) -> Community:
        """Give the commune itself."""
        return self.known[self.cleaned_data["place"]]


class CopyReasonForm(forms.Form):
    """Why a copy is given up, or what confirms it."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs=_SMALL)
    )


class WithdrawCommonForm(forms.Form):
    """Why a common is offered no more."""

    reason = forms.CharField(
        label=_("Reason, which everybody reads"),
        max_length=500,
        widget=forms.Textarea(attrs=_SMALL),
    )


def _version(one: Listed) -> str:
    known = {
        "version": one.bundle.version,
        "day": day(one.bundle.at),
        "licence": showing.licence_words(one.bundle.licence),
    }
    return str(_("Version %(version)s, %(day)s. %(licence)s")) % known
