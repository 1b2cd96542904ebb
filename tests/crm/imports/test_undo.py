"""撤销导入: a whole import goes back within seven days, and never from under what came later."""
from datetime import timedelta

import pytest

from audit.models import Entry
from crm.imports.runs import UNDO_DAYS, may_undo
from crm.imports.undo import undo
from crm.models import (
    Attendance,
    Child,
    ClassGroup,
    Customer,
    Enrolment,
    Family,
    Guardian,
    ImportRun,
    LessonPackage,
    Partner,
    Payment,
    Referral,
    SearchToken,
    TimelineEntry,
)
from crm.queries import search
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers

PHONE = "13800138000"
SHEETS = {
    "roster": ("幼儿姓名,联系电话,班级\n周小满,13900139001,小一班\n",
            (Customer, Family, Guardian, Child, Enrolment, ClassGroup)),
    "payments": (f"缴费日期,家长电话,金额\n2026-09-01,{PHONE},1200\n", (Payment,)),
    "referrals": (f"推荐日期,推荐人电话,被推荐电话\n2026-09-01,{PHONE},13900139002\n", (Referral,)),
    "activities": (f"活动日期,家长电话,活动名称\n2026-09-01,{PHONE},运动会\n", (TimelineEntry,)),
    "attendance": (f"日期,家长电话,幼儿姓名,情况\n2026-09-01,{PHONE},李小树,请假\n", (Attendance,)),
    "lessons": (f"购买日期,家长电话,课程,购买课时\n2026-09-01,{PHONE},钢琴,24\n", (LessonPackage,)),
    "leads": ("咨询日期,家长姓名,电话\n2026-10-01,孙女士,13900139003\n", (Customer, Family, Guardian, TimelineEntry)),
    "partners": ("机构名称,联系人\n市图书馆,钱馆长\n", (Customer, Partner)),
    "enrolments": (f"家长电话,幼儿姓名,班级,入园日期\n{PHONE},李小树,大一班,2026-09-01\n", (Enrolment, ClassGroup)),
}
TABLES = (Customer, Family, Guardian, Child, Enrolment, ClassGroup, Payment, Referral, TimelineEntry, Attendance,
        LessonPackage, Partner)


@pytest.fixture
def miao(school, head):
    with tenant_scope(school):
        school.head, school.known = head, makers.family("李小树", PHONE, enrolled=False)
        yield school


def counts():
    return {model: model.objects.count() for model in TABLES}


@pytest.mark.parametrize("kind", sorted(SHEETS))
def test_what_an_import_made_is_gone_and_what_was_there_stays(miao, bring, now, kind):
    text, made = SHEETS[kind]
    before = counts()
    run = bring(kind, text)
    during = counts()
    undo(run, by=miao.head, at=now)

    assert {model for model in TABLES if during[model] > before[model]} == set(made)
    assert counts() == before
    assert ImportRun.objects.get(pk=run.pk).state == "undone"


@pytest.mark.parametrize("kind", sorted(SHEETS))
def test_the_same_sheet_can_come_in_again_afterwards(miao, bring, now, kind):
    first = bring(kind, SHEETS[kind][0])
    undo(first, by=miao.head, at=now)

    assert bring(kind, SHEETS[kind][0]).counts["new"] == first.counts["new"]


def test_search_forgets_what_went_back(miao, bring, now):
    undo(bring("roster", SHEETS["roster"][0]), by=miao.head, at=now)

    assert not search(Customer.objects.present(), "周小满")
    assert not SearchToken.objects.filter(token="周小满").exists()


def test_going_back_is_on_record(miao, bring, now):
    run = bring("payments", SHEETS["payments"][0])
    undo(run, by=miao.head, at=now)

    assert Entry.objects.get(verb="crm.import_undone").object_id == run.pk


@pytest.mark.parametrize(("days", "goes"), [(0, True), (UNDO_DAYS, True), (UNDO_DAYS + 1, False)])
def test_it_goes_back_for_seven_days(miao, bring, now, days, goes):
    run = bring("payments", SHEETS["payments"][0])

    assert may_undo(run, now + timedelta(days=days)) is goes


def test_after_that_it_says_so_and_changes_nothing(miao, bring, now):
    run = bring("payments", SHEETS["payments"][0])
    with pytest.raises(Refused, match="只有 7 天内导入的"):
        undo(run, by=miao.head, at=now + timedelta(days=8))

    assert Payment.objects.count() == 1


def test_it_goes_back_once(miao, bring, now):
    run = bring("payments", SHEETS["payments"][0])
    undo(run, by=miao.head, at=now)
    with pytest.raises(Refused, match="还没撤销的批次"):
        undo(run, by=miao.head, at=now)


@pytest.mark.parametrize("later", ["payments", "activities", "lessons", "referrals"])
def test_what_later_work_hangs_on_does_not_go(miao, bring, now, later):
    run = bring("roster", f"幼儿姓名,联系电话\n王五,{PHONE[:-1]}9\n")
    bring(later, SHEETS[later][0].replace(PHONE, f"{PHONE[:-1]}9"))
    with pytest.raises(Refused, match="后来又添了 1 条"):
        undo(run, by=miao.head, at=now)


def test_the_later_import_first_and_then_the_earlier_one(miao, bring, now):
    before = counts()
    first = bring("roster", f"幼儿姓名,联系电话\n王五,{PHONE[:-1]}9\n")
    second = bring("payments", SHEETS["payments"][0].replace(PHONE, f"{PHONE[:-1]}9"))
    undo(second, by=miao.head, at=now)
    undo(first, by=miao.head, at=now)

    assert counts() == before


def test_a_class_that_others_are_in_by_now_stays(miao, bring, now):
    run = bring("roster", SHEETS["roster"][0])
    group = ClassGroup.objects.get()
    Enrolment.objects.create(child=miao.known.family.children.get(), campus=miao.known.campus, class_group=group,
            from_on=now.date())
    undo(run, by=miao.head, at=now)

    assert ClassGroup.objects.get() == group


def test_values_that_were_changed_are_put_back(miao, bring, now):
    child = miao.known.family.children.get()
    run = bring("roster", f"幼儿姓名,性别,联系电话,班级\n李小树,男,{PHONE},小一班\n")
    changed = Child.objects.get(pk=child.pk).sex
    undo(run, by=miao.head, at=now)

    assert (changed, Child.objects.get(pk=child.pk).sex, Enrolment.objects.count()) == ("m", "", 0)


def test_a_family_that_got_a_brother_is_called_as_before(miao, bring, now):
    run = bring("roster", f"幼儿姓名,联系电话\n李小叶,{PHONE}\n")
    during = Customer.objects.get().name
    undo(run, by=miao.head, at=now)

    assert (during, Customer.objects.get().name) == ("李小树、李小叶一家", "李小树一家")
    assert not search(Customer.objects.present(), "李小叶")
    assert search(Customer.objects.present(), "李小树")


def test_a_referrals_older_result_is_put_back(miao, bring, now):
    bring("referrals", f"推荐日期,推荐人电话,被推荐电话,结果\n2026-09-01,{PHONE},13900139002,已参观\n")
    run = bring("referrals", f"推荐日期,推荐人电话,被推荐电话,结果\n2026-09-01,{PHONE},13900139002,已入园\n")
    during = Referral.objects.get().result
    undo(run, by=miao.head, at=now)

    assert (during, Referral.objects.get().result, Referral.objects.get().converted_on) == ("converted", "visited", None)
