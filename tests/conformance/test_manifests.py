"""Manifests: declared once, complete, and true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override

from communs.core.access.rules import names
from communs.core.communities.models import Community
from communs.core.registry.queries import services
from communs.core.registry.service import Service
from communs.core.web.icons import SHAPES
from communs.core.web.options_form import form_for
from communs.project.reserved import reserved_segments


def test_a_manifest_is_complete(service: Service) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9-]*", service.slug)
    assert str(service.title)
    assert str(service.summary)
    assert service.icon in SHAPES
    assert set(service.rows) <= set(range(1, 24))


def test_addresses_and_rows_belong_to_one_service_each() -> None:
    slugs = [service.slug for service in services()]
    rows = [row for service in services() for row in service.rows]
    assert sorted(set(slugs)) == sorted(slugs)
    assert sorted(set(rows)) == sorted(rows)


@pytest.mark.django_db
def test_no_community_has_the_address_of_something_else() -> None:
    assert not set(Community.objects.values_list("slug", flat=True)) & reserved_segments()


def test_permissions_are_named_after_their_service_and_known(service: Service) -> None:
    assert [name for name in service.permissions if not name.startswith(f"{service.key}.")] == []
    assert set(service.permissions) == {n for n in names() if n.startswith(f"{service.key}.")}


def test_menu_and_data_sets_lead_somewhere(service: Service) -> None:
    routes = [entry.route for entry in service.menu]
    routes += [fmt.route for dataset in service.datasets for fmt in dataset.formats]
    assert [route for route in routes if not reverse(route).startswith(f"/{service.slug}/")] == []


def test_every_option_has_a_default_a_title_and_a_word_of_help(service: Service) -> None:
    fields = service.options.model_fields
    assert [name for name, info in fields.items() if info.is_required()] == []
    assert [name for name, info in fields.items() if not (info.title and info.description)] == []


def test_every_option_changes_something(service: Service) -> None:
    files = [p for p in Path(service.path).rglob("*") if p.suffix in {".py", ".html"}]
    said = "\n".join(p.read_text() for p in files if p.name != "options.py")
    unused = [name for name in service.options.model_fields if f".{name}" not in said]
    assert unused == []


def test_options_make_a_form_and_come_back_the_same(service: Service) -> None:
    form = form_for(service.options)
    defaults = service.options().model_dump()
    data = {name: _as_typed(value) for name, value in defaults.items()}
    bound = form({name: value for name, value in data.items() if value is not None})
    assert bound.is_valid(), bound.errors
    assert bound.options.model_dump() == defaults


def test_what_a_manifest_says_is_said_in_french(service: Service) -> None:
    texts = [service.summary, *(d.description for d in service.datasets)]
    with override("en"):
        english = [str(text) for text in texts]
    with override("fr"):
        french = [str(text) for text in texts]
    assert [fr for en, fr in zip(english, french, strict=True) if en == fr] == []


def _as_typed(value: object) -> object:
    if isinstance(value, bool):
        return "on" if value else None
    if isinstance(value, (list, tuple)):
        return "\n".join(str(line) for line in value)
    return getattr(value, "value", value)
