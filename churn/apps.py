from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChurnConfig(AppConfig):
    name = "churn"
    verbose_name = "流失"

    def ready(self) -> None:
        from audit import words as audited
        from churn import consumers, words  # noqa: F401  (consumers: what the worker does)
        from churn.cases import furnish, opening
        from churn.cases import panels as cases
        from churn.refunds import panels as refunds
        from churn.risk import panels as risk
        from crm import duplicates
        from tenancy import menu
        from tenancy.panels import register

        for place in ("new_school", "older_school"):
            register(place, 40, furnish.furnish)
        audited.name(words.VERBS)
        duplicates.follow("churn.churncase", "customer_id", opening.stays_when_merged)
        duplicates.follow("churn.refundrequest", "customer_id", refunds.stays_when_merged)
        register("family_strip", 20, risk.badge, "churn/risk/family_badge.html")
        register("family", 15, risk.why_card, "churn/risk/family_why.html")
        register("family", 17, cases.cases_of, "churn/cases/family.html")
        register("family", 18, refunds.refunds_of, "churn/refunds/family.html")
        register("family_row", 20, risk.row_bands, "churn/risk/cell.html")
        register("family_filter", 20, risk.filter_by_band)
        register("today", 15, risk.at_risk, "churn/risk/today.html")
        menu.add("keep", 10, _("流失预警"), "churn:board", "churn.view", "trending_down")
        menu.add("keep", 20, _("流失个案"), "churn:cases", "churn.view", "person_remove", key="c")
        menu.add("keep", 25, _("退费申请"), "churn:refunds", "churn.refund", "currency_exchange")
        menu.add("keep", 30, _("流失分析"), "churn:report", "churn.view", "stacked_bar_chart")
        menu.add("keep", 35, _("部门数据"), "churn:departments", "churn.view", "table_chart")
        menu.add("keep", 40, _("改进措施"), "churn:measures", "churn.view", "construction", r"/churn/(effects|lessons)/")
        menu.add("keep", 50, _("每周例会"), "churn:meetings", "churn.view", "groups")
        menu.add("keep", 60, _("心声和督导"), "churn:voices", "churn.speak", "campaign")
        menu.add("keep", 70, _("流失管理制度"), "churn:policy", "crm.view", "gavel")
        menu.add("settings", 23, _("流失原因"), "admin:churn_cause_changelist", "churn.rules", "account_tree")
        menu.add("settings", 22, _("预警规则"), "churn:rules", "churn.rules", "tune")
