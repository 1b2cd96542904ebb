"""Receiving families in the demo: hosts, and a fortnight of bookings in every state, made by the same verbs as in earnest."""
import random
from datetime import datetime, timedelta

from crm.filing import file_lead
from reception import booking, hosts
from reception.booking import Wish
from reception.models import Area, Booking, Offer, OfferHost, Room, Slot
from reception.models.visits import Exit
from reception.stages import Step
from reception.sweep import sweep, today
from reception.visiting import Tap, leave, show_area, take_step
from tenancy.models import Campus, Membership
from tenancy.roles import Role

NAMES = ["郝女士", "卫先生", "贾女士", "尤女士", "奚先生", "柏女士", "费女士", "蓝女士", "滕先生", "苗女士", "鲍女士", "凤先生"]
CHILDREN = ["小满", "弟弟", "果果", "安安", "糖糖", "小树", "米粒", "豆豆"]
NEEDS = ["吃饭和过敏", "午睡", "接送时间", "费用", "试听"]
# the steps of a visit, and how many seconds each usually lasts
PACE = ((Step.ARRIVED, 60, 420), (Step.GREETED, 60, 150), (Step.SEATED, 240, 600), (Step.TOUR, 600, 1200), (Step.CONSULTATION, 600, 1500),
        (Step.LEFT, 0, 0))
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


def _one(slot: Slot, number: int, rng: random.Random, at: datetime, people: dict[str, Membership]) -> None:
    channel = rng.choice(CHANNELS)
    made_at = min(at, slot.starts_at) - timedelta(hours=rng.randint(3, 60))
    by = None if channel == "online" else people[Role.FRONT_DESK]
    yes = rng.random() < 0.7
    wish = Wish(rng.choice(NAMES), f"1990001{number:04d}", notice_version="1", child_data=yes,
                child_name=rng.choice(CHILDREN) if yes else "", birth_month=f"{at.year - 3}-{rng.randint(1, 9):02d}" if yes else "",
                needs=tuple(rng.sample(NEEDS, 2)), special="花生过敏" if number % 9 == 0 else "")
    row = booking.book(slot, wish, cutoff=made_at, channel=channel, at=made_at, by=by).booking
    assert row.lead is not None
    file_lead(row.lead, title=f"预约 {slot.type.name}：{slot.campus.name}", at=made_at)
    hosts.assign_somebody(row)
    if slot.starts_at < at and rng.random() < 0.15:
        booking.come(row, "miss", by=people[Role.FRONT_DESK])
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
        row = Booking.objects.select_related("slot").get(pk=row.pk)
        take_step(row, Tap(step, seen, moment, f"demo-{row.pk}-{step}"), by=by, now=moment)
        if step == Step.TOUR:
            for area in areas[:rng.choice((5, 7, 7))]:
                show_area(row, area, seen=True, by=by, at=moment)
        moment, seen = moment + timedelta(seconds=rng.randint(least, most)), step
    if rng.random() < 0.4:
        leave(row, rng.choice(list(Exit)), "", Tap(Step.LEFT, seen, at, f"demo-{row.pk}-exit"), by=by, now=at)
