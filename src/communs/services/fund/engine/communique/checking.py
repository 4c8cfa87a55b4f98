"""The communiqué against the reference, and what it says of itself against its table."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from .findings import N_, Finding
from .french import WEEKDAYS, fold, key
from .matching import Reference
from .model import Body, Communique, Match, Report

PROJECTS = N_("The text says %(said)d projects; its table holds %(found)d.")
COMMUNES = N_("The text says %(said)d communes; its table holds %(found)d.")
TERRITORIES = N_("The text says %(said)d territories; its table holds %(found)d.")
DOUBTFUL_COUNT = N_("The number of bodies (%(said)d) cannot be verified: a name is unknown.")
DUPLICATE = N_("Rows %(first)d and %(row)d are the same: “%(printed)s”.")
OTHER_TOTAL = N_("The total of the text is %(said)s euros; %(expected)s was expected.")
TWO_TOTALS = N_("The text gives several totals: %(said)s euros.")
POOLED = N_("The text says that %(said)d projects join several bodies, out of %(found)d.")
WRONG_WEEKDAY = N_("%(day)s was a %(right)s, not a %(said)s.")
COMMITTEE_LATE = N_("The committee (%(committee)s) met after the award (%(award)s).")
CREATION_LATE = N_("The fund was created (%(created)s) after the committee (%(committee)s).")
PUBLISHED_EARLY = N_("The text was published (%(published)s) before the award (%(award)s).")
AMOUNTS_UNKNOWN = N_(
    "The total (%(said)s euros) cannot be verified: the amount of each project is not published."
)
PARTNERS_UNKNOWN = N_(
    "That %(said)d projects join at least %(least)d bodies cannot be verified: "
    "the partners are not published."
)


def check(
    communique: Communique,
    directory: Iterable[Body],
    *,
    expected_total: Decimal | None = None,
) -> Report:
    """Join each row to a body of the directory, and say where the text and its table differ."""
    reference = Reference(directory)
    answers = [reference.match(row) for row in communique.rows]
    matches = tuple(answer for answer in answers if isinstance(answer, Match))
    unknown = [answer for answer in answers if isinstance(answer, Finding)]
    wrong_counts, doubtful_counts = _bodies(communique, matches, doubtful=bool(unknown))
    return Report(
        matches=matches,
        disagreements=(
            *unknown,
            *_duplicates(communique),
            *_project_count(communique),
            *wrong_counts,
            *_total(communique, expected_total),
            *_pooled(communique),
            *_dates(communique),
        ),
        unverifiable=(*doubtful_counts, *_not_published(communique)),
        notes=communique.notes + tuple(match.note for match in matches if match.note),
    )


def _duplicates(communique: Communique) -> Iterator[Finding]:
    seen: dict[tuple[str, str], int] = {}
    for row in communique.rows:
        same = (key(row.beneficiary), key(row.title_tidy))
        first = seen.setdefault(same, row.number)
        if first != row.number:
            printed = f"{row.beneficiary}, {row.title}"
            values: dict[str, object] = {"first": first, "row": row.number, "printed": printed}
            yield Finding("duplicate_row", DUPLICATE, values, f"row {row.number}")


def _project_count(communique: Communique) -> Iterator[Finding]:
    said, found = communique.project_count, len(communique.rows)
    if said != found:
        yield Finding("project_count", PROJECTS, {"said": said, "found": found})


def _bodies(
    communique: Communique, matches: tuple[Match, ...], *, doubtful: bool
) -> tuple[list[Finding], list[Finding]]:
    """Count the different bodies; with an unknown name among them no count can be judged."""
    wrong: list[Finding] = []
    unsure: list[Finding] = []
    for code, kind, said, template in (
        ("commune_count", "commune", communique.commune_count, COMMUNES),
        ("territory_count", "territory", communique.territory_count, TERRITORIES),
    ):
        found = len({match.body.key for match in matches if match.body.kind == kind})
        if doubtful and found <= said:
            unsure.append(Finding(code, DOUBTFUL_COUNT, {"said": said}))
        elif said != found:
            wrong.append(Finding(code, template, {"said": said, "found": found}))
    return wrong, unsure


def _total(communique: Communique, expected: Decimal | None) -> Iterator[Finding]:
    if len(communique.totals) > 1:
        said = ", ".join(str(total) for total in communique.totals)
        yield Finding("two_totals", TWO_TOTALS, {"said": said})
    if expected is not None and communique.total != expected:
        values: dict[str, object] = {"said": str(communique.total), "expected": str(expected)}
        yield Finding("total", OTHER_TOTAL, values)


def _pooled(communique: Communique) -> Iterator[Finding]:
    said, found = communique.pooled_count, communique.project_count
    if said > found:
        yield Finding("pooled_count", POOLED, {"said": said, "found": found})


def _dates(communique: Communique) -> Iterator[Finding]:
    created, committee = communique.created_on, communique.committee_on
    award, published = communique.awarded_on, communique.published_on
    right = WEEKDAYS[award.weekday()]
    said = communique.awarded_weekday
    days: dict[str, object] = {
        "created": created.isoformat(),
        "committee": committee.isoformat(),
        "award": award.isoformat(),
        "published": published.isoformat(),
    }
    if said and fold(said) != right:
        values: dict[str, object] = {"day": award.isoformat(), "right": right, "said": said}
        yield Finding("weekday", WRONG_WEEKDAY, values)
    if committee > award:
        yield Finding("committee_after_award", COMMITTEE_LATE, days)
    if created > committee:
        yield Finding("created_after_committee", CREATION_LATE, days)
    if published < award:
        yield Finding("published_before_award", PUBLISHED_EARLY, days)


def _not_published(communique: Communique) -> tuple[Finding, ...]:
    pooled: dict[str, object] = {
        "said": communique.pooled_count,
        "least": communique.pooled_minimum,
    }
    return (
        Finding("total", AMOUNTS_UNKNOWN, {"said": str(communique.total)}),
        Finding("pooled_count", PARTNERS_UNKNOWN, pooled),
    )
