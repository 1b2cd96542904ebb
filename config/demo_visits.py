"""Receiving families in the demo: hosts, and a fortnight of bookings in every state, made by the same verbs as in earnest."""
import random
from datetime import datetime, time, timedelta

from django.utils import timezone

from crm import promises
from crm.consulting import SELF_CHECK, Told
from crm.filing import file_lead
from crm.models import INTENT_SCALES, Promise
from reception import booking, consulting, costs, following, hosts
from reception.booking import Wish
from reception.consulting import Promised
from reception.contracts import actions as contracts
from reception.contracts import templates
from reception.contracts.actions import Signing, Terms
from reception.contracts.forms import school_year_end
from reception.following import Contact
from reception.manual import appoint
from reception.models import Area, Booking, FollowUp, Offer, OfferHost, Room, Slot
from reception.models.following import Answer
from reception.models.visits import Exit, TookPart
from reception.stages import Step
from reception.sweep import sweep, today
from reception.visiting import Tap, leave, show_area, take_step, took_part
from tenancy.models import Campus, Membership
from tenancy.roles import Role

NAMES = ["郝女士", "卫先生", "贾女士", "尤女士", "奚先生", "柏女士", "费女士", "蓝女士", "滕先生", "苗女士", "鲍女士", "凤先生"]
CHILDREN = ["小满", "弟弟", "果果", "安安", "糖糖", "小树", "米粒", "豆豆"]
NEEDS = ["吃饭和过敏", "午睡", "接送时间", "费用", "试听"]
# the steps of a visit, and how many seconds each usually lasts
PACE = ((Step.ARRIVED, 60, 420), (Step.GREETED, 60, 150), (Step.SEATED, 240, 600), (Step.TOUR, 600, 1200), (Step.CONSULTATION, 600, 1500),
        (Step.LEFT, 0, 0))
SAID = ["早上 7 点半能不能送，下班晚", "想先半天过渡", "想让孩子多跟同龄人玩", "老大在这儿，老二也想来"]
WORRIES = ["怕哭，没离开过妈妈", "花生过敏", "睡得晚，怕跟不上作息", ""]
PROMISES = ["发一份一周食谱", "问园长能不能早送半小时", "发体验课的视频", "打印一份收费和退费说明"]
OWNERS = [("preparation", Role.FRONT_DESK, Role.RECEPTION), ("welcome", Role.FRONT_DESK, Role.RECEPTION),
          ("consultation", Role.TEACHER, Role.RELATIONS), ("signing", Role.DEPUTY, Role.HEAD), ("feedback", Role.RECEPTION, Role.DEPUTY)]
SCRIBBLE = "[[[120,60],[150,140],[190,50],[230,150],[260,70]],[[290,60],[300,140]],[[340,90],[420,88],[380,50],[378,160]]]"
CONTRACT = {
    "body": "## 第一条 服务内容\n{机构}{园所}为{孩子姓名}提供保育教育服务，自{开始日期}至{结束日期}。\n"
            "## 第二条 费用\n每月 {每月费用}，每月 5 日前交当月费用，不跨学期预收。\n"
            "## 第三条 请假和退费\n病假连续 5 天以上的餐费按天退；中途退园提前 30 天说，按收费标准说明退费。\n"
            "## 第四条 接送和安全\n凭接送卡接送，换人接送要提前告诉老师。孩子的过敏和病史请如实告诉园里。\n"
            "## 第五条 变更和解除\n双方可以协商变更；任何一方解除要提前 30 天书面告诉对方。",
    "fees": "保教费 {每月费用}/月；餐费按实际出勤天数结算；不收取任何赞助费。",
    "commitments": "每周发一次孩子在园的照片和情况；家长的意见 24 小时内回复；入园第一个月每周电话回访一次。",
}
COSTS = ({"小红书": 260_000, "抖音": 180_000, "地推": 60_000}, {"小红书": 240_000, "大众点评": 90_000})  # this month, the last
SOURCES = ["小红书", "转介绍", "抖音", "小红书", "路过", "大众点评"]
CHANNELS = ["online", "online", "online", "phone", "wechat"]


