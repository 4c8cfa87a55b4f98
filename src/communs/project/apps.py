from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "communs.project"
    label = "project"
