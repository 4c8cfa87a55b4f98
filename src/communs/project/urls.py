"""Every address: the house's pages, the API, then each service under its path."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from communs.core.api.views import api, openapi
from communs.core.registry.queries import services
from communs.project import metrics, wellknown


def _services() -> list[URLResolver]:
    return [
        path(f"{service.slug}/", include(f"{service.name}.urls"))
        for service in services()
        if service.module_named("urls")
    ]


_CHANGE_PASSWORD = RedirectView.as_view(pattern_name="account_change_password")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("communs.core.web.urls")),
    path("", include("communs.core.people.urls")),
    path("", include("communs.core.notifications.urls")),
    path("", include("communs.core.bundles.urls")),
    path("", include("communs.core.privacy.urls")),
    path("donnees/", include("communs.core.api.urls")),
    path("fichiers/", include("communs.core.files.urls")),
    path("formulaires/", include("communs.core.forms.urls")),
    path("capteurs/", include("communs.core.sensing.urls")),
    path("metriques", metrics.metrics, name="metrics"),
    path("robots.txt", wellknown.robots, name="robots"),
    path(".well-known/security.txt", wellknown.security, name="security_contact"),
    path(".well-known/change-password", _CHANGE_PASSWORD, name="well_known_password"),
    path("api/openapi.json", openapi, name="openapi"),
    path("api/", api().urls),
    *_services(),
]

handler400 = "communs.core.web.views.errors.bad_request"
handler403 = "communs.core.web.views.errors.forbidden"
handler404 = "communs.core.web.views.errors.not_found"
handler429 = "communs.core.people.views.entering.too_many"
handler500 = "communs.core.web.views.errors.server_error"
