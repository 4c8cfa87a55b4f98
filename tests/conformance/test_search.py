"""What a service has to read can be found: its documents lead somewhere, and are kept in step."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.test import Client

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.registry.service import Service
from communs.core.search import queries
from communs.core.search.engine.terms import PUBLIC
from communs.core.search.models import Document
from communs.core.search.rebuilding import rebuild
from communs.core.web.search import href_of

pytestmark = pytest.mark.django_db


def test_a_service_tells_what_can_be_found(service: Service) -> None:
    assert hasattr(service.module_named("queries"), "documents")


def test_every_public_document_of_a_service_leads_to_a_page(
    service: Service, sceaux: Community, switch: object
) -> None:
    switch(sceaux, service.key)
    with within(sceaux):
        import_module(f"tests.services.{service.key}.samples").make(2)
        rebuild()
        rows = list(Document.objects.filter(service=service.key).select_related("community"))
        assert queries.findings() == ()
    hrefs = [href_of(row) for row in rows if row.audience == PUBLIC]
    assert len(hrefs) >= 2
    assert {Client().get(href).status_code for href in hrefs} == {200}
