"""The meeting as people use it: the agenda before it begins, item by item, decisions from one line, minutes."""
import pytest

from churn.cases.working import mark_typical
from churn.models import Measure, Meeting, MeetingPresence
from tenancy.scope import tenant_scope
from tests.churn.cases.conftest import opened
from tests.churn.cases.test_views import text
from tests.churn.conftest import DAY, ONE, home
from tests.churn.measures.makers import measure
from tests.churn.measures.test_views import final
from tests.conftest import signed_in


@pytest.fixture
def leader(sitting):
    return signed_in(sitting["marketing"])


def did(client, at, meeting, verb, **typed):
    return client.post(f"{at}/churn/meetings/{meeting.pk}/{verb}/", typed, follow=True)


def seen(client, at, meeting, item=""):
    return text(client.get(f"{at}/churn/meetings/{meeting.pk}/", {"item": item} if item else {}))


# -- before and after --------------------------------------------------------------------------------------------------------------
def test_before_it_begins_the_agenda_stands_there(leader, at, on_the_day):
    page = text(leader.get(f"{at}/churn/meetings/"))

    assert "这一周的例会还没开，议程已经好了" in page
    assert "上次决定" in page
    assert "12 分钟" in page
    assert "开始例会" in page
    assert "还没开过例会" in page
    assert "组长 marketing" in page and "admin、agent、teacher" in page


def test_it_is_begun_once_and_entered_from_the_list(leader, at, on_the_day):
    begun = leader.post(f"{at}/churn/meetings/", follow=True)
    again = leader.post(f"{at}/churn/meetings/", follow=True)
    page = text(leader.get(f"{at}/churn/meetings/"))

    assert "11-16 那一周的流失例会" in text(begun)
    assert "这一周的例会已经开了" in text(again)
    assert "进入例会" in page
    assert "开始例会" not in page


def test_who_may_not_hold_it_reads_it_without_its_buttons(sitting, at, meeting):
    client = signed_in(sitting["teacher"])
    page = seen(client, at, meeting)

    assert "下一项" not in page and "结束" not in page and "记下" in page
    assert client.post(f"{at}/churn/meetings/").status_code == 403
    assert did(client, at, meeting, "end").status_code == 403


def test_the_list_names_the_departments_that_send_nobody(boss, at, head, on_the_day):
    assert "还缺：教学、客服、行政" in text(boss.get(f"{at}/churn/meetings/"))


# -- item by item ------------------------------------------------------------------------------------------------------------------
def test_each_item_shows_what_it_is_about(leader, at, school, head, meeting):
    with tenant_scope(school):
        row = measure(head, DAY - 20 * ONE, title="接驳车")
        Measure.objects.update(due_on=DAY - 4 * ONE)
        final(measure(head, DAY - 20 * ONE, title="固定老师"))
        case = opened(home(1), head)
        mark_typical(case, True, by=head)
    pages = {item: seen(leader, at, meeting, item) for item in ("decided", "cases", "causes", "effects", "decisions", "x")}

    assert "1 件逾期，自动带到本周" in pages["decided"]
    assert "逾期 4 天" in pages["decided"]
    assert f"/churn/measures/{row.pk}/" in pages["decided"]
    assert "1 个新个案，0 个是自然流失" in pages["cases"]
    assert f"/churn/cases/{case.pk}/" in pages["cases"]
    assert "典型" in pages["cases"]
    assert "本季还没有流失" in pages["causes"]
    assert "没报上名的" in pages["causes"]
    assert "1 项看满了天数，等着定" in pages["effects"]
    assert "✓ 有效" in pages["effects"]
    assert "决定什么，谁，到哪天" in pages["decisions"] and pages["x"] .count("自动带到本周") == 1


def test_the_meeting_goes_on_item_by_item_and_says_where_it_is(leader, at, meeting):
    page = text(did(leader, at, meeting, "go", item="cases"))

    assert 'class="is-now"><a href="?item=cases" aria-current="step"' in page
    assert 'name="item" value="causes"' in page
    assert "空格" in page
    assert "现在议这一项" in seen(leader, at, meeting, "effects")
    assert did(leader, at, meeting, "go", item="x").status_code == 422


