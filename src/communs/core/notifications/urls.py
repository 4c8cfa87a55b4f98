"""Addresses of notices: a person's own under their account, agents' under the settings."""

from __future__ import annotations

from django.urls import path

from communs.core.notifications import views

app_name = "notifications"
urlpatterns = [
    path("compte/avis/", views.own, name="list"),
    path("compte/avis/lu/", views.read, name="read"),
    path("compte/avis/nombre/", views.bell, name="bell"),
    path("compte/avis/reglages/", views.wishes, name="wishes"),
    path("compte/avis/arret/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("reglages/messages/", views.sent, name="sent"),
    path("reglages/messages/<uuid:key>/", views.message, name="message"),
    path("reglages/appels/", views.to_reach, name="to_reach"),
]
