"""Rows about people: how they are called, how old they are, what is sealed and what a school adds."""
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from crm.models import Child, Consent, Customer, CustomerType, ExtraField, Guardian
from tests import makers


def child(born_on):
    return Child(tenant_id=1, name="周小满", born_on=born_on)


@pytest.mark.parametrize(("born", "day", "age"), [
    (date(2021, 5, 1), date(2026, 5, 1), (5, 0)), (date(2021, 5, 1), date(2026, 4, 30), (4, 11)), (date(2021, 5, 1),
            date(2021, 5, 31), (0, 0)),
    (date(2021, 5, 31), date(2021, 6, 30), (0, 0)), (date(2020, 2, 29), date(2021, 2, 28),
            (0, 11)), (date(2020, 2, 29), date(2021, 3, 1), (1, 0)),
    (date(2021, 5, 1), date(2021, 4, 30), None), (None, date(2026, 1, 1), None),
])
def test_age_is_completed_years_and_months(born, day, age):
    assert child(born).age_on(day) == age


@given(st.dates(date(2015, 1, 1), date(2026, 1, 1)), st.integers(0, 4000))
def test_months_run_from_nought_to_eleven_and_nobody_grows_younger(born, days):
    day = date.fromordinal(born.toordinal() + days)
    years, months = child(born).age_on(day)

    assert 0 <= months <= 11
    assert years >= 0
    assert child(born).age_on(date.fromordinal(day.toordinal() + 1)) >= (years, months)


def test_people_and_families_are_called_by_their_names(miao):
    customer = makers.family("周小满", guardian="罗女士")

    assert [str(x) for x in (customer, customer.family, Child.objects.get(),
            Guardian.objects.get())] == ["周小满一家", "周小满一家", "周小满", "罗女士"]


def test_present_is_neither_deleted_nor_erased(miao, now):
    names = ["在", "删", "抹"]
    for name, values in zip(names, ({}, {"deleted_at": now}, {"erased_at": now}), strict=True):
        Customer.objects.filter(pk=makers.family(name,
                f"1380013800{names.index(name)}").pk).update(**values or {"source": ""})

    assert [c.name for c in Customer.objects.present()] == ["在一家"]


@pytest.mark.parametrize("field", ["phone", "address", "health"])
def test_what_is_personal_rests_sealed_and_is_read_as_it_was(miao, field):
    customer = makers.family()
    row = {"phone": Guardian.objects.get(), "address": customer.family, "health": Child.objects.get()}[field]
    setattr(row, field, "秘密 12345")
    row.save()
    again = type(row).objects.get(pk=row.pk)

    assert getattr(again, field) == "秘密 12345"
    assert "秘密".encode() not in bytes(getattr(again, f"{field}_sealed"))


@pytest.mark.parametrize("field", ["address", "health"])
def test_nothing_is_kept_as_nothing(miao, field):
    customer = makers.family()
    row = customer.family if field == "address" else Child.objects.get()
    setattr(row, field, "")

    assert (getattr(row, field), getattr(row, f"{field}_sealed")) == ("", None)


@pytest.mark.parametrize(("choices", "options"), [
    ("有、无", ["有", "无"]), ("有,无", ["有", "无"]), ("有，无、 不详 ", ["有", "无", "不详"]), ("", []), ("、、", []),
])
def test_options_are_read_whatever_separates_them(choices, options):
    assert ExtraField(tenant_id=1, name="x", choices=choices).options() == options


@pytest.mark.parametrize("day", [date(2999, 1, 1), date(1980, 1, 1)])
def test_a_customer_cannot_be_known_since_a_day_that_cannot_be(miao, day):
    customer = makers.family()
    customer.since = day
    with pytest.raises(ValidationError) as slip:
        customer.full_clean()

    assert set(slip.value.message_dict) == {"since"}


def test_a_guardian_who_goes_leaves_the_answer_on_record(miao, now):
    customer = makers.family()
    guardian = Guardian.objects.get()
    Consent.objects.create(family=customer.family, guardian=guardian, notice_version="v1", granted=True, at=now)
    guardian.delete()

    assert Consent.objects.get().guardian_id is None


def test_types_begin_as_families(miao):
    assert CustomerType.objects.create(code="x", name="校友").half == "family"
