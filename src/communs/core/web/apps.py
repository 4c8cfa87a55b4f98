from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "communs.core.web"
    label = "web"
