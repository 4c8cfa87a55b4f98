"""Addresses of configurations: a community's own under its settings, the catalogue for all."""

from django.urls import path

from communs.core.bundles import views

app_name = "bundles"
urlpatterns = [
    path("catalogue/", views.catalogue, name="catalogue"),
    path("catalogue/<uuid:key>/", views.shared, name="shared"),
    path("catalogue/<uuid:key>/fichier/", views.document, name="document"),
    path("reglages/services/<slug:key>/configuration/", views.configuration, name="configuration"),
    path("reglages/services/<slug:key>/configuration/recevoir/", views.receive, name="receive"),
    path("reglages/configurations/versions/<uuid:key>/", views.version, name="version"),
    path("reglages/configurations/catalogue/<uuid:key>/", views.preview, name="preview"),
    path("reglages/configurations/recue/<uuid:key>/", views.received, name="received"),
    path("reglages/configurations/installee/<uuid:key>/", views.installation, name="installation"),
]
