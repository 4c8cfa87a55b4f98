"""Addresses of instruction."""

from django.urls import path

from communs.services.fund import views

_EXAMINED = "dossiers/<slug:number>/instruction/"

urlpatterns = [
    path("bord/instruction/", views.day, name="day"),
    path(_EXAMINED, views.examine, name="examine"),
    path(f"{_EXAMINED}attribuer/", views.assign, name="assign"),
    path(f"{_EXAMINED}demander/", views.ask_missing, name="ask_missing"),
    path(f"{_EXAMINED}completude/", views.complete, name="complete"),
    path(f"{_EXAMINED}recevable/", views.eligible, name="eligible"),
    path(f"{_EXAMINED}irrecevable/", views.ineligible, name="ineligible"),
    path(f"{_EXAMINED}reprise/", views.look_again, name="look_again"),
    path(f"{_EXAMINED}sans-suite/", views.close, name="close"),
]
