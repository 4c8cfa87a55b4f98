"""A program that prepares calls, and what it may name."""

from __future__ import annotations

from typing import Any

from django.test import Client

from communs.services.fund import actions
from communs.services.fund.models import Envelope
from tests.services.fund import cases

GESTION = "/api/fonds/gestion"
CALLS = f"{GESTION}/appels"


class Program:
    """What a person's program asks, in English."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def ask(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """Give what is answered, which has this status."""
        more: dict[str, Any] = {} if body is None else {"data": body}
        more |= {"content_type": "application/json", "headers": {"accept-language": "en"}}
        found = getattr(self.client, method)(path, **more)
        assert found.status_code == status, found.content
        return found.json() if found.content else None

    def refused(self, method: str, path: str, body: Any = None) -> tuple[Any, str]:
        """Give the field and the sentence of a refusal."""
        found = self.ask(method, path, body, status=409)
        return found.get("field"), found["detail"]

    def invalid(self, method: str, path: str, body: Any) -> list[str]:
        """Give the fields of a body that is not accepted."""
        return [one["field"] for one in self.ask(method, path, body, status=422)["errors"]]


def funded() -> Envelope:
    """Make a programme with an envelope, rules and a form in force."""
    programme = actions.add_programme(acronym="ESSAI", name="Programme d’essai", by=None)
    actions.add_rules(code="essai", title="Règles", terms=cases.TERMS, by=None)
    cases.form_version()
    return Envelope.objects.create(programme=programme, title="Tout", year=2026, amount=100)


def new(**changed: Any) -> dict[str, Any]:
    """Give the body of a call that begins."""
    return {
        "programme": "ESSAI",
        "title": "FMIN 2027",
        "opens_at": "2026-11-01T09:00:00+01:00",
        "closes_at": "2026-12-01T00:00:00+01:00",
        "rules": {"code": "essai", "version": 1},
        "form": {"key": "essai", "version": 1},
        "challenges": ["inclusive"],
    } | changed
