"""Signs of leaving in words: what they are called, what a value says, and what helps first."""
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES = {
    "missed": gettext_lazy("缺勤"), "run": gettext_lazy("连续缺勤"), "lapsed": gettext_lazy("缴费中断"),
    "silent": gettext_lazy("没有往来"), "unanswered": gettext_lazy("问卷没回"), "broken": gettext_lazy("承诺未兑现"),
    "satisfaction": gettext_lazy("满意度低"), "complaints": gettext_lazy("投诉"), "lessons": gettext_lazy("课时快用完"),
    "tenure": gettext_lazy("刚来不久"), "transfer": gettext_lazy("转园倾向")}

# what a value is counted in, beside the fields in which its steps are typed
UNITS = {
    "missed": gettext_lazy("近 20 个开园日里缺勤占百分之几"), "run": gettext_lazy("连着缺了几个开园日"),
    "lapsed": gettext_lazy("离上次缴费的天数，是平时间隔的几倍"), "silent": gettext_lazy("几天没有沟通、到访或活动"),
    "unanswered": gettext_lazy("90 天里几份问卷没有回"), "broken": gettext_lazy("半年里几件承诺没有兑现"),
    "satisfaction": gettext_lazy("最近一年最后一次评分，不高于几分"), "complaints": gettext_lazy("半年里投诉几次"),
    "lessons": gettext_lazy("所有课时包还剩不到几课时"), "tenure": gettext_lazy("来了不到几天"),
    "transfer": gettext_lazy("90 天里几次说起要转走")}

FIRST_HELP = {
    "missed": gettext_lazy("打个电话问问孩子怎么样，什么时候回来。"), "run": gettext_lazy("今天打个电话问问孩子怎么样，什么时候回来。"),
    "lapsed": gettext_lazy("问清楚还续不续，有什么顾虑。"), "silent": gettext_lazy("联系一次，讲讲孩子最近的样子。"),
    "unanswered": gettext_lazy("别再发问卷，打电话回访一次。"), "broken": gettext_lazy("先把答应的事办好，再告诉家长。"),
    "satisfaction": gettext_lazy("问清楚哪里不满意，说好怎么改、哪天改好。"),
    "complaints": gettext_lazy("看看投诉办到哪一步，给家长一个答复。"),
    "lessons": gettext_lazy("约一次，看看孩子学得怎么样，谈后面的课。"), "tenure": gettext_lazy("做一次入园适应回访。"),
    "transfer": gettext_lazy("请家长来面谈，弄清楚为什么想转。")}

# the kind of timeline entry, or the list, that holds the records behind a sign
KINDS = {"broken": "promise_broken", "complaints": "complaint", "transfer": "transfer_signal", "silent": "contact"}
LISTS = {"satisfaction": "admin:crm_satisfaction_changelist", "lapsed": "admin:crm_payment_changelist"}
HUNDREDTHS = frozenset({"lapsed", "satisfaction"})  # shown as a number with a point


def sentence(sign: str, value: int) -> str:
    """What is known, in words: ``连续缺勤 5 个开园日``."""
    shown = f"{value / 100:.1f}".removesuffix(".0") if sign in HUNDREDTHS else str(value)
    return {
        "missed": _("近 20 个开园日缺勤占 %(n)s%%"), "run": _("连续缺勤 %(n)s 个开园日"), "lapsed": _("多久没缴费：平时间隔的 %(n)s 倍"),
        "silent": _("%(n)s 天没有往来"), "unanswered": _("%(n)s 份问卷没有回"), "broken": _("%(n)s 件承诺没有兑现"),
        "satisfaction": _("最近一次满意度 %(n)s 分"), "complaints": _("半年里投诉 %(n)s 次"), "lessons": _("还剩 %(n)s 课时"),
        "tenure": _("来了 %(n)s 天，还在适应"), "transfer": _("说起转走 %(n)s 次"),
    }[sign] % {"n": shown}


def evidence_link(sign: str, customer: int) -> str:
    """Where the records behind a sign can be read; empty where the family's own page says it."""
    if sign in KINDS:
        return f"{reverse('crm:family', args=[customer])}?kind={KINDS[sign]}#timeline"
    return f"{reverse(LISTS[sign])}?customer__id__exact={customer}" if sign in LISTS else ""


def names_of(signs: Any) -> list[str]:
    return [str(NAMES[sign]) for sign in signs]
