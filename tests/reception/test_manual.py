"""操作手册 and 责任人: a page a stage, every version kept; one person answers for a stage, another stands in; seen where it is done."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Entry
from crm.handover import stand_in
from reception.furnish import MANUAL, furnish_board
from reception.manual import ROLE_OF, appoint, stage_of, stages_of, write
from reception.models import SopPage, StageOwner
from reception.stages import STAGES
from tenancy.models import Campus, Membership, MembershipCampus
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.reception.makers import NOW
from tests.reception.test_talk_views import came

S = "/s/miao"


@pytest.fixture
def tang(school):
    return make_member(school, "supervisor", "唐主任")


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def liang(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def desk(tang):
    return signed_in(tang)


def read(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# -- the manual -----------------------------------------------------------------------------------------------------------
def test_a_new_school_has_a_page_for_each_of_the_nine_stages(miao):
    stages = stages_of(makers.campus())

    assert [stage.code for stage in stages] == [name for name, _steps in STAGES] == list(MANUAL)
    assert all(stage.page and stage.page.number == 1 for stage in stages)
    assert set(ROLE_OF) == set(MANUAL)


@pytest.mark.parametrize(
    "stage,words",
    [
        ("welcome", "先介绍自己"),
        ("welcome", "一句话介绍园所"),
        ("registration", "特色、优势、服务和安全措施"),
        ("consultation", "先听完，再说"),
        ("consultation", "不催着今天定"),
    ],
)
def test_the_policy_s_own_rules_stand_in_it(miao, stage, words):
    assert words in stage_of(stage, makers.campus()).page.text


def test_a_change_is_the_next_version_and_the_last_one_stays(tang, miao):
    first = stage_of("tour", makers.campus()).page

    second = write("tour", "先看教学区。", change="顺序", seen=1, by=tang, at=NOW)

    first.refresh_from_db()
    assert (second.number, second.is_current, first.is_current) == (2, True, False) and first.text == MANUAL[
        "tour"
    ]
    assert stage_of("tour", makers.campus()).page == second


def test_two_who_write_at_once_do_not_overwrite_each_other(tang, miao):
    write("tour", "先看教学区。", change="", seen=1, by=tang, at=NOW)

    with pytest.raises(Refused, match="第 2 版") as refusal:
        write("tour", "先看餐厅。", change="", seen=1, by=miao.head, at=NOW)

    assert refusal.value.code == "stale" and SopPage.objects.filter(stage="tour").count() == 2


def test_an_empty_page_is_no_page(tang, miao):
    with pytest.raises(Refused) as refusal:
        write("tour", " \n ", change="", seen=1, by=tang, at=NOW)

    assert refusal.value.field == "text"


def test_furnishing_again_leaves_a_school_s_own_pages(tang, miao):
    write("tour", "先看教学区。", change="", seen=1, by=tang, at=NOW)

    furnish_board()

    assert SopPage.objects.count() == 10
    assert stage_of("tour", makers.campus()).page.text == "先看教学区。"


def test_the_database_keeps_one_page_in_force(miao):
    with pytest.raises(IntegrityError), transaction.atomic():
        SopPage.objects.create(stage="tour", number=2, text="x", at=NOW)


# -- who answers for it ---------------------------------------------------------------------------------------------------
def test_while_nobody_is_named_the_role_answers(miao):
    stages = {stage.code: stage for stage in stages_of(makers.campus())}

    assert stages["welcome"].on_duty is None and stages["welcome"].role == "前台"
    assert (
        stages["consultation"].role == "教师"
        and stages["signing"].role == "园长"
        and stages["feedback"].role == "接待主管"
    )


def test_one_person_answers_for_a_stage_at_a_campus(tang, fang, miao):
    here, west = makers.campus(), Campus.objects.create(code="w", name="西园")

    appoint("welcome", here, fang, tang, by=tang)

    assert stage_of("welcome", here).on_duty == fang and stage_of("welcome", west).on_duty is None


def test_somebody_else_takes_over_and_nobody_leaves_it_to_the_role(tang, fang, liang, miao):
    here = makers.campus()
    appoint("welcome", here, fang, None, by=tang)
    appoint("welcome", here, liang, None, by=tang)
    second = stage_of("welcome", here).on_duty

    appoint("welcome", here, None, None, by=tang)

    assert second == liang and StageOwner.objects.count() == 0


def test_who_is_covered_is_stood_in_for_by_whoever_covers_them(tang, fang, liang, miao):
    here = makers.campus()
    appoint("welcome", here, fang, tang, by=tang)

    stand_in(fang, liang, by=tang)
    covered = stage_of("welcome", here).on_duty
    stand_in(Membership.objects.get(pk=fang.pk), None, by=tang)

    assert covered == liang and stage_of("welcome", here).on_duty == fang


def test_who_has_left_is_stood_in_for(tang, fang, miao):
    here = makers.campus()
    appoint("welcome", here, fang, tang, by=tang)
    Membership.objects.filter(pk=fang.pk).update(is_active=False)
    with_stand_in = stage_of("welcome", here).on_duty

    Membership.objects.filter(pk=tang.pk).update(is_active=False)

    assert with_stand_in == tang and stage_of("welcome", here).on_duty is None


def test_nobody_stands_in_for_themselves(tang, fang, miao):
    with pytest.raises(Refused) as refusal:
        appoint("welcome", makers.campus(), fang, fang, by=tang)

    assert refusal.value.field == "stand_in"


def test_both_acts_are_in_the_audit(tang, fang, miao):
    write("tour", "先看教学区。", change="", seen=1, by=tang, at=NOW)
    appoint("tour", makers.campus(), fang, None, by=tang)

    assert {"reception.manual_written", "reception.stage_appointed"} <= set(
        Entry.objects.values_list("verb", flat=True)
    )


# -- on the screen --------------------------------------------------------------------------------------------------------
def test_the_manual_shows_nine_stages_with_their_owners(school, desk, tang, fang):
    with tenant_scope(school):
        appoint("welcome", makers.campus(), fang, tang, by=tang)

    page = read(desk.get(f"{S}/manual/"))

    assert page.count('class="mp-papers"') == 9
    assert "<b>方老师</b>" in page
    assert "五分钟内迎到门口" in page


def test_a_page_is_written_and_older_versions_are_read(desk):
    before = read(desk.get(f"{S}/manual/tour/"))
    desk.post(f"{S}/manual/tour/", {"text": "先看教学区。", "change": "顺序", "seen": "1"})

    after, old = read(desk.get(f"{S}/manual/tour/")), read(desk.get(f"{S}/manual/tour/?v=1"))

    assert (
        "每一处都看" in before
        and "先看教学区。</textarea>" in after
        and "顺序" in after
        and "每一处都看" in old
    )


@pytest.mark.parametrize(
    "typed,said",
    [
        ({"text": "", "seen": "1"}, "必填"),
        ({"text": "x", "seen": "7"}, "第 1 版"),
        ({"text": "  ", "seen": "1"}, "必填"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(school, desk, typed, said):
    answer = desk.post(f"{S}/manual/tour/", typed)

    assert answer.status_code == 422 and said in read(answer)
    with tenant_scope(school):
        assert SopPage.objects.count() == 9


def test_owners_are_named_on_the_page(school, desk, fang, liang):
    with tenant_scope(school):
        here = makers.campus()

    done = read(
        desk.post(
            f"{S}/manual/tour/owner/",
            {"campus": here.pk, "owner": liang.pk, "stand_in": fang.pk},
            follow=True,
        )
    )
    same = read(
        desk.post(
            f"{S}/manual/tour/owner/",
            {"campus": here.pk, "owner": liang.pk, "stand_in": liang.pk},
            follow=True,
        )
    )
    wrong = read(desk.post(f"{S}/manual/tour/owner/", {"campus": here.pk, "owner": "10000000"}, follow=True))

    assert "参观体验的责任人定好了" in done and "<b>梁老师</b>" in done
    assert "替补要选另一位同事" in same and "请选一位在岗的同事" in wrong


@pytest.mark.parametrize("path", ["manual/sleeping/", "manual/sleeping/owner/"])
def test_a_stage_that_is_none_is_not_there(desk, path):
    assert desk.post(f"{S}/{path}", {"text": "x", "seen": "0"}).status_code == 404


def test_everybody_reads_the_manual_and_few_write_it(school, liang):
    client = signed_in(liang)

    page = read(client.get(f"{S}/manual/"))

    assert (
        "五分钟内迎到门口" in page
        and "改这一页" not in page
        and client.get(f"{S}/manual/tour/").status_code == 403
    )


def test_another_campus_s_owners_are_not_named_from_here(school, tang):
    with tenant_scope(school):
        west = Campus.objects.create(code="w", name="西园")
    other = make_member(school, "supervisor", "西园主任")
    with tenant_scope(school):
        MembershipCampus.objects.create(membership=other, campus=west)
        here = Campus.objects.exclude(pk=west.pk).get()

    answer = signed_in(other).post(f"{S}/manual/tour/owner/", {"campus": here.pk, "owner": other.pk})

    assert answer.status_code == 404


def test_the_board_shows_how_the_step_is_done_and_by_whom(school, desk, fang, tang, on_the_day):
    with tenant_scope(school):
        appoint("welcome", makers.campus(), fang, None, by=tang)
    row = came(school)

    page = read(desk.get(f"{S}/board/?v={row.pk}"))

    assert "迎接接洽怎么做" in page and "责任人 方老师" in page and "五分钟内迎到门口" in page
    assert timezone.now() - row.starts_at < timedelta(hours=2)
