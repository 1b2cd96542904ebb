"""推荐登记: the sheet's own word, doubtful ones kept and flagged, circles refused, a second time an update."""
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.imports.referrals import _is_above, first_enrolments, flag_for
from crm.models import Customer, Referral
from tenancy.scope import tenant_scope
from tests import makers

HEADER = "推荐日期,推荐人电话,被推荐家长,被推荐电话,结果,入园日期\n"
A, B, C = "13800138001", "13800138002", "13800138003"


def row(referrer=A, referred=B, day="2026-03-01", result="", converted=""):
    return f"{day},{referrer},孙女士,{referred},{result},{converted}\n"


@pytest.fixture
def miao(school):
    """Families A, B and C; B and C enrolled in May."""
    with tenant_scope(school):
        school.a = makers.family("甲", A, date(2025, 9, 1))
        school.b, school.c = makers.family("乙", B, date(2026, 5, 1)), makers.family("丙", C, date(2026, 5, 1))
        yield school


# -- pure --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("enrolled", "earlier", "flag"), [
    (None, None, ""), (date(2026, 3, 1), None, ""), (date(2026, 2, 28), None,
            "被推荐家庭 2026-02-28 已入园，早于推荐"), (None, 1, ""),
    (None, 2, "已有另一家推荐过"), (date(2026, 2, 28), 2, "被推荐家庭 2026-02-28 已入园，早于推荐"),
])
def test_a_referral_is_doubtful_after_the_enrolment_or_another_referrer(enrolled, earlier, flag):
    assert flag_for(date(2026, 3, 1), enrolled, earlier, 1) == flag


@pytest.mark.parametrize(("above", "start", "found"), [
    ({}, 1, False), ({1: 2}, 1, True), ({1: 3, 3: 2}, 1, True), ({2: 1}, 1, False), ({1: 3, 3: 1}, 1, False), ({}, 2, True),
])
def test_who_stands_above_is_found_along_the_chain(above, start, found):
    assert _is_above(2, start, above) is found


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 9)), st.integers(0, 9), st.integers(0, 9))
def test_a_chain_that_bites_its_tail_still_ends(above, customer, start):
    assert _is_above(customer, start, above) in (True, False)


# -- imported ----------------------------------------------------------------------------------------------------------
def test_a_referral_is_kept_with_both_families(miao, bring):
    run = bring("referrals", HEADER + row())
    referral = Referral.objects.get()

    assert (run.counts["new"], referral.referrer_id, referral.referred_id) == (1, miao.a.pk, miao.b.pk)
    assert (referral.referred_name, referral.phone, referral.referred_on, referral.counts, referral.flag) == (
        "孙女士", B, date(2026, 3, 1), True, "")


def test_somebody_not_yet_in_the_archive_can_be_introduced(miao, bring):
    bring("referrals", HEADER + row(referred="13900139000"))

    assert Referral.objects.get().referred_id is None


@pytest.mark.parametrize(("result", "converted", "kept", "day"), [
    ("", "", "", None), ("已参观", "", "visited", None), ("已入园", "", "converted", date(2026, 3, 1)),
    ("已入园", "2026-05-01", "converted", date(2026, 5, 1)), ("未到访", "2026-05-01", "absent", None),
])
def test_the_result_is_the_sheets_and_only_who_came_has_a_day(miao, bring, result, converted, kept, day):
    bring("referrals", HEADER + row(result=result, converted=converted))
    referral = Referral.objects.get()

    assert (referral.result, referral.converted_on) == (kept, day)


def test_who_had_already_enrolled_is_kept_flagged_and_not_counted(miao, bring, noted):
    run = bring("referrals", HEADER + row(day="2026-06-01"))
    referral = Referral.objects.get()

    assert (referral.counts, referral.flag) == (False, "被推荐家庭 2026-05-01 已入园，早于推荐")
    assert noted(run) == [(2, "remark", "result", "被推荐家庭 2026-05-01 已入园，早于推荐，已保留，不计入分级")]


def test_a_second_referrer_is_kept_flagged_and_not_counted(miao, bring):
    bring("referrals", HEADER + row() + row(referrer=C, day="2026-04-01"))

    assert list(Referral.objects.order_by("id").values_list("referrer_id", "counts")) == [(miao.a.pk, True),
            (miao.c.pk, False)]


def test_who_introduces_twice_is_not_doubtful(miao, bring):
    bring("referrals", HEADER + row() + row(day="2026-04-01"))

    assert set(Referral.objects.values_list("counts", flat=True)) == {True}


def test_a_circle_is_refused(miao, bring, noted):
    run = bring("referrals", HEADER + row(A, B) + row(B, C, "2026-03-02") + row(C, A, "2026-03-03"))

    assert (run.counts["new"], [(n, field) for n, _v, field, _r in noted(run)]) == (2, [(4, "referred_phone")])


def test_a_circle_with_what_the_archive_holds_is_refused(miao, bring, noted):
    bring("referrals", HEADER + row(A, B))
    run = bring("referrals", HEADER + row(B, A, "2026-04-01"))

    assert "绕成一圈" in noted(run)[0][3] and Referral.objects.count() == 1


def test_a_referrer_nobody_knows_is_refused_by_a_masked_number(miao, bring, noted):
    run = bring("referrals", HEADER + row(referrer="13900139000"))

    assert noted(run) == [(2, "refused", "phone", "档案里没有 139****9000 这家，先导入花名册")]


# -- again -------------------------------------------------------------------------------------------------------------
def test_the_same_sheet_again_changes_nothing(miao, bring):
    bring("referrals", HEADER + row(result="已参观"))
    run = bring("referrals", HEADER + row(result="已参观"))

    assert (run.counts["new"], run.counts["unchanged"], Referral.objects.count()) == (0, 1, 1)


def test_a_newer_result_is_taken_over(miao, bring):
    bring("referrals", HEADER + row(result="已参观"))
    run = bring("referrals", HEADER + row(result="已入园", converted="2026-05-01"))
    referral = Referral.objects.get()

    assert (run.counts["changed"], referral.result, referral.converted_on) == (1, "converted", date(2026, 5, 1))


def test_first_enrolments_are_the_familys_earliest(miao):
    makers.payment(miao.a, 1, date(2026, 1, 1))
    child = miao.a.family.children.get()
    child.enrolments.create(campus=miao.a.campus, from_on=date(2023, 9, 1), until_on=date(2024, 6, 30), outcome="moved")

    assert first_enrolments([miao.a.pk, miao.b.pk, 10**9]) == {miao.a.pk: date(2023, 9, 1), miao.b.pk: date(2026, 5, 1)}
    assert first_enrolments([]) == {} and Customer.objects.count() == 3
