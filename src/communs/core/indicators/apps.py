from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "communs.core.indicators"
    label = "indicators"
