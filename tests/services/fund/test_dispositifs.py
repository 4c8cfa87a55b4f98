"""Calls in the schema of aid schemes: valid for the field's validator; only what is published."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.registry.actions import set_service
from communs.core.registry.queries import by_key
from communs.services.fund.engine import aid
from communs.services.fund.enums import CallState
from communs.services.fund.models import Call
from tests import pages
from tests.services.fund import cases
from tests.services.fund.opening import DATA, content_of, faults_of, rows_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of the validator
]
FILE = "/fonds/donnees/dispositifs.csv"
NEXT = "/fonds/donnees/dispositifs-0.2.0.csv"
SCHEMAS = {FILE: "dispositif-aide-0.0.1", NEXT: "dispositif-aide-0.2.0"}
BOTH = pytest.mark.parametrize("path", [FILE, NEXT])
AT = datetime(2026, 5, 4, 8, tzinfo=UTC)


def told(client: Client, call: Call, path: str = FILE) -> dict[str, str]:
    """Give what a file says of a call."""
    rows = rows_of(content_of(client.get(path)))
    return {k: v for row in rows if str(call.pk) in row.values() for k, v in row.items() if v}


def test_a_call_for_communes_is_told(client: Client, metropolis: Community) -> None:
    with within(metropolis):
        call = cases.call_made()
        Call.objects.filter(pk=call.pk).update(
            title="Essais 2026",
            summary="Essayer.",
            text="Pour voir.",
            challenges=["inclusive", "agile"],
            opens_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
            closes_at=datetime(2026, 6, 30, 22, tzinfo=UTC),  # midnight in Paris: not counted
            example=False,
        )
        rules = call.rules
        assert rules is not None
    at = f"http://testserver/fonds/appels/{call.code}/"
    assert told(client, call) == {
        "id_aide": str(call.pk),
        "nom_aide": "Essais 2026",
        "nom_aide_normalise": "Répondre à l’appel\u00a0: Essais 2026",
        "programme_aides": call.programme.name,
        "porteur_aide": "Métropole du Grand Paris",
        "porteur_siren": "200054781",
        "instructeurs_aide": "Métropole du Grand Paris",
        "beneficiaires_aide": "Communes,Établissements publics - Services de l'État",
        "types_aides": "Subvention",
        "taux_subvention_maximum": f"{Decimal(rules.terms['rate']).normalize():f}",
        "aap_ami": "Oui",
        "description": "Essayer.\n\nPour voir.",
        "thematique_aide": (
            "Innovation numérique > Inclusive et solidaire;"
            "Innovation numérique > Agile et efficiente"
        ),
        "recurrence_aide": "Ponctuelle",
        "date_ouverture": "2026-03-02",
        "date_cloture": "2026-06-30",
        "zone_geographique": "Métropole du Grand Paris",
        "url_descriptif": at,
        "url_demarche": at,
        "contact": at,
        "date_mise_a_jour": timezone.localdate().isoformat(),
    } | ({"condition_eligibilite": rules.text} if rules.text else {})


def test_the_same_call_is_told_in_the_columns_of_2026(
    client: Client, metropolis: Community
) -> None:
    with within(metropolis):
        call = cases.call_made()
        Call.objects.filter(pk=call.pk).update(
            summary="Essayer.",
            text="",
            opens_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
            closes_at=datetime(2026, 6, 30, 22, tzinfo=UTC),
        )
    row = told(client, call, NEXT)
    assert date.fromisoformat(row.pop("date_mise_a_jour")[:10]) == timezone.localdate()
    where = row.pop("eligibilite_geographique").split("|")
    assert (len(where), where[0], where[-1]) == (130, "COM-75056", "COM-95018")
    made_up = "Exemple fictif. " if call.example else ""
    assert call.rules is not None
    assert row == {
        "id": str(call.pk),
        "titre": call.title,
        "description": f"{made_up}Essayer.",
        "eligibilite": "\n".join(
            part
            for part in ("• Commune ou établissement public territorial", call.rules.text)
            if part
        ),
        "types_aides": "financement",
        "porteurs": (
            "[{ nom: 'Métropole du Grand Paris', siren: '200054781',"
            " roles: [ 'financeur', 'instructeur' ]}]"
        ),
        "programmes_parents": call.programme.name,
        "url_source": f"http://testserver/fonds/appels/{call.code}/",
        "cibles": "secteur public",
        "date_ouverture": "2026-03-02T09:00:00+01:00",
        "date_cloture": "2026-07-01T00:00:00+02:00",
    }


def test_a_call_for_solutions_is_told(client: Client, metropolis: Community) -> None:
    with within(metropolis):
        call = cases.solutions_made()
        Call.objects.filter(pk=call.pk).update(rules=None, closes_at=None, example=True)
        contact = {"contact_email": "fonds@example.org"}
        set_service(service=by_key("fund"), on=True, options=contact, by=None)
    row = told(client, call)
    names = ("beneficiaires_aide", "types_aides", "recurrence_aide", "contact")
    assert {name: row[name] for name in names} == {
        "beneficiaires_aide": "Entreprises privées,Associations",
        "types_aides": "Autre",
        "recurrence_aide": "Permanente",
        "contact": "fonds@example.org",
    }
    assert row["description"].startswith("Exemple fictif. ")
    assert "taux_subvention_maximum" not in row
    assert "date_cloture" not in row


@BOTH
def test_the_validator_finds_nothing_wrong(
    client: Client, metropolis: Community, tmp_path: Path, path: str
) -> None:
    with within(metropolis):
        cases.call_made()
        cases.solutions_made()
    content = content_of(client.get(path))
    assert len(rows_of(content)) >= 2
    assert faults_of(content, SCHEMAS[path], tmp_path) == []
    wrong = content.replace(b",Ponctuelle,", b",Parfois,").replace(b"secteur public", b"tous")
    names = {fault[1] for fault in faults_of(wrong, SCHEMAS[path], tmp_path)}
    assert names == {{FILE: "recurrence_aide", NEXT: "cibles"}[path]}


@BOTH
@pytest.mark.parametrize("state", [CallState.DRAFT, CallState.ARCHIVED])
def test_only_published_calls_are_told(
    client: Client, metropolis: Community, state: str, path: str
) -> None:
    with within(metropolis):
        call = cases.call_made()
        Call.objects.filter(pk=call.pk).update(state=state)
    assert told(client, call, path) == {}


@BOTH
def test_without_the_metropolis_number_it_is_refused(
    client: Client, metropolis: Community, path: str
) -> None:
    column = {FILE: "porteur_siren", NEXT: "porteurs"}[path]
    Community.objects.filter(pk=metropolis.pk).update(siren=None)
    with within(metropolis):
        call = cases.call_made()
    refused = client.get(path, headers={"accept": "application/json"})
    assert refused.status_code == 409
    assert refused.json()["missing"][call.code] == [column]
    shown = client.get(path, headers={"accept": "text/html"})
    assert [call.code, column] in pages.rows(shown)


@BOTH
def test_any_number_of_calls_is_read_by_as_many_queries(
    client: Client, metropolis: Community, path: str
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            content_of(client.get(path))
        return len(captured)

    asked()
    before = asked()
    with within(metropolis):
        call = cases.call_made()
        for number in range(4):
            call.pk, call.code, call._state.adding = None, f"autre-{number}", True
            call.save()
    assert asked() == before


@given(
    title=st.text(min_size=1, max_size=160),
    programme=st.text(max_size=60),
    text=st.text(max_size=6000),
)
def test_names_keep_within_what_the_schemas_take(title: str, programme: str, text: str) -> None:
    one = aid.Aid(
        key="k",
        code="c",
        title=title,
        programme=programme,
        holder="Métropole",
        holder_siren="200054781",
        communes=("75056",),
        for_bodies=True,
        text=text,
        rules="",
        rate=None,
        challenges=(),
        opens_at=None,
        closes_at=None,
        url="https://m.example/",
        contact="",
    )
    forms = aid.form_of_2022(AT), aid.form_of_2026(AT)
    old, new = (form.row(one) for form in forms)
    assert [form.missing(row) for form, row in zip(forms, (old, new), strict=True)] == [(), ()]
    assert len(old["nom_aide_normalise"]) <= 180
    assert len(new["description"]) <= 5000
    assert "," not in old["programme_aides"]
    assert "|" not in new["programmes_parents"]


def test_columns_are_those_of_the_schemas_in_order() -> None:
    for path, form in {FILE: aid.form_of_2022(AT), NEXT: aid.form_of_2026(AT)}.items():
        schema = json.loads((DATA / f"{SCHEMAS[path]}-schema.json").read_text())
        assert list(form.columns) == [field["name"] for field in schema["fields"]]
        required = [f["name"] for f in schema["fields"] if f.get("constraints", {}).get("required")]
        assert list(form.required) == required
