"""A form of Antony with a page for each thing that can go wrong, published once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.forms import actions
from communs.core.forms.models import Form, Version

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
PURPOSE = "fund.application"
SIRET = "73282932000074"
DEFINITION: dict[str, Any] = {
    "pages": [
        {
            "key": "who",
            "title": {"fr": "Qui demande", "en": "Who asks"},
            "sections": [
                {
                    "key": "applicant",
                    "title": "Le demandeur",
                    "fields": [
                        {"key": "name", "kind": "text", "label": "Nom", "required": True},
                        {"key": "siret", "kind": "siret", "label": "SIRET", "required": True},
                        {"key": "shared", "kind": "yes_no", "label": "À plusieurs ?"},
                    ],
                },
                {
                    "key": "partners",
                    "title": "Les partenaires",
                    "when": {"all": [{"field": "shared", "op": "eq", "value": True}]},
                    "repeat": {"min": 1, "max": 3, "row": "Partenaire"},
                    "fields": [
                        {"key": "partner", "kind": "text", "label": "Partenaire", "required": True},
                        {"key": "share", "kind": "money", "label": "Part"},
                    ],
                },
            ],
        },
        {
            "key": "what",
            "title": "Le projet",
            "sections": [
                {
                    "key": "project",
                    "fields": [
                        {"key": "amount", "kind": "money", "label": "Montant", "required": True},
                        {
                            "key": "why",
                            "kind": "text",
                            "label": "Pourquoi tant ?",
                            "required": True,
                            "settings": {"rows": 4, "max_length": 200},
                            "when": {"field": "amount", "op": "gt", "value": "1000"},
                        },
                        {"key": "begins", "kind": "date", "label": "Début"},
                        {"key": "plan", "kind": "file", "label": "Plan", "settings": {"days": 30}},
                    ],
                }
            ],
        },
    ]
}


@pytest.fixture
def here(antony: Community) -> Iterator[Community]:
    """Antony in force."""
    with within(antony):
        yield antony


@pytest.fixture
def form(here: Community) -> Form:
    return actions.add_form(
        key="demande",
        title="Demande",
        purpose=PURPOSE,
        definition=DEFINITION,
        at=NOON,
        by=None,
    )


@pytest.fixture
def version(form: Form) -> Version:
    return actions.publish(form=form, at=NOON, by=None)
