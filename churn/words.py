"""Acts of churn in words, for the record."""
from django.utils.translation import gettext_lazy as _

VERBS = {"churn.listed": _("看流失预警"), "churn.exported": _("导出流失预警"), "churn.weights_kept": _("改预警规则"),
         "churn.cases_listed": _("看流失个案"), "churn.case_opened": _("开流失个案"), "churn.case_closed": _("了结流失个案"),
         "churn.case_reopened": _("重开流失个案"), "churn.case_handed": _("交接流失个案"), "churn.case_marked": _("标典型个案"),
         "churn.cause_named": _("写流失原因"), "churn.cause_dropped": _("去掉流失原因"), "churn.talk_noted": _("记深入了解"),
         "churn.backtest_asked": _("做一次回测"),
         "churn.measure_planned": _("立改进措施"), "churn.measure_step": _("改措施的步骤"), "churn.measure_checked": _("查措施的进度"),
         "churn.measure_finished": _("措施做完"), "churn.measure_reopened": _("重开措施"), "churn.measure_moved": _("措施改期"),
         "churn.measure_handed": _("交接措施"), "churn.measure_decided": _("定措施怎么办"), "churn.measure_evaluated": _("再评措施"),
         "churn.effect_rules_kept": _("改评估规则"), "churn.meeting_begun": _("开流失例会"), "churn.meeting_seen": _("看流失例会"),
         "churn.meeting_presence": _("记到会"), "churn.meeting_noted": _("记会议记录"), "churn.meeting_note_dropped": _("去掉会议记录"),
         "churn.meeting_ended": _("结束流失例会"), "churn.meeting_reopened": _("重开流失例会"),
         "churn.voice_spoken": _("说心声"), "churn.voice_answered": _("答复心声"),
         "churn.voice_taken_back": _("撤回心声"), "churn.overseen": _("给小组写督导"), "churn.oversight_answered": _("回话督导"),
         "churn.department_read": _("看部门数据")}
