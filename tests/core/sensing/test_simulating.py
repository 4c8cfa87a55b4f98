"""A made-up street: what the command writes, takes in, tells and refuses."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.sensing import actions, demo
from communs.core.sensing.engine.decoding.csv_file import rows
from communs.core.sensing.engine.readings import Malformed, Reading
from communs.core.sensing.engine.simulation import Stay, Truth, code_of
from communs.core.sensing.engine.states import Limits, Standing
from communs.core.sensing.models import Observation, Source, Thing

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60_000, 3_600_000
BEGINS = 1_772_409_600_000
WORDS = ("--community", "antony", "--spaces", "5", "--days", "2", "--start", "2026-03-02")
TRUE = "What was believed was right for ([0-9.]+) % .* wrong for ([0-9.]+) %; for ([0-9.]+) %"


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def run(*words: str) -> list[str]:
    out = StringIO()
    call_command("simulate_sensors", *WORDS, *words, stdout=out)
    return out.getvalue().replace("\u00a0", " ").splitlines()


def shares(told: list[str]) -> tuple[float, ...]:
    line = next(line for line in told if line.startswith("What was believed"))
    found = re.match(TRUE, line)
    assert found is not None, line
    return tuple(float(one) for one in found.groups())


def test_the_same_seed_writes_the_same_file(tmp_path: Path) -> None:
    one, two, other = (tmp_path / name for name in ("1.csv", "2.csv", "3.csv"))
    told = run("--csv", str(one))
    run("--csv", str(two))
    run("--csv", str(other), "--seed", "2")
    assert one.read_bytes() == two.read_bytes() != other.read_bytes()
    assert told[0] == f"Written: {one}"
    found = list(rows([one.read_bytes()]))
    assert len(found) > 5 * 48
    assert not [row for row in found if isinstance(row, Malformed)]
    assert {row.code for row in found} == {code_of(space) for space in range(5)}


def test_a_file_leaves_nothing_in_the_database(antony: Community, tmp_path: Path) -> None:
    with within(antony):
        before = Source.objects.count(), Thing.objects.count(), Observation.objects.count()
    run("--csv", str(tmp_path / "a.csv"))
    with within(antony):
        after = Source.objects.count(), Thing.objects.count(), Observation.objects.count()
    assert after == before


def test_without_faults_nearly_everything_is_true_and_the_purchase_is_told(tmp_path: Path) -> None:
    told = run("--csv", str(tmp_path / "a.csv"), "--size", "5")
    right, wrong, unknown = shares(told)
    assert right > 99.8
    assert wrong < 0.1
    assert unknown < 0.1
    assert told[-1] == (
        "To know the share of taken spaces within 5 points: 5 sensors;"
        " buy 5, for 0 will be silent after a month."
    )


def test_silent_sensors_are_unknown_and_not_wrong(tmp_path: Path) -> None:
    file = str(tmp_path / "a.csv")
    right, wrong, unknown = shares(run("--csv", file, "--silent", "5"))
    assert (right, wrong, unknown) == (0, 0, 100)
    _right, lossy, _unknown = shares(run("--csv", file, "--loss", "0.5"))
    assert lossy > 5


def test_readings_are_taken_in_and_again_change_nothing(antony: Community) -> None:
    told = run("--take", "--source", "faux", "--duplicates", "0.2")
    counts = dict(line.split(": ") for line in told if re.fullmatch(r"[\w ,]+: [\d,]+", line))
    with within(antony):
        source = Source.objects.get(slug="faux")
        things = list(source.things.values_list("code", "number", "name"))
        kept = Observation.objects.filter(thing__in=[number for _c, number, _n in things]).count()
    assert (source.demonstration, source.name) == (True, "Simulated street (faux)")
    assert sorted((code, name) for code, _number, name in things) == [
        (code_of(space), f"Simulated space {space + 1}") for space in range(5)
    ]
    assert int(counts["Kept"].replace(",", "")) == kept > 5 * 48
    assert int(counts["Received before"]) > 0
    again = run("--take", "--source", "faux", "--duplicates", "0.2")
    with within(antony):
        assert Thing.objects.filter(source=source).count() == 5
        numbers = [number for _c, number, _n in things]
        assert Observation.objects.filter(thing__in=numbers).count() == kept
    assert not [line for line in again if line.startswith("Kept:")]
    assert shares(again) == shares(told)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--take", "--spaces", "0"), "--spaces is from 1 to 5,000."),
        (("--take", "--days", "401"), "--days is from 1 to 400."),
        (("--take", "--loss", "2"), "--loss is from 0 to 1."),
        (("--take", "--loss", "nan"), "--loss is from 0 to 1."),
        (("--take", "--silent", "6"), "--silent is from 0 to 5."),
        (("--take", "--start", "yesterday"), "Write the date as 2018-11-27."),
        (("--take", "--start", "0001-01-01"), "Write the date as 2018-11-27."),
        (("--take", "--size", "0"), "--size is from 0.1 to 50."),
        (("--take", "--community", "nowhere"), "No community has the address nowhere."),
        (("--csv", "/nowhere/a.csv"), "/nowhere/a.csv cannot be written: No such file"),
        ((), "one of the arguments --csv --take is required"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(*words)
    assert sentence in str(refused.value)


def test_nothing_made_up_is_mixed_with_what_is_real(
    antony: Community, metropolis: Community, tmp_path: Path
) -> None:
    with within(antony):
        actions.add_source(slug="reel", name="Réel", by=None)
    with pytest.raises(CommandError, match="This source is a real one"):
        run("--take", "--source", "reel")
    metropolis.demonstration = False
    metropolis.save(update_fields=["demonstration"])
    with pytest.raises(CommandError, match="Antony is not a demonstration"):
        run("--take")
    assert run("--csv", str(tmp_path / "a.csv"))[0].startswith("Written: ")


def test_what_was_believed_is_held_against_the_truth_by_hand() -> None:
    truth = Truth(BEGINS, BEGINS + 10 * HOUR, {0: [Stay(0, BEGINS + HOUR, BEGINS + 3 * HOUR)]})
    judge = demo.Judge(truth, Limits(2 * HOUR, None, 60))
    said = [
        (BEGINS + HOUR, 1.0),  # known from then on: nothing was for an hour
        (BEGINS + 2 * HOUR, 1.0),
        (BEGINS + 4 * HOUR, 0.0),  # an hour late: it was wrong for one
        (BEGINS + 5 * HOUR, 0.0),  # the last: unknown from 7 hours on
    ]
    readings = [
        (at, Reading(code_of(0), "presence", at, number, value))
        for number, (at, value) in enumerate(said)
    ]
    assert list(judge.watching(readings)) == readings
    found = judge.accuracy()
    assert tuple(round(share, 9) for share in found) == (0.5, 0.1, 0.4)


def test_a_state_is_believed_until_it_is_silent_or_stuck_and_once_it_is_calm() -> None:
    state = Standing(1.0, 0, 0, silent_from=50, stuck_from=40, calm_from=20)
    assert demo.believed_between(state, 0, 100) == (20, 40)
    state.stuck_from = None
    assert demo.believed_between(state, 30, 45) == (30, 45)


def test_time_taken_is_that_of_every_stay_between_two_instants() -> None:
    truth = Truth(0, 100, {0: [Stay(0, -5, 10), Stay(0, 20, 30), Stay(0, 90, 120)]})
    assert demo.taken_between(truth, 0, 0, 100) == 10 + 10 + 10
    assert demo.taken_between(truth, 0, 5, 25) == 5 + 5
    assert demo.taken_between(truth, 0, 40, 80) == 0
