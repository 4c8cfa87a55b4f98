from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "communs.core.people"
    label = "people"
