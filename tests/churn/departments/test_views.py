"""部门数据 as the departments read it."""
import io

import pytest
from python_calamine import CalamineWorkbook

from audit.models import Entry
from churn.cases.working import name_cause
from churn.models import Finding
from crm.concerns.taking import Said, receive
from crm.models import Satisfaction
from tenancy.scope import tenant_scope
from tests import makers
from tests.churn.cases.conftest import cause, opened
from tests.churn.cases.test_views import text
from tests.churn.conftest import AT, DAY, ONE, home
from tests.churn.departments.test_queries import enrol, prospect
from tests.conftest import make_member, signed_in


@pytest.fixture
def filled(school, head, on_the_day):
    """Two who asked, one enrolled; a complaint, a refund, a word of feedback, a case with a cause of teaching."""
    with tenant_scope(school):
        asked = prospect(1)
        enrol(prospect(2))
        family = home(3)
        makers.entry(asked, "event", DAY - ONE, "开放日")
        makers.entry(family, "complaint", DAY, "回电太慢")
        makers.payment(family, -300, DAY)
        Satisfaction.objects.create(customer=family, score=2, comment="老师总换", answered_on=DAY)
        name_cause(opened(family, head), cause(), weight=10, evidence="x", by=head)
        return asked, family


def seen(client, at, address="") -> str:
    return text(client.get(f"{at}/churn/departments/{address}"))


def test_marketing_reads_where_families_are_lost_on_the_way(boss, at, filled):
    page = seen(boss, at)

    assert "2 家来问，1 家没报名，最多的停在到访之前" in page
    assert "小红书" in page
    assert "50.0%" in page
    assert "开放日" in page
    assert filled[0].name in page
    assert "2026-11-19" in page
    assert "这段时间的个案里没有写过这方面的原因" in page


def test_teaching_reads_feedback_and_causes(boss, at, filled):
    page = seen(boss, at, "?department=teaching")

    assert "教学方面最多的是换老师太多，1 个个案" in page
    assert "老师总换" in page
    assert "2 分" in page
    assert "定措施" in page


def test_service_reads_complaints_and_refunds(boss, at, filled):
    page = seen(boss, at, "?department=service")

    assert "1 件投诉，1 件还没办结" in page
    assert "回电太慢" in page
    assert "退了 1 笔" in page
    assert "-300 元" in page


def test_administration_reads_what_the_facilities_cost(boss, at, school, head, filled):
    with tenant_scope(school):
        name_cause(opened(home(4), head), cause("停车难"), weight=10, evidence="x", by=head)

    assert "硬件方面最多的是停车难，1 个个案" in seen(boss, at, "?department=admin")


@pytest.mark.parametrize(("role", "chosen"), [
    ("teacher", "教学"),
    ("agent", "客服"),
    ("admin", "行政"),
    ("marketing", "市场"),
    ("operations", "市场"),
    ("inspector", "市场"),
])
def test_ones_own_department_stands_first(school, at, filled, role, chosen):
    page = seen(signed_in(make_member(school, role, "某")), at)

    assert f'aria-current="true">{chosen}' in page


@pytest.mark.parametrize(("department", "said"), [
    ("marketing", "这段时间没有人来问"),
    ("teaching", "这段时间没有家长写意见"),
    ("service", "没有投诉"),
    ("admin", "这段时间没有硬件方面的个案"),
    ("operations", "这段时间没有人来问"),
    ("x", "这段时间没有人来问"),
])
def test_an_empty_department_says_so(boss, at, department, said):
    assert said in seen(boss, at, f"?department={department}")


def test_everybody_who_asked_enrolled(boss, at, school, on_the_day):
    with tenant_scope(school):
        row = prospect(1)
        makers.entry(row, "visit", DAY)
        enrol(row, attended=True)
    page = seen(boss, at)

    assert "1 家来问，都报名来上课了" in page and "来问的都报名了" in page


def test_money_is_for_who_may_see_it(school, at, filled):
    page = seen(signed_in(make_member(school, "agent", "某")), at, "?department=service")

    assert "回电太慢" in page and "退了" not in page and "-300 元" not in page


def test_who_plans_nothing_is_not_offered_to(school, at, filled):
    assert "定措施" not in seen(signed_in(make_member(school, "teacher", "某")), at)


