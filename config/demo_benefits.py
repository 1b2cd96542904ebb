"""What families have more of in a demo school: points and prizes, a say, courses recommended, a plan that promises more since today.

It goes through the very actions people use; must be called inside the school's scope, after the entitlements.
"""
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice

from django.utils import timezone

from crm.models import Customer
from service_levels import nightly
from service_levels.cooperation import queries as cooperation
from service_levels.cooperation import working
from service_levels.cooperation.working import Decision, Talk
from service_levels.market import keeping as market
from service_levels.models import CourseOffer, MarketNote, PointsRules, Prize
from service_levels.plans import drafting, queries
from service_levels.plans.book import Line, Section, Unit
from service_levels.points import booking, keeping
from service_levels.recommending import working as recommending
from service_levels.recommending.queries import fitting
from service_levels.recommending.working import Word
from tenancy.models import Membership
from tenancy.roles import Role

People = Mapping[str, Membership]
MORE = Line(Section.EVENT, "家长开放日提前选时间", unit=Unit.QUARTER, told=True)
LETTER = "谢谢您一直以来的支持，"
PRIZES = (("贴纸一套", 10, 60), ("绘本一本", 30, 12), ("亲子陶艺一次", 60, None))
COURSES = (("小画家班", "手眼协调，敢画敢说，一周两次。", 42, 66), ("个别阅读辅导", "一对一，按孩子的速度，每周一次。", 54, 84))
ANSWERS = (Word("accepted"), Word("declined", "周末要去外婆家"), Word("accepted"), None, None)
OPINIONS = (("courses", "希望加一点科学小实验", Decision("adopted", "下学期每月一次，请家长来当助手")),
            ("management", "接孩子的时候门口太挤", Decision("partly", "大班提前五分钟放学")),
            ("direction", "将来办小学衔接班吗", None))
NOTE = ("这一季，家长在问什么", "区里的小学明年起按年级开放日报名，十一月底前在网上约。周末的编程和戏剧课报名多了一成，平日下午有空位。",
        "区教育局的通知，本中心近三个月的报名")
TAKEN, MONTHS, AN_EVENT = 6, 12, 10


def add(people: People, today: date) -> None:
    """Points since a year ago, talks and recommendations; then today the plans promise one thing more, which waits for a word."""
    at = timezone.now()
    keeping.keep_rules(PointsRules(an_event=AN_EVENT, months=MONTHS, since=today - timedelta(days=330)), by=people[Role.PLANNER])
    for name, points, stock in PRIZES:
        keeping.keep_prize(Prize(name=name, points=points, stock=stock), by=people[Role.PLANNER])
    booking.nightly(today, at=at)
    _take(people, at)
    _talk(people, today, at)
    _recommend(people, today, at)
    title, text, source = NOTE
    market.keep(MarketNote(title=title, text=text, source=source, on=today - timedelta(days=20)), by=people[Role.RELATIONS], at=at)
    _promise_more(people, at)
    nightly.derive(today, at=at)


def _take(people: People, at: datetime) -> None:
    """Some families have taken a prize."""
    shelf = list(Prize.objects.all())
    enough = (row for row in Customer.objects.present().order_by("pk") if booking.balance(row.pk) >= PRIZES[1][1])
    for number, row in enumerate(islice(enough, TAKEN)):
        booking.redeem(row, shelf[number % 2], by=people[Role.AGENT], at=at - timedelta(days=number))


def _talk(people: People, today: date, at: datetime) -> None:
    """Three families had a say: one has heard what came of it, one is to hear, one waits."""
    silent = list(cooperation.to_talk_with(people[Role.HEAD], today)[:len(OPINIONS)])
    for number, (customer, (topic, text, decision)) in enumerate(zip(silent, OPINIONS, strict=False)):
        talk = Talk(topic, today - timedelta(days=20 - number), text)
        row = working.write_down(customer, talk, by=people[Role.RELATIONS], at=at)
        if decision:
            working.decide(row, decision, by=people[Role.HEAD], at=at)
        if number == 0:
            working.tell_back(row, by=people[Role.RELATIONS], at=at)


def _recommend(people: People, today: date, at: datetime) -> None:
    """Two courses; some families have been asked, and some of them have answered."""
    for name, says, first, last in COURSES:
        offer = CourseOffer(name=name, says=says, from_months=first, until_months=last)
        recommending.keep_offer(offer, by=people[Role.PLANNER])
        for child, answer in zip(list(fitting(people[Role.HEAD], offer, today)[:len(ANSWERS)]), ANSWERS, strict=False):
            row = recommending.recommend(offer, child, by=people[Role.AGENT], at=at - timedelta(days=6))
            if answer:
                recommending.answer(row, answer, by=people[Role.AGENT], at=at - timedelta(days=2))


def _promise_more(people: People, at: datetime) -> None:
    """The first plan of every book."""
    for version in queries.in_force():
        draft = drafting.draft_of(version.scheme, by=people[Role.RELATIONS], at=at)
        first = draft.as_book().plans[0]
        drafting.keep_plan(draft, replace(first, lines=(*first.lines, MORE), letter=LETTER), by=people[Role.RELATIONS], at=at)
        drafting.submit(draft, by=people[Role.RELATIONS], at=at)
        drafting.approve(draft, by=people[Role.HEAD], at=at)
