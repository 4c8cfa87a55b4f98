from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "communs.core.live"
    label = "live"
