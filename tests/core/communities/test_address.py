"""The address says the language and the community; nothing else does."""

import pytest
from django.test import Client, RequestFactory
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

from communs.core.communities.addresses import url_of
from communs.core.communities.middleware import AddressMiddleware
from communs.core.communities.models import Community
from communs.core.communities.scope import scope

pytestmark = pytest.mark.django_db


def seen(path: str, **headers: str) -> dict[str, object]:
    """What a view sees of a request."""
    found: dict[str, object] = {}

    def view(request: object) -> object:
        from django.http import HttpResponse

        found.update(
            community=request.community.slug if request.community else None,
            path=request.path_info,
            prefix=get_script_prefix(),
            language=get_language(),
            scope=scope().community == request.community,
            services=reverse("web:services"),
        )
        return HttpResponse()

    AddressMiddleware(view)(RequestFactory().get(path, **headers))
    return found


@pytest.mark.parametrize(
    ("path", "community", "inner", "prefix", "language"),
    [
        ("/", "metropole", "/", "/", "fr"),
        ("/fonds/registre/", "metropole", "/fonds/registre/", "/", "fr"),
        ("/antony/", "antony", "/", "/antony/", "fr"),
        ("/antony", "antony", "/", "/antony/", "fr"),
        ("/antony/services/", "antony", "/services/", "/antony/", "fr"),
        ("/en/", "metropole", "/", "/en/", "en"),
        ("/en", "metropole", "/", "/en/", "en"),
        ("/en/antony/services/", "antony", "/services/", "/en/antony/", "en"),
        ("/plaine-commune/", "plaine-commune", "/", "/plaine-commune/", "fr"),
        ("/nowhere/services/", "metropole", "/nowhere/services/", "/", "fr"),
        ("/metropole/services/", "metropole", "/metropole/services/", "/", "fr"),
        ("/antony\x00/", "metropole", "/antony\x00/", "/", "fr"),
        ("/Antony/", "metropole", "/Antony/", "/", "fr"),
        ("/" + "a" * 5000 + "/", "metropole", "/" + "a" * 5000 + "/", "/", "fr"),
    ],
)
def test_the_path_names_the_community_and_the_language(
    path: str, community: str, inner: str, prefix: str, language: str
) -> None:
    assert seen(path) == {
        "community": community,
        "path": inner,
        "prefix": prefix,
        "language": language,
        "scope": True,
        "services": f"{prefix}services/",
    }


def test_a_communes_own_host_name_needs_no_path(settings: object) -> None:
    settings.ALLOWED_HOSTS = ["antony.example"]
    Community.objects.filter(slug="antony").update(host="antony.example")
    found = seen("/services/", HTTP_HOST="antony.example:8000")
    assert (found["community"], found["path"], found["prefix"]) == ("antony", "/services/", "/")


def test_a_commune_on_its_own_host_is_linked_to_there(antony: Community) -> None:
    antony.host = "antony.example"
    assert url_of(antony, "web:services") == "//antony.example/services/"


def test_an_unknown_host_is_refused() -> None:
    response = Client().get("/", headers={"host": "evil.example"})
    assert response.status_code == 400


def test_a_commune_that_has_merged_keeps_its_address() -> None:
    assert seen("/pierrefitte-sur-seine/")["community"] == "pierrefitte-sur-seine"
