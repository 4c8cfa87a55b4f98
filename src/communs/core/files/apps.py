from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "communs.core.files"
    label = "files"

    def ready(self) -> None:
        """Make the part's permission known."""
        import communs.core.files.rules  # noqa: F401 -- after the models it reads
