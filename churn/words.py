"""Acts of churn in words, for the record."""
from django.utils.translation import gettext_lazy as _

VERBS = {"churn.listed": _("看流失预警"), "churn.exported": _("导出流失预警"), "churn.weights_kept": _("改预警规则"),
         "churn.cases_listed": _("看流失个案"), "churn.case_opened": _("开流失个案"), "churn.case_closed": _("了结流失个案"),
         "churn.case_reopened": _("重开流失个案"), "churn.case_handed": _("交接流失个案"), "churn.case_marked": _("标典型个案"),
         "churn.cause_named": _("写流失原因"), "churn.cause_dropped": _("去掉流失原因"), "churn.talk_noted": _("记深入了解"),
         "churn.backtest_asked": _("做一次回测")}
