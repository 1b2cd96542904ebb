from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReceptionConfig(AppConfig):
    name = "reception"
    verbose_name = "到访接待"

    def ready(self) -> None:
        from audit import words
        from crm import duplicates
        from notifications import wording
        from reception import consumers, family, furnish, letters, queries, sweep  # noqa: F401  (consumers: what the worker does)
        from tenancy import menu, panels

        for place in ("new_school", "older_school"):
            panels.register(place, 30, furnish.furnish)
        panels.register("new_campus", 30, furnish.furnish_campus)
        panels.register("family", 60, family.contracts_of, "reception/contracts/family.html")
        panels.register("school_opened", 10, lambda tenant: sweep.ask())
        words.name(queries.VERBS)
        duplicates.follow("reception.contract", "customer_id")
        wording.register(*letters.KINDS)
        menu.add("", 14, _("今天的到访"), "reception:board", "reception.view", "how_to_reg", key="v")
        menu.add("", 15, _("预约"), "reception:visits", "reception.view", "event")
        menu.add("", 16, _("跟进"), "reception:follow_ups", "reception.view", "call")
        menu.add("", 17, _("合同"), "reception:contracts", "reception.contract", "contract")
        menu.add("settings", 16, _("到访类型"), "admin:reception_visittype_changelist", "reception.manage", "category")
        menu.add("settings", 17, _("开放预约"), "admin:reception_offer_changelist", "reception.manage", "co_present")
        menu.add("settings", 18, _("房间"), "admin:reception_room_changelist", "reception.manage", "door_open")
        menu.add("settings", 18, _("参观区域"), "admin:reception_area_changelist", "reception.manage", "map")
        menu.add("settings", 18, _("接待准备清单"), "admin:reception_checkitem_changelist", "reception.manage", "checklist")
        menu.add("settings", 18, _("应答要点"), "admin:reception_briefingpoint_changelist", "reception.manage", "quiz")
        menu.add("settings", 18, _("跟进计划"), "admin:reception_followrule_changelist", "reception.manage", "event_repeat")
        menu.add("manage", 5, _("转化漏斗"), "reception:funnel", "reception.view", "filter_alt")
        menu.add("manage", 9, _("接待复盘"), "reception:review", "reception.view", "fact_check")
        menu.add("settings", 15, _("操作手册"), "reception:manual", "reception.view", "menu_book")
        menu.add("settings", 18, _("合同模板"), "reception:contract_templates", "reception.manage", "description")
        menu.add("settings", 19, _("预约规则"), "reception:rules", "reception.manage", "rule")
