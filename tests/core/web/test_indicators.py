"""Indicators as a reader sees them, and as an agent feeds them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators.models import Observation
from tests import pages

pytestmark = pytest.mark.django_db

PAGE = "/antony/indicateurs/house.actions/"
IMPORT = f"{PAGE}importer/"


def test_the_list_tells_value_age_and_trend() -> None:
    page = Client().get("/en/indicateurs/")
    rows = pages.rows(page)
    assert ["Grants in the register", "23", "yesterday", "steady"] in rows
    assert ["Amounts published", "unknown", "not yet", "too few values to tell a trend"] in rows


def test_a_page_says_the_chart_in_words_and_in_a_table() -> None:
    page = Client().get("/en/indicateurs/fund.grants_known/")
    assert pages.heading(page) == "Grants in the register"
    assert "lowest 23 (" in pages.text(page)
    assert len([row for row in pages.rows(page) if row[1:] == ["23", "measured"]]) == 90
    assert "/en/donnees/indicateurs/fund.grants_known.csv" in pages.links(page)


def test_what_was_not_measured_is_unknown_on_the_page() -> None:
    page = Client().get("/en/antony/indicateurs/house.actions/")
    unknown = [row for row in pages.rows(page) if row[1:] == ["unknown", ""]]
    assert len(unknown) == 3


@pytest.mark.parametrize("path", ["rien.du_tout/", "fund.grants_known/"])
def test_what_is_not_measured_here_is_not_found(path: str) -> None:
    assert Client().get(f"/antony/indicateurs/{path}").status_code == 404


def test_a_step_that_does_not_exist_is_said_and_days_are_shown() -> None:
    page = Client().get(f"/en{PAGE}?step=hour")
    assert page.status_code == 422
    assert "Choose day, week or month; days are shown meanwhile." in pages.text(page)
    assert Client().get(f"{PAGE}?step=month").status_code == 200


def test_communities_stand_side_by_side_with_their_population() -> None:
    page = Client().get(f"/en{PAGE}")
    assert "Together:" in pages.text(page)
    (row,) = [row for row in pages.rows(page) if row[0] == "Sceaux"]
    assert row[3].endswith("inhabitants (2026)")
    assert Decimal(row[2]) > 0


def test_a_home_leads_to_its_indicators() -> None:
    assert "/antony/indicateurs/" in pages.links(Client().get("/antony/"))
    assert "/indicateurs/" in pages.links(Client().get("/"))


def send(client: Client, text: str, **more: object) -> object:
    file = SimpleUploadedFile("avant.csv", text.encode(), "text/csv")
    return client.post(
        f"/en{IMPORT}", {"file": file, "source": "Cahier", "licence": "LO 2.0", **more}
    )


def kept(antony: Community, day: date) -> list[tuple[object, ...]]:
    with within(antony):
        rows = Observation.objects.filter(indicator="house.actions", day=day)
        return list(rows.values_list("value", "provenance", "source"))


def test_figures_are_looked_at_then_kept_with_their_source(
    signed_in: Client, antony: Community
) -> None:
    old, yesterday = date(2020, 3, 1), timezone.localdate() - timedelta(days=1)
    looked = send(signed_in, f"date;valeur\n01/03/2020;1 234,5\n{yesterday:%d/%m/%Y};\n")
    assert looked.status_code == 200
    told = pages.text(looked)
    assert "The file holds 2 days. 1 day that is known here will be replaced." in told
    assert kept(antony, old) == []
    token = looked.content.decode().split('name="file-kept" value="')[1].split('"')[0]
    given = {"file-kept": token, "source": "Cahier", "licence": "LO 2.0", "confirm": "yes"}
    done = signed_in.post(f"/en{IMPORT}", given, follow=True)
    assert "2 days were kept. 1 replaced another." in pages.text(done)
    assert "Cahier (2 days, from 1 March 2020 to" in pages.text(done)
    assert kept(antony, old) == [(Decimal("1234.5"), "imported", "Cahier")]
    assert kept(antony, yesterday) == [(None, "imported", "Cahier")]


def test_faults_are_named_by_line_and_column_and_nothing_is_kept(
    signed_in: Client, antony: Community
) -> None:
    page = send(signed_in, "date;valeur\n01/03/2020;1\n2 mars;1\n", confirm="yes")
    assert page.status_code == 422
    assert ["3", "date", "2 mars", "This is not a date: write 27/11/2018 or 2018-11-27."] in (
        pages.rows(page)
    )
    assert kept(antony, date(2020, 3, 1)) == []


def test_a_new_file_is_always_looked_at_first(signed_in: Client, antony: Community) -> None:
    assert send(signed_in, "date;valeur\n01/03/2020;1\n", confirm="yes").status_code == 200
    assert kept(antony, date(2020, 3, 1)) == []


def test_days_are_measured_again_by_a_form(signed_in: Client) -> None:
    page = signed_in.post(f"/en{PAGE}recalculer/", {"start": "2026-02-31", "end": "x"})
    assert page.status_code == 422
    given = {"start": "2020-01-01", "end": "2020-01-02"}
    done = signed_in.post(f"/en{PAGE}recalculer/", given, follow=True)
    assert "2 days changed." in pages.text(done)


@pytest.mark.parametrize("path", ["importer/", "recalculer/"])
def test_who_holds_no_role_here_finds_nothing(path: str, manager: object) -> None:
    client = Client()
    assert client.get(f"{PAGE}{path}").status_code == 302
    client.force_login(manager)
    assert client.get(f"{PAGE}{path}").status_code == 404
