from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = "客户档案"

    def ready(self) -> None:
        from audit import words
        from crm import archive, consumers, duplicates, letters, queries, timetable  # noqa: F401  (consumers: what the worker does)
        from crm.ownership import deciding
        from crm.surveys import ready_made
        from notifications import wording
        from tenancy import menu, panels

        panels.register("new_school", 10, archive.furnish)
        for place in ("new_school", "older_school"):  # schools that are older than the 园历 get one too
            panels.register(place, 15, timetable.furnish)
            panels.register(place, 16, ready_made.furnish)
        words.name(queries.VERBS)
        duplicates.follow("crm.dispute", "customer_id", deciding.stays_when_merged)
        wording.register(*letters.KINDS)
        menu.add("", 10, _("今天"), "crm:today", "crm.view", "home", key="t")
        menu.add("", 20, _("家庭"), "crm:families", "crm.view", "groups", key="f")
        menu.add("", 30, _("考勤"), "crm:attendance", "crm.log", "event_available")
        menu.add("", 35, _("承诺台账"), "crm:promises", "crm.view", "handshake")
        menu.add("", 37, _("投诉与意见"), "crm:concerns", "crm.view", "hearing")
        menu.add("", 36, _("回访"), "crm:call_backs", "crm.log", "rate_review")
        menu.add("", 40, _("名单"), "crm:lists", "crm.view", "list_alt")
        menu.add("settings", 35, _("自定义资料项"), "admin:crm_extrafield_changelist", "tenancy.campuses", "edit_note")
        menu.add("manage", 6, _("满意度"), "crm:survey_results", "crm.survey", "sentiment_satisfied")
        menu.add("manage", 7, _("改进项"), "crm:improvements", "crm.view", "construction")
        menu.add("settings", 25, _("问卷"), "crm:surveys", "crm.survey", "quiz")
        menu.add("manage", 8, _("培训"), "crm:trainings", "crm.view", "school")
        menu.add("manage", 25, _("撞单裁决"), "crm:disputes", "crm.view", "balance")
        menu.add("manage", 20, _("可能重复"), "crm:duplicates", "crm.merge", "join_inner")
        menu.add("manage", 30, _("升班"), "crm:promote", "crm.import", "moving")
        menu.add("settings", 15, _("园历"), "crm:calendar", "crm.view", "calendar_month")
        menu.add("settings", 20, _("班级"), "admin:crm_classgroup_changelist", "tenancy.campuses", "meeting_room")
        menu.add("settings", 30, _("客户类型"), "admin:crm_customertype_changelist", "tenancy.campuses", "category")
        menu.add("settings", 40, _("收费项目"), "admin:crm_feekind_changelist", "crm.refund", "payments")
        menu.add("settings", 50, _("工作小组"), "admin:crm_workinggroup_changelist", "tenancy.members", "diversity_3")
        menu.add("manage", 10, _("导入"), "crm:imports", "crm.import", "upload_file")