def test_who_came_is_marked_and_what_lacks_is_said(leader, at, school, sitting, meeting):
    before = seen(leader, at, meeting)
    for role in ("teacher", "agent"):
        did(leader, at, meeting, "mark", member=sitting[role].pk, state="here")
    excused = text(did(leader, at, meeting, "mark", member=sitting["admin"].pk, state="excused"))

    assert "没有人到：教学、客服、行政" in before
    assert "没有人到：行政" in excused
    assert "admin 请假" in excused
    assert did(leader, at, meeting, "mark", member="999").status_code == 422
    with tenant_scope(school):
        assert MeetingPresence.objects.filter(state="here").count() == 3


def test_lines_are_written_about_a_case_and_taken_back(leader, at, school, head, meeting):
    with tenant_scope(school):
        case = opened(home(1), head)
    written = text(did(leader, at, meeting, "note", item="cases", case=case.pk, text="妈妈说老师换得勤"))
    page = seen(leader, at, meeting, "cases")
    with tenant_scope(school):
        line = Meeting.objects.get().notes.get().pk
    dropped = did(leader, at, meeting, "drop", note=line)

    assert "已记下" in written
    assert "妈妈说老师换得勤" in page
    assert case.customer.name in page
    assert "已去掉" in text(dropped)
    assert did(leader, at, meeting, "drop", note=line).status_code == 404
    assert did(leader, at, meeting, "note", text="x", case="9999999").status_code == 404


def test_a_decision_becomes_a_measure_and_what_cannot_be_read_comes_back(leader, at, school, meeting):
    made = text(did(leader, at, meeting, "decide", line="停车位，admin，12-16", indicator="satisfaction"))
    refused = did(leader, at, meeting, "decide", line="停车位，谁也不是，12-16")

    assert "已记成措施：停车位，admin，12-16" in made
    assert refused.status_code == 422
    assert "没看出谁负责" in text(refused)
    assert "停车位，谁也不是，12-16" in text(leader.post(f"{at}/churn/meetings/{meeting.pk}/decide/?item=decisions",
            {"line": "停车位，谁也不是，12-16"}))
    with tenant_scope(school):
        assert (Measure.objects.get().indicator, Measure.objects.get().meeting_id) == ("satisfaction", meeting.pk)


@pytest.mark.parametrize(("verb", "status"), [("x", 409), ("note", 422)])
def test_an_unknown_act_or_an_empty_line_is_refused(leader, at, meeting, verb, status):
    assert did(leader, at, meeting, verb).status_code == status


# -- minutes -----------------------------------------------------------------------------------------------------------------------
def test_the_end_gives_minutes_that_stay_as_they_were(leader, at, school, head, meeting):
    did(leader, at, meeting, "decide", line="停车位，admin，12-16")
    did(leader, at, meeting, "note", item="causes", text="先管停车")
    did(leader, at, meeting, "end", summary="三件事")
    with tenant_scope(school):
        opened(home(1), head)
    page = seen(leader, at, meeting)

    assert "2026-11-16 那一周的流失例会纪要" in page
    assert "三件事" in page
    assert "停车位" in page
    assert "先管停车" in page
    assert "用了 420 分钟" in page
    assert "0 个，0 个自然流失，0 个典型" in page
    assert "teacher（没到）" in page
    assert "重开" in page
    assert "打印" in page


def test_minutes_are_reopened_in_their_own_week(leader, at, meeting):
    did(leader, at, meeting, "end")
    page = text(did(leader, at, meeting, "reopen"))

    assert "已重开" in page and "下一项" in page


def test_a_measure_leads_back_to_the_meeting_that_decided_it(leader, at, school, meeting):
    did(leader, at, meeting, "decide", line="停车位，admin，12-16")
    with tenant_scope(school):
        pk = Measure.objects.get().pk

    assert "11-16 那一周的例会" in text(leader.get(f"{at}/churn/measures/{pk}/"))
