"""Addresses of pages that belong to no service."""

from django.urls import path

from communs.core.web.views import account, health, kit, pages, settings

app_name = "web"
urlpatterns = [
    path("", pages.home, name="home"),
    path("communes/", pages.communes, name="communes"),
    path("services/", pages.services, name="services"),
    path("donnees/", pages.data, name="data"),
    path("recherche/", pages.find, name="search"),
    path(
        "accessibilite/",
        pages.statement,
        {"name": "statement_accessibility"},
        name="accessibility",
    ),
    path("donnees-personnelles/", pages.statement, {"name": "privacy"}, name="privacy"),
    path("mentions-legales/", pages.statement, {"name": "legal"}, name="legal"),
    path("kit/", kit.gallery, name="kit"),
    path("connexion/", account.SignIn.as_view(), name="sign_in"),
    path("deconnexion/", account.SignOut.as_view(), name="sign_out"),
    path("reglages/", settings.index, name="settings"),
    path("reglages/apparence/", settings.look, name="look"),
    path("reglages/services/<slug:key>/", settings.service, name="service_settings"),
    path("couleurs.css", settings.colours, name="colours"),
    path("sante", health.health, name="health"),
]
