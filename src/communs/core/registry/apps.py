from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "communs.core.registry"
    label = "registry"
