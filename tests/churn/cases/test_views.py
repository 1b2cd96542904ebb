"""Cases as people use them: the list, one case, what is done with it, the departures from 大班."""
import io
import re

import pytest
from python_calamine import CalamineWorkbook

from churn.cases.working import End, close, name_cause
from churn.models import ChurnCase, DeepDive
from crm.models import ClassGroup, Enrolment, Promise
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.churn.cases.conftest import cause, child_of, leave, opened
from tests.churn.conftest import AT, DAY, ONE, home, night
from tests.conftest import make_member, signed_in


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def rows_of(answer) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()


@pytest.fixture
def several(school, head, on_the_day):
    """An open one, one that was kept, one that was lost by a cause of teaching, a natural one."""
    with tenant_scope(school):
        found = [opened(home(number), head, note=f"情况{number}") for number in range(1, 5)]
        close(found[1], End("kept", "谈了两次"), by=head, at=AT)
        name_cause(found[2], cause(), weight=10, evidence="x", by=head)
        close(found[2], End("lost"), by=head, at=AT)
        close(found[3], End("natural", natural="moved"), by=head, at=AT)
        return found


# -- the list ----------------------------------------------------------------------------------------------------------------------
def test_the_list_says_how_many_are_open_and_what_became_of_others(boss, at, several):
    page = text(boss.get(f"{at}/churn/cases/"))

    assert "1 个个案在处理" in page
    assert "这个月流失 1 个，留住 1 个；另有自然流失 1 个，不算流失。" in page
    assert page.count("data-row href") == 1 and several[0].customer.name in page


@pytest.mark.parametrize(("address", "places"), [
    ("?state=all", [0, 1, 2, 3]),
    ("?state=kept", [1]),
    ("?state=lost", [2]),
    ("?state=natural", [3]),
    ("?state=x", [0]),
    ("?state=all&area=teaching", [2]),
    ("?state=all&area=market", []),
    ("?state=all&trigger=by_hand", [0, 1, 2, 3]),
    ("?state=all&trigger=absence", []),
    ("?q=nobody", []),
    ("?owner=me", []),
    ("?state=all&from=2026-11-21", []),
    ("?state=all&to=2026-11-20", [0, 1, 2, 3]),
    ("?state=all&from=x&to=y", [0, 1, 2, 3]),
    ("?page=77", [0]),
])
def test_the_address_narrows_the_list(boss, at, several, address, places):
    page = text(boss.get(f"{at}/churn/cases/{address}"))

    assert {place for place in range(4) if f"/churn/cases/{several[place].pk}/" in page} == set(places)


def test_an_empty_list_says_where_cases_come_from(boss, at):
    page = text(boss.get(f"{at}/churn/cases/"))

    assert "没有在处理的个案" in page and "夜里会自动开个案" in page


def test_the_list_leaves_as_a_file(boss, at, several):
    rows = rows_of(boss.get(f"{at}/churn/cases/", {"state": "lost", "export": "xlsx"}))

    assert len(rows) == 2 and rows[1][5:7] == ["换老师太多 10", "流失了"]


def test_who_works_for_another_campus_sees_and_opens_nothing_here(school, at, case):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    western = signed_in(make_member(school, "relations", "西", campuses=[west]))

    assert "没有在处理的个案" in text(western.get(f"{at}/churn/cases/"))
    assert western.get(f"{at}/churn/cases/{case.pk}/").status_code == 404
    assert western.post(f"{at}/churn/cases/new/?customer={case.customer_id}", {"note": "x"}).status_code == 404


def test_a_family_in_the_bin_takes_its_cases_with_it(boss, at, school, case):
    with tenant_scope(school):
        case.customer.deleted_at = AT
        case.customer.save()

    assert boss.get(f"{at}/churn/cases/{case.pk}/").status_code == 404


# -- opening -----------------------------------------------------------------------------------------------------------------------
def test_a_case_is_opened_from_the_familys_page(boss, at, school, on_the_day):
    with tenant_scope(school):
        family = home(1)
    page = text(boss.get(f"{at}/families/{family.pk}/"))
    form = boss.get(f"{at}/churn/cases/new/", {"customer": family.pk})
    answer = boss.post(f"{at}/churn/cases/new/", {"customer": family.pk, "note": "外婆说太远", "child": "",
            "owner": ""}, follow=True)

    assert f"/churn/cases/new/?customer={family.pk}" in page and "孩1" in text(form)
    assert "已开个案" in text(answer)
    assert "外婆说太远" in text(answer)
    assert "手工登记" in text(boss.get(f"{at}/families/{family.pk}/"))


