from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "communs.core.access"
    label = "access"
