from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "communs.core.communities"
    label = "communities"
