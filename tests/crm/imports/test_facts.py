"""活动、考勤、课时、线索、合作机构、在园记录: dated facts of families the archive knows, each once."""
from datetime import date, datetime

import pytest
from django.utils import timezone

from crm.imports.facts import at_noon
from crm.imports.undo import undo
from crm.models import Attendance, Child, ClassGroup, Customer, Enrolment, Guardian, LessonPackage, Partner, TimelineEntry
from crm.queries import search
from tenancy.scope import tenant_scope
from tests import makers

PHONE = "13800138000"
SHEETS = {"activities": ("活动日期,家长电话,活动名称,幼儿姓名\n", f"2026-09-01,{PHONE},亲子运动会,周小满\n", TimelineEntry),
          "attendance": ("日期,家长电话,幼儿姓名,情况\n", f"2026-09-01,{PHONE},周小满,请假\n", Attendance),
          "lessons": ("购买日期,家长电话,学员姓名,课程,购买课时,赠送课时,已上课时\n",
                  f"2026-09-01,{PHONE},周小满,钢琴,24,2,5\n", LessonPackage),
          "enrolments": ("家长电话,幼儿姓名,班级,入园日期,离园日期,离园原因\n",
                  f"{PHONE},周小满,小一班,2026-09-01,,\n", Enrolment)}


@pytest.fixture
def miao(school):
    with tenant_scope(school):
        school.family = makers.family("周小满", PHONE, enrolled=False)
        yield school


# -- what all of them share ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", sorted(SHEETS))
def test_a_row_comes_in_once_however_often_the_sheet_does(miao, bring, kind):
    header, row, model = SHEETS[kind]
    counts = [bring(kind, header + row * times).counts for times in (2, 1)]

    assert [(c["new"], c["unchanged"]) for c in counts] == [(1, 1), (0, 1)]
    assert model.objects.count() == 1


@pytest.mark.parametrize("kind", sorted(SHEETS))
def test_a_number_nobody_has_is_refused(miao, bring, noted, kind):
    header, row, model = SHEETS[kind]
    run = bring(kind, header + row.replace(PHONE, "13900139000"))

    assert noted(run) == [(2, "refused", "phone", "档案里没有这个号码的家庭，先导入花名册")]
    assert not model.objects.exists()


@pytest.mark.parametrize("kind", sorted(SHEETS))
def test_a_child_the_family_does_not_have_is_refused(miao, bring, noted, kind):
    header, row, model = SHEETS[kind]
    run = bring(kind, header + row.replace("周小满", "周大满"))

    assert noted(run) == [(2, "refused", "child_name", "这家没有叫“周大满”的孩子")]
    assert not model.objects.exists()


@pytest.mark.parametrize("kind", ["activities", "lessons"])
def test_where_a_family_is_enough_the_child_may_be_missing(miao, bring, kind):
    header, row, model = SHEETS[kind]
    bring(kind, header + row.replace("周小满", ""))
    made = model.objects.get()

    assert (made.customer_id, made.child_id) == (miao.family.pk, None)


@pytest.mark.parametrize("kind", sorted(SHEETS))
def test_what_came_in_remembers_its_run(miao, bring, kind):
    header, row, model = SHEETS[kind]
    run = bring(kind, header + row)

    assert model.objects.get().import_run_id == run.pk


# -- each ----------------------------------------------------------------------------------------------------------------
def test_a_sign_in_stands_on_the_timeline_at_noon(miao, bring):
    bring("activities", "".join(SHEETS["activities"][:2]))
    entry = TimelineEntry.objects.get()

    assert (entry.kind, entry.channel, entry.title, entry.day) == ("event", "sign_in", "亲子运动会", date(2026, 9, 1))
    assert timezone.localtime(entry.at).hour == 12


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2024, 2, 29), date(1990, 1, 1)])
def test_noon_is_on_the_campuss_own_day(day):
    assert timezone.localtime(at_noon(day)) == timezone.make_aware(datetime(day.year, day.month, day.day, 12))


def test_two_activities_of_one_day_are_two_facts(miao, bring):
    header, row, _model = SHEETS["activities"]
    run = bring("activities", header + row + row.replace("亲子运动会", "家长会"))

    assert run.counts["new"] == 2


