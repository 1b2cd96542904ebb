from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TieringConfig(AppConfig):
    name = "tiering"
    verbose_name = "分级"

    def ready(self) -> None:
        from audit.words import name
        from tenancy import menu
        from tenancy.panels import register
        from tiering import consumers, panels  # noqa: F401  (consumers: what the worker does)
        from tiering.actions import furnish
        from tiering.words import VERBS

        register("new_school", 20, furnish)
        name(VERBS)
        register("family_strip", 10, panels.badge, "tiering/family_badge.html")
        register("family", 20, panels.why_card, "tiering/family_why.html")
        register("family_row", 10, panels.row_labels, "tiering/cell.html")
        register("family_filter", 10, panels.filter_by_tier)
        register("today", 20, panels.tiers_now, "tiering/tiers_now.html")
        register("today", 10, panels.waiting_batches, "tiering/today.html")
        menu.add("tiering", 10, _("方案与试算"), "tiering:schemes", "tiering.view", "tune")
        menu.add("tiering", 20, _("定级批次"), "tiering:batches", "tiering.view", "fact_check", key="b")
        menu.add("tiering", 30, _("季度报告"), "tiering:report", "tiering.view", "bar_chart", within=r"/tiering/.*report/$")
