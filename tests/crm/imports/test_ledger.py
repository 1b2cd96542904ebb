"""What one run knows while it writes: counts, rows that need a person, what it changed, whom a phone leads to."""
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.imports.ledger import Known, Ledger, Row, by_batches, taken_refs
from crm.imports.runs import customer_type, new_run, summary
from crm.models import Child, Customer, ImportChange
from tests import makers


@pytest.fixture
def ledger(miao, now):
    run = new_run("roster", "x.csv", campus=None, by=None, at=now)
    return Ledger(run, run.campus, customer_type(None), date(2026, 11, 20))


# -- batches --------------------------------------------------------------------------------------------------------------
@given(st.lists(st.integers(), max_size=50), st.integers(1, 12))
def test_batches_hold_everything_once_and_in_order(items, size):
    batches = list(by_batches(items, size))

    assert [item for batch in batches for item in batch] == items
    assert all(0 < len(batch) <= size for batch in batches)


# -- notes -----------------------------------------------------------------------------------------------------------------
def test_rows_that_need_a_person_are_kept_with_their_cells_and_counted(ledger):
    ledger.refuse(Row(3, None, ["周小满", "123"]), "phone", "少了 8 位")
    ledger.remark(Row(4, None, ["李四"]), "doubled", "child_name", "已有一行")

    assert [(i.number, i.verdict, i.field, i.reason, i.cells) for i in ledger.issues] == [
        (3, "refused", "phone", "少了 8 位", ["周小满", "123"]), (4, "doubled", "child_name", "已有一行", ["李四"])]
    assert (ledger.counts["refused"], ledger.counts["doubled"]) == (1, 1)


def test_a_summary_names_every_count_also_where_it_is_nought(ledger):
    ledger.counts["rows"] = 2
    ledger.new_classes += ["小二班", "小一班", "小一班"]

    assert summary(ledger) == {"rows": 2, "new": 0, "families": 0, "changed": 0, "unchanged": 0, "refused": 0,
            "doubled": 0, "duplicate": 0, "remark": 0,
                               "classes": ["小一班", "小二班"]}


def test_a_change_remembers_what_was_there(ledger):
    makers.family("周小满")
    child = Child.objects.get()
    ledger.update(child, born_on=date(2022, 1, 1), sex="f")
    ImportChange.objects.bulk_create(ledger.changes)
    change = ImportChange.objects.get()

    assert (Child.objects.get().born_on, Child.objects.get().sex) == (date(2022, 1, 1), "f")
    assert (change.model, change.object_id, change.before) == ("crm.child", child.pk, {"born_on": "2021-05-01", "sex": ""})


# -- whom a phone leads to ----------------------------------------------------------------------------------------------------
def test_a_phone_leads_to_its_family_and_children(miao):
    customer = makers.family("周小满", "13800138000")
    known = Known.by_phones(["13800138000", "13900139000", "", "13800138000"])

    assert (known.customer("13800138000"), known.customer("13900139000"), known.customer("")) == (customer.pk, None, None)
    assert [c.name for c in known.named("13800138000", "周小满")] == ["周小满"]
    assert known.named("13800138000", "李四") == known.named("1", "x") == []


def test_of_two_families_with_one_phone_the_elder_is_meant(miao):
    first = makers.family("周小满", "13800138000")
    makers.family("周小树", "13800138000")

    assert Known.by_phones(["13800138000"]).customer("13800138000") == first.pk


def test_a_family_in_the_bin_is_not_met(miao, now):
    makers.family("周小满", "13800138000")
    Customer.objects.update(deleted_at=now)

    assert Known.by_phones(["13800138000"]).customer("13800138000") is None


def test_of_no_phones_nothing_is_known(miao):
    known = Known.by_phones([])

    assert (known.family_of, known.customer_of, known.children) == ({}, {}, {})


@pytest.mark.parametrize(("asked", "found"), [([], set()), ([""], set()), (["F-0001", "K-1", ""], {"F-0001"}),
        (["f-0001"], set())])
def test_references_that_are_given_away_are_known(miao, asked, found):
    makers.family()

    assert set(taken_refs(asked)) == found
