"""The facts that the prose of the communiqué states, each looked for by its own words."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .findings import N_, Finding
from .french import COUNT, DATE, WEEKDAYS, Prose, amount, day_of, whole_number
from .table import BAD_TOTAL

NO_SUCH_DAY = N_("The date “%(printed)s” does not exist.")
NOT_A_COUNT = N_("“%(printed)s” is not a number.")
NO_TOTAL = N_("The total of the grants is missing.")
NO_FIELDS = N_("The fields of experiment (« champs d'expérimentation ») are missing.")

# Every pattern is bounded: the time to read grows with the text, never faster.
_NAME = r"(?P<words>[^ ,.]{2,40}(?: [^ ,.]{2,40}){1,3}?)"
_FUND = r"dans le cadre (?:du |de la |de l')"
_PROJECTS = r"(?:de ces )?projets"
_ARTICLE = r"(?=le |la |les |l')"

WORDS = {
    "body": (
        N_("The body that awards the grants is missing."),
        r"\ble (?P<words>bureau|conseil) de la metropole",
    ),
    "chair": (
        N_("The name of the chair is missing."),
        rf"sous la presidence de {_NAME}(?=[,.]| a )",
    ),
    "fund_name": (
        N_("The name of the fund is missing."),
        rf"{_FUND}(?P<words>[^().]{{3,150}}?) ?\(",
    ),
    "fund_acronym": (
        N_("The acronym of the fund is missing."),
        rf"{_FUND}[^().]{{3,150}}\((?P<words>[a-z]{{2,12}})\)",
    ),
}
DAYS = {
    "published_on": (
        N_("The date of publication is missing."),
        rf"\b[a-z-]{{2,40}}, le {DATE}",
    ),
    "awarded_on": (
        N_("The date of the award is missing."),
        rf"\breunie? (?:ce |le )(?:(?:{'|'.join(WEEKDAYS)}) )?{DATE}",
    ),
    "created_on": (
        N_("The date when the fund was created is missing."),
        rf"\bcreee? par le conseil (?:metropolitain|de la metropole) du {DATE}",
    ),
    "committee_on": (
        N_("The date of the committee is missing."),
        rf"\bcomite d'examen du {DATE}",
    ),
}
COUNTS = {
    "project_count": (
        N_("The number of funded projects is missing."),
        rf"\b{COUNT} {_PROJECTS} ont ete subventionnes",
    ),
    "commune_count": (
        N_("The number of communes is missing."),
        rf"\brepartis? entre {COUNT} communes?\b",
    ),
    "territory_count": (
        N_("The number of territories is missing."),
        rf"\brepartis? entre [0-9a-z-]{{1,20}} communes? et {COUNT} territoires?\b",
    ),
    "pooled_count": (
        N_("The number of projects that join several bodies is missing."),
        rf"\b{COUNT} {_PROJECTS} associent",
    ),
    "pooled_minimum": (
        N_("The least number of bodies joined by a project is missing."),
        rf"\bassocient au moins {COUNT} collectivites",
    ),
}
_WEEKDAY = re.compile(rf"\breunie? (?:ce |le )(?P<words>{'|'.join(WEEKDAYS)}) [0-9]")
_TOTAL = re.compile(
    r"\btotal (?:general )?(?:de |d'|: |est de |s'eleve a )?(?P<words>.{1,40}?) ?(?:euros?\b|€)"
)
_FIELDS = re.compile(r"champs d'experimentation ?: (?P<words>[^.]{3,800})\.")
_BETWEEN_FIELDS = re.compile(rf", | ou encore {_ARTICLE}| ou {_ARTICLE}| et {_ARTICLE}")


@dataclass(slots=True)
class Facts:
    """Looks for facts, and keeps the problems; what it gives for a missing one is never shown."""

    prose: Prose
    problems: list[Finding] = field(default_factory=list)

    def words(self, code: str) -> str:
        """Give words as printed."""
        found = self._find(code, *WORDS[code])
        return self._printed(found, "words") if found else ""

    def day(self, code: str) -> date:
        """Give a date."""
        found = self._find(code, *DAYS[code])
        if found is None:
            return date.min
        value = day_of(found)
        if value is None:
            printed = self.prose.printed[found.start("day") : found.end("year")]
            self.problems.append(Finding("no_such_day", NO_SUCH_DAY, {"printed": printed}, code))
        return value or date.min

    def count(self, code: str) -> int:
        """Give a number printed in figures or in words."""
        found = self._find(code, *COUNTS[code])
        if found is None:
            return 0
        value = whole_number(found["count"])
        if value is None:
            printed = self._printed(found, "count")
            self.problems.append(Finding("not_a_count", NOT_A_COUNT, {"printed": printed}, code))
        return value or 0

    def weekday(self) -> str:
        """Give the weekday printed before the date of the award; empty when there is none."""
        found = _WEEKDAY.search(self.prose.folded)
        return self._printed(found, "words") if found else ""

    def totals(self, after_table: Prose, in_table: list[Decimal]) -> tuple[Decimal, ...]:
        """Give every different total of the text, the first stated first."""
        values: list[Decimal] = []
        for prose in (self.prose, after_table):
            for found in _TOTAL.finditer(prose.folded):
                value = amount(found["words"])
                if value is None:
                    printed = prose.printed[found.start("words") : found.end("words")]
                    values_of: dict[str, object] = {"printed": printed}
                    self.problems.append(Finding("total_not_a_number", BAD_TOTAL, values_of))
                else:
                    values.append(value)
        values.extend(in_table)
        if not values and not any(one.code == "total_not_a_number" for one in self.problems):
            self.problems.append(Finding("total", NO_TOTAL))
        return tuple(dict.fromkeys(values)) or (Decimal(0),)

    def fields(self) -> tuple[str, ...]:
        """Give the fields of experiment, as printed, with their articles."""
        found = _FIELDS.search(self.prose.folded)
        if found is None:
            self.problems.append(Finding("fields", NO_FIELDS))
            return ()
        part = self.prose.part(*found.span("words"))
        cuts = [0]
        for between in _BETWEEN_FIELDS.finditer(part.folded):
            cuts += between.span()
        cuts.append(len(part.printed))
        pairs = zip(cuts[::2], cuts[1::2], strict=True)
        return tuple(part.printed[start:end].strip() for start, end in pairs)

    def _find(self, code: str, template: str, pattern: str) -> re.Match[str] | None:
        found = re.search(pattern, self.prose.folded)
        if found is None:
            self.problems.append(Finding(code, template))
        return found

    def _printed(self, found: re.Match[str], group: str) -> str:
        return self.prose.printed[found.start(group) : found.end(group)]
