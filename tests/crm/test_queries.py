"""Reads worth a name: the search, a class on a day, a year's spend, the consent of a day, my acts and where they lead."""
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import set_script_prefix, set_urlconf
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.actions import looked, record
from audit.models import Entry
from crm import queries
from crm.models import Attendance, Child, ClassGroup, Consent, Customer, Enrolment, FeeKind, ImportRun, SearchToken
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member

TODAY = date(2026, 11, 20)


@pytest.fixture
def customer(miao):
    return makers.family("欧阳小满", "13800138000", guardian="Mary Ann")


# -- search ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", [
    "欧阳", "小满", "阳小", "ouyang", "oyxm", "xiaoman", "xm", "OUYANG", "Ｏｕｙａｎｇ", "mary", "ann", "13800138000", "138 0013 8000", "+86 138-0013-8000", "8000",
    "f-0001", "F-0001", "欧阳 8000", "小满 mary", "  欧阳  ",
])
def test_a_family_is_found_by_whatever_the_front_line_knows(customer, words):
    assert list(queries.search(Customer.objects.present(), words)) == [customer]


@pytest.mark.parametrize("words", ["欧阳 李", "80001", "13800138001", "yang小", "%", "_",
        "'; DROP TABLE crm_customer; --", "\\", "🙂", "满小"])
def test_what_is_not_there_is_not_found(customer, words):
    assert list(queries.search(Customer.objects.present(), words)) == []


@pytest.mark.parametrize("words", ["", "   "])
def test_no_words_narrow_nothing(customer, words):
    assert list(queries.search(Customer.objects.present(), words)) == [customer]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20))
def test_any_words_are_answered(customer, words):
    assert set(queries.search(Customer.objects.present(), words)) <= {customer}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_token_begins_a_search_that_finds_its_owner(customer, data):
    token = data.draw(st.sampled_from(sorted(t for t in SearchToken.objects.values_list("token",
            flat=True) if not t.startswith("#"))))
    whole = token if token.isdigit() else token[:data.draw(st.integers(1, len(token)))]

    assert customer in queries.search(Customer.objects.present(), whole.split(" ")[0] or token)


# -- a class ----------------------------------------------------------------------------------------------------------------
@pytest.fixture
def group(miao):
    made = ClassGroup.objects.create(campus=makers.campus(), name="小一班")
    for name, phone in (("周小满", "13800138001"), ("安安", "13800138002"), ("李四", "13800138003")):
        makers.family(name, phone, date(2025, 9, 1))
    Enrolment.objects.update(class_group=made)
    return made


def test_a_class_stands_by_pinyin_and_present_where_nothing_was_marked(group):
    Attendance.objects.create(child=Child.objects.get(name="李四"), day=TODAY, status="leave")

    assert [(child.name, status) for child, status in queries.class_on(group, TODAY)] == [("安安", "present"),
            ("李四", "leave"), ("周小满", "present")]


@pytest.mark.parametrize(("day", "count"), [(date(2025, 8, 31), 0), (date(2025, 9, 1), 3), (date(2026, 6, 30), 3),
        (date(2026, 7, 1), 2)])
def test_a_class_holds_who_was_in_it_on_the_day(group, day, count):
    Enrolment.objects.filter(child__name="李四").update(until_on=date(2026, 6, 30), outcome="moved")

    assert len(queries.class_on(group, day)) == count


def test_enrolments_of_a_list_stand_by_customer(group):
    ids = list(Customer.objects.order_by("id").values_list("pk", flat=True))
    found = queries.enrolled_now(ids[:2], TODAY)

    assert sorted(found) == sorted(ids[:2])
    assert [[e.class_group.name for e in rows] for rows in found.values()] == [["小一班"]] * 2


# -- money and consent ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("day", "fen"), [(date(2026, 9, 1), 100_000), (date(2026, 8, 31), 0), (date(2027, 8, 31),
        100_000), (date(2027, 9, 1), 0)])
def test_a_years_spend_counts_from_the_day_after_a_year_ago(customer, day, fen):
    makers.payment(customer, 1000, date(2026, 9, 1))

    assert queries.spend_of_a_year(customer, day) == fen


def test_what_was_paid_back_is_taken_off(customer):
    makers.payment(customer, 1000, date(2026, 9, 1))
    makers.payment(customer, -400, date(2026, 10, 1))

    assert queries.spend_of_a_year(customer, TODAY) == 60_000


def at(day, hour=12):
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


@pytest.mark.parametrize(("day", "notice"), [(date(2026, 1, 9), None), (date(2026, 1, 10), "v1"), (date(2026, 2, 9),
        "v1"), (date(2026, 2, 10), "v2"),
                                             (date(2026, 3, 9), "v2"), (date(2026, 3, 10), None)])
def test_the_consent_of_a_day_is_the_one_in_force_at_its_end(customer, day, notice):
    family = customer.family
    Consent.objects.create(family=family, notice_version="v1", granted=True, at=at(date(2026, 1, 10)),
            withdrawn_at=at(date(2026, 2, 10)))
    Consent.objects.create(family=family, notice_version="v2", granted=True, at=at(date(2026, 2, 10)),
            withdrawn_at=at(date(2026, 3, 10)))
    found = queries.consent_on(customer, day)

    assert (found.notice_version if found else None) == notice


