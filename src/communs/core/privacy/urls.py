"""Addresses about personal data: everybody's, one's own, those of who answers for it."""

from __future__ import annotations

from django.urls import path

from communs.core.privacy import views

app_name = "privacy"
urlpatterns = [
    path("donnees-personnelles/", views.statement, name="statement"),
    path("donnees-personnelles/registre.csv", views.register_csv, name="register_csv"),
    path("compte/donnees/", views.own, name="own"),
    path("compte/donnees/copie/", views.copy, name="copy"),
    path("compte/donnees/accords/", views.agreements, name="agreements"),
    path("compte/donnees/consultations/", views.seen, name="seen"),
    path("compte/donnees/effacer/", views.erase, name="erase"),
    path("reglages/donnees-personnelles/", views.protection, name="protection"),
    path("reglages/donnees-personnelles/contact/", views.controller, name="controller"),
    path("reglages/donnees-personnelles/consultations/", views.readers, name="readers"),
]
