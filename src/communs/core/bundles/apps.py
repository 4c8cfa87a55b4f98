from django.apps import AppConfig


class BundlesConfig(AppConfig):
    name = "communs.core.bundles"
    label = "bundles"