def receive(people: dict[str, Membership], *, at: datetime) -> None:
    """Must be called inside the school's scope."""
    rng = random.Random(20261127)
    Room.objects.bulk_create([Room(campus=campus, name="接待室") for campus in Campus.objects.all()])
    OfferHost.objects.bulk_create([OfferHost(offer=offer, member=people[role]) for offer in Offer.objects.all()
                                   for role in (Role.TEACHER, Role.RECEPTION, Role.MARKETING)])
    sweep(at=at - timedelta(days=3), today=today(at - timedelta(days=3)))
    slots = list(Slot.objects.filter(starts_at__lt=at + timedelta(days=8)).select_related("type", "campus"))
    today_s = [slot for slot in slots if today(slot.starts_at) == today(at) and slot.type.code != "signing"]
    chosen = rng.sample(slots, min(len(slots), 40)) + rng.sample(today_s, min(len(today_s), 14))
    for number, slot in enumerate(dict.fromkeys(chosen)):
        if slot.booked < slot.capacity:
            _one(slot, number, rng, at, people)
    for campus in Campus.objects.all():
        for stage, owner, stand_in in OWNERS:
            appoint(stage, campus, people[owner], people[stand_in], by=people[Role.RECEPTION])
    for month, amounts in zip((today(at), today(at).replace(day=1) - timedelta(days=1)), COSTS, strict=True):
        costs.enter(month.replace(day=1), costs.By.SOURCE, amounts, member=people[Role.RECEPTION])
    keep_word(people, at=at)
    sign_contracts(people, at=at)


def _one(slot: Slot, number: int, rng: random.Random, at: datetime, people: dict[str, Membership]) -> None:
    channel = rng.choice(CHANNELS)
    made_at = min(at, slot.starts_at) - timedelta(hours=rng.randint(3, 60))
    by = None if channel == "online" else people[Role.FRONT_DESK]
    yes = rng.random() < 0.7
    wish = Wish(rng.choice(NAMES), f"1990001{number:04d}", notice_version="1", child_data=yes,
                child_name=rng.choice(CHILDREN) if yes else "", birth_month=f"{at.year - 3}-{rng.randint(1, 9):02d}" if yes else "",
                needs=tuple(rng.sample(NEEDS, 2)), special="花生过敏" if number % 9 == 0 else "",
                source=SOURCES[number % len(SOURCES)])
    row = booking.book(slot, wish, cutoff=made_at, channel=channel, at=made_at, by=by).booking
    assert row.lead is not None
    file_lead(row.lead, title=f"预约 {slot.type.name}：{slot.campus.name}", at=made_at)
    hosts.assign_somebody(row)
    if slot.starts_at < at and rng.random() < 0.15:
        booking.come(row, "miss", by=people[Role.FRONT_DESK], at=at)
    elif slot.starts_at < at:
        _walk_through(row, rng, at, people[Role.FRONT_DESK])
    elif rng.random() < 0.5:
        booking.confirm(row, by=people[Role.FRONT_DESK])
    elif rng.random() < 0.15:
        booking.cancel(row, reason="孩子发烧", at=at)


def _walk_through(row: Booking, rng: random.Random, at: datetime, by: Membership) -> None:
    """As far as the time that has passed since the visit began; who left is asked why, now and then."""
    moment, seen = row.starts_at + timedelta(minutes=rng.randint(-6, 4)), Step.BOOKED
    areas = list(Area.objects.filter(campus=row.slot.campus_id))
    for step, least, most in PACE:
        if moment > at:
            return
        row = Booking.objects.select_related("slot__type", "slot__campus", "lead__customer", "lead__child", "host").get(pk=row.pk)
        take_step(row, Tap(step, seen, moment, f"demo-{row.pk}-{step}"), by=by, now=moment)
        if step == Step.TOUR:
            for area in areas[:rng.choice((5, 7, 7))]:
                show_area(row, area, seen=True, by=by, at=moment)
        if step == Step.CONSULTATION and rng.random() < 0.8:
            _talk(row, rng, moment, row.host or by)
        moment, seen = moment + timedelta(seconds=rng.randint(least, most)), step
    if row.slot.type.is_trial:
        took_part(row, rng.choice(list(TookPart)), "", by=by)
    if rng.random() < 0.4:
        leave(row, rng.choice(list(Exit)), "", Tap(Step.LEFT, seen, at, f"demo-{row.pk}-exit"), by=by, now=at)


