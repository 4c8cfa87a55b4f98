"""Addresses of files: the key finds, the name is for the reader."""

from __future__ import annotations

from django.urls import path

from communs.core.files import views

app_name = "files"
urlpatterns = [
    path("<uuid:key>/<int:width>/<str:name>", views.show, name="image"),
    path("<uuid:key>/<str:name>", views.show, name="show"),
]
