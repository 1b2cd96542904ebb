"""Questionnaires in the demo: visits that were rated, a term's survey with a weak point, what is being put right about it."""
import random
from datetime import datetime, timedelta

from django.utils import timezone

from crm import improving
from crm.improving import Measured, Plan
from crm.models import Channel, Customer, Enrolment, Question, QuestionKind, Survey, SurveyResponse
from crm.surveys import analysis, asking
from crm.surveys.asking import Given, Subject
from crm.training import train
from reception import reviewing
from reception.models import SopPage
from tenancy.models import Campus, Membership
from tenancy.roles import Role

FAMILIES = 90
VISITED = ["老师很耐心，孩子不肯走", "停车不方便，绕了两圈", "想看看午睡室", "讲得清楚，没有催我们", "等了十来分钟才有人来"]
TERM = ["希望菜谱多换换", "老师每天都发照片，放心", "接园的时候门口太挤", "孩子回家会讲故事了", "午饭孩子说吃不饱"]
MEAN = {"meals": 2.9, "fees": 3.6}  # topics that parents like less than the rest
USUAL = 4.4


def rate(people: dict[str, Membership], *, at: datetime) -> None:
    """Must be called inside the school's scope."""
    rng = random.Random(20261129)
    for row in SurveyResponse.objects.open().filter(key__startswith="visit-").order_by("id"):
        if rng.random() < 0.6:
            _answer(row, rng, VISITED, at - timedelta(hours=rng.randint(1, 5)), people[Role.FRONT_DESK])
    _term(people, rng, at)
    _put_right(people, at)
    _practise(people, at)


def _term(people: dict[str, Membership], rng: random.Random, at: datetime) -> None:
    """Sent six weeks ago; most have answered since, week after week."""
    survey, sent = Survey.objects.get(name="学期满意度"), at - timedelta(days=42)
    here = Enrolment.objects.on(timezone.localdate(at)).values("child__family__customer")
    families = list(Customer.objects.present().filter(pk__in=here).select_related("campus").order_by("id")[:FAMILIES])
    asked = asking.ask_all(survey, [(one, Subject(f"term-{one.pk}", one.campus)) for one in families], at=sent)
    SurveyResponse.objects.filter(pk__in=[row.pk for row in asked]).update(until=at + timedelta(days=10))
    for row in asked:
        if rng.random() < 0.72:
            _answer(row, rng, TERM, sent + timedelta(days=rng.randint(0, 40), hours=rng.randint(1, 8)), people[Role.RELATIONS])


def _answer(row: SurveyResponse, rng: random.Random, said: list[str], at: datetime, by: Membership) -> None:
    channel = rng.choice((Channel.ONLINE, Channel.ONLINE, Channel.ONLINE, Channel.PHONE, Channel.FACE))
    given = {question.pk: _given(question, rng, said) for question in row.version.questions.all()}
    asking.answer(row, given, channel=channel, by=None if channel == Channel.ONLINE else by, at=at)


def _given(question: Question, rng: random.Random, said: list[str]) -> Given:
    mean = MEAN.get(question.topic, USUAL)
    if question.kind == QuestionKind.FIVE:
        return Given(number=min(5, max(1, round(rng.gauss(mean, 0.8)))))
    if question.kind == QuestionKind.TEN:
        return Given(number=min(10, max(0, round(rng.gauss(8.4, 1.6)))))
    if question.kind == QuestionKind.SEVERAL:
        return Given(chosen=tuple(sorted(rng.sample(range(len(question.options)), rng.randint(1, 2)))))
    if question.kind == QuestionKind.ONE:
        return Given(chosen=(rng.choice((0, 0, 0, 1)),))
    return Given(words=rng.choice(said)) if rng.random() < 0.3 else Given()


def _practise(people: dict[str, Membership], at: datetime) -> None:
    """Two trainings, a page of the manual that some have read, and last month looked through."""
    today, head = timezone.localdate(at), people[Role.HEAD]
    some = [people[role] for role in (Role.FRONT_DESK, Role.TEACHER, Role.RECEPTION)]
    train("接待礼仪：蹲下来跟孩子说话", "welcome", on=today - timedelta(days=20), trainer=people[Role.RECEPTION], members=some, by=head)
    train("怎么听完再说", "consultation", on=today - timedelta(days=6), trainer=head, members=[*some, people[Role.RELATIONS]], by=head,
          notes="先问三个问题再介绍；不贬低别家。")
    for page in SopPage.objects.current().filter(stage__in=("welcome", "consultation")):
        for member in some:
            reviewing.read(page, by=member, at=at - timedelta(days=5))
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    said = "上个月刚开始用看板，数字还少；这个月起每组都点。"
    reviewing.sign(people[Role.RECEPTION], Campus.objects.order_by("id")[0], last, said, at=at)


def _put_right(people: dict[str, Membership], at: datetime) -> None:
    """One thing that was put right and is measured since, one that is due, one that is late."""
    survey, today = Survey.objects.get(name="学期满意度"), timezone.localdate(at)
    line = Question.objects.get(version__survey=survey, topic="meals").line
    before = at - timedelta(days=25)
    stood = analysis.stands(survey, line, None, since=at - timedelta(days=90), until=before)
    measured = Measured(survey, line, stood.level if stood else None, stood.total if stood else 0)
    done = Plan("一周食谱换一轮", "“伙食”打分低，三份里有一份说菜式少", "meals", people[Role.ADMINISTRATION], today - timedelta(days=18))
    row = improving.improve(done, by=people[Role.HEAD], at=before, measured=measured)
    improving.finish(row, result="食谱两周一轮改成四周一轮，周三加面点", by=people[Role.ADMINISTRATION], at=at - timedelta(days=20))
    late = Plan("门口接园分两批", "家长说四点半门口太挤", "safety", people[Role.RECEPTION], today - timedelta(days=2))
    improving.improve(late, by=people[Role.HEAD], at=at - timedelta(days=9))
    soon = Plan("参观当天停车写进提醒", "到访反馈里两次提到停车", "booking", people[Role.FRONT_DESK], today + timedelta(days=6))
    improving.improve(soon, by=people[Role.RECEPTION], at=at - timedelta(days=1))
