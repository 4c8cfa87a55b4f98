"""SCDL in both its forms: valid for the field's validator, refused where anything is unknown."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.fund.engine import scdl
from communs.services.fund.engine.scdl import Award, Beneficiary
from communs.services.fund.enums import AgreementState, Duty, OrganisationKind, Stage
from communs.services.fund.models import Agreement, Grant, Organisation, Party
from tests import pages
from tests.services.fund import cases
from tests.services.fund.agreeing import Agreed, awarded
from tests.services.fund.filing import AT, filing
from tests.services.fund.opening import DATA, content_of, faults_of, named, rows_of, siret_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of the validator
]
SHORT = "/fonds/donnees/subventions-scdl-2.1.csv"
LONG = "/fonds/donnees/subventions-2.1.1.csv"
SCHEMAS = {SHORT: "scdl-subventions-2.1", LONG: "scdl-subventions-2.1.1"}
OURS = "?q=essai"
BOTH = pytest.mark.parametrize("path", [SHORT, LONG])
UNSIGNED = [
    "dateConvention",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "notificationUE",
]


@pytest.fixture
def pooled(metropolis: Community, sceaux: Community, antony: Community) -> Agreed:
    """A signed grant that two communes share, a third and two thirds; all have a SIRET."""
    named(metropolis, sceaux, antony)
    with within(metropolis):
        award = awarded(filing(), sceaux, antony, shares=("33.33", "66.67"))
        award.signed()
    return award


def test_each_beneficiary_has_a_line_of_sixteen_cells(
    client: Client, pooled: Agreed, metropolis: Community, sceaux: Community, antony: Community
) -> None:
    rows = rows_of(content_of(client.get(SHORT + OURS)))
    of_both = {
        "nomAttribuant": "Métropole du Grand Paris",
        "idAttribuant": siret_of(metropolis),
        "dateConvention": "2026-05-04",
        "referenceDecision": "2026-D1",
        "rnaBeneficiaire": "",
        "objet": "Projet 1",
        "montant": "41200",
        "nature": "aide en numéraire",
        "conditionsVersement": "échelonné",
        "datesPeriodeVersement": "2026-05-04/2027-05-03",
        "idRAE": "",
        "notificationUE": "non",
        "dispositifAide": str(pooled.filing.call.pk),
    }
    assert rows == [
        of_both
        | {
            "nomBeneficiaire": "Sceaux",
            "idBeneficiaire": siret_of(sceaux),
            "pourcentageSubvention": "0.33",
        },
        of_both
        | {
            "nomBeneficiaire": "Antony",
            "idBeneficiaire": siret_of(antony),
            "pourcentageSubvention": "0.67",
        },
    ]


def test_each_beneficiary_has_a_line_of_forty_cells(
    client: Client, pooled: Agreed, metropolis: Community, sceaux: Community
) -> None:
    rows = rows_of(content_of(client.get(LONG + OURS)))
    said = {name: cell for name, cell in rows[0].items() if cell}
    assert len(rows[0]) == 40
    assert [row["montantDemande"] for row in rows] == ["13731.96", "27468.04"]
    assert said == {
        "idSubvention": "essai-1",
        "nomAttribuant": "Métropole du Grand Paris",
        "idAttribuant": siret_of(metropolis),
        "nomServiceInstructeur": "Métropole du Grand Paris",
        "idServiceInstructeur": siret_of(metropolis),
        "nomBeneficiaire": "Sceaux",
        "idBeneficiaire": siret_of(sceaux),
        "pluriannualite": "oui",
        "anneesPluriannualite": "2026 - 2027",
        "dateDecision": "2026-05-04",
        "dateConvention": "2026-05-04",
        "referenceDecision": "2026-D1",
        "dateDebut": "2026-05-04",
        "dateFin": "2027-05-03",
        "dispositif": "Fonds d’essai",
        "sousDispositif": "Essai 2026",
        "statutLabel": "attribuée",
        "objet": "Projet 1",
        "nature": "aide en numéraire",
        "montantDemande": "13731.96",
        "montant": "41200",
        "nomOutilInstruction": "Communs",
        "conditionsVersement": "échelonné",
        "descriptionConditionsVersement": "3 versements",
        "datesPeriodeVersement": "2026-05-04/2027-05-03",
        "notificationUE": "non",
        "pourcentageSubvention": "0.33",
        "dateMiseAJour": timezone.localdate().isoformat(),
    }


@BOTH
def test_the_validator_finds_nothing_wrong(
    client: Client, pooled: Agreed, path: str, tmp_path: Path
) -> None:
    content = content_of(client.get(path + OURS))
    assert faults_of(content, SCHEMAS[path], tmp_path) == []
    wrong = content.replace(b",non,", b",peut-\xc3\xaatre,").replace(b"2026-05-04/", b"2026-05-04_")
    names = {fault[1] for fault in faults_of(wrong, SCHEMAS[path], tmp_path)}
    assert names == {"notificationUE", "datesPeriodeVersement"}


@BOTH
def test_the_rows_of_2018_are_refused_each_with_its_reasons(client: Client, path: str) -> None:
    response = client.get(path, headers={"accept": "application/json"})
    assert response.status_code == 409
    lacking = response.json()["missing"]
    of_2018 = {key: value for key, value in lacking.items() if key.startswith("fmin-2018")}
    more = ["idServiceInstructeur", "descriptionConditionsVersement"] if path == LONG else []
    unknown = ["idAttribuant", "dateConvention", "idBeneficiaire", "montant", *UNSIGNED[1:], *more]
    assert of_2018 == {f"fmin-2018-{number:02d}": unknown for number in range(1, 24)}


@BOTH
def test_a_refusal_is_said_in_words(client: Client, path: str) -> None:
    response = client.get(f"{path}?year=2018", headers={"accept": "text/html"})
    assert response.status_code == 409
    row = next(row for row in pages.rows(response) if row[0] == "fmin-2018-12")
    assert row[1].startswith("idAttribuant, dateConvention, idBeneficiaire, montant")
    assert "idBeneficiaire SIRET du bénéficiaire" in pages.text(response)
    assert "complete=1" not in response.content.decode()


@BOTH
def test_the_complete_grants_are_given_alone_to_whoever_asks(
    client: Client, pooled: Agreed, path: str, tmp_path: Path
) -> None:
    refused = client.get(path, headers={"accept": "text/html"})
    assert "1 subvention a tout ce que le schéma exige." in pages.text(refused)
    assert f"{path}?complete=1" in pages.links(refused)
    content = content_of(client.get(f"{path}?complete=1"))
    assert faults_of(content, SCHEMAS[path], tmp_path) == []
    assert [row["montant"] for row in rows_of(content)] == ["41200", "41200"]


@BOTH
def test_what_is_not_signed_is_not_published(
    client: Client, metropolis: Community, sceaux: Community, path: str
) -> None:
    named(metropolis, sceaux)
    with within(metropolis):
        award = awarded(filing(), sceaux)
        award.sent()
    more = ["descriptionConditionsVersement"] if path == LONG else []
    waiting = client.get(path + OURS, headers={"accept": "application/json"}).json()
    assert waiting["missing"] == {"essai-1": [*UNSIGNED, *more]}
    with within(metropolis):
        Agreement.objects.update(state=AgreementState.CANCELLED, ended_because="Renoncement")
    over = client.get(path + OURS, headers={"accept": "application/json"}).json()
    assert over["missing"] == {"essai-1": [*UNSIGNED, *more]}


@BOTH
def test_a_manager_enters_the_number_that_is_missing(
    client: Client, metropolis: Community, sceaux: Community, path: str, tmp_path: Path
) -> None:
    with within(metropolis):
        awarded(filing(), sceaux).signed()
        runs = cases.client_of(cases.appointed(Duty.MANAGER))
    refused = client.get(path + OURS, headers={"accept": "application/json"}).json()
    lacking = ["idAttribuant", "idBeneficiaire", "idServiceInstructeur"]
    assert refused["missing"] == {"essai-1": lacking[: 3 if path == LONG else 2]}
    listed = runs.get("/fonds/gestion/siret/")
    assert ["Sceaux", "inconnu", "Ajouter Sceaux"] in pages.rows(listed)
    wrong = runs.post("/fonds/gestion/siret/sceaux/", {"siret": f"{metropolis.siren}00022"})
    assert wrong.status_code == 422
    assert f"le SIRET commence par le numéro SIREN, {sceaux.siren}" in pages.text(wrong)
    for body in (metropolis, sceaux):
        named(body)
        number = siret_of(body)
        Community.objects.filter(pk=body.pk).update(siret=None)
        typed = f"{number[:9]} {number[9:]}"
        assert runs.post(f"/fonds/gestion/siret/{body.slug}/", {"siret": typed}).status_code == 302
        assert siret_of(body) == number
    assert faults_of(content_of(client.get(path + OURS)), SCHEMAS[path], tmp_path) == []


def test_numbers_are_for_managers(client: Client, metropolis: Community) -> None:
    with within(metropolis):
        instructs = cases.client_of(cases.appointed(Duty.INSTRUCTOR))
    assert instructs.get("/fonds/gestion/siret/").status_code == 404
    assert instructs.get("/fonds/gestion/siret/metropole/").status_code == 404
    assert client.get("/fonds/gestion/siret/").status_code == 302


def test_a_body_without_a_grant_has_no_form(metropolis: Community) -> None:
    with within(metropolis):
        runs = cases.client_of(cases.appointed(Duty.MANAGER))
    assert runs.get("/fonds/gestion/siret/villejuif/").status_code == 404


@pytest.mark.parametrize(
    ("terms", "short", "described"),
    [
        ("échelonné", "échelonné", "Versement échelonné"),
        ("unique", "unique", "Versement unique"),
        ("Une moitié au lancement", "autre", "Une moitié au lancement"),
    ],
)
def test_an_agreement_signed_elsewhere_is_published(
    client: Client, metropolis: Community, tmp_path: Path, terms: str, short: str, described: str
) -> None:
    with within(metropolis):
        grant = Grant.objects.select_related("beneficiary").get(reference="fmin-2018-12")
        Grant.objects.filter(pk=grant.pk).update(amount=Decimal("41200.50"))
        Agreement.objects.create(
            grant=grant, signed_on=date(2019, 2, 1), payment_terms=terms, paid_from=date(2019, 3, 1)
        )
    named(metropolis, grant.beneficiary)
    asked = "?q=smart+parking&territory=paris-ouest-la-defense"
    contents = {path: content_of(client.get(path + asked)) for path in SCHEMAS}
    for path, content in contents.items():
        assert faults_of(content, SCHEMAS[path], tmp_path) == []
    (sixteen,), (forty,) = rows_of(contents[SHORT]), rows_of(contents[LONG])
    assert {name: sixteen[name] for name in ("montant", "dispositifAide", "referenceDecision")} == {
        "montant": "41200.5",
        "dispositifAide": "FMIN",
        "referenceDecision": "",
    }
    assert (sixteen["conditionsVersement"], sixteen["datesPeriodeVersement"]) == (
        terms,
        "2019-03-01",
    )
    names = ("conditionsVersement", "descriptionConditionsVersement", "exerciceBudgetaire")
    assert tuple(forty[name] for name in names) == (short, described, "2019")
    assert (forty["statutLabel"], forty["pluriannualite"]) == ("attribuée", "non")


def test_who_left_has_no_line_and_a_firm_has_its_own_number(
    client: Client, pooled: Agreed, metropolis: Community
) -> None:
    with within(metropolis):
        firm = Organisation.objects.create(
            kind=OrganisationKind.COMPANY, name="Entreprise fictive", siret="99999990700002"
        )
        kept, left = Party.objects.order_by("position")
        Party.objects.filter(pk=left.pk).update(amount=0, left_at=AT)
        Party.objects.filter(pk=kept.pk).update(organisation=firm, name=firm.name, amount=41200)
    rows = rows_of(content_of(client.get(SHORT + OURS)))
    names = ("nomBeneficiaire", "idBeneficiaire", "pourcentageSubvention")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("Entreprise fictive", "99999990700002", "1")
    ]


@BOTH
def test_a_made_up_grant_says_so(
    client: Client, pooled: Agreed, metropolis: Community, path: str
) -> None:
    with within(metropolis):
        pooled.filing.call.example = True
        pooled.filing.call.save()
    rows = rows_of(content_of(client.get(path + OURS)))
    assert {row["objet"] for row in rows} == {"Exemple fictif – Projet 1"}


@BOTH
def test_any_number_of_grants_is_read_by_as_many_queries(
    client: Client, pooled: Agreed, metropolis: Community, sceaux: Community, path: str
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path + OURS)
            assert response.streaming
            content_of(response)
        return len(captured)

    asked()
    with_one = asked()
    with within(metropolis):
        for _turn in range(6):
            awarded(pooled.filing, sceaux).signed()
    assert asked() == with_one
    assert len(rows_of(content_of(client.get(path + OURS)))) == 8


def test_the_address_that_was_before_leads_there(client: Client) -> None:
    response = client.get("/fonds/registre.scdl.csv?year=2018")
    assert (response.status_code, response.url) == (301, f"{SHORT}?year=2018")


@BOTH
def test_a_wrong_filter_is_named(client: Client, path: str) -> None:
    response = client.get(f"{path}?theme=nope", headers={"accept": "application/json"})
    assert (response.status_code, response.json()["field"]) == (409, "theme")


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=40))
def test_shares_are_hundredths_that_add_up_to_one(cents: list[int]) -> None:
    parts = tuple(Decimal(one) / 100 for one in cents)
    found = scdl.shares(parts)
    assert sum(found) == 1
    whole = sum(parts)
    assert all(
        abs(share - part / whole) < Decimal("0.01")
        for share, part in zip(found, parts, strict=True)
    )
    assert all(share == share.quantize(Decimal("0.01")) for share in found)


@given(
    parts=st.lists(st.integers(1, 10**9), min_size=1, max_size=30),
    requested=st.none() | st.decimals("0.01", "9999999999", places=2),
    amount=st.none() | st.decimals("0.01", "9999999999", places=2),
)
def test_what_is_unknown_is_empty_and_what_is_known_adds_up(
    parts: list[int], requested: Decimal | None, amount: Decimal | None
) -> None:
    award = Award(
        reference="r",
        grantor="M",
        grantor_siret="",
        beneficiaries=tuple(Beneficiary(f"B{n}", "", Decimal(n)) for n in parts),
        title="T",
        amount=amount,
        programme="P",
        programme_code="P",
        awarded_on=date(2026, 5, 4),
        requested=requested,
    )
    form = scdl.long_form(date(2026, 5, 4))
    rows = form.rows(award)
    asked = [row["montantDemande"] for row in rows]
    assert sum(Decimal(one) for one in asked if one) == (requested or 0)
    assert requested is not None or set(asked) == {""}
    assert {row["montant"] for row in rows} == {"" if amount is None else f"{amount.normalize():f}"}
    shares = [row["pourcentageSubvention"] for row in rows]
    assert "0" not in shares
    assert ("pourcentageSubvention" in form.missing(rows)) == ("" in shares)
    assert sum(Decimal(one) for one in shares if one) == 1


@pytest.mark.parametrize("stage", Stage)
def test_the_status_is_one_of_the_schema_s_and_tells_nothing_that_is_secret(stage: Stage) -> None:
    schema = json.loads((DATA / "scdl-subventions-2.1.1-schema.json").read_text())
    field: Any = next(one for one in schema["fields"] if one["name"] == "statutLabel")
    assert scdl.status_of(stage) in field["constraints"]["enum"]
    if stage in Stage.secret():
        assert scdl.status_of(stage) == scdl.status_of(Stage.UNDER_REVIEW)


def test_columns_are_those_of_the_schemas_in_order() -> None:
    forms = {SHORT: scdl.short_form(), LONG: scdl.long_form(date(2026, 5, 4))}
    for path, form in forms.items():
        schema = json.loads((DATA / f"{SCHEMAS[path]}-schema.json").read_text())
        assert list(form.columns) == [field["name"] for field in schema["fields"]]
        required = [f["name"] for f in schema["fields"] if f.get("constraints", {}).get("required")]
        assert set(required) <= set(form.required)
