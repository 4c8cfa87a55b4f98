from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "communs.core.jobs"
    label = "jobs"