@pytest.mark.parametrize(("typed", "said"), [
    ({"note": ""}, "必填"),
    ({"note": "  "}, "必填"),
    ({"note": "x", "child": "999"}, "选择"),
    ({"note": "x" * 301}, "300"),
])
def test_what_cannot_be_opened_says_why_and_keeps_what_was_typed(boss, at, school, on_the_day, typed, said):
    with tenant_scope(school):
        family = home(1)
    answer = boss.post(f"{at}/churn/cases/new/", {"customer": family.pk} | typed)

    assert answer.status_code == 422 and 'role="alert"' in text(answer)
    with tenant_scope(school):
        assert not ChurnCase.objects.exists()


def test_a_second_case_of_the_same_family_is_refused_with_the_way_out(boss, at, case):
    answer = boss.post(f"{at}/churn/cases/new/", {"customer": case.customer_id, "note": "x"})

    assert answer.status_code == 422 and "已经有一个在处理的个案" in text(answer)


@pytest.mark.parametrize("customer", ["", "x", "999999999", "99999999999999999999999"])
def test_a_case_of_nobody_is_not_found(boss, at, customer):
    assert boss.get(f"{at}/churn/cases/new/", {"customer": customer}).status_code == 404


# -- one case ----------------------------------------------------------------------------------------------------------------------
def test_a_case_shows_what_is_known_of_the_family(boss, at, school, head, on_the_day):
    with tenant_scope(school):
        family = home(1, transfer=2)
        night()
        Promise.objects.create(customer=family, text="每周发照片", owner=head, by=head, made_on=DAY - 9 * ONE,
                due_on=DAY - ONE, made_in="other")
        case = opened(family, head, child=child_of(family))
    page = text(boss.get(f"{at}/churn/cases/{case.pk}/"))

    assert "说起转走 2 次" in page
    assert "承诺过了期" in page
    assert "每周发照片" in page
    assert "高风险" in page
    assert "妈妈说要走" in page


@pytest.mark.parametrize(("born", "proposed"), [("2019-01-01", "看起来是自然流失：超龄"), ("2023-01-01", "")])
def test_a_likely_natural_leaving_is_proposed_not_decided(boss, at, school, head, on_the_day, born, proposed):
    with tenant_scope(school):
        family = leave(home(1), DAY - ONE, "")
        child = child_of(family)
        child.born_on = born
        child.save()
        case = opened(family, head, child=child)
        case.enrolment = Enrolment.objects.get()
        case.save()
    page = text(boss.get(f"{at}/churn/cases/{case.pk}/"))

    assert ("看起来是自然流失" in page, proposed in page) == (bool(proposed), True)


def did(boss, at, case, verb, **typed):
    return boss.post(f"{at}/churn/cases/{case.pk}/{verb}/", typed, follow=True)


def test_a_case_is_worked_through_to_its_end(boss, at, school, case, relations):
    with tenant_scope(school):
        teaching = cause().pk
    written = did(boss, at, case, "cause", cause=teaching, weight=7, evidence="一年换了三位老师")
    talked = did(boss, at, case, "talk", way="interview", on="2026-11-19", answer_1="老师总在换")
    handed = did(boss, at, case, "hand", owner=relations.pk)
    typical = did(boss, at, case, "typical")
    ended = did(boss, at, case, "end", state="lost", went_to="育才", left_on="2026-11-18",
            result="已经交了那边的学费", natural="")
    again = did(boss, at, case, "reopen")

    assert "主要是换老师太多" in text(written) and "7 成" in text(written)
    assert "问过 1 次" in text(talked)
    assert "老师总在换" in text(talked)
    assert "relations" in text(handed)
    assert "典型个案" in text(typical)
    assert "已了结：流失了" in text(ended)
    assert "育才" in text(ended)
    assert 'id="end"' not in text(ended)
    assert "已重开" in text(again) and 'id="end"' in text(again)
    with tenant_scope(school):
        assert DeepDive.objects.get().answers == [["最近有哪件事让您不满意？", "老师总在换"]]


