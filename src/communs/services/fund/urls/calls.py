"""Addresses of the fund's own page and of its calls."""

from django.urls import path

from communs.services.fund import views

urlpatterns = [
    path("", views.index, name="index"),
    path("appels/<slug:code>/", views.call, name="call"),
    path("appels/<slug:code>/deposer/", views.begin, name="begin"),
    path("organisations/inscrire/", views.register_organisation, name="register_organisation"),
    path("bord/", views.board, name="board"),
]
