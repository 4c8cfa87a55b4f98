"""Addresses of the fund, under /fonds/."""

from django.urls import path, register_converter

from communs.core.kit.converters import DayConverter
from communs.services.fund import views

register_converter(DayConverter, "day")

app_name = "fund"
urlpatterns = [
    path("", views.index, name="index"),
    path("registre/", views.register, name="register"),
    path("registre.csv", views.register_csv, name="register_csv"),
    path("registre.json", views.register_json, name="register_json"),
    path("registre.geojson", views.register_geojson, name="register_geojson"),
    path("registre.scdl.csv", views.register_scdl, name="register_scdl"),
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
