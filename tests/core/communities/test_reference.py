"""The reference of the metropolis is read whole, and a bad file is refused with its place."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from communs.core.communities.engine import reference
from communs.core.communities.engine.reference import (
    CommuneRow,
    MergerRow,
    NameRow,
    TerritoryRow,
    read_communes,
    read_mergers,
    read_names,
    read_outlines,
    read_territories,
    slug,
    typographic,
)
from communs.core.communities.engine.tables import BadFile

DATA = Path(reference.__file__).parents[1] / "data"
COMMUNES = read_communes(DATA / "communes.csv")
TERRITORIES = read_territories(DATA / "territories.csv")
OUTLINES = read_outlines(DATA / "outlines-2018.geojson")
RESERVED = frozenset(
    re.findall(
        r"\S+",
        """en api static kit donnees sante communes territoires services fonds reglages connexion
        compte deconnexion accessibilite mentions-legales donnees-personnelles recherche langue
        admin demarches kiosque assistant stationnement livraison parcours ville-3d jardins lieux
        bibliotheque formation ambassadeurs jeunes entraide documents espaces""",
    )
)


def by_code(code: str) -> CommuneRow:
    return next(row for row in COMMUNES if row.insee == code)


def refusal(read: Callable[[Path], object], path: Path) -> str:
    with pytest.raises(BadFile) as refused:
        read(path)
    assert refused.value.template % refused.value.values == str(refused.value)
    return str(refused.value)


# The real files


def test_a_commune_is_read_whole() -> None:
    assert by_code("92002") == CommuneRow(
        insee="92002",
        name="Antony",
        siren="219200029",
        department="92",
        territory_siren="200057966",
        territory_name="Vallée Sud-Grand Paris",
        population_2016=62210,
        population_2026=64263,
        member_2018=True,
        member_2026=True,
        postcodes=("92160",),
    )


def test_a_territory_is_read_whole() -> None:
    assert TERRITORIES[0] == TerritoryRow(
        siren="200057867",
        name="Plaine Commune",
        kind="EPT",
        population_2026=453671,
        communes=("93001", "93027", "93031", "93039", "93066", "93070", "93072", "93079"),
    )


def test_what_the_file_does_not_know_stays_unknown() -> None:
    unknown = {
        (row.name, field)
        for row in COMMUNES
        for field in CommuneRow.__slots__
        if getattr(row, field) in {None, ()}
    }
    assert unknown == {
        ("Paris", "territory_siren"),
        ("Paris", "territory_name"),
        ("Pierrefitte-sur-Seine", "siren"),
        ("Pierrefitte-sur-Seine", "territory_siren"),
        ("Pierrefitte-sur-Seine", "territory_name"),
        ("Pierrefitte-sur-Seine", "population_2026"),
    }


def test_the_metropolis_had_131_communes_in_2018_and_has_130_in_2026() -> None:
    left = [row.insee for row in COMMUNES if not row.member_2026]
    assert (len(COMMUNES), all(row.member_2018 for row in COMMUNES), left) == (131, True, ["93059"])
    assert sum(row.population_2016 or 0 for row in COMMUNES) == 7_026_765


def test_the_merger_completes_what_the_file_lost() -> None:
    assert read_mergers(DATA / "mergers.csv") == (
        MergerRow("93059", "200057867", "93066", date(2025, 1, 1)),
    )


def test_communes_and_territories_agree() -> None:
    said = {row.siren: (row.name, set(row.communes), row.population_2026) for row in TERRITORIES}
    found = {
        row.siren: (
            row.name,
            {one.insee for one in COMMUNES if one.territory_siren == row.siren},
            sum(one.population_2026 or 0 for one in COMMUNES if one.territory_siren == row.siren),
        )
        for row in TERRITORIES
    }
    assert found == said
    assert all(
        row.territory_name in {None, said[row.territory_siren or "200057867"][0]}
        for row in COMMUNES
    )


def test_the_populations_of_2016_make_those_of_the_territories_of_2018() -> None:
    merged = {row.insee: row.territory_siren for row in read_mergers(DATA / "mergers.csv")}
    totals = dict.fromkeys((row.siren for row in TERRITORIES), 0)
    for row in COMMUNES:
        territory = row.territory_siren or merged.get(row.insee)
        if territory:
            totals[territory] += row.population_2016 or 0
    assert totals == {
        "200057966": 396_552,
        "200057974": 318_535,
        "200057982": 557_229,
        "200057990": 441_420,
        "200057867": 435_310,
        "200058097": 361_037,
        "200057875": 415_958,
        "200058790": 394_355,
        "200057941": 508_854,
        "200058006": 310_758,
        "200058014": 696_430,
    }


def test_every_commune_has_its_outline_and_no_outline_is_astray() -> None:
    assert set(OUTLINES) == {row.insee for row in COMMUNES}
    assert OUTLINES["75056"][0][0][:2] == ((2.42757, 48.84157), (2.43718, 48.84089))


def test_names_are_those_of_the_file_in_full_typography() -> None:
    names = read_names(DATA / "names.csv")
    assert [(row.insee, row.name) for row in names] == [
        (row.insee, typographic(row.name))
        for row in COMMUNES
        if "'" in row.name or row.name.split(" ")[0] in {"La", "Le", "Les"}
    ]
    assert names[6] == NameRow("93039", "L’Île-Saint-Denis", "L’")
    assert all(row.name.startswith(row.article) for row in names)


# Addresses


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("L’Haÿ-les-Roses", "l-hay-les-roses"),
        ("L'Haÿ-les-Roses", "l-hay-les-roses"),
        ("Saint-Maur-des-Fossés", "saint-maur-des-fosses"),
        ("Grand-Orly Seine Bièvre", "grand-orly-seine-bievre"),
        ("L’Île-Saint-Denis", "l-ile-saint-denis"),
        ("Paris Terres d’Envol", "paris-terres-d-envol"),
        ("  Épinay—sur  Œuvre ", "epinay-sur-oeuvre"),
    ],
)
def test_a_name_gives_its_address(name: str, address: str) -> None:
    assert slug(name) == address


def test_every_address_is_unique_and_none_is_reserved() -> None:
    slugs = [slug(row.name) for row in (*COMMUNES, *TERRITORIES)]
    assert (len(slugs), len(set(slugs)), RESERVED & set(slugs)) == (142, 142, set())
    assert max(map(len, slugs)) <= 60


# Bad tables

HEADER = (
    "code_insee,nom,siren,departement,ept_siren,ept_nom,"
    "population_2016,population_2026,membre_2018,membre_2026,codes_postaux"
)
GOOD = "92002,Antony,219200029,92,200057966,Vallée Sud-Grand Paris,62210,64263,oui,oui,92160"


def communes(tmp_path: Path, table: str) -> Path:
    path = tmp_path / "communes.csv"
    path.write_text(table, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "line 1: the column “code_insee” is missing."),
        (HEADER.replace("siren,dep", "siret,dep"), "line 1: the column “siren” is missing."),
        (f"{HEADER},nom", "line 1: the column “nom” is there twice."),
        (f"{HEADER}\n{GOOD},x", "line 2: 12 cells, but 11 columns."),
        (f"{HEADER}\n92002,Antony", "line 2: 2 cells, but 11 columns."),
        (f"{HEADER}\n{GOOD}\n\n{GOOD}", "line 4, column “code_insee”: “92002” is there twice."),
        (f'{HEADER}\n"{GOOD}', "line 2: this is not a CSV file."),
    ],
)
def test_a_bad_table_is_refused_with_its_line(tmp_path: Path, table: str, message: str) -> None:
    assert refusal(read_communes, communes(tmp_path, table)) == f"communes.csv, {message}"


@pytest.mark.parametrize(
    ("good", "bad", "message"),
    [
        ("92002", "9200", "“code_insee”: “9200” is no INSEE code."),
        ("92002", "", "“code_insee”: a value is missing."),
        ("Antony", " ", "“nom”: a value is missing."),
        ("219200029", "219200028", "“siren”: “219200028” is no SIREN number."),
        ("200057966", "20005796", "“ept_siren”: “20005796” is no SIREN number."),
        ("62210", "62 210", "“population_2016”: “62 210” is no whole number."),
        ("64263", "-1", "“population_2026”: “-1” is no whole number."),
        (",oui,oui", ",yes,oui", "“membre_2018”: “yes” is not oui or non."),
        ("92160", "9216O", "“codes_postaux”: “9216O” is no postcode list."),
        (",92,", ",X,", "“departement”: “X” is no department."),
    ],
)
def test_a_bad_cell_is_refused_with_its_place(
    tmp_path: Path, good: str, bad: str, message: str
) -> None:
    table = communes(tmp_path, f"{HEADER}\n{GOOD.replace(good, bad)}\n")
    assert refusal(read_communes, table) == f"communes.csv, line 2, column {message}"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_good_table_is_read_with_or_without_a_mark(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "communes.csv"
    path.write_text(f"{mark}{HEADER}\r\n{GOOD}\r\n", encoding="utf-8", newline="")
    assert read_communes(path) == (by_code("92002"),)


def test_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "communes.csv"
    path.write_text(f"{HEADER}\n{GOOD}", encoding="cp1252")
    assert refusal(read_communes, path) == "communes.csv, line 2: this is not UTF-8."


def test_a_territory_that_names_a_bad_code_or_one_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "territories.csv"
    for codes in ("92002 X", "92002 92002"):
        path.write_text(f"siren,nom,type,population_2026,communes\n200057966,V,EPT,1,{codes}")
        assert refusal(read_territories, path) == (
            f"territories.csv, line 2, column “communes”: “{codes}” is no INSEE code."
        )


def test_a_merger_on_no_day_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mergers.csv"
    path.write_text("code_insee,ept_siren,merged_into,merged_on\n93059,200057867,93066,2025-02-30")
    assert refusal(read_mergers, path) == (
        "mergers.csv, line 2, column “merged_on”: “2025-02-30” is no date (YYYY-MM-DD)."
    )


def test_a_missing_or_too_large_file_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.geojson"
    with large.open("wb") as stream:
        stream.truncate(20_000_001)
    assert [refusal(read_outlines, large), refusal(read_communes, tmp_path / "none.csv")] == [
        "large.geojson: 20001 kB is too large; the limit is 20000 kB.",
        "none.csv: there is no such file.",
    ]


# Bad outlines

SQUARE = [[0, 0], [0, 1], [1, 1], [0, 0]]


def collection(*geometries: object, code: object = "92002") -> str:
    features = [{"properties": {"code_insee": code}, "geometry": one} for one in geometries]
    return json.dumps({"type": "FeatureCollection", "features": features})


def polygon(*ring: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [ring]}


def test_one_polygon_or_several_are_read(tmp_path: Path) -> None:
    path = tmp_path / "o.geojson"
    ring = ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0))
    path.write_text(collection(polygon(*SQUARE)))
    assert read_outlines(path) == {"92002": ((ring,),)}
    path.write_text(collection({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}))
    assert read_outlines(path) == {"92002": ((ring,), (ring,))}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{\n "type": }', "line 2, column 10: this is not JSON."),
        ("", "line 1, column 1: this is not JSON."),
        ("[" * 100_000, "this is not a GeoJSON FeatureCollection."),
        ("[]", "this is not a GeoJSON FeatureCollection."),
        ('{"type": "FeatureCollection"}', "this is not a GeoJSON FeatureCollection."),
        (collection(polygon([float("nan"), 0])), "this is not a GeoJSON FeatureCollection."),
    ],
)
def test_what_is_no_geojson_is_refused_with_its_place(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "o.geojson"
    path.write_text(text)
    assert refusal(read_outlines, path).removeprefix("o.geojson").lstrip(",: ") == message


@pytest.mark.parametrize(
    "text",
    [
        collection(polygon(*SQUARE), code="9200"),
        collection(polygon(*SQUARE), code=92002),
        collection(None),
        collection({"type": "Point", "coordinates": [0, 0]}),
        collection({"type": "Polygon", "coordinates": []}),
        collection({"type": "MultiPolygon", "coordinates": []}),
        collection(polygon(*SQUARE[:3])),
        collection(polygon(*SQUARE[:3], [5, 5])),
        collection(polygon([0, 0], [0, 91], [1, 1], [0, 0])),
        collection(polygon([0, 0], [0, 10**400], [1, 1], [0, 0])),
        collection(polygon([0], [0, 1], [1, 1], [0])),
        collection(polygon("00", "01", "11", "00")),
        '{"type": "FeatureCollection", "features": [{}]}',
        '{"type": "FeatureCollection", "features": [7]}',
    ],
)
def test_a_shape_that_is_none_is_refused_with_its_rank(tmp_path: Path, text: str) -> None:
    path = tmp_path / "o.geojson"
    path.write_text(text)
    assert refusal(read_outlines, path) == (
        "o.geojson, feature 1: this is not the outline of a commune."
    )


def test_a_commune_drawn_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "o.geojson"
    path.write_text(collection(polygon(*SQUARE), polygon(*SQUARE)))
    assert refusal(read_outlines, path) == (
        "o.geojson, feature 2: the commune 92002 is there twice."
    )
