"""What the page of a protocol asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from communs.core.communities.models import Community
from communs.core.indicators.definitions import Indicator
from communs.services.fund.actions import Judge
from communs.services.fund.enums import Aim
from communs.services.fund.forms.experiments import FigureField
from communs.services.fund.forms.fields import day_field
from communs.services.fund.models import Experiment, ProtocolIndicator

_MOST, _SPARE, _COMPARED = 12, 2, 5
_OF_A_LINE = ("indicator", "aim", "target", "control", "least")
_LONG = forms.Textarea(attrs={"rows": 3})
_NONE = ("", _("none"))


class ProtocolForm(forms.Form):
    """How an experiment will be judged: one line an indicator, one baseline for all."""

    question = forms.CharField(label=_("The question that is tried"), widget=_LONG, max_length=500)
    starts_on = day_field(label=_("It starts on"))
    ends_on = day_field(label=_("It ends on"))
    baseline_from = day_field(
        label=_("Baseline from"),
        help_text=_("The days before, to compare with: two weeks at least, several months better."),
    )
    baseline_until = day_field(label=_("Baseline until"))
    reason = forms.CharField(
        label=_("Why the protocol changes"),
        help_text=_("It has begun: what changes is shown, and weighs on the verdict."),
        widget=_LONG,
        max_length=500,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        began: bool,
        indicators: Sequence[Indicator],
        places: Iterable[Community],
        lines: int,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.places = {one.slug: one for one in places}
        self.lines = min(lines + _SPARE, _MOST)
        self.written: list[int] = []
        if began:
            self.fields["starts_on"].disabled = True
            self.fields["starts_on"].help_text = _("The start is past: it changes no more.")
        else:
            del self.fields["reason"]
        known = [(one.key, one.title) for one in indicators]
        for n in range(1, self.lines + 1):
            self.fields |= self._line(n, known)
        communes = [
            ("", pgettext("commune", "none")),
            *((slug, one.name) for slug, one in self.places.items()),
        ]
        for n in range(1, _COMPARED + 1):
            self.fields[f"commune_{n}"] = forms.ChoiceField(
                label=_("Compared with, commune %(n)s") % {"n": n},
                help_text=_("It measures the same, and nothing is tried there.") if n == 1 else "",
                choices=communes,
                required=False,
            )

    def _line(self, n: int, known: list[tuple[str, Any]]) -> dict[str, forms.Field]:
        of = {"n": n}
        return {
            f"indicator_{n}": forms.ChoiceField(
                label=_("Indicator %(n)s") % of, choices=[_NONE, *known], required=n == 1
            ),
            f"aim_{n}": forms.ChoiceField(
                label=_("Indicator %(n)s should") % of, choices=Aim.choices, required=False
            ),
            f"target_{n}": FigureField(label=_("Target of indicator %(n)s") % of, required=False),
            f"control_{n}": forms.ChoiceField(
                label=_("Control of indicator %(n)s") % of,
                help_text=_("The same, where nothing is tried, in this commune."),
                choices=[_NONE, *known],
                required=False,
            ),
            f"least_{n}": forms.IntegerField(
                label=_("Days with a value that indicator %(n)s needs, before and after") % of,
                min_value=3,
                max_value=366,
                initial=14,
                required=False,
            ),
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        written = [n for n in range(1, self.lines + 1) if given[f"indicator_{n}"]]
        judges = [
            Judge(
                indicator=given[f"indicator_{n}"],
                aim=given[f"aim_{n}"] or Aim.UP,
                baseline_from=given["baseline_from"],
                baseline_until=given["baseline_until"],
                target=given[f"target_{n}"],
                control=given[f"control_{n}"],
                least_days=given[f"least_{n}"] or 14,
            )
            for n in written
        ]
        self.written = written
        slugs = [given[f"commune_{n}"] for n in range(1, _COMPARED + 1)]
        kept = {name: given[name] for name in ("question", "starts_on", "ends_on")}
        return kept | {
            "reason": given.get("reason", ""),
            "indicators": judges,
            "comparisons": [self.places[slug] for slug in dict.fromkeys(slugs) if slug],
        }

    def add_error(self, field: str | None, error: Any) -> None:
        """Tie what is refused of the nth indicator to the line where it is written."""
        name, _mark, place = (field or "").rpartition("_")
        if self.written and name in _OF_A_LINE and place.isdecimal():
            field = f"{name}_{self.written[int(place) - 1]}"
        super().add_error(field, error)


def initial_of_protocol(experiment: Experiment) -> dict[str, Any]:
    """Give what the form of a protocol shows at first."""
    held: Sequence[ProtocolIndicator] = list(experiment.indicators.all())
    found: dict[str, Any] = {
        "question": experiment.question,
        "starts_on": experiment.starts_on,
        "ends_on": experiment.ends_on,
    }
    if held:
        found |= {
            "baseline_from": held[0].baseline_from,
            "baseline_until": held[0].baseline_until,
        }
    for n, one in enumerate(held, start=1):
        found |= {
            f"indicator_{n}": one.indicator,
            f"aim_{n}": one.aim,
            f"target_{n}": one.target,
            f"control_{n}": one.control,
            f"least_{n}": one.least_days,
        }
    for n, row in enumerate(experiment.comparisons.all(), start=1):
        found[f"commune_{n}"] = row.other.slug
    return found
