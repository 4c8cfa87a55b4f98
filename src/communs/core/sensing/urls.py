"""Addresses of sensors."""

from django.urls import path

from communs.core.sensing import views

app_name = "sensing"
urlpatterns = [
    path("", views.index, name="index"),
    path("ajouter/", views.add, name="add"),
    path("<uuid:key>/", views.source, name="source"),
    path("<uuid:key>/changer/", views.change, name="change"),
    path("<uuid:key>/secret/", views.renew, name="renew"),
    path("<uuid:key>/fichier/", views.bring, name="bring"),
    path("<uuid:key>/poser/", views.place, name="place"),
    path("capteur/<uuid:key>/", views.thing, name="thing"),
    path("capteur/<uuid:key>/retirer/", views.withdraw, name="withdraw"),
]
