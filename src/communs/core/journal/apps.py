from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "communs.core.journal"
    label = "journal"
