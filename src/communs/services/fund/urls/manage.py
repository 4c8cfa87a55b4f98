"""Addresses of the programme manager."""

from django.urls import path

from communs.services.fund import views

_CALL = "gestion/appels/<slug:code>/"

urlpatterns = [
    path("gestion/", views.manage, name="manage"),
    path("gestion/dispositifs/ajouter/", views.add_programme, name="add_programme"),
    path("gestion/enveloppes/ajouter/", views.add_envelope, name="add_envelope"),
    path("gestion/regles/ajouter/", views.add_rules, name="add_rules"),
    path("gestion/regles/<uuid:key>/version/", views.add_rules, name="next_rules"),
    path("gestion/appels/ajouter/", views.add_call, name="add_call"),
    path(_CALL, views.manage_call, name="manage_call"),
    path(f"{_CALL}modifier/", views.change_call, name="change_call"),
    path(f"{_CALL}publier/", views.publish_call, name="publish_call"),
    path(f"{_CALL}archiver/", views.archive_call, name="archive_call"),
    path(f"{_CALL}criteres/ajouter/", views.add_criterion, name="add_criterion"),
    path(f"{_CALL}phases/ajouter/", views.add_phase, name="add_phase"),
    path(f"{_CALL}sites/ajouter/", views.add_site, name="add_site"),
    path("gestion/criteres/<uuid:key>/retirer/", views.remove_criterion, name="remove_criterion"),
    path("gestion/phases/<uuid:key>/retirer/", views.remove_phase, name="remove_phase"),
    path("gestion/sites/<uuid:key>/retirer/", views.remove_site, name="remove_site"),
    path("gestion/missions/ajouter/", views.appoint, name="appoint"),
    path("gestion/missions/<uuid:key>/finir/", views.end_appointment, name="end_appointment"),
    path("gestion/siret/", views.bodies, name="bodies"),
    path("gestion/siret/<slug:slug>/", views.set_body_siret, name="set_body_siret"),
    path("gestion/organisations/<uuid:key>/contacts/", views.add_contact, name="add_contact"),
]
