"""Codes of the refund rules in words."""
from django.utils.translation import gettext_lazy as _

METHODS = {"lessons": _("按剩余课时"), "days": _("按剩余天数"), "absent_blocks": _("按缺勤天数"), "attendance": _("按当月出勤"),
           "none": _("不退"), "cooling_off": _("冷静期内全退")}
LACKS = {"lessons": _("没有对上课时包，请选一个"), "period": _("不知道费用管哪些天"), "absent": _("没有考勤，请填连续缺勤天数"),
         "attendance": _("没有考勤，请填当月出勤天数")}
LIMITS = {"months": _("一次收的超过 %(most)s 个月"), "lessons": _("一次收的超过 %(most)s 课时"), "fen": _("一门课收的超过 %(most)s 元")}
