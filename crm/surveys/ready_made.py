"""What a new school's questionnaires start with: after a visit, a month after signing, once a term (R31, R32)."""
from django.utils import timezone

from crm.models import Question, Survey, SurveyVersion

# name, occasion, days, greeting → text, kind, topic, low, high, required, overall, options
SURVEYS = [
    ("到访反馈", "visit", 0, "谢谢您来看我们。一分钟，说说接待得怎么样。", [
        ("总的来说，这次接待怎么样", "five", "other", "不满意", "很满意", True, True, ()),
        ("到了以后等得久不久", "five", "welcome", "等很久", "没有等", False, False, ()),
        ("老师带您看得清楚不清楚", "five", "tour", "不清楚", "很清楚", False, False, ()),
        ("您的问题都答到了吗", "five", "consultation", "没答到", "都答到了", False, False, ()),
        ("有没有觉得在硬推销、催您当场定", "five", "consultation", "一直在催", "完全没有", False, False, ()),
        ("愿意把我们介绍给朋友吗", "ten", "other", "不愿意", "很愿意", False, False, ()),
        ("还有什么想说的", "text", "other", "", "", False, False, ())]),
    ("入园满月回访", "signed", 30, "孩子入园一个月了，想听听您的感受。", [
        ("这一个月，您总体满意吗", "five", "other", "不满意", "很满意", True, True, ()),
        ("孩子适应得怎么样", "five", "care", "还不适应", "很适应", False, False, ()),
        ("吃饭", "five", "meals", "不放心", "很放心", False, False, ()),
        ("老师跟您沟通得够不够", "five", "co_education", "太少", "正好", False, False, ()),
        ("签约时答应的事都做到了吗", "one", "signing", "", "", False, False, ("都做到了", "有的没做到", "不记得了")),
        ("需要我们帮什么", "text", "follow_up", "", "", False, False, ())]),
    ("学期满意度", "by_hand", 0, "一学期过去了，请您给我们打打分。", [
        ("总体满意吗", "five", "other", "不满意", "很满意", True, True, ()),
        ("教学", "five", "teaching", "不满意", "很满意", False, False, ()),
        ("生活照顾", "five", "care", "不满意", "很满意", False, False, ()),
        ("伙食", "five", "meals", "不满意", "很满意", False, False, ()),
        ("安全", "five", "safety", "不放心", "很放心", False, False, ()),
        ("家园沟通", "five", "co_education", "太少", "正好", False, False, ()),
        ("哪些地方最该改", "several", "other", "", "", False, False, ("伙食", "教学", "沟通", "接送", "环境", "收费说明")),
        ("愿意把我们介绍给朋友吗", "ten", "other", "不愿意", "很愿意", False, False, ()),
        ("还有什么想说的", "text", "other", "", "", False, False, ())]),
]


def furnish(tenant: object) -> None:
    """Safe to repeat: a school that has questionnaires of its own keeps them."""
    if Survey.objects.exists():
        return
    surveys = Survey.objects.bulk_create([Survey(name=name, occasion=occasion, after_days=days) for name, occasion, days, *_ in SURVEYS])
    versions = SurveyVersion.objects.bulk_create([
        SurveyVersion(survey=survey, number=1, state=SurveyVersion.State.PUBLISHED, greeting=row[3], published_at=timezone.now())
        for survey, row in zip(surveys, SURVEYS, strict=True)])
    Question.objects.bulk_create([
        Question(version=version, line=number + 1, order=number, text=text, kind=kind, topic=topic, low=low, high=high,
                 is_required=required, is_overall=overall, options=list(options))
        for version, row in zip(versions, SURVEYS, strict=True)
        for number, (text, kind, topic, low, high, required, overall, options) in enumerate(row[4])])
