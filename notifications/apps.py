from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "通知"

    def ready(self) -> None:
        from notifications.actions import unread
        from tenancy import panels

        panels.register("header", 10, unread)
