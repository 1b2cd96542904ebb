"""What a new school begins with: second-level causes below each of the four areas (C14), in words it may change; what to ask."""
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from churn.models import Area, Cause
from crm.models import Question, Survey, SurveyVersion
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


ASKED = (
    ("当时最看重我们哪一点", "text", "", ""), ("是什么时候开始想离开的", "text", "", ""),
    ("老师和教学", "five", "不满意", "很满意"), ("服务和沟通", "five", "不满意", "很满意"),
    ("环境、设施和安全", "five", "不满意", "很满意"), ("收费", "five", "不值", "很值"),
    ("要是哪一点不一样，您会留下", "text", "", ""), ("还愿意把我们介绍给朋友吗", "ten", "不愿意", "很愿意"))
QUESTIONNAIRE, READY_MADE = "想听您说说", "ready"  # the name of the ready-made one, and the word by which a form asks for it


def ready_made() -> Survey:
    """What a family that means to leave is asked by a link (C13b), made when it is first used; a school changes or switches off its own."""
    there = Survey.objects.filter(name=QUESTIONNAIRE).first()
    if there is not None:
        return there
    survey: Survey = Survey.objects.create(name=QUESTIONNAIRE, occasion="by_hand", after_days=0)
    version = SurveyVersion.objects.create(survey=survey, number=1, state=SurveyVersion.State.PUBLISHED, published_at=timezone.now(),
                                           greeting="您的话会直接到园长那里，帮我们改。不愿意答的可以空着。")
    Question.objects.bulk_create([
        Question(version=version, line=place + 1, order=place, text=text, kind=kind, topic="other", low=low, high=high)
        for place, (text, kind, low, high) in enumerate(ASKED)])
    return survey


def questionnaires() -> Any:
    """What a case may be asked with beside the ready-made one: questionnaires that are sent by hand and are in use."""
    rows = Survey.objects.filter(occasion="by_hand", is_on=True, versions__state=SurveyVersion.State.PUBLISHED)
    return rows.exclude(name=QUESTIONNAIRE).distinct().order_by("-pk")


def guide() -> list[str]:
    """What to ask in a call-back or an interview (C13), one question after the other."""
    return [_("当时为什么选我们？"), _("最近有哪件事让您不满意？"), _("是什么时候开始想离开的？"), _("要是哪一点不一样，您会留下？"),
            _("以后去哪里，那里哪一点更好？"), _("还愿意把我们介绍给别人吗？")]