def test_attendance_is_one_row_a_child_and_day_and_a_second_word_is_pointed_out(miao, bring, noted):
    header, row, _model = SHEETS["attendance"]
    run = bring("attendance", header + row + row.replace("09-01", "09-02") + row.replace("请假", "缺勤"))

    assert (run.counts["new"], run.counts["unchanged"]) == (2, 1)
    assert list(Attendance.objects.order_by("day").values_list("status", flat=True)) == ["leave", "leave"]
    assert noted(run) == [(4, "doubled", "day", "这份表里前面已有同一天的一行，内容不同；只导入了前面那行，请核对")]


def test_a_corrected_sheet_corrects_attendance_until_it_is_undone(miao, bring, now):
    header, row, _model = SHEETS["attendance"]
    bring("attendance", header + row)
    again = bring("attendance", header + row.replace("请假", "缺勤"))
    corrected = Attendance.objects.get().status
    undo(again, by=None, at=now)

    assert (again.counts["changed"], again.counts["unchanged"], corrected) == (1, 0, "absent")
    assert Attendance.objects.get().status == "leave"


def test_two_words_about_a_known_day_change_it_once_and_the_same_sheet_again_not_at_all(miao, bring, noted):
    header, row, _model = SHEETS["attendance"]
    bring("attendance", header + row)
    runs = [bring("attendance", header + row.replace("请假", "缺勤") + row) for _ in range(2)]

    assert [(run.counts["changed"], run.counts["unchanged"], len(noted(run))) for run in runs] == [(1, 1, 1), (0, 2, 1)]
    assert Attendance.objects.get().status == "absent"


@pytest.mark.parametrize(("later", "until", "outcome", "named"), [
    ("小一班,2026-09-01,2026-10-15,搬家", date(2026, 10, 15), "moved", "小一班"), ("小一班,2026-09-01,,", None, "",
            "小一班"),
    ("小二班,2026-09-01,2026-10-15,搬家", date(2026, 10, 15), "moved", "小一班")])
def test_a_later_sheet_ends_a_stay_but_moves_nobody_to_another_class(miao, bring, later, until, outcome, named):
    header, row, _model = SHEETS["enrolments"]
    bring("enrolments", header + row)
    bring("enrolments", f"{header}{PHONE},周小满,{later}\n")
    enrolment = Enrolment.objects.select_related("class_group").get()

    assert (enrolment.until_on, enrolment.outcome, enrolment.class_group.name) == (until, outcome, named)


def test_a_stay_that_ended_is_not_opened_or_ended_otherwise_by_an_older_sheet(miao, bring):
    header, row, _model = SHEETS["enrolments"]
    bring("enrolments", header + row.replace(",,\n", ",2026-10-15,搬家\n"))
    counts = [bring("enrolments", header + row.replace(",,\n", end)).counts for end in (",,\n", ",2026-10-20,转园\n")]
    enrolment = Enrolment.objects.get()

    assert [c["unchanged"] for c in counts] == [1, 1]
    assert (enrolment.until_on, enrolment.outcome) == (date(2026, 10, 15), "moved")


def test_lessons_used_here_since_are_not_given_back_by_the_same_sheet(miao, bring):
    sheet = "".join(SHEETS["lessons"][:2])
    bring("lessons", sheet)
    LessonPackage.objects.update(used=9)
    counts = bring("lessons", sheet).counts

    assert (counts["changed"], counts["unchanged"], LessonPackage.objects.get().used) == (0, 1, 9)


def test_a_package_keeps_its_counts(miao, bring):
    bring("lessons", "".join(SHEETS["lessons"][:2]))
    package = LessonPackage.objects.get()

    assert (package.course, package.bought, package.gifted, package.used, package.left) == ("钢琴", 24, 2, 5, 21)


def test_a_stay_is_in_a_class_that_is_made_where_it_is_missing(miao, bring):
    header, row, _model = SHEETS["enrolments"]
    run = bring("enrolments", header + row)
    enrolment = Enrolment.objects.select_related("class_group").get()

    assert (run.counts["classes"], enrolment.class_group.name, enrolment.from_on) == (["小一班"], "小一班",
            date(2026, 9, 1))


