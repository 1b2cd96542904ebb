"""A seeded generator of believable schools: three years of families, fees, referrals and contacts.

``make(tenant, rng, families, today)`` writes through the same tables as a school does; benches use it with other sizes.
Phones come from the unassigned range 1000–1099 of no carrier's prefix 199-0000, so no real person is reached.
"""
import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm.archive import draw_refs, family_title, refresh_search, set_phone
from crm.imports.facts import at_noon
from crm.models import (
    Assessment,
    Attendance,
    Child,
    ClassGroup,
    Consent,
    Customer,
    CustomerType,
    Enrolment,
    EntryKind,
    Family,
    FeeKind,
    Guardian,
    IntentRating,
    LessonPackage,
    Partner,
    Payment,
    Referral,
    Satisfaction,
    TimelineEntry,
)
from tenancy.models import Campus, Membership
from tenancy.sealing import blind_index

SURNAMES = ("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
            "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文")
GIVEN = "若溪子涵梓萱雨桐浩然宇轩诗涵欣怡思远嘉禾知夏安然景行书瑶一诺可心沐辰亦凡明轩清欢乐天星河语晨佳宁"
STREETS = ["河畔里", "槐树街", "文昌路", "青年路", "湖滨路", "学府街", "桂花巷", "向阳路"]
SOURCES = ["转介绍", "老带新", "小红书", "地推", "大众点评", "路过", "电话咨询"]
GRADES = ("小", "中", "大")
OPEN_DAY = (5, 18)


@dataclass
class World:
    """What the generator draws from while it writes."""

    rng: random.Random
    today: date
    tenant_kind: str
    campuses: list[Campus]
    classes: dict[tuple[int, str], ClassGroup]
    fees: dict[str, FeeKind]
    owners: list[Membership]
    start: date

    def name(self, surname: str = "") -> str:
        return (surname or self.rng.choice(SURNAMES)) + "".join(self.rng.sample(GIVEN, self.rng.choice((1, 2, 2))))

    def phone(self, number: int) -> str:
        return f"1990000{number:04d}" if number < 10_000 else f"199{number:08d}"

    def day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.rng.randint(0, max(0, (last - first).days)))


def world(tenant: Any, seed: int, today: date) -> World:
    campuses = list(Campus.objects.all())
    classes = {}
    if tenant.kind == "kindergarten":
        for campus in campuses:
            for grade in GRADES:
                for number in "一二":
                    classes[campus.pk, f"{grade}{number}班"] = ClassGroup.objects.create(
                        campus=campus, name=f"{grade}{number}班", grade=f"{grade}班", capacity={"小": 25, "中": 30, "大": 35}[grade])
    fees = {kind.name: kind for kind in FeeKind.objects.all()}
    owners = list(Membership.objects.filter(role__in=["relations", "teacher", "agent"]))
    return World(random.Random(seed), today, tenant.kind, campuses, classes, fees, owners, date(today.year - 3, 9, 1))


def make(tenant: Any, *, families: int, seed: int, today: date) -> None:
    """Fill an empty school. Must be called inside its scope."""
    w = world(tenant, seed, today)
    customers = [_family(w, number) for number in range(families)]
    enrolled = [c for c in customers if c.story != "prospect"]
    for customer in enrolled:
        _fees(w, customer)
        _life(w, customer)
    _referrals(w, enrolled, customers)
    _attendance(w, enrolled)
    if customers:
        _complaint_chain(w, enrolled[0])
    _partners(w)
    refresh_search([c.row for c in customers])


@dataclass
class Made:
    row: Customer
    family: Family
    children: list[Child]
    story: str  # devoted | steady | loose | leaving | prospect
    joined: date
    left: date | None
    turned_on: date | None = None  # from this day on the family lives the other story
    turned_to: str = ""

    def story_on(self, day: date) -> str:
        return self.turned_to if self.turned_on and day >= self.turned_on else self.story


TURNS = {"devoted": "loose", "steady": "loose", "loose": "steady"}  # closer or further, so that tiers move both ways


STORIES = ("devoted", "devoted", "devoted", "steady", "steady", "steady", "loose", "loose", "leaving", "leaving", "leaving", "leaving")


