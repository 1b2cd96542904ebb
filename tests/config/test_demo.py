"""The demo is believable: every tier is held, some leave each quarter, 大班 leaves in July, holidays are empty."""
from datetime import date

from config import demo
from crm.models import Attendance, Enrolment, Guardian, Payment
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school
from tiering.actions import compute, in_force
from tiering.models import Scheme
from tiering.queries import distribution

TODAY = date(2026, 11, 20)


def test_a_demo_school_looks_like_a_school(db, now):
    school = make_school("demo", east="东园", west="西园")
    make_member(school, "relations")
    with tenant_scope(school):
        demo.make(school, families=260, seed=20260901, today=TODAY)
        batch = compute(in_force(Scheme.objects.get(code="kg-ad")), as_of=date(2026, 9, 30), today=TODAY, by=None, at=now)
        counts = [n for _label, n in distribution(batch)]
        left = Enrolment.objects.filter(outcome__in=["transferred", "withdrew"], until_on__gt=date(2025, 9, 30), until_on__lte=date(2026, 9, 30))
        graduated = set(Enrolment.objects.filter(outcome="graduated").values_list("until_on__month", flat=True))
        weekend = [a.day for a in Attendance.objects.all() if a.day.weekday() > 4 or (a.day.month == 10 and a.day.day <= 7)]

        assert min(counts) >= 0.05 * sum(counts)
        assert left.count() >= 4 * 0.03 * sum(counts)
        assert graduated == {7} and weekend == []
        assert Payment.objects.filter(paid_on__month__in=[2, 8]).count() == 0
        assert Payment.objects.filter(paid_on__gt=TODAY).count() == 0 and Enrolment.objects.filter(from_on__gt=TODAY).count() == 0
        assert {g.phone[:7] for g in Guardian.objects.all()} == {"1990000"}
