"""Earlier figures, looked at before they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communs.core.files.forms import FileField, WithFiles
from communs.core.files.models import StoredFile
from communs.core.files.queries import contents
from communs.core.indicators import words
from communs.core.indicators.definitions import Indicator
from communs.core.indicators.engine import baseline
from communs.core.indicators.engine.baseline import Fault, Figure
from communs.core.indicators.engine.combining import Aggregate
from communs.core.indicators.models import Observation
from communs.core.indicators.rules import BASELINE
from communs.core.kit.localised import day

_SHOWN = 5  # figures at each end of the preview


class BaselineForm(WithFiles):
    """A file of earlier figures, and where they come from."""

    file = FileField(
        BASELINE,
        label=gettext_lazy("File of figures"),
        help_text=gettext_lazy(
            "CSV, 20 MB at most. The first line is date;value, or date;value;n where n says of how"
            " many people. Dates as 27/11/2018, numbers as 1234,5; an empty value is unknown."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Who counted, how, and where it can be checked."),
        max_length=300,
    )
    licence = forms.CharField(
        label=gettext_lazy("Licence"),
        help_text=gettext_lazy("Terms of reuse, for example Licence Ouverte 2.0."),
        max_length=100,
        initial="Licence Ouverte 2.0",
    )


class AgainForm(forms.Form):
    """The days to measure again."""

    start = forms.DateField(
        label=gettext_lazy("First day"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the date as 27/11/2018.")},
    )
    end = forms.DateField(
        label=gettext_lazy("Last day"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the date as 27/11/2018.")},
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring."""

    figures: Sequence[Figure]
    faults: Sequence[Fault]
    replaced: int

    def rows(self, found: Indicator) -> list[dict[str, Any]]:
        """Give the first and the last figures, in words."""
        ends = [*self.figures[:_SHOWN], *self.figures[_SHOWN:][-_SHOWN:]]
        return [
            {
                "day": day(figure.day),
                "value": None if figure.value is None else words.written(found, figure.value),
                "n": figure.n,
            }
            for figure in ends
        ]

    def told(self) -> list[dict[str, Any]]:
        """Give the faults in words, each with its place."""
        return [
            {
                "line": fault.line,
                "column": fault.column or _("whole line"),
                "found": fault.found or "—",
                "sentence": _(fault.sentence),
            }
            for fault in self.faults
        ]


def look(found: Indicator, file: StoredFile, *, until: date) -> Preview:
    """Read a file that was sent; nothing is written."""
    storage: Any = contents()
    with storage.open(file.path) as source:
        text = source.read().decode()
    needs = found.aggregate is Aggregate.RATIO or bool(found.min_people)
    read = baseline.read(text, until=until, needs_n=needs)
    days = [figure.day for figure in read.figures]
    kept = Observation.objects.filter(indicator=found.key, version=found.version)
    known = set(kept.values_list("day", flat=True)) if days else set()
    return Preview(read.figures, read.faults, len(known.intersection(days)))
