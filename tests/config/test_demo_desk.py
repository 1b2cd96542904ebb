"""A demo school's desks hold unfinished work of every kind."""
from datetime import date

from config import demo, demo_desk
from crm.duplicates import candidates
from crm.models import Customer, ImportRow, ImportRun
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school
from tiering.actions import compute, in_force, publish, review, submit
from tiering.models import Outlook, Override, Scheme

DAY = date(2026, 9, 30)


def test_every_screen_of_unfinished_work_has_something_to_show(db, now):
    school = make_school("demo", east="东园", west="西园")
    people = {role: make_member(school, role) for role in (Role.HEAD, Role.DEPUTY, Role.RELATIONS, Role.MARKETING,
            Role.FRONT_DESK)}
    with tenant_scope(school):
        demo.make(school, families=60, seed=20260901, today=now.date())
        batch = compute(in_force(Scheme.objects.get(code="kg-ad")), as_of=DAY, today=now.date(), by=people[Role.HEAD],
                at=now)
        submit(batch, by=people[Role.HEAD], at=now)
        review(batch, by=people[Role.RELATIONS], agrees=True, note="", at=now)
        publish(batch, by=people[Role.DEPUTY], at=now)
        demo_desk.set_out(people, at=now)
        run = ImportRun.objects.get()

        assert (run.counts["new"], run.counts["refused"], ImportRow.objects.count()) == (3, 2, 2)
        assert [pair.reasons for pair in candidates(people[Role.HEAD])] == [["孩子同名同生日"]] * 2
        assert list(Customer.objects.exclude(deleted_at=None).values_list("name", flat=True)) == ["测试一家"]
        assert sorted(bool(o.approved_at) for o in Override.objects.all()) == [False, True]
        assert Outlook.objects.exclude(label="").exists()
