"""What a new school's reception starts with: four types of visit, open at every campus, and the booking rules."""
from reception.models import BookingRules, Offer, VisitType
from tenancy.models import Campus, Tenant

# code → name, minutes, rest, groups at once, notice in minutes, may be booked by parents, what to know before coming
TYPES = [
    ("tour", "参观", 50, 10, 3, 120, True, "可以带孩子一起来，给孩子带一双室内鞋。"),
    ("trial", "体验课", 60, 0, 6, 1440, True, "请提前 10 分钟到，孩子穿方便活动的衣服。"),
    ("consultation", "咨询", 40, 20, 1, 120, True, ""),
    ("signing", "签约", 60, 0, 1, 120, False, "请带好身份证件。"),
]


def furnish(tenant: Tenant) -> None:
    """Safe to repeat: a school that has types of its own keeps them."""
    BookingRules.objects.get_or_create(tenant=tenant)
    if VisitType.objects.exists():
        return
    types = VisitType.objects.bulk_create([
        VisitType(code=code, name=name, minutes=minutes, rest_minutes=rest, capacity=capacity, notice_minutes=notice, is_public=public,
                  before=before, order=number)
        for number, (code, name, minutes, rest, capacity, notice, public, before) in enumerate(TYPES)])
    Offer.objects.bulk_create([Offer(type=kind, campus=campus) for kind in types for campus in Campus.objects.all()])
