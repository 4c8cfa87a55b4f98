from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "communs.core.api"
    label = "api"