def _family(w: World, number: int) -> Made:
    story = "prospect" if w.rng.random() < 0.08 else w.rng.choice(STORIES)
    surname, campus = w.rng.choice(SURNAMES), w.rng.choice(w.campuses)
    joined, left = _span(w, story)
    kids = [w.name(surname) for _ in range(2 if w.rng.random() < 0.18 else 1)]
    kind = CustomerType.objects.filter(half="family").order_by("id").first()
    source = w.rng.choice(SOURCES)
    row = Customer.objects.create(type=kind, campus=campus, owner=w.rng.choice(w.owners) if w.owners else None,
                                  external_ref=draw_refs(1)[0], name=family_title(kids), since=joined, source=source)
    family = Family(customer=row)
    family.address = f"{w.rng.choice(STREETS)}{w.rng.randint(1, 200)}号{w.rng.randint(1, 20)}栋{w.rng.randint(101, 2804)}"
    family.save(force_insert=True)
    _guardians(w, family, surname, number)
    children = [_child(w, family, name, joined) for name in kids]
    if story != "prospect":
        for child in children:
            _enrol(w, child, campus, joined, left)
        if w.rng.random() < 0.9:
            Consent.objects.create(family=family, granted=w.rng.random() < 0.95, notice_version="3", at=at_noon(joined))
    else:
        TimelineEntry.objects.create(customer=row, kind=EntryKind.CONSULTATION, channel="phone", day=joined, at=at_noon(joined),
                                     by=row.owner, title="咨询", text="问学费、餐食和离园时间，想约参观。")
    made = Made(row, family, children, story, joined, left)
    if story in TURNS and w.rng.random() < 0.3:
        made.turned_on, made.turned_to = w.day(w.today - timedelta(days=420), w.today - timedelta(days=60)), TURNS[story]
    return made


def _span(w: World, story: str) -> tuple[date, date | None]:
    """Most start on 1 September, some in between; leavers go at a term's end, 大班 in July."""
    if story == "prospect":
        return w.day(w.today - timedelta(days=150), w.today), None
    year = w.rng.choice([w.start.year - 1, w.start.year, w.start.year + 1, w.start.year + 1, w.start.year + 2, w.start.year + 2,
                         w.start.year + 3, w.start.year + 3])
    joined = date(year, 9, 1) if w.rng.random() < 0.75 else date(year, 9, 1) + timedelta(days=w.rng.randint(20, 280))
    joined = min(joined, w.today - timedelta(days=10))
    graduates = date(joined.year + 3, 7, 10)
    if graduates <= w.today:
        return joined, graduates
    if story == "leaving":
        left = w.day(max(joined + timedelta(days=100), w.today - timedelta(days=560)), w.today + timedelta(days=30))
        return joined, left if left < w.today else None
    return joined, None


def _guardians(w: World, family: Family, surname: str, number: int) -> None:
    people = [("mother", w.name(), True, False), ("father", w.name(surname), False, True)]
    if w.rng.random() < 0.3:
        people.append(("grandma_m", w.name(), False, False))
    for position, (relation, name, decides, pays) in enumerate(people):
        guardian = Guardian(family=family, name=name, relation=relation, decides=decides, pays=pays, picks_up=position == 2,
                            occupation=w.rng.choice(["教师", "工程师", "医生", "会计", "自营", ""]))
        set_phone(guardian, w.phone(number * 3 + position))
        guardian.save(force_insert=True)


def _child(w: World, family: Family, name: str, joined: date) -> Child:
    born = date(joined.year - 3, 1, 1) - timedelta(days=w.rng.randint(-200, 160))
    child = Child(family=family, name=name, sex=w.rng.choice("mf"), born_on=born)
    child.health = w.rng.choice(["", "", "", "", "花生过敏", "需午睡陪伴"])
    child.save()
    return child


def _enrol(w: World, child: Child, campus: Campus, joined: date, left: date | None) -> None:
    last = left or w.today
    graduated = left is not None and (left.month, left.day) == (7, 10)
    outcome = "graduated" if graduated else w.rng.choice(["transferred", "transferred", "withdrew", "withdrew", "moved"])
    if w.tenant_kind != "kindergarten":
        Enrolment.objects.create(child=child, campus=campus, from_on=joined, until_on=left, outcome="completed" if left else "")
        return
    start, number = joined, w.rng.choice("一二")
    first_year = joined.year if joined.month >= 9 else joined.year - 1
    for grade in range(3):
        ends = date(first_year + grade + 1, 8, 31)
        group = w.classes[campus.pk, f"{GRADES[grade]}{number}班"]
        if last <= ends or grade == 2:
            Enrolment.objects.create(child=child, campus=campus, class_group=group, from_on=start, until_on=left,
                                     outcome=outcome if left else "")
            return
        Enrolment.objects.create(child=child, campus=campus, class_group=group, from_on=start, until_on=ends, outcome="promoted")
        start = ends + timedelta(days=1)


