from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "通知"

    def ready(self) -> None:
        from audit import words as audit_words
        from notifications import parents, wording, words  # noqa: F401  (parents: what the worker does)
        from notifications.actions import unread
        from tenancy import menu, panels

        panels.register("header", 10, unread)
        wording.register(words.TEST)
        audit_words.name(words.VERBS)
        menu.add("", 17, _("家长消息"), "notifications:outgoing", "notifications.parents", "sms")
        menu.add("settings", 20, _("消息模板"), "notifications:templates", "notifications.manage", "edit_note")
        menu.add("settings", 21, _("短信账号"), "notifications:account", "notifications.manage", "cell_tower")
