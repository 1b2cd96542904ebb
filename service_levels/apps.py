from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServiceLevelsConfig(AppConfig):
    name = "service_levels"
    verbose_name = "服务"

    def ready(self) -> None:
        from audit import words as audited
        from service_levels import consumers, furnish, words  # noqa: F401  (consumers: what the worker does)
        from service_levels.access import VIEW
        from service_levels.plans import deriving, panels
        from tenancy import menu
        from tenancy.panels import register

        for place in ("new_school", "older_school"):
            register(place, 60, furnish.furnish)
        audited.name(words.VERBS)
        register("tiers_published", 10, deriving.after_publishing)
        register("family", 25, panels.owed, "service_levels/plans/family.html")
        register("family_row", 30, panels.row_plans, "service_levels/plans/cell.html")
        menu.add("serve", 10, _("服务方案"), "service:plans", VIEW, "workspace_premium")
        menu.add("serve", 20, _("应享服务"), "service:who", VIEW, "loyalty")
