"""Facts and rules in plain Chinese: units, names, one sentence a rule. Pure but for translation."""
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tiering.rules import Cap, Gate, Indicator, Scheme

NAMES = {"spend": gettext_lazy("消费金额"), "intent": gettext_lazy("合作意向"), "influence": gettext_lazy("推荐影响力"),
         "tenure": gettext_lazy("在园时长"), "frequency": gettext_lazy("消费频次"), "credit": gettext_lazy("信用状况"),
         "complexity": gettext_lazy("需求复杂度"), "activities": gettext_lazy("参与频次"), "contacts": gettext_lazy("沟通次数"),
         "satisfaction": gettext_lazy("满意度"), "referred": gettext_lazy("推荐户数"), "converted": gettext_lazy("推荐成功户数"),
         "complaints": gettext_lazy("投诉次数"), "transfer": gettext_lazy("转园倾向"), "known": gettext_lazy("建档天数")}
VERBS = {"tiering.batch_computed": gettext_lazy("计算批次"), "tiering.batch_submitted": gettext_lazy("提交批次"),
         "tiering.batch_reviewed": gettext_lazy("复核批次"), "tiering.batch_published": gettext_lazy("发布批次"),
         "tiering.batch_rejected": gettext_lazy("退回批次"), "tiering.batch_viewed": gettext_lazy("看批次"),
         "tiering.version_submitted": gettext_lazy("提交方案版本"), "tiering.version_in_force": gettext_lazy("批准方案版本"),
         "tiering.version_discarded": gettext_lazy("放弃草案"), "tiering.override_proposed": gettext_lazy("提出人工调整"),
         "tiering.override_approved": gettext_lazy("批准人工调整"), "tiering.summary_written": gettext_lazy("写总结"),
         "tiering.report_signed": gettext_lazy("签发报告"), "tiering.report_pdf": gettext_lazy("下载报告 PDF"),
         "tiering.report_xlsx": gettext_lazy("下载报告表格"), "tiering.rejudged": gettext_lazy("按今天重算"),
         "tiering.phones_exported": gettext_lazy("导出带手机的等级表")}
UNITS = {"spend": (gettext_lazy("元"), 100), "influence": (gettext_lazy("分"), 10),
         **dict.fromkeys(("intent", "credit", "complexity", "satisfaction"), (gettext_lazy("分"), 100)),
         **dict.fromkeys(("tenure", "known", "frequency"), (gettext_lazy("天"), 1)),
         **dict.fromkeys(("referred", "converted"), (gettext_lazy("户"), 1))}
TIMES = (gettext_lazy("次"), 1)
SPANS = {"min_days": gettext_lazy("入园满几天才定级"), "transfer_days": gettext_lazy("转园倾向记录几天内有效"),
         "halve_after": gettext_lazy("推荐满几天后减半（0 为不减）")}
CHOICES = [(code, name) for code, name in NAMES.items() if code not in ("known", "transfer")]


def signed(points: Decimal | float) -> str:
    """A change of points with its sign, typeset: ``+3.0``, ``−0.8``."""
    return f"{points:+.1f}".replace("-", "−")


def unit(code: str) -> tuple[str, int]:
    """The word a fact is counted in, and how many of its integers make one."""
    word, each = UNITS.get(code, TIMES)
    return str(word), each


def amount(code: str, value: int | None) -> str:
    """A fact as people say it: ``18,640 元``, ``2 年 1 个月``, ``3.6 分``."""
    if value is None:
        return _("没有资料")
    if code == "tenure" and value >= 365:
        years, months = value // 365, min(11, value % 365 // 30)
        return _("%(y)s 年") % {"y": years} + (_(" %(m)s 个月") % {"m": months} if months else "")
    word, scale = unit(code)
    number = Decimal(value) / scale
    shown = f"{number:,.0f}" if number == number.to_integral() else f"{number:,.1f}"
    return f"{shown} {word}"


def tier_name(scheme: Scheme, tier: int) -> str:
    """A tier's label; a draft may point to a tier that is not there, which is told beside it."""
    return scheme.labels[tier] if 0 <= tier <= scheme.last else "—"


def indicator_sentence(indicator: Indicator) -> str:
    """``近 12 个月满 24,000 元得满分，不到 8,000 元得 10 分``; nothing where a draft has no band yet."""
    if not indicator.edges:
        return ""
    window = _("近 %(n)s 个月") % {"n": indicator.window} if indicator.window else _("至今")
    top = amount(indicator.code, indicator.edges[-1])
    shape = _("，中间按比例") if indicator.smooth else ""
    return _("%(window)s满 %(top)s 得 %(points)s 分%(shape)s；缺资料得 %(missing)s 分") % {
        "window": window, "top": top, "points": indicator.points[-1], "shape": shape, "missing": indicator.when_missing}


def gate_sentence(scheme: Scheme, gate: Gate) -> str:
    return _("%(tier)s 级要求%(fact)s不少于 %(least)s") % {
        "tier": tier_name(scheme, gate.tier), "fact": NAMES[gate.fact], "least": amount(gate.fact, gate.least)}


def cap_sentence(scheme: Scheme, cap: Cap) -> str:
    if cap.fact == "transfer":
        return _("%(days)s 天内有转园倾向记录时，最高 %(tier)s 级") % {"days": scheme.transfer_days, "tier": tier_name(scheme, cap.tier)}
    return _("%(fact)s达到 %(least)s 时，最高 %(tier)s 级") % {
        "tier": tier_name(scheme, cap.tier), "fact": NAMES[cap.fact], "least": amount(cap.fact, cap.least)}


def limit_sentences(scheme: Scheme) -> list[str]:
    """Gates and caps in the order a decision counts them."""
    return [*(gate_sentence(scheme, g) for g in scheme.gates), *(cap_sentence(scheme, c) for c in scheme.caps)]