def test_a_cause_is_removed_by_its_own_button(boss, at, school, head, case):
    with tenant_scope(school):
        row = name_cause(case, cause(), weight=1, evidence="x", by=head)
        elsewhere = name_cause(opened(home(5), head), cause(), weight=1, evidence="x", by=head)

    assert boss.post(f"{at}/churn/cases/{case.pk}/drop/", {"cause": elsewhere.pk}).status_code == 404
    assert "已去掉这个原因" in text(did(boss, at, case, "drop", cause=row.pk))


@pytest.mark.parametrize(("verb", "typed", "said"), [
    ("end", {"state": "lost", "result": "留着的字"}, "先写至少一个原因"),
    ("end", {"state": "kept"}, "请写怎么留住的"),
    ("end", {"state": "x"}, "x"),
    ("end", {"state": "natural"}, "请选是哪一种自然流失"),
    ("end", {"state": "kept", "result": "x", "left_on": "gestern"}, "日期"),
    ("cause", {"evidence": "留着的字"}, "必填"),
    ("cause", {"cause": "x", "weight": "11", "evidence": ""}, "10"),
    ("talk", {"way": "interview", "on": "2026-11-19"}, "请至少写下一个回答"),
    ("talk", {"way": "survey", "on": "x", "answer_0": "留着的字"}, "留着的字"),
    ("hand", {"owner": "x"}, "请选一位同事"),
    ("reopen", {}, "不用重开"),
])
def test_what_is_refused_says_why_and_keeps_what_was_typed(boss, at, school, case, verb, typed, said):
    answer = did(boss, at, case, verb, **typed)

    assert answer.status_code == 422 and said in text(answer) and 'role="alert"' in text(answer)
    assert "留着的字" not in typed.values() or "留着的字" in text(answer)
    with tenant_scope(school):
        assert ChurnCase.objects.get().state == "open"


def test_an_act_that_nobody_knows_does_nothing(boss, at, case):
    assert did(boss, at, case, "explode").status_code in (409, 422)


def test_who_only_inspects_reads_and_does_nothing(school, at, case):
    inspector = signed_in(make_member(school, "inspector"))

    page = text(inspector.get(f"{at}/churn/cases/{case.pk}/"))

    assert "妈妈说要走" in page and "写下原因" not in page and 'id="end"' not in page
    assert inspector.post(f"{at}/churn/cases/{case.pk}/typical/").status_code == 403


# -- 大班流失 ------------------------------------------------------------------------------------------------------------------------
def top_class(family, on, outcome="withdrew", grade="大班"):
    group = ClassGroup.objects.get_or_create(campus=family.campus, name=f"{grade}一", grade=grade)[0]
    Enrolment.objects.filter(child__family__customer=family).update(class_group=group, until_on=on, outcome=outcome)


def test_who_left_the_top_class_in_a_school_year_is_listed_with_why_and_where_to(boss, at, school, head, on_the_day):
    with tenant_scope(school):
        families = [home(number) for number in range(1, 6)]
        top_class(families[0], DAY - ONE), top_class(families[1], DAY - ONE, "graduated"), top_class(families[2],
                DAY - ONE, grade="中班")
        top_class(families[3], DAY.replace(month=8, day=31)), top_class(families[4], DAY, "moved")
        case = opened(families[0], head, child=child_of(families[0]))
        ChurnCase.objects.update(enrolment=Enrolment.objects.get(child=case.child))
        name_cause(case, cause(), weight=10, evidence="x", by=head)
        close(case, End("lost", went_to="育才"), by=head, at=AT)
    page = text(boss.get(f"{at}/churn/cases/departures/"))
    rows = rows_of(boss.get(f"{at}/churn/cases/departures/", {"export": "xlsx"}))
    year_before = text(boss.get(f"{at}/churn/cases/departures/", {"on": "2026-08-31"}))

    assert "大班走了 2 个孩子，1 个还没写清原因或去向" in page and "育才" in page
    assert [row[0] for row in rows[1:]] == ["孩1", "孩5"]
    assert rows[1][4:] == ["换老师太多", "育才"]
    assert rows[2][4:] == ["搬迁", ""]
    assert "大班走了 1 个孩子" in year_before and "孩4" in year_before and "下一学年" in year_before


@pytest.mark.parametrize("on", ["x", "1990-01-01", "2090-01-01"])
def test_odd_years_do_no_harm(boss, at, on):
    assert "大班没有孩子离开" in text(boss.get(f"{at}/churn/cases/departures/", {"on": on}))
