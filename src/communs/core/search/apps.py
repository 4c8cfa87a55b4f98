from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "communs.core.search"
    label = "search"
