"""Addresses, under /stationnement/."""

from django.urls import path

from communs.services.parking import views

app_name = "parking"
urlpatterns = [
    path("", views.index, name="index"),
    path("carte/", views.on_map, name="map"),
    path("puis-je/", views.ask, name="ask"),
    path("regles/", views.rules, name="rules"),
    path("rues/<slug:slug>/", views.segment, name="segment"),
    path("parcs/<slug:slug>/", views.site, name="site"),
    path("p/<slug:code>/", views.space, name="space"),
    path("p/<slug:code>/capteur/retirer/", views.release_sensor, name="release_sensor"),
    path("disponibilites.csv", views.rooms_csv, name="rooms_csv"),
    path("disponibilites.geojson", views.rooms_geojson, name="rooms_geojson"),
    path("carte.geojson", views.map_geojson, name="map_geojson"),
    path("lieux.csv", views.lieux_csv, name="lieux_csv"),
    path("mesures/", views.measures, name="measures"),
    path("mesures.csv", views.measures_csv, name="measures_csv"),
    path("previsions/", views.outlooks, name="outlooks"),
    path("previsions/<slug:kind>/<slug:slug>/", views.outlook, name="outlook"),
    path("campagnes/", views.campaigns, name="campaigns"),
    path("campagnes/<slug:slug>/", views.campaign, name="campaign"),
    path("campagnes/<slug:slug>/mesures.csv", views.campaign_csv, name="campaign_csv"),
    path("panneaux/", views.panels, name="panels"),
    path("panneaux/<slug:slug>/", views.panel, name="panel"),
    path("panneaux/<slug:slug>.txt", views.panel_txt, name="panel_txt"),
    path("panneaux/<slug:slug>.json", views.panel_json, name="panel_json"),
    path("datex2/table.xml", views.datex2_table, name="datex2_table"),
    path("datex2/status.xml", views.datex2_status, name="datex2_status"),
    path("parkapi/v3/parking-sites", views.parkapi, name="parkapi"),
    path("capteurs/poser/", views.fit_sensor, name="fit_sensor"),
    path("tournee/", views.patrol, name="patrol"),
    path("tournee/<slug:code>/<int:since>/", views.answer_overstay, name="answer_overstay"),
    path("gestion/", views.manage, name="manage"),
    path("gestion/places/", views.manage_spaces, name="manage_spaces"),
    path("gestion/regles/<slug:key>/retirer/", views.remove_rule, name="remove_rule"),
]
for _noun, _kind in views.NOUNS.items():
    urlpatterns += [
        path(f"gestion/{_noun}/ajouter/", views.add, {"noun": _noun}, name=f"add_{_kind.argument}"),
        path(
            f"gestion/{_noun}/<slug:key>/",
            views.change,
            {"noun": _noun},
            name=f"change_{_kind.argument}",
        ),
    ]