def _months(first: date, last: date) -> list[date]:
    months, year, month = [], first.year, first.month
    while date(year, month, 1) <= last:
        months.append(date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return months


def _fees(w: World, customer: Made) -> None:
    """Monthly in a kindergarten, by packages in a training centre; empty in February and August."""
    payments = []
    tuition = {"devoted": 2100, "steady": 1480, "loose": 880, "leaving": 780}
    if w.tenant_kind != "kindergarten":
        return _packages(w, customer)
    for month in _months(customer.joined, customer.left or w.today):
        if month.month in (2, 8):
            continue
        for _child in customer.children:
            day = min(month + timedelta(days=w.rng.randint(0, 14)), w.today)
            payments.append(_payment(w, customer, "保教费", tuition[customer.story_on(day)], day))
            payments.append(_payment(w, customer, "伙食费", w.rng.choice([260, 300, 330]), day))
            if w.rng.random() < 0.04:
                payments.append(_payment(w, customer, "伙食费", -w.rng.choice([60, 120]), day))
    Payment.objects.bulk_create(payments)


def _payment(w: World, customer: Made, kind: str, yuan: int, day: date, list_yuan: int | None = None) -> Payment:
    return Payment(customer=customer.row, fee_kind=w.fees[kind], paid_on=day, amount_fen=yuan * 100,
                   list_fen=list_yuan * 100 if list_yuan else None, method=w.rng.choice(["微信", "支付宝", "银行转账"]))


def _packages(w: World, customer: Made) -> None:
    day, rates = customer.joined, {"devoted": 70, "steady": 110, "loose": 170, "leaving": 210}
    payments, packages = [], []
    while day <= (customer.left or w.today):
        lessons = w.rng.choice([20, 30, 48])
        payments.append(_payment(w, customer, "课程费", lessons * 90, day))
        packages.append(LessonPackage(customer=customer.row, child=customer.children[0], course=w.rng.choice(["美术", "舞蹈", "围棋"]),
                                      bought_on=day, bought=lessons, used=w.rng.randint(0, lessons)))
        day += timedelta(days=rates[customer.story_on(day)] + w.rng.randint(-20, 40))
    Payment.objects.bulk_create(payments)
    LessonPackage.objects.bulk_create(packages)


LIVELY = {"devoted": (9, 5, 4.6), "steady": (5, 4, 3.6), "loose": (1, 2, 2.4), "leaving": (1, 2, 2.0)}
SAID = ["孩子最近吃饭好多了。", "问春游的安排。", "想了解大班的入学准备。", "说早上送园门口堵车。", "夸老师照片拍得好。", "担心午睡少。"]


def _life(w: World, customer: Made) -> None:
    """Events, contacts, ratings and answers, more of them the closer the family is."""
    last = customer.left or w.today
    entries = []
    for year in range(customer.joined.year, last.year + 1):
        events, contacts, _mean = LIVELY[customer.story_on(date(year, 6, 30))]
        for _ in range(w.rng.randint(0, events)):
            entries.append(_entry(w, customer, EntryKind.EVENT, "sign_in", year, w.rng.choice(["亲子运动会", "家长讲座", "中秋灯会"])))
        for _ in range(w.rng.randint(1, contacts)):
            entries.append(_entry(w, customer, EntryKind.CONTACT, w.rng.choice(["phone", "wechat", "face"]), year, "", w.rng.choice(SAID)))
    open_day = date(last.year, *OPEN_DAY)
    if customer.joined < open_day < last and w.rng.random() < 0.6:
        entries.append(TimelineEntry(customer=customer.row, kind=EntryKind.EVENT, channel="sign_in", day=open_day, at=at_noon(open_day),
                                     title="开放日"))
    if customer.story == "leaving" and w.rng.random() < 0.7:
        day = max(customer.joined, last - timedelta(days=w.rng.randint(20, 110)))
        entries.append(TimelineEntry(customer=customer.row, kind=EntryKind.TRANSFER_SIGNAL, day=day, at=at_noon(day), by=customer.row.owner,
                                     text="妈妈说年后可能搬去城北。"))
    TimelineEntry.objects.bulk_create([e for e in entries if e is not None])
    _ratings(w, customer, last)


def _entry(w: World, customer: Made, kind: str, channel: str, year: int, title: str, text: str = "") -> TimelineEntry | None:
    first, last = max(customer.joined, date(year, 1, 5)), min(customer.left or w.today, date(year, 12, 28))
    if first > last:
        return None
    day = w.day(first, last)
    return TimelineEntry(customer=customer.row, kind=kind, channel=channel, day=day, at=at_noon(day), title=title, text=text,
                         by=customer.row.owner)


def _ratings(w: World, customer: Made, last: date) -> None:
    """Rated twice a year; a turn shows in the ratings after it."""
    def five(day: date = last) -> int:
        return max(1, min(5, round(w.rng.gauss(LIVELY[customer.story_on(day)][2], 0.7))))
    for back in (40, 220, 400):
        day = last - timedelta(days=back)
        if day > customer.joined and w.rng.random() < 0.85:
            IntentRating.objects.create(customer=customer.row, rated_on=day, by=customer.row.owner, philosophy=five(day),
                                        teaching=five(day), co_education=five(day), eagerness=five(day), likelihood=five(day),
                                        evidence="学期末教师量表")
            Satisfaction.objects.create(customer=customer.row, answered_on=day, score=five(day), channel="wechat")
    if w.tenant_kind != "kindergarten":
        for about in ("credit", "complexity"):
            Assessment.objects.create(customer=customer.row, about=about, assessed_on=customer.joined, score=five(), ground="建档时评")


def _referrals(w: World, enrolled: list[Made], everybody: list[Made]) -> None:
    taken: set[int] = set()
    number = 90_000_000
    for referrer in enrolled:
        chance = {"devoted": 0.85, "steady": 0.3, "loose": 0.05, "leaving": 0.02}[referrer.story]
        for _ in range(w.rng.choice([1, 1, 2, 3]) if w.rng.random() < chance else 0):
            later = [m for m in everybody if m.joined > referrer.joined and m.row.pk not in taken and m is not referrer]
            number += 1
            referred = w.rng.choice(later) if later and w.rng.random() < 0.45 else None
            _referral(w, referrer, referred, number)
            taken |= {referred.row.pk} if referred else set()


def _referral(w: World, referrer: Made, referred: Made | None, number: int) -> None:
    converted = referred is not None and referred.story != "prospect"
    day = max(referrer.joined, referred.joined - timedelta(days=w.rng.randint(5, 60))) if referred else w.day(referrer.joined, w.today)
    phone = w.phone(number)
    referral = Referral(referrer=referrer.row, referred=referred.row if referred else None, referred_name=w.name(), referred_on=day,
                        result="converted" if converted else w.rng.choice(["visited", "absent", ""]),
                        converted_on=referred.joined if converted and referred else None, phone_index=blind_index(phone))
    referral.phone = phone
    referral.save(force_insert=True)


def _attendance(w: World, enrolled: list[Made]) -> None:
    """The last five weeks of working days; weekends and October's holiday stay empty."""
    days = [w.today - timedelta(days=n) for n in range(35)]
    open_days = [d for d in days if d.weekday() < 5 and not (d.month == 10 and d.day <= 7)]
    rows = [Attendance(child=child, day=day, status=w.rng.choices(["present", "leave", "absent"], [92, 6, 2])[0])
            for made in enrolled if made.left is None for child in made.children for day in open_days]
    Attendance.objects.bulk_create(rows, batch_size=5000)


def _complaint_chain(w: World, customer: Made) -> None:
    story = [(40, EntryKind.COMPLAINT, "wechat", "午睡室闷热", "孩子回来说睡不着，一身汗。"),
             (38, EntryKind.CONTACT, "phone", "", "已转后勤，答应两周内换风扇。"),
             (20, EntryKind.PROMISE_BROKEN, "", "风扇没有按时换", ""),
             (12, EntryKind.CONTACT, "face", "", "风扇装好，妈妈满意。")]
    for back, kind, channel, title, text in story:
        day = w.today - timedelta(days=back)
        TimelineEntry.objects.create(customer=customer.row, kind=kind, channel=channel, day=day, at=at_noon(day), title=title, text=text,
                                     by=customer.row.owner)


def _partners(w: World) -> None:
    kind = CustomerType.objects.get(code="partner")
    for name, what in (("区图书馆", "绘本借阅"), ("向阳社区", "亲子活动场地"), ("晨光早教", "互荐")):
        row = Customer.objects.create(type=kind, campus=w.campuses[0], name=name, external_ref=draw_refs(1, "P")[0],
                                      since=w.day(w.start, w.today - timedelta(days=200)))
        Partner.objects.create(customer=row, contact=w.name(), field=what)
        refresh_search([row])