# -- my acts -------------------------------------------------------------------------------------------------------------------
def test_my_acts_are_mine_of_the_day_and_no_looks(school, head, deputy):
    with tenant_scope(school):
        customer = makers.family()
        record(head, "crm.family_added", customer)
        record(head, "crm.payment_taken", None)
        record(deputy, "crm.payment_taken", None)
        looked(head, "crm.child_viewed", Child.objects.all())

        assert [entry.verb for entry in queries.acts_of(head, timezone.localdate())] == ["crm.payment_taken",
                "crm.family_added"]
        assert queries.acts_of(head, timezone.localdate() - timedelta(days=1)) == []


def test_whom_an_act_was_about_is_named(miao, customer):
    record(miao.head, "crm.family_added", customer)
    record(miao.head, "crm.contact_logged", FeeKind.objects.first(), customer=customer.pk)
    record(miao.head, "crm.exported", None)
    record(miao.head, "crm.contact_logged", None, customer=10**9)
    entries = list(Entry.objects.order_by("id"))

    assert queries.whom(entries) == {entries[0].pk: "欧阳小满一家", entries[1].pk: "欧阳小满一家"}


@pytest.fixture
def addresses(settings):
    set_urlconf(settings.SCHOOL_URLCONF)
    set_script_prefix("/s/miao/")
    yield
    set_script_prefix("/")
    set_urlconf(None)


@pytest.mark.parametrize(("values", "link"), [
    ({"data": {"customer": 7}}, "/s/miao/families/7/"), ({"object_type": "crm.customer", "object_id": 7},
            "/s/miao/families/7/"),
    ({"object_type": "crm.importrun", "object_id": 3}, "/s/miao/imports/3/"), ({"object_type": "crm.merge",
            "object_id": 3}, "/s/miao/duplicates/"),
    ({"object_type": "crm.promotion", "object_id": 3}, "/s/miao/promote/"), ({"object_type": "crm.child",
            "object_id": 3}, "/s/miao/admin/crm/child/3/history/"),
    ({"object_type": "crm.feekind", "object_id": 3}, ""), ({}, ""),
])
def test_an_act_leads_to_where_it_can_be_seen(miao, addresses, values, link):
    assert queries.place(Entry(**({"verb": "x", "data": {}} | values))) == link


# -- imports that wait ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("state", "waits"), [("checked", True), ("checking", False), ("done", False), ("failed", False)])
def test_only_a_tried_import_waits(miao, state, waits):
    ImportRun.objects.create(kind="roster", filename="a.xlsx", campus=Campus.objects.get(), state=state)

    assert bool(queries.waiting_imports(miao.head)) is waits


def test_at_most_five_are_named(miao):
    for n in range(7):
        ImportRun.objects.create(kind="roster", filename=f"{n}.xlsx", campus=Campus.objects.get(), state="checked")

    assert len(queries.waiting_imports(miao.head)) == 5


# -- the first page --------------------------------------------------------------------------------------------------------------
def test_families_that_left_are_not_missed(miao, customer):
    Enrolment.objects.update(until_on=date(2026, 6, 30), outcome="moved")

    assert queries.today_figures(miao.head, TODAY)["quiet"] == 0


@pytest.mark.parametrize(("days", "quiet"), [(90, 0), (91, 1)])
def test_ninety_days_without_a_word_are_quiet(miao, customer, days, quiet):
    makers.entry(customer, on=TODAY - timedelta(days=days))

    assert queries.today_figures(miao.head, TODAY)["quiet"] == quiet


def test_a_member_of_one_campus_counts_its_families(school, head):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        makers.family("甲", "13800138001")
        makers.family("乙", "13800138002", at=west)
    member = make_member(school, "frontdesk", campuses=[west])
    with tenant_scope(school):
        assert queries.today_figures(member, TODAY)["families"] == 1


def test_who_was_spoken_to_is_missed_no_more_at_once(miao, customer):
    before = queries.today_figures(miao.head, TODAY)["quiet_first"]
    makers.entry(customer, on=TODAY)
    after = queries.today_figures(miao.head, TODAY)

    assert (before, after["quiet_first"], after["quiet"]) == ([(customer, None)], [], 0)


def test_who_was_deleted_a_moment_ago_is_not_named_as_missed(miao, customer, now):
    queries.today_figures(miao.head, TODAY)
    Customer.objects.update(deleted_at=now)

    assert queries.today_figures(miao.head, TODAY)["quiet_first"] == []


def test_the_day_of_the_last_word_stands_beside_who_is_missed(miao, customer):
    makers.entry(customer, on=TODAY - timedelta(days=200))
    makers.entry(customer, on=TODAY - timedelta(days=100))

    assert queries.quiet(Customer.objects.all(), TODAY) == (1, {customer.pk: TODAY - timedelta(days=100)})


def test_missed_families_are_not_looked_for_one_by_one(miao, customer):
    with CaptureQueriesContext(connection) as asked:
        queries.quiet(Customer.objects.all(), TODAY)

    assert [one["sql"].split()[:5] for one in asked][0] == ["SET", "LOCAL", "enable_nestloop", "=", "off"]
