from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "communs.core.notifications"
    label = "notifications"
