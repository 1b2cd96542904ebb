"""A child known only from an enquiry is forgotten: row, history, search, texts; the family stays under its guardian's name."""

from datetime import date

import pytest
from django.db import connection

from audit.models import Entry
from crm.duplicates import merge
from crm.forgetting import forget_child, forget_told, only_asked
from crm.models import (
    Attendance,
    Child,
    Customer,
    Enrolment,
    ImportRun,
    Lead,
    LessonPackage,
    Merge,
    Payment,
    TimelineEntry,
)
from crm.queries import search
from tenancy.refusals import Refused
from tests import makers
from tests.crm.test_filing import file, lead
from tests.reception.makers import NOW

DAY = date(2026, 11, 20)


def every_text() -> str:
    """All that the school's tables hold in the clear, row history too."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_nothing_of_the_child_is_left_in_any_table(miao):
    customer = file(lead())
    customer.name = "小满和爸爸妈妈一家"
    customer.save()
    child = Child.objects.get()
    child.nickname = "满满"
    child.save()
    assert every_text().count("小满") > 3

    forget_child(child, by=None)
    forget_told(Lead.objects.get(), at=NOW)

    left = every_text()
    assert [word for word in ("小满", "满满", "xiaoman", "花生", "2024-05") if word in left] == []


def test_the_family_stays_and_is_found_by_its_guardian(miao):
    customer = file(lead())

    forget_child(Child.objects.get(), by=None)

    customer.refresh_from_db()
    assert (customer.name, customer.version) == ("罗女士一家", 2)
    assert list(search(Customer.objects.all(), "罗女士")) == [customer] and not search(
        Customer.objects.all(), "小满"
    )
    assert TimelineEntry.objects.get().title == "预约 参观"
    assert TimelineEntry.objects.get().text == ""


def test_a_merge_that_remembers_the_name_forgets_it_too(miao):
    customer = file(lead())
    twin = makers.family("小树", "13800138001", enrolled=False)
    merge(customer, twin, take=[], by=miao.head, at=NOW)

    forget_child(Child.objects.get(name="小满"), by=None)

    assert Merge.objects.get().before["kept"]["name"] == "小树一家" and "小满" not in every_text()


def test_a_brother_keeps_the_family_s_name(miao):
    customer = file(lead())
    Child.objects.create(family=customer.family, name="小树")

    forget_child(Child.objects.get(name="小满"), by=None)

    customer.refresh_from_db()
    assert customer.name == "小树一家"
    assert [c.name for c in customer.family.children.all()] == ["小树"]


def test_a_family_that_is_called_otherwise_keeps_its_name(miao):
    customer = file(lead())
    Customer.objects.filter(pk=customer.pk).update(name="东湖罗家")

    forget_child(Child.objects.get(), by=None)

    assert Customer.objects.get().name == "东湖罗家"


def test_what_was_told_loses_the_child_and_keeps_the_rest(miao):
    row = lead()

    forget_told(row, at=NOW)

    row.refresh_from_db()
    assert row.told() == {
        "guardian_name": "罗女士",
        "phone": "13800138000",
        "needs": ["午睡", "接送时间"],
        "course": "托小班",
    }
    assert row.child_data
    assert row.child_forgotten_at == NOW  # what the guardian answered stays written down


def test_the_audit_tells_it_in_numbers(miao):
    customer = file(lead())
    child = Child.objects.get()

    forget_child(child, by=None)

    entry = Entry.objects.get(verb="crm.child_forgotten")
    assert (entry.object_id, entry.data["child"]) == (customer.pk, child.pk)


def enrolled(child: Child) -> None:
    Enrolment.objects.create(child=child, campus=makers.campus(), from_on=DAY)


def taught(child: Child) -> None:
    LessonPackage.objects.create(
        customer=child.family.customer, child=child, course="画画", bought=10, bought_on=DAY
    )


def seen(child: Child) -> None:
    Attendance.objects.create(child=child, day=DAY, status="present")


def paid(child: Child) -> None:
    payment = makers.payment(child.family.customer, 100, DAY)
    Payment.objects.filter(pk=payment.pk).update(child=child)


def in_a_sheet(child: Child) -> None:
    child.import_run = ImportRun.objects.create(kind="roster", filename="花名册.xlsx")
    child.save()


@pytest.mark.parametrize("known", [enrolled, taught, seen, paid, in_a_sheet])
def test_a_child_of_the_school_is_not_forgotten_like_this(miao, known):
    file(lead())
    child = Child.objects.get()
    known(child)

    with pytest.raises(Refused, match="不能这样删除"):
        forget_child(child, by=None)

    assert Child.objects.get().name == "小满" and not only_asked().exists()