def _talk(row: Booking, rng: random.Random, at: datetime, by: Membership) -> None:
    """What was said at the table; now and then something is promised, for that week."""
    drawn = rng.choices((2, 3, 4, 5), (1, 3, 4, 2), k=len(INTENT_SCALES))
    scores = dict(zip(INTENT_SCALES, drawn, strict=True)) if rng.random() < 0.6 else None
    told = Told(needs=rng.choice(SAID), budget_fen=rng.choice((260_000, 320_000, 400_000)), worries=rng.choice(WORRIES),
                course=rng.choice(("托小班", "小班", "")), proposal="先上一节体验课，再来定", scores=scores,
                self_check=tuple(rng.sample(list(SELF_CHECK), 3)), evidence="聊的时候问得很细，想知道老师怎么带" if scores else "")
    due_on = timezone.localdate(at) + timedelta(days=rng.randint(0, 6))
    promised = [Promised(rng.choice(PROMISES), by, due_on)] if rng.random() < 0.5 else []
    consulting.note(row, told, promised, version=0, by=by, at=at)


def keep_word(people: dict[str, Membership], *, at: datetime) -> None:
    """Some promises were kept and some families were spoken to again; what nobody did waits, and is late."""
    rng = random.Random(20261128)
    for row in Promise.objects.open().filter(due_on__lt=timezone.localdate(at)).order_by("id"):
        if rng.random() < 0.7:
            promises.keep(row, outcome="办好了，跟家长说了", by=row.owner,
                          at=min(at, datetime.combine(row.due_on, time(12), at.tzinfo)))
    late = FollowUp.objects.open().filter(due_on__lte=timezone.localdate(at)).select_related("booking__lead__customer", "owner")
    for follow_up in late.order_by("due_on", "id"):
        if rng.random() < 0.6:
            said = Contact(follow_up.channel, "回了消息，周末跟家里人商量", rng.choice((Answer.WARM, Answer.THINKING, Answer.UNREACHED)))
            following.note(follow_up, said, by=follow_up.owner or people[Role.FRONT_DESK], at=at - timedelta(hours=2))
    promises.tell_missed(at=at)


def sign_contracts(people: dict[str, Membership], *, at: datetime) -> None:
    """An approved template; some families of last week have signed, one contract waits, one link is open."""
    text = templates.write("入园合同", CONTRACT, by=people[Role.RECEPTION])
    templates.submit(text, by=people[Role.RECEPTION])
    templates.approve(text, by=people[Role.HEAD], at=at)
    came = Booking.objects.filter(state="arrived", lead__child__isnull=False, visit__exit="").select_related(
        "lead__customer__campus", "lead__child__family", "slot__campus", "host").order_by("id")
    for number, row in enumerate(came[:5]):
        assert row.lead and row.lead.customer and row.lead.child
        terms = Terms(row.lead.child, today(at) + timedelta(days=10), school_year_end(today(at)), 328_000)
        contract = contracts.draw_up(row.lead.customer, text, terms, by=people[Role.RECEPTION], at=at, booking=row)
        for clause in contract.left_to_explain if number else contract.left_to_explain[:2]:
            contracts.explain(contract, clause, done=True, by=people[Role.RECEPTION], at=at)
        if number > 1:
            name = str(row.lead.told().get("guardian_name", "家长"))
            signing = Signing(name, "father" if "先生" in name else "mother", SCRIBBLE, "tablet")
            contracts.sign(contract, signing, by=people[Role.RECEPTION], at=at)
