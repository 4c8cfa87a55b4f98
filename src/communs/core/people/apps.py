from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "communs.core.people"
    label = "people"

    def ready(self) -> None:
        from communs.core.people import edges  # models are loaded only now

        edges.connect()
