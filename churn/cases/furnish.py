"""What a new school begins with: second-level causes below each of the four areas (C14), in words it may change; what to ask."""
from django.utils.translation import gettext as _

from churn.models import Area, Cause
from tenancy.models import Tenant

CAUSES = {
    Area.MARKET: ("同类机构更便宜", "宣传和实际不一样", "离家太远", "家里收入变了"),
    Area.TEACHING: ("教学质量不满意", "课程内容不合适", "换老师太多", "孩子跟不上或没兴趣", "师生关系"),
    Area.SERVICE: ("服务态度", "回复太慢", "投诉没有解决", "接送时间不方便", "收费和退费说不清"),
    Area.FACILITIES: ("环境卫生", "安全设施", "设备陈旧", "停车难", "伙食"),
}


def furnish(tenant: Tenant) -> None:
    """Safe to repeat: a school that has any cause keeps its own."""
    if not Cause.objects.exists():
        Cause.objects.bulk_create(Cause(area=area, name=name) for area, names in CAUSES.items() for name in names)


def guide() -> list[str]:
    """What to ask in a call-back or an interview (C13), one question after the other."""
    return [_("当时为什么选我们？"), _("最近有哪件事让您不满意？"), _("是什么时候开始想离开的？"), _("要是哪一点不一样，您会留下？"),
            _("以后去哪里，那里哪一点更好？"), _("还愿意把我们介绍给别人吗？")]
