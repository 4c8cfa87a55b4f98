"""A row in every table that belongs to a community, each text of it bearing a mark."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.owned import Owned, owned_models
from communs.core.communities.scope import within
from communs.core.kit.ids import time_ordered_id
from communs.core.people.models import Person
from communs.core.search.backends import backend
from communs.core.search.backends.shelves import shelf_of
from communs.core.search.models import Document
from tests.services.fund.cases import TERMS

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
_UNSAID = object()
DEFINITION = {
    "pages": [
        {
            "key": "zqxpage",
            "title": "zqxmark",
            "sections": [
                {"key": "s", "fields": [{"key": "f", "kind": "text", "label": "zqxmark zqsought"}]}
            ],
        }
    ]
}
# What a table's own rules ask for, besides what its fields say.
PARTICULARS: dict[str, dict[str, Any]] = {
    "files.StoredFile": {
        "purpose": "fund.paper",
        "kind": "txt",
        "expires_at": NOW.replace(year=2040),
        "sha256": hashlib.sha256(b"x").hexdigest(),
        "state": "clean",
    },
    "access.Delegation": {
        "giver": lambda made: Membership.objects.exclude(pk=made[Membership].pk).first()
    },
    "api.Token": {"digest": hashlib.sha256(b"x").hexdigest()},
    "delivery.Bay": {"code": "ZQXMAR"},  # read from a sign: always in capitals
    "delivery.Merchant": {"over_on": NOW.date()},
    "delivery.Policy": {"days": "01234"},
    "delivery.Recurrence": {"days": "01234", "begins": time(8), "ends": time(9), "minutes": 30},
    "delivery.Template": {"days": "01234"},
    "delivery.Ticket": {"allowed_until": NOW + timedelta(hours=1)},
    "delivery.Booking": {"ends_at": NOW + timedelta(hours=1)},
    "forms.Answers": {"expires_at": NOW.replace(year=2040), "sent_at": None},
    "forms.Form": {"definition": DEFINITION, "purpose": "fund.application"},
    "forms.Version": {
        "definition": DEFINITION,
        "number": 320,  # what a route's number is tried with
        "purpose": "fund.application",
        "retired_at": NOW,
    },
    "fund.Agreement": {"state": "drafted", "amount": Decimal(1)},
    "fund.Amendment": {
        "kind": "extension",
        "change": {"ends_on": "2027-01-01", "ends_on_told": "1er janvier 2027", "pages": 1},
    },
    "fund.Claim": {"checked_by": None},
    "fund.Common": {"state": "offered", "confirmed_at": None, "bundle": UUID(int=7)},
    "fund.Lesson": {"edition": 1, "reviewed_at": NOW},
    "fund.Replication": {"state": "requested"},
    "fund.Evaluation": {
        "number": 320,  # what a route's number is tried with
        "frozen": {
            "indicators": [],
            "changes": [],
            "demonstration": False,
            "site": "antony",
        },
        "results": {"indicators": [], "rule": "nothing_sure"},
        "digest": "0" * 64,
        "proposed": "adapt",
        "verdict": "adapt",
        "decided_at": NOW,
    },
    "fund.Experiment": {
        "state": "live",
        "starts_on": NOW.date(),
        "ends_on": NOW.date() + timedelta(days=30),
        "agreed_at": NOW,
        "protocol_sha256": "0" * 64,
    },
    "fund.Feedback": {"useful": 3, "easy": 3},
    "fund.ProtocolIndicator": {"baseline_until": NOW.date(), "least_days": 14},
    "fund.ProtocolChange": {"before": {}, "after": {}},
    "fund.Decision": {"amount": Decimal(1)},
    "fund.Grant": {"amount": Decimal(1)},
    "fund.Payment": {
        "state": "paid",
        "checked_at": NOW,
        "ordered_on": NOW.date(),
        "paid_on": NOW.date(),
    },
    "fund.Signature": {"amendment": None},
    "fund.Organisation": {"kind": "company", "body": None},
    "fund.FundingRules": {"terms": TERMS},
    "fund.Application": {
        "stage": "reviewed",
        "submitted_at": NOW,
        "complete_at": NOW,
        "eligible_at": NOW,
    },
    "fund.Interest": {"application": None, "until": NOW.date()},
    "fund.Appointment": {"until": NOW.date()},
    "fund.Contact": {"until": NOW.date()},
    "fund.Attendance": {"proxy": None},
    "geo.Spot": {"subject": lambda _made: time_ordered_id()},  # of a thing, never of a person
    "journal.Event": {"position": None, "digest": None},
    "journal.Chain": {"digest": "0" * 64, "seal": "0" * 64},
    "parking.Campaign": {
        "before_until": date(2026, 11, 23),
        "measured_from": date(2026, 11, 24),
        "measured_until": date(2026, 11, 30),
        "low": 60,
        "high": 80,
        "hour_from": 9,
        "hour_until": 19,
    },
    "parking.Outlook": {"site": None},
    "parking.Panel": {"segment": None, "site": None},
    "parking.PlaceDay": {"site": None, "hours": [[0, 0, 0, 0]] * 24, "dwells": []},
    "parking.Placement": {"site": None},
    "parking.Regulation": {"zone": None, "tariff": None},
    "parking.Space": {"site": None, "code": "ZQXSPACE"},
    "registry.Activation": {"options": {}},
    "sensing.Thing": {"number": 9_999},  # the demonstration has the first ones
    "sensing.Source": {"revision": lambda _made: time_ordered_id()},
    "search.Document": {
        "service": "fund",
        "kind": "Grant",
        "language": "fr",
        "audience": "community.manage",
        "terms": "zqsought",
        "route": "fund:grant",
        "args": ["x"],
    },
    "search.Word": {"audience": "community.manage", "word": "zqsought"},
}


def plant(community: Community, mark: str, person: Person) -> list[Owned]:
    """Make a row in each table of the community; tables that point at others come after them."""
    made: dict[type[Owned], Owned] = {}
    with within(community):
        for model in _in_order(owned_models(apps)):
            existing = model.objects.first() if _is_single(model) else None
            if existing is None:
                with transaction.atomic():
                    existing = model(**_values(model, mark, made, person))
                    existing.save(force_insert=True)
                    if isinstance(existing, Document):
                        entries = [(existing.number, existing.terms)]
                        backend().add(entries, shelf_of(existing.audience))
            made[model] = existing
    return list(made.values())


def _in_order(found: Iterable[type[Owned]]) -> list[type[Owned]]:
    waiting, order = list(found), []
    while waiting:
        ready = [m for m in waiting if not (_parents(m) & set(waiting)) - {m}]
        assert ready, f"tables point at each other: {waiting}"
        order += ready
        waiting = [m for m in waiting if m not in ready]
    return order


def _parents(model: type[Owned]) -> set[type[models.Model]]:
    fields = model._meta.concrete_fields
    return {f.related_model for f in fields if f.many_to_one and issubclass(f.related_model, Owned)}


def _is_single(model: type[Owned]) -> bool:
    """Tell whether a community has at most one row of a table."""
    unique = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    return any(tuple(c.fields) == ("community",) for c in unique)


def _values(
    model: type[Owned], mark: str, made: dict[type[Owned], Owned], person: Person
) -> dict[str, Any]:
    given = PARTICULARS.get(model._meta.label, {})
    found = {}
    for field in model._meta.concrete_fields:
        value = given.get(field.name, _UNSAID)
        if value is _UNSAID:
            value = None if field.name in {"id", "community"} else _value(field, mark, made, person)
        found[field.name] = value(made) if callable(value) else value
    found.pop("id", None)
    del found["community"]
    return found


def _value(field: Any, mark: str, made: dict[type[Owned], Owned], person: Person) -> Any:
    if field.many_to_one:
        return _pointed(field, made, person)
    if isinstance(field, models.UUIDField):
        return person.pk  # whoever did it
    if field.null and not isinstance(field, models.CharField | models.TextField):
        return None
    if field.choices:
        return field.default if field.has_default() else field.choices[0][0]
    make = next((maker for kind, maker in _MAKERS if isinstance(field, kind)), None)
    assert make, f"{field} needs a value: say how in tests/planting.py"
    return make(field, mark)


def _pointed(field: Any, made: dict[type[Owned], Owned], person: Person) -> Any:
    target = field.related_model
    if target is Person:
        return person
    if target is Community:
        return Community.objects.get(slug="sceaux")
    return None if field.null and target not in made else made[target]


_MAKERS: list[tuple[type[models.Field], Callable[[Any, str], Any]]] = [
    (models.SlugField, lambda f, m: f"{m.split()[0]}-{f.name}"[: f.max_length]),
    (models.EmailField, lambda f, m: f"{m.split()[0]}@planted.example"),
    (models.CharField, lambda f, m: f"{m} {f.name}"[: f.max_length]),
    (models.TextField, lambda f, m: f"{m} {f.name}"),
    (models.JSONField, lambda f, m: [] if f.default is list else {"mark": m}),
    (models.DateTimeField, lambda f, m: NOW),
    (models.DateField, lambda f, m: date(2026, 11, 23)),
    (models.DecimalField, lambda f, m: Decimal(1)),
    (models.BooleanField, lambda f, m: False),
    (models.BinaryField, lambda f, m: None),
    (models.FloatField, lambda f, m: 1.0),
    (models.IntegerField, lambda f, m: 1),
]
