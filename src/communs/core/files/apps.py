from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "communs.core.files"
    label = "files"
