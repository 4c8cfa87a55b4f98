"""Makes up a street with its sensors, and tells how far what is believed of it is true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.kit.localised import number
from communs.core.sensing import demo
from communs.core.sensing.engine.decoding.csv_file import written
from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.engine.simulation import (
    Faults,
    Town,
    Truth,
    simulate,
    size_purchase,
)
from communs.core.sensing.models import Source
from communs.core.sensing.registry import limits_of
from communs.project.plain import PlainCommand

_MONTH = 30  # days, in which the simulator counts faults
_MOST_SPACES, _MOST_DAYS = 5_000, 400
_MINUTE = 60_000
_YEARS = 2000, 2100
_SHARES = ("loss", "duplicates", "late")
_SENSORS = ("silent", "stuck", "flapping")


class Command(PlainCommand):
    """The same seed and start give the same street."""

    help = "Makes up a street and its sensors, and tells how far what is believed of it is true."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--community", required=True, metavar="SLUG")
        parser.add_argument("--source", default="simulated", metavar="SLUG")
        parser.add_argument("--spaces", type=int, default=40)
        parser.add_argument("--days", type=int, default=7)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--start", default="", help="2026-03-02; without it, it ends now")
        parser.add_argument("--beat", type=int, default=60, help="minutes between signs of life")
        _add_faults(parser)
        parser.add_argument("--size", type=float, metavar="POINTS", help="sensors to know within ±")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--csv", type=Path, metavar="FILE", help="write the readings there")
        what.add_argument("--take", action="store_true", help="take them in, in a demonstration")

    def handle(self, *, community: str, csv: Path | None, **options: Any) -> None:
        place = Community.objects.filter(slug=community).first()
        if place is None:
            raise CommandError(_("No community has the address %(slug)s.") % {"slug": community})
        town, faults = _town(options), _faults(options)
        if csv is None and not _is_demonstration(place):
            raise CommandError(_("%(name)s is not a demonstration: use --csv.") % {"name": place})
        truth, received = simulate(
            town, faults, seed=options["seed"], beat=options["beat"] * _MINUTE
        )
        with within(place):
            if csv is None:
                judge = self._take(options["source"], town, truth, received)
            else:
                judge = self._write(csv, truth, received)
        self._tell(truth, judge.accuracy())
        if options["size"] is not None:
            self._size(options["size"], town, truth, faults)

    def _take(
        self, slug: str, town: Town, truth: Truth, received: Iterable[demo.Received]
    ) -> demo.Judge:
        try:
            source = demo.prepared(slug, spaces=town.spaces, at=town.start)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        judge = demo.Judge(truth, limits_of(source))
        for outcome, count in sorted(demo.taken_in(source, judge.watching(received)).items()):
            facts = {"what": outcome.label, "count": number(count)}
            self.stdout.write(_("%(what)s: %(count)s") % facts)
        return judge

    def _write(self, file: Path, truth: Truth, received: Iterable[demo.Received]) -> demo.Judge:
        judge = demo.Judge(truth, limits_of(Source()))
        try:
            with file.open("w", encoding="utf-8") as stream:
                stream.writelines(written(_readings(judge.watching(received))))
        except OSError as error:
            words = _("%(file)s cannot be written: %(reason)s.")
            raise CommandError(words % {"file": file, "reason": error.strerror}) from error
        self.stdout.write(_("Written: %(file)s") % {"file": file})
        return judge

    def _tell(self, truth: Truth, found: demo.Accuracy) -> None:
        shares = {
            "right": _percent(found.right),
            "wrong": _percent(found.wrong),
            "unknown": _percent(found.unknown),
        }
        words = _(
            "What was believed was right for %(right)s of the time, wrong for %(wrong)s;"
            " for %(unknown)s nothing was known."
        )
        self.stdout.write(words % shares)
        words = _("Spaces were taken for %(share)s of the time, by %(turns)s vehicles a day each.")
        facts = {"share": _percent(truth.occupancy()), "turns": number(round(truth.rotation(), 1))}
        self.stdout.write(words % facts)

    def _size(self, points: float, town: Town, truth: Truth, faults: Faults) -> None:
        found = size_purchase(
            town.spaces, points=points, occupancy=truth.occupancy(), faults=faults
        )
        words = _(
            "To know the share of taken spaces within %(points)s points: %(sensors)s sensors;"
            " buy %(to_buy)s, for %(silent)s will be silent after a month."
        )
        facts = {
            "points": number(points),
            "sensors": number(found.sensors),
            "to_buy": number(found.to_buy),
            "silent": number(found.silent),
        }
        self.stdout.write(words % facts)


def _add_faults(parser: CommandParser) -> None:
    for name in _SHARES:
        parser.add_argument(f"--{name}", type=float, default=0.0, help="share of messages, 0 to 1")
    for name in _SENSORS:
        parser.add_argument(f"--{name}", type=int, default=0, help="how many sensors, on average")
    parser.add_argument("--drift", type=float, default=0.0, help="seconds a day, of clocks")
    parser.add_argument("--gateways", type=int, default=1)
    parser.add_argument("--outages", type=float, default=0.0, help="of each gateway, in 30 days")
    parser.add_argument("--outage-hours", type=float, default=3.0, help="on average")
    parser.add_argument("--outages-keep", action="store_true", help="what it heard comes later")
    parser.add_argument("--battery-years", type=float, default=0.0)


def _town(options: dict[str, Any]) -> Town:
    for name, least, most in (
        ("spaces", 1, _MOST_SPACES), ("days", 1, _MOST_DAYS), ("beat", 1, 24 * 60),
    ):  # fmt: skip
        _within(name, options[name], least, most)
    if options["size"] is not None:
        _within("size", options["size"], 0.1, 50)
    zone = timezone.get_default_timezone()
    if options["start"]:
        start = _day(options["start"]).replace(tzinfo=zone)
    else:
        now = timezone.localtime(timezone=zone).replace(second=0, microsecond=0)
        start = now - timedelta(days=options["days"])
    return Town(options["spaces"], start, options["days"], zone=zone)


def _day(text: str) -> datetime:
    try:
        found = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 -- the caller puts the zone
    except ValueError:
        found = datetime.min  # noqa: DTZ901 -- refused like every year beyond reason
    if not _YEARS[0] <= found.year <= _YEARS[1]:
        raise CommandError(_("Write the date as 2018-11-27."))
    return found


def _faults(options: dict[str, Any]) -> Faults:
    spaces, days = options["spaces"], options["days"]
    for name in _SHARES:
        _within(name, options[name], 0, 1)
    for name in _SENSORS:
        _within(name, options[name], 0, spaces)
    _within("gateways", options["gateways"], 1, spaces)
    _within("outages", options["outages"], 0, 1_000)
    _within("outage-hours", options["outage_hours"], 0.1, 720)
    _within("drift", options["drift"], 0, 3_600)
    _within("battery-years", options["battery_years"], 0, 50)
    return Faults(
        **{name: options[name] for name in _SHARES},
        **{name: _in_a_month(options[name] / spaces, days) for name in _SENSORS},
        drift=options["drift"],
        gateways=options["gateways"],
        outages=options["outages"],
        outage_hours=options["outage_hours"],
        outages_keep=options["outages_keep"],
        battery_years=options["battery_years"],
    )


def _in_a_month(share: float, days: int) -> float:
    """Give the share of sensors that a fault meets in 30 days, from that in so many days."""
    return 1 - (1 - share) ** (_MONTH / days)


def _within(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        words = _("--%(name)s is from %(least)s to %(most)s.")
        facts = {"name": name, "least": number(least), "most": number(most)}
        raise CommandError(words % facts)


def _is_demonstration(place: Community) -> bool:
    """Tell whether a community, or the whole installation, is there to be looked at only."""
    metropolis = Community.objects.filter(kind=Kind.METROPOLIS, demonstration=True)
    return place.demonstration or metropolis.exists()


def _readings(received: Iterable[demo.Received]) -> Iterator[Reading]:
    return (one for _at, one in received)


def _percent(share: float) -> str:
    return f"{number(round(100 * share, 1))}\u00a0%"
