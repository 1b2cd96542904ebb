"""纪念日: a family's own days, by the sun and by the moon."""
import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from crm import facts
from crm.acts import AnniversaryForm
from crm.duplicates import merge, undo
from crm.models import Anniversary
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import NOW, signed_in

WEDDING = {"name": "结婚纪念日", "month": 5, "day": 20, "lunar": False, "drop": False}


@pytest.fixture
def customer(miao):
    return makers.family("周小满")


def keep(customer, head, row=None, **more):
    facts.keep_anniversary(customer, row=row, **(WEDDING | more), by=head)


def test_a_day_is_kept_and_said_in_its_own_calendar(customer, head):
    keep(customer, head)
    keep(customer, head, name=" 奶奶生日 ", month=8, day=15, lunar=True)

    assert [str(row) for row in Anniversary.objects.all()] == ["结婚纪念日 5-20", "奶奶生日 农历八月十五"]
    assert Entry.objects.filter(verb="crm.anniversary_kept").count() == 2


def test_what_was_wrong_is_put_right(customer, head):
    keep(customer, head)
    keep(customer, head, row=Anniversary.objects.get(), day=21)

    assert str(Anniversary.objects.get()) == "结婚纪念日 5-21"


def test_a_day_that_is_kept_no_more_goes(customer, head):
    keep(customer, head)
    keep(customer, head, row=Anniversary.objects.get(), drop=True)

    assert not Anniversary.objects.exists()
    assert Entry.objects.filter(verb="crm.anniversary_dropped").count() == 1


def test_a_family_has_a_day_of_a_name_once(customer, head):
    keep(customer, head)

    with pytest.raises(Refused) as refused:
        keep(customer, head, day=1)
    assert refused.value.field == "name"
    with pytest.raises(IntegrityError), transaction.atomic():
        Anniversary.objects.create(family=customer.family, name="结婚纪念日", month=1, day=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Anniversary.objects.create(family=customer.family, name="别的", month=13, day=1)


@pytest.mark.parametrize(("typed", "wrong"), [
    ({}, set()),
    ({"month": "2", "day": "29"}, set()),
    ({"month": "2", "day": "30"}, {"day"}),
    ({"month": "2", "day": "30", "lunar": "on"}, set()),
    ({"month": "4", "day": "31"}, {"day"}),
    ({"month": "12", "day": "31", "lunar": "on"}, {"day"}),
    ({"month": "13"}, {"month"}),
    ({"name": ""}, {"name"}),
    ({"drop": "on"}, {"row"}),
    ({"row": "0"}, {"row"}),
])
def test_only_days_that_exist_can_be_typed(customer, typed, wrong):
    form = AnniversaryForm({"name": "结婚", "month": "5", "day": "20"} | typed, customer=customer)

    assert set(form.errors) == wrong


def test_only_the_familys_own_days_can_be_changed(customer):
    other = makers.family("李多多", "13900139000")
    foreign = Anniversary.objects.create(family=other.family, name="x", month=1, day=1)
    form = AnniversaryForm({"row": foreign.pk, "name": "结婚", "month": "5", "day": "20"}, customer=customer)

    assert set(form.errors) == {"row"}


def test_merging_takes_the_days_along_but_no_name_twice(customer, head):
    other = makers.family("周小满", "13900139000")
    for family, name in ((customer, "结婚"), (other, "结婚"), (other, "奶奶生日")):
        Anniversary.objects.create(family=family.family, name=name, month=5, day=20)
    made = merge(customer, other, take=[], by=head, at=NOW)

    assert sorted(customer.family.anniversaries.values_list("name", flat=True)) == ["奶奶生日", "结婚"]
    undo(made, by=head, at=NOW)
    assert sorted(other.family.anniversaries.values_list("name", flat=True)) == ["奶奶生日", "结婚"]


def test_it_is_entered_on_the_familys_page(school, head, at, on_the_day):
    with tenant_scope(school):
        customer = makers.family("周小满")
    boss = signed_in(head)
    place = f"{at}/families/{customer.pk}/record/anniversary/"
    assert "例如：爸爸妈妈结婚纪念日" in boss.get(place).content.decode()
    boss.post(place, {"name": "奶奶生日", "month": "8", "day": "15", "lunar": "on"})

    page = boss.get(f"{at}/families/{customer.pk}/").content.decode()
    assert "奶奶生日" in page and "农历八月十五" in page