def test_prospects_leave_as_a_file_with_who_may_export(school, boss, at, filled):
    answer = boss.get(f"{at}/churn/departments/?export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    teacher = signed_in(make_member(school, "teacher", "某"))

    assert [row[1] for row in rows] == ["称呼", filled[0].name] and rows[1][3] == "小红书"
    assert teacher.get(f"{at}/churn/departments/?department=marketing&export=xlsx").status_code == 403


def test_whose_names_were_read_is_recorded(boss, at, school, filled):
    seen(boss, at)
    seen(boss, at, "?department=service")
    with tenant_scope(school):
        read = [entry.data for entry in Entry.objects.filter(verb="churn.department_read").order_by("pk")]

    assert read == [{"department": "marketing", "ids": [filled[0].pk]}, {"department": "service", "ids": [filled[1].pk]}]


@pytest.mark.parametrize("address", ["?from=x&to=y", "?campus=x", "?page=99", "?from=2026-12-01&to=2026-01-01"])
def test_odd_addresses_are_read_as_well_as_can_be(boss, at, filled, address):
    assert boss.get(f"{at}/churn/departments/{address}").status_code == 200


@pytest.mark.parametrize("name", [
    "服务态度",
    "回复太慢",
    "收费和退费说不清",
])
def test_service_reads_attitude_efficiency_and_holes_in_the_process(boss, at, school, head, filled, name):
    with tenant_scope(school):
        name_cause(opened(home(5), head), cause(name), weight=10, evidence="x", by=head)

    assert f"服务方面最多的是{name}，1 个个案" in seen(boss, at, "?department=service")


@pytest.mark.parametrize("name", [
    "环境卫生",
    "安全设施",
    "设备陈旧",
])
def test_administration_reads_environment_safety_and_what_no_longer_serves(boss, at, school, head, filled, name):
    with tenant_scope(school):
        name_cause(opened(home(5), head), cause(name), weight=10, evidence="x", by=head)
    page = seen(boss, at, "?department=admin")

    assert f"硬件方面最多的是{name}，1 个个案" in page and "孩5一家" in page


# -- what a department enters ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def hers(school):
    return signed_in(make_member(school, "teacher", "梁"))


LESSON = {"matter": "lesson", "text": "午睡后没有活动", "on": str(DAY), "families": "3", "campus": ""}


def entered(client, at, department="teaching", **typed):
    return client.post(f"{at}/churn/departments/?department={department}", LESSON | typed, follow=True)


def test_a_teacher_enters_what_she_saw_and_solves_it(hers, at, school, on_the_day):
    assert "还没有登记" in seen(hers, at) and "本周的数据还没确认" in seen(hers, at)
    page = text(entered(hers, at))
    assert "已登记" in page and "午睡后没有活动" in page and "牵涉 3 家" in page

    with tenant_scope(school):
        pk = Finding.objects.get().pk
    assert "解决了，已记下" in text(hers.post(f"{at}/churn/departments/findings/{pk}/solve/", {"settled": "加了户外"},
            follow=True))
    assert "已重开" in text(hers.post(f"{at}/churn/departments/findings/{pk}/unsolve/", follow=True))
    assert "已去掉" in text(hers.post(f"{at}/churn/departments/findings/{pk}/drop/", follow=True))
    assert hers.post(f"{at}/churn/departments/findings/{pk}/drop/").status_code == 404


@pytest.mark.parametrize("typed", [{"matter": "safety"}, {"text": ""}, {"on": "2027-01-01"}, {"families": "0"},
        {"campus": "999999"}])
def test_what_is_wrong_comes_back(hers, at, on_the_day, typed):
    answer = entered(hers, at, **typed)

    assert answer.status_code == 422 and 'role="alert"' in text(answer)


def test_another_department_only_reads(hers, at, on_the_day):
    assert "确认本周数据真实、完整" not in seen(hers, at, "?department=service")
    assert entered(hers, at, "service", matter="process").status_code == 403
    assert hers.post(f"{at}/churn/departments/confirm/", {"department": "service"}).status_code == 403


def test_a_week_is_confirmed(hers, at, on_the_day):
    assert "已确认本周的数据" in text(hers.post(f"{at}/churn/departments/confirm/",
            {"department": "teaching", "note": ""}, follow=True))
    assert "梁已确认本周的数据" in seen(hers, at)
    assert "本周已经确认过了" in text(hers.post(f"{at}/churn/departments/confirm/", {"department": "teaching"},
            follow=True))


@pytest.mark.parametrize("department", ["", "x", "operations"])
def test_a_department_that_is_none_confirms_nothing(boss, at, department):
    assert "请选部门" in text(boss.post(f"{at}/churn/departments/confirm/", {"department": department}, follow=True))


def test_what_nobody_can_do_with_a_finding_is_refused(hers, at, school, on_the_day):
    entered(hers, at)
    with tenant_scope(school):
        pk = Finding.objects.get().pk

    assert hers.post(f"{at}/churn/departments/findings/{pk}/fly/").status_code == 409
    assert "请写怎么解决的" in text(hers.post(f"{at}/churn/departments/findings/{pk}/solve/", {"settled": ""}, follow=True))


def test_what_came_by_hotline_and_box_stands_with_its_department(boss, at, school, on_the_day):
    with tenant_scope(school):
        receive(Said("complaint", "safety", "滑梯松了"), at=AT)

    assert "滑梯松了" in seen(boss, at, "?department=admin")
    assert "滑梯松了" not in seen(boss, at, "?department=service")
