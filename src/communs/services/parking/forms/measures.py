"""Over which days, and of which zone or place, a reader wants measures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from communs.services.parking.forms.inputs import DateField
from communs.services.parking.models import Zone
from communs.services.parking.queries import places

MOST_DAYS = 93
USUAL_DAYS = 28
_NONE = "-"


class MeasuresForm(forms.Form):
    """Days, and a zone or a place; all optional. Today is not over: yesterday is the last day."""

    first = DateField(label=_("From"))
    last = DateField(label=_("Until"))
    zone = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    place = forms.CharField(required=False, max_length=90, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.usual = today - timedelta(days=USUAL_DAYS), today - timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order, or too many."""
        given = super().clean() or {}
        first, last = self.span(given)
        if not 0 <= (last - first).days < MOST_DAYS:
            sentence = now_("Choose at most %(n)s days, from the first to the last.")
            self.add_error("first", sentence % {"n": MOST_DAYS})
        if given.get("zone") and not self._zone_known(given["zone"]):
            self.add_error("zone", now_("No such zone here."))
        if given.get("place") and places.place(given["place"]) is None:
            self.add_error("place", now_("No such street or car park here."))
        return given

    def span(self, given: dict[str, Any] | None = None) -> tuple[date, date]:
        """Give the days asked for, or the usual ones."""
        known = self.cleaned_data if given is None else given
        last = known.get("last") or self.usual[1]
        return known.get("first") or last - (self.usual[1] - self.usual[0]), last

    @property
    def zone_asked(self) -> Zone | None:
        """Give the zone asked for; None also stands for what is in no zone."""
        return Zone.objects.filter(code=self.cleaned_data["zone"]).first()

    def _zone_known(self, code: str) -> bool:
        return code == _NONE or Zone.objects.filter(code=code).exists()
