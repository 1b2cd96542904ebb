from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        from audit.actions import record
        from audit.queries import acts_on
        from tenancy import menu
        from tenancy.site import listen, remember

        listen(record)
        remember(acts_on)
        menu.add("manage", 80, _("审计记录"), "admin:audit_entry_changelist", "audit.view", "shield")
        menu.add("settings", 10, _("园所"), "admin:tenancy_campus_changelist", "tenancy.campuses", "location_on")
        menu.add("manage", 70, _("成员"), "admin:tenancy_membership_changelist", "tenancy.members", "badge")