def test_a_stay_that_ended_keeps_day_and_reason(miao, bring):
    header, row, _model = SHEETS["enrolments"]
    bring("enrolments", header + row.replace(",,\n", ",2026-10-15,搬家\n"))
    enrolment = Enrolment.objects.get()

    assert (enrolment.until_on, enrolment.outcome) == (date(2026, 10, 15), "moved")


def test_a_stay_without_a_class_has_none(miao, bring):
    header, row, _model = SHEETS["enrolments"]
    bring("enrolments", header + row.replace("小一班", ""))

    assert (Enrolment.objects.get().class_group_id, ClassGroup.objects.count()) == (None, 0)


# -- leads ------------------------------------------------------------------------------------------------------------------
LEADS = "咨询日期,家长姓名,电话,孩子姓名,出生日期,来源,咨询内容\n"
LEAD = "2026-10-01,孙女士,13900139000,孙小果,2023-05-01,小红书,想参观\n"


def test_a_lead_becomes_a_family_with_its_consultation(miao, bring):
    run = bring("leads", LEADS + LEAD)
    customer = Customer.objects.exclude(pk=miao.family.pk).get()
    entry = customer.timeline.get()

    assert (run.counts["families"], run.counts["new"], customer.name, customer.since, customer.source) == (
        1, 1, "孙小果一家", date(2026, 10, 1), "小红书")
    assert (entry.kind, entry.text, Guardian.objects.get(family__customer=customer).phone) == ("consultation",
            "想参观", "13900139000")


def test_a_lead_without_a_child_is_called_by_the_guardian(miao, bring):
    bring("leads", LEADS + LEAD.replace("孙小果,2023-05-01", ","))

    assert Customer.objects.exclude(pk=miao.family.pk).get().name == "孙女士一家"
    assert Child.objects.count() == 1


def test_a_known_family_that_asks_again_gets_an_entry_and_no_twin(miao, bring):
    run = bring("leads", LEADS + LEAD.replace("13900139000", PHONE))

    assert (run.counts["families"], run.counts["new"], Customer.objects.count()) == (0, 1, 1)
    assert miao.family.timeline.get().text == "想参观"


def test_two_consultations_of_a_new_family_are_one_family(miao, bring):
    run = bring("leads", LEADS + LEAD + LEAD.replace("10-01", "10-05"))

    assert (run.counts["families"], run.counts["new"]) == (1, 2)


def test_two_consultations_of_one_day_are_both_kept_and_each_comes_in_once(miao, bring):
    sheet = LEADS + LEAD + LEAD.replace("想参观", "问伙食")
    counts = [bring("leads", sheet).counts for _ in range(2)]

    assert [(c["new"], c["unchanged"]) for c in counts] == [(2, 0), (0, 2)]
    assert sorted(TimelineEntry.objects.values_list("text", flat=True)) == ["想参观", "问伙食"]


def test_a_lead_is_found_by_name_and_number(miao, bring):
    bring("leads", LEADS + LEAD)

    assert [[c.name for c in search(Customer.objects.present(), words)] for words in ("sxg", "9000",
            "孙女士")] == [["孙小果一家"]] * 3


# -- partners ----------------------------------------------------------------------------------------------------------------
def test_a_partner_comes_in_once_with_what_is_known(miao, bring):
    text = "机构名称,联系人,电话,合作内容,合作开始\n市图书馆,钱馆长,0571-88001234,绘本借阅,2025-03-01\n市图书馆,,,,\n"
    run = bring("partners", text)
    partner = Partner.objects.select_related("customer").get()

    assert (run.counts["new"], run.counts["unchanged"]) == (1, 1)
    assert (partner.customer.name, partner.customer.external_ref, partner.customer.since) == ("市图书馆", "P-0001",
            date(2025, 3, 1))
    assert (partner.contact, partner.phone, partner.field) == ("钱馆长", "057188001234", "绘本借阅")


def test_a_partner_without_a_day_begins_on_the_day_of_the_import(miao, bring):
    bring("partners", "机构名称,联系人\n市图书馆,钱馆长\n")

    assert Customer.objects.get(name="市图书馆").since == date(2026, 11, 20)


def test_a_partner_is_of_the_type_of_partners(miao, bring):
    bring("partners", "机构名称,联系人\n市图书馆,钱馆长\n")

    assert Customer.objects.get(name="市图书馆").type.code == "partner"
    assert not hasattr(Customer.objects.get(name="市图书馆"), "family")
