"""Addresses of pages that belong to no service."""

from django.urls import path
from django.views.generic import RedirectView

from communs.core.web.views import health, kit, pages, search, settings

app_name = "web"
_SIGN_IN = RedirectView.as_view(pattern_name="account_login", query_string=True)
urlpatterns = [
    path("", pages.home, name="home"),
    path("communes/", pages.communes, name="communes"),
    path("services/", pages.services, name="services"),
    path("donnees/", pages.data, name="data"),
    path("recherche/", search.find, name="search"),
    path("recherche/propositions/", search.suggestions, name="search_suggestions"),
    path(
        "accessibilite/",
        pages.statement,
        {"name": "statement_accessibility"},
        name="accessibility",
    ),
    path("donnees-personnelles/", pages.statement, {"name": "privacy"}, name="privacy"),
    path("mentions-legales/", pages.statement, {"name": "legal"}, name="legal"),
    path("kit/", kit.gallery, name="kit"),
    path("connexion/", _SIGN_IN, name="sign_in"),
    path("reglages/", settings.index, name="settings"),
    path("reglages/apparence/", settings.look, name="look"),
    path("reglages/services/<slug:key>/", settings.service, name="service_settings"),
    path("couleurs.css", settings.colours, name="colours"),
    path("sante", health.health, name="health"),
]
