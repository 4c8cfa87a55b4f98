"""What we add to the communiqué is classified as inferred, or has its source."""

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from communs.core.communities.engine.tables import BadFile
from communs.services.fund.engine import known_facts
from communs.services.fund.engine.communique import parse, read_file
from communs.services.fund.engine.known_facts import (
    Classification,
    KnownFact,
    PartialDate,
    read_classifications,
    read_facts,
)

DATA = Path(known_facts.__file__).parents[1] / "data"
COMMUNIQUE = parse(read_file(DATA / "communique-2018-11-27.txt"))
CLASSIFIED = read_classifications(DATA / "grants-2018.csv")
FACTS = read_facts(DATA / "facts-2018.csv")
FACTS_HEADER = "row,code,date,value,unit,text_fr,text_en,source,status"


def refusal(read: Callable[[Path], object], path: Path, *lines: str) -> str:
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        read(path)
    return str(refused.value)


def test_every_row_of_the_communique_is_classified_and_each_class_is_inferred() -> None:
    assert [one.row for one in CLASSIFIED] == [row.number for row in COMMUNIQUE.rows]
    assert {(one.theme_status, one.challenge_status) for one in CLASSIFIED} == {
        ("inferred", "inferred")
    }
    assert CLASSIFIED[7] == Classification(
        8, "digital-for-all", "inferred", "attractive", "inferred"
    )


def test_the_classes_are_shared_out_as_the_mission_says() -> None:
    assert Counter(one.theme for one in CLASSIFIED) == {
        "digital-for-all": 8,
        "e-administration": 8,
        "participation": 4,
        "smart-parking": 2,
        "logistics": 1,
    }
    assert Counter(one.challenge for one in CLASSIFIED) == {
        "agile": 8,
        "inclusive": 6,
        "collaborative": 4,
        "resilient": 3,
        "attractive": 2,
    }


def test_a_fact_is_read_whole() -> None:
    assert next(one for one in FACTS if (one.row, one.code) == (7, "total-cost")) == KnownFact(
        row=7,
        code="total-cost",
        date=None,
        value=Decimal(120000),
        unit="EUR",
        text_fr="Le coût total publié est de 120\u00a0000\u00a0euros\u00a0: "
        "équipement, plateforme et médiation.",
        text_en="The published total cost is 120,000 euros: equipment, platform and mediation.",
        source="dipbike.ville-creteil.fr",
        status="seen",
    )


def test_only_these_rows_have_facts_and_the_others_stay_unknown() -> None:
    assert sorted({one.row for one in FACTS}) == [1, 3, 4, 7, 8, 11, 14, 17, 20, 21]


def test_dates_are_as_precise_as_their_source() -> None:
    dates = {(one.row, one.code): str(one.date) for one in FACTS if one.date}
    opened = ("opened", "launched", "started")
    assert {key: day for key, day in dates.items() if key[1] in opened} == {
        (1, "opened"): "2019-10-07",
        (7, "started"): "2019-01",
        (8, "opened"): "2020-10-16",
        (11, "launched"): "2019-07-01",
        (14, "launched"): "2018-03",
        (17, "launched"): "2019-01",
    }


def test_every_fact_was_seen_on_a_site_that_is_named() -> None:
    site = r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:, [0-9]{4}(?:-[0-9]{2})?)?"
    unsourced = [one for one in FACTS if not re.fullmatch(rf"{site}(?:; {site})*", one.source)]
    assert unsourced == []
    assert {one.status for one in FACTS} == {"seen"}


def test_french_sentences_have_french_typography() -> None:
    wrong = re.compile(r"'| [:;!?»%]|[^\u00a0][:;!?»%]|«[^\u00a0]|[0-9] [0-9]{3}|\.\.|[^.]$")
    assert [one.text_fr for one in FACTS if wrong.search(one.text_fr)] == []


def test_english_sentences_end_and_hold_no_french_space() -> None:
    wrong = re.compile(r"'|\u00a0|[^.]$")
    assert [one.text_en for one in FACTS if wrong.search(one.text_en)] == []


def test_no_fact_names_a_person_of_the_communique() -> None:
    surnames = {word for one in COMMUNIQUE.committee for word in one.name.split()[1:]}
    named = [one for one in FACTS for name in surnames if name.lower() in one.text_fr.lower()]
    assert (len(surnames), named) == (7, [])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("0,opened,,,,A.,A.,x.fr,seen", "line 2, column “row”: “0” is no row number."),
        ("1,Opened,,,,A.,A.,x.fr,seen", "line 2, column “code”: “Opened” is no known code."),
        (
            "1,opened,2019-02-30,,,A.,A.,x.fr,seen",
            "line 2, column “date”: “2019-02-30” is no date.",
        ),
        ("1,opened,2019-00,,,A.,A.,x.fr,seen", "line 2, column “date”: “2019-00” is no date."),
        ("1,opened,7/10/2019,,,A.,A.,x.fr,seen", "line 2, column “date”: “7/10/2019” is no date."),
        ('1,cost,,"1,5",EUR,A.,A.,x.fr,seen', "line 2, column “value”: “1,5” is no number."),
        ("1,cost,,15,,A.,A.,x.fr,seen", "line 2: a value and its unit go together."),
        ("1,cost,,,EUR,A.,A.,x.fr,seen", "line 2: a value and its unit go together."),
        ("1,opened,,,,A.,A.,,seen", "line 2, column “source”: a value is missing."),
        ("1,opened,,,,A.,A.,x.fr,sure", "line 2, column “status”: “sure” is no known code."),
    ],
)
def test_a_bad_fact_is_refused_with_its_place(tmp_path: Path, line: str, message: str) -> None:
    told = refusal(read_facts, tmp_path / "facts.csv", FACTS_HEADER, line)
    assert told == f"facts.csv, {message}"


def test_the_same_fact_twice_is_refused(tmp_path: Path) -> None:
    fact = "1,opened,,,,A.,A.,x.fr,seen"
    assert refusal(read_facts, tmp_path / "facts.csv", FACTS_HEADER, fact, fact) == (
        "facts.csv, line 3, column “row, code”: “1, opened” is there twice."
    )


def test_an_unknown_class_is_refused(tmp_path: Path) -> None:
    header = "row,theme,theme_status,challenge,challenge_status"
    line = "1,sport,inferred,agile,inferred"
    assert refusal(read_classifications, tmp_path / "grants.csv", header, line) == (
        "grants.csv, line 2, column “theme”: “sport” is no known code."
    )


@pytest.mark.parametrize("text", ["2019", "2019-10", "2019-10-07"])
def test_a_partial_date_is_written_as_it_is_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(f"{FACTS_HEADER}\n1,opened,{text},,,A.,A.,x.fr,seen")
    assert [str(one.date) for one in read_facts(path)] == [text]
    assert PartialDate(2019, 10) != PartialDate(2019, 10, 1)
