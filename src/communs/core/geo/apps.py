from django.apps import AppConfig


class GeoConfig(AppConfig):
    name = "communs.core.geo"
    label = "geo"
