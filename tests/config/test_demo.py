"""The demo is believable: every tier is held, some leave each quarter, 大班 leaves in July, holidays are empty."""
from datetime import date

import pytest

from config import demo
from crm.models import Attendance, Child, Customer, Enrolment, Guardian, LessonPackage, Payment
from crm.queries import search
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
        left = Enrolment.objects.filter(outcome__in=["transferred", "withdrew"], until_on__gt=date(2025, 9, 30),
                until_on__lte=date(2026, 9, 30))
        graduated = set(Enrolment.objects.filter(outcome="graduated").values_list("until_on__month", flat=True))
        weekend = [a.day for a in Attendance.objects.all() if a.day.weekday() > 4 or (a.day.month == 10 and a.day.day <= 7)]

        assert min(counts) >= 0.05 * sum(counts)
        assert left.count() >= 4 * 0.03 * sum(counts)
        assert graduated == {7} and weekend == []
        assert Payment.objects.filter(paid_on__month__in=[2, 8]).count() == 0
        assert Payment.objects.filter(paid_on__gt=TODAY).count() == 0
        assert Enrolment.objects.filter(from_on__gt=TODAY).count() == 0
        assert {g.phone[:7] for g in Guardian.objects.all()} == {"1990000"}


@pytest.mark.parametrize("kind", ["kindergarten", "training"])
def test_the_same_seed_makes_the_same_school(db, kind):
    found = []
    for slug in ("one", "two"):
        school = make_school(slug, kind)
        with tenant_scope(school):
            demo.make(school, families=12, seed=7, today=TODAY)
            found.append((list(Customer.objects.order_by("external_ref").values_list("external_ref", "name", "since")),
                          sorted(Payment.objects.values_list("paid_on",
                                  "amount_fen")), sorted(Child.objects.values_list("name", "born_on"))))

    assert found[0] == found[1] and len(found[0][0]) >= 12


def test_another_seed_makes_another_school(db):
    found = []
    for slug, seed in (("one", 7), ("two", 8)):
        school = make_school(slug)
        with tenant_scope(school):
            demo.make(school, families=6, seed=seed, today=TODAY)
            found.append(sorted(Child.objects.values_list("name", flat=True)))

    assert found[0] != found[1]


def test_everybody_of_the_demo_is_found_by_name(db):
    school = make_school("demo")
    with tenant_scope(school):
        demo.make(school, families=6, seed=7, today=TODAY)
        child = Child.objects.order_by("id").first()

        assert child.family.customer in search(Customer.objects.present(), child.name)


def test_a_centre_sells_lessons_and_takes_no_attendance_on_closed_days(db):
    school = make_school("demo", "training")
    with tenant_scope(school):
        demo.make(school, families=20, seed=7, today=TODAY)

        assert LessonPackage.objects.exists()
        assert all(package.left >= 0 for package in LessonPackage.objects.all())
