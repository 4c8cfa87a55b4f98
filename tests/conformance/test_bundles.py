"""A configuration of every service goes elsewhere whole, and takes nobody along."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.db import models

from communs.core.bundles import actions
from communs.core.bundles.content import shared
from communs.core.bundles.documents import opened
from communs.core.bundles.travel import Table, tables
from communs.core.communities.models import Community
from communs.core.communities.owned import Owned
from communs.core.communities.scope import within
from communs.core.files.models import StoredFile
from communs.core.people.models import Person
from communs.core.registry.service import Service, travelling

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
ELSEWHERE = (Person, StoredFile, Community)


@pytest.mark.django_db
def test_it_is_installed_elsewhere_the_same(
    service: Service, antony: Community, sceaux: Community
) -> None:
    samples = import_module(f"tests.services.{service.key}.samples")
    with within(antony):
        samples.make(3)
        bundle = actions.pack(service=service, licence="CC0-1.0", notes="", at=NOW, by=None)
        packed = shared(service, on=NOW.date())
    document = opened(bundle.document.encode())
    assert document.text == bundle.document
    assert (document.raw["options"], document.raw["data"]) == packed
    with within(sceaux):
        row = actions.install(document=document, at=NOW, by=None)
        assert shared(service, on=NOW.date()) == packed
        actions.roll_back(installation=row, at=NOW, by=None)
        assert shared(service, on=NOW.date())[1] == {}


def test_a_table_that_travels_says_what_in_words(service: Service) -> None:
    for table in tables(service):
        assert str(table.title)
        assert table.words
        assert all(str(words) for words in table.words.values())
        assert not set(table.words) & set(table.key)


def test_a_natural_key_is_unique_in_a_community(service: Service) -> None:
    for table in tables(service):
        unique = {
            frozenset(constraint.fields)
            for constraint in table.model._meta.constraints
            if isinstance(constraint, models.UniqueConstraint) and not constraint.condition
        }
        assert frozenset({"community", *table.key}) in unique, table.name


def test_nobody_travels(service: Service) -> None:
    for table in tables(service):
        assert not set(table.columns) & set(table.model.Privacy.personal), table.name


def test_a_row_that_travels_points_only_at_what_travels(service: Service) -> None:
    for table in tables(service):
        for name in table.columns:
            field = table.field(name)
            assert field.related_model not in ELSEWHERE, f"{table.name}.{name}"
            assert not isinstance(field, models.FileField | models.ManyToManyField)
            pointed = field.related_model
            if pointed is not None:
                assert "Travel" in vars(pointed), f"{table.name}.{name}"
                assert pointed is not table.model, f"{table.name}.{name} points at its own table"


def test_a_row_can_be_made_from_what_travels(service: Service) -> None:
    for table in tables(service):
        assert _needed(table) == [], table.name


def test_local_options_are_known_to_stay(service: Service) -> None:
    assert set(travelling(service.options)) <= set(service.options.model_fields)


def _needed(table: Table) -> list[str]:
    """Give the fields that a new row needs and that do not travel."""
    given = {"id", "community", *table.columns}
    return [
        field.name
        for field in table.model._meta.concrete_fields
        if field.name not in given and not (field.null or field.blank or field.has_default())
    ]


def test_what_travels_belongs_to_a_community(service: Service) -> None:
    assert all(issubclass(table.model, Owned) for table in tables(service))
