"""An enquiry is filed: family found by number or made, child and consent, timeline; once, and in one family for two children."""
import json
import threading

import pytest
from django.db import connection

from audit.models import Entry
from crm.filing import asked, file_lead
from crm.models import Child, Consent, Customer, Guardian, Lead, TimelineEntry
from crm.queries import search
from tenancy.scope import tenant_scope
from tenancy.sealing import blind_index
from tests import makers
from tests.reception.makers import NOW

TOLD = {
    "guardian_name": "罗女士",
    "phone": "13800138000",
    "child_name": "小满",
    "birth_month": "2024-05",
    "needs": ["午睡", "接送时间"],
    "course": "托小班",
    "special": "花生过敏",
}


def lead(child_data: bool = True, channel: str = "online", notice: str = "1", **told) -> Lead:
    said = {name: value for name, value in (TOLD | told).items() if value}
    row = Lead(
        campus=makers.campus(),
        channel=channel,
        at=NOW,
        phone_index=blind_index(said["phone"]),
        phone_tail=said["phone"][-4:],
        notice_version=notice,
        child_data=child_data,
        source="小红书",
    )
    row.typed = json.dumps(said)
    row.save(force_insert=True)
    return row


def file(row: Lead) -> Customer:
    return file_lead(row, title="预约 参观", at=NOW)


def test_a_family_is_made_of_what_was_told(miao):
    customer = file(lead())
    guardian = Guardian.objects.get()

    assert (customer.name, customer.source, str(customer.since)) == ("小满一家", "小红书", "2026-11-20")
    assert (guardian.name, guardian.phone, guardian.decides) == ("罗女士", "13800138000", True)
    assert list(Child.objects.values_list("name", "born_on__year", "born_on__month")) == [("小满", 2024, 5)]
    assert Consent.objects.get().granted and Consent.objects.get().guardian == guardian


def test_the_timeline_says_what_was_asked(miao):
    customer = file(lead())
    entry = TimelineEntry.objects.get(customer=customer)

    assert (entry.title, entry.channel, entry.kind) == ("预约 参观", "online", "consultation")
    assert entry.text.splitlines() == ["想了解：午睡、接送时间", "意向课程：托小班", "特殊要求：花生过敏"]


def test_filing_again_changes_nothing(miao):
    row = lead()
    first = file(row)

    assert file(row) == first
    assert TimelineEntry.objects.count() == 1
    assert Consent.objects.count() == 1
    assert Entry.objects.filter(verb="crm.lead_filed").count() == 1


def test_the_second_child_comes_to_the_same_family(miao):
    first = file(lead())
    second = file(lead(child_name="小树", birth_month="2022-01"))

    assert second == first and Customer.objects.count() == 1 and Guardian.objects.count() == 1
    assert sorted(Child.objects.values_list("name", flat=True)) == ["小树", "小满"]


def test_a_family_of_the_archive_is_found_by_its_number(miao):
    known = makers.family("周小满", "13800138000")

    assert file(lead(child_name="")) == known and Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "month", "children"),
    [
        ("小满", "2024-05", 1),
        ("小滿", "2024-05", 1),  # written otherwise, read the same
        ("小满", "", 1),
        ("", "2024-05", 1),
        ("小满", "2020-01", 2),  # another child of the same name
        ("小树", "2024-05", 2),  # twins
        ("", "2020-01", 2),
        ("", "", 1),
    ],
)
def test_a_child_that_is_known_is_not_added_again(miao, name, month, children):
    file(lead())
    file(lead(child_name=name, birth_month=month))

    assert Child.objects.count() == children


def test_without_the_guardians_yes_nothing_of_a_child_is_kept(miao):
    customer = file(lead(child_data=False))

    assert Child.objects.count() == 0
    assert customer.name == "罗女士一家"
    assert not Consent.objects.get().granted


def test_an_enquiry_by_telephone_carries_no_answer_to_the_notice(miao):
    file(lead(notice="", channel="phone", child_data=False))

    assert Consent.objects.count() == 0 and TimelineEntry.objects.get().channel == "phone"


@pytest.mark.parametrize(
    ("channel", "logged"),
    [("online", "online"), ("phone", "phone"), ("wechat", "wechat"), ("walk_in", "face"), ("partner", "other"),
            ("other", "other")],
)
def test_each_channel_is_logged_as_what_it_was(miao, channel, logged):
    file(lead(channel=channel))

    assert TimelineEntry.objects.get().channel == logged


def test_who_was_filed_is_found_by_search(miao):
    customer = file(lead())

    for words in ("小满", "xm", "罗女士", "13800138000", "8000"):
        assert list(search(Customer.objects.all(), words)) == [customer]


def test_a_family_in_the_bin_is_not_taken_out_of_it(miao):
    makers.family("周小满", "13800138000")
    Customer.objects.update(deleted_at=NOW)

    file(lead())

    assert Customer.objects.count() == 2


@pytest.mark.parametrize(
    ("told", "lines"),
    [({}, ""), ({"needs": []}, ""), ({"course": "托班"}, "意向课程：托班"),
            ({"needs": ["费用"], "special": "无"}, "想了解：费用\n特殊要求：无")],
)
def test_only_what_was_asked_is_written(miao, told, lines):
    assert asked(told) == lines


@pytest.mark.django_db(transaction=True)
def test_two_enquiries_with_one_number_filed_at_once_are_one_family(school):
    with tenant_scope(school):
        rows = [lead(child_name=name) for name in ("小满", "小树", "小禾", "小麦")]
    gate = threading.Barrier(len(rows))

    def run(row):
        gate.wait()
        with tenant_scope(school):
            file(row)
        connection.close()

    threads = [threading.Thread(target=run, args=[row]) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with tenant_scope(school):
        assert (Customer.objects.count(), Guardian.objects.count(), Child.objects.count()) == (1, 1, 4)
