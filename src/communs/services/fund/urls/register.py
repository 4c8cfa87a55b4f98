"""Addresses of the public register."""

from django.urls import path, register_converter
from django.views.generic import RedirectView

from communs.core.kit.converters import DayConverter
from communs.services.fund import views

register_converter(DayConverter, "day")
_MOVED = RedirectView.as_view(pattern_name="fund:register_scdl", permanent=True, query_string=True)

urlpatterns = [
    path("registre/", views.register, name="register"),
    path("registre.csv", views.register_csv, name="register_csv"),
    path("registre.json", views.register_json, name="register_json"),
    path("registre.geojson", views.register_geojson, name="register_geojson"),
    path("registre.scdl.csv", _MOVED, name="register_scdl_before"),
    path("donnees/subventions-scdl-2.1.csv", views.register_scdl, name="register_scdl"),
    path("donnees/subventions-2.1.1.csv", views.register_scdl_long, name="register_scdl_long"),
    path("donnees/360giving.json", views.register_360giving, name="register_360giving"),
    path("donnees/dispositifs.csv", views.calls_csv, name="calls_csv"),
    path("donnees/dispositifs-0.2.0.csv", views.calls_csv_of_2026, name="calls_csv_of_2026"),
    path("donnees/dcat.ttl", views.catalogue, name="dcat"),
    path("registre/carte.geojson", views.register_map_geojson, name="map_geojson"),
    path("registre/carte/", views.register_map, name="map"),
    path("registre/<slug:reference>/", views.grant, name="grant"),
    path("registre/<slug:reference>/faits/ajouter/", views.add_fact, name="add_fact"),
    path(
        "registre/<slug:reference>/faits/<slug:code>/modifier/",
        views.correct_fact,
        name="correct_fact",
    ),
    path(
        "registre/<slug:reference>/faits/<slug:code>/retirer/",
        views.withdraw_fact,
        name="withdraw_fact",
    ),
    path("attributions/", views.awards, name="rounds"),
    path("attributions/<day:day>/", views.award, name="round"),
    path("beneficiaires/<slug:slug>/", views.beneficiary, name="beneficiary"),
]
