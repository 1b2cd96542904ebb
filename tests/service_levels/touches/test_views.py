"""应触达 as people use the pages."""
import io
import re
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from audit.models import Entry
from crm.models import Guardian, TimelineEntry
from service_levels.models import Touch, TouchRules
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.service_levels.conftest import DAY, ONE, family, owe


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def seen(client, at, address="touches/?whose=all") -> str:
    answer = client.get(f"{at}/service/{address}")

    assert answer.status_code == 200
    return text(answer)


@pytest.fixture
def day(school, head, on_the_day):
    """A family that is owed its weekly call and one whose month ends, as the night left them."""
    with tenant_scope(school):
        rows = family(1, "D", "high"), family(2, "C", "low", born_on=date(2022, 11, 27))
        owe()
        return rows


def do(client, at, customer, verb, **typed):
    return client.post(f"{at}/service/touches/{customer.pk}/do/{verb}/?whose=all", typed, follow=True)


def touches_of(school, customer):
    with tenant_scope(school):
        return [str(pk) for pk in Touch.objects.open().filter(customer=customer).values_list("pk", flat=True)]


# -- the list --------------------------------------------------------------------------------------------------------------------
def test_the_list_says_who_why_and_by_when(boss, at, day):
    page = seen(boss, at)

    assert "2 户要联系，都还来得及" in page
    assert page.index("孩1一家") < page.index("孩2一家")
    assert "每周问候" in page and "孩子生日问候，送小礼物：孩2" in page
    assert "今天到期" in page and "本周 0/2 次" in page and "还没有联系过" in page


def test_ones_own_list_is_empty_and_leads_to_everybodys(boss, at, day):
    page = seen(boss, at, "touches/")

    assert "这里没有要联系的" in page and 'href="?whose=all"' in page


def test_lateness_stands_in_the_heading(boss, at, school, day):
    with tenant_scope(school):
        Touch.objects.update(due_on=DAY - 3 * ONE, opens_on=DAY - 7 * ONE)

    assert "2 户要联系，2 户晚了" in seen(boss, at)
    assert "晚了 3 天" in seen(boss, at, "touches/?whose=all&show=late")


def test_a_look_at_the_list_is_written_down_without_names(boss, at, school, day):
    seen(boss, at)

    with tenant_scope(school):
        row = Entry.objects.get(verb="service.touches_listed")
        assert row.data == {"ids": [day[0].pk, day[1].pk]}


def test_odd_words_narrow_nothing(boss, at, day):
    assert "2 户要联系" in seen(boss, at, "touches/?whose=all&show=²&band=purple&tier=&page=zz")


def test_the_export_gives_what_is_listed(boss, at, day):
    answer = boss.get(f"{at}/service/touches/?whose=all&band=high&export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()

    assert [row[1] for row in rows if "孩1一家" in row or "孩2一家" in row] == ["孩1一家"]
    assert any("每周问候" in row for row in rows)


def test_the_front_desk_sees_no_risk_and_takes_no_list_away(school, at, day):
    desk = signed_in(make_member(school, "frontdesk", "小周"))

    assert "高风险" not in seen(desk, at)
    assert desk.get(f"{at}/service/touches/?whose=all&export=csv").status_code == 403


# -- one tap -----------------------------------------------------------------------------------------------------------------------
def test_one_tap_writes_the_call_down_and_the_family_leaves_the_list(boss, at, school, day):
    page = text(do(boss, at, day[0], "talked", channel="phone", text="孩子好", touches=touches_of(school, day[0])))

    assert "孩1一家 这次要联系的都算做到" in page and "1 户要联系" in page
    with tenant_scope(school):
        assert TimelineEntry.objects.get(customer=day[0]).text == "孩子好"


def test_from_the_familys_page_it_leads_back_there(boss, at, school, day):
    answer = do(boss, at, day[0], "talked", channel="wechat", touches=touches_of(school, day[0]), back="family")

    assert answer.redirect_chain[-1][0] == f"{at}/families/{day[0].pk}/#touches"


def test_nobody_answered(boss, at, day):
    page = text(do(boss, at, day[0], "no_answer"))

    assert "记下了：没打通" in page and "今天没打通" in page
    assert page.index("孩2一家") < page.rindex("孩1一家")


def test_what_is_not_needed_can_be_taken_back_on_the_familys_page(boss, at, school, day):
    assert "免了 1 件" in text(do(boss, at, day[0], "excuse", why="出国", touches=touches_of(school, day[0])))
    page = text(boss.get(f"{at}/families/{day[0].pk}/"))
    assert "出国" in page
    with tenant_scope(school):
        pk = Touch.objects.get(customer=day[0]).pk
    answer = boss.post(f"{at}/service/touches/{pk}/again/", follow=True)

    assert "恢复了，又在应触达里" in text(answer)
    assert touches_of(school, day[0]) == [str(pk)]


def test_a_letter_is_sent(boss, at, school, head, on_the_day):
    with tenant_scope(school):
        customer = family(1, "A", "low")
        owe()
        Touch.objects.filter(line="K19(a)").update(due_on=DAY)
        pk = Touch.objects.get(line="K19(a)").pk

    assert "送出了" in seen(boss, at)
    assert "记下了：送出" in text(do(boss, at, customer, "sent", touches=[pk]))


@pytest.mark.parametrize(("verb", "typed", "said"), [
    ("talked", {"channel": "pigeon"}, "怎么联系的："),
    ("talked", {"channel": "phone", "touches": ["0"]}, "哪几件：有一件已经做了或免了"),
    ("talked", {"channel": "phone"}, "现在没有要联系的事"),
    ("excuse", {"why": ""}, "为什么不用："),
])
def test_what_is_wrong_is_said_and_nothing_is_written(boss, at, school, day, verb, typed, said):
    assert said in text(do(boss, at, day[0], verb, **typed))
    with tenant_scope(school):
        assert not TimelineEntry.objects.exists()


def test_an_unknown_act_is_refused(boss, at, day):
    assert do(boss, at, day[0], "sing").status_code == 409


def test_who_may_not_log_may_not_settle(school, at, day):
    inspector = signed_in(make_member(school, "inspector", "检查员"))

    assert do(inspector, at, day[0], "talked", channel="phone").status_code == 403
    assert "打过电话" not in seen(inspector, at)


# -- other pages -------------------------------------------------------------------------------------------------------------------
def test_the_family_page_shows_what_is_owed_and_what_became_of_it(boss, at, school, day):
    with tenant_scope(school):
        Touch.objects.create(customer=day[0], line="x", text="上周问候", occasion="rhythm", band="low", opens_on=DAY - 9 * ONE,
                             due_on=DAY - 7 * ONE, kept_on=DAY - 6 * ONE, entry=makers.entry(day[0], on=DAY - 6 * ONE))
    page = text(boss.get(f"{at}/families/{day[0].pk}/"))

    assert "1 件要联系，最早" in page and "上周问候" in page


def test_the_first_page_names_ones_own(boss, at, school, head, day):
    with tenant_scope(school):
        type(day[0]).objects.filter(pk=day[0].pk).update(owner=head)

    assert "1 户要联系" in text(boss.get(f"{at}/"))


def test_the_coverage_is_a_table_of_tiers_and_weeks(boss, at, school, day):
    with tenant_scope(school):
        Touch.objects.filter(customer=day[0]).update(due_on=DAY - 7 * ONE, opens_on=DAY - 9 * ONE)
    page = seen(boss, at, "touches/coverage/")

    assert "最近十二周该联系 1 次，0.0% 按时" in page
    assert "没有维护人" in page


def test_before_anything_was_due_the_coverage_says_so(boss, at, on_the_day):
    assert "过一周再来看" in seen(boss, at, "touches/coverage/")


def test_the_rules_are_kept(boss, at, school, on_the_day):
    answer = boss.post(f"{at}/service/touches/rules/", {"festivals": ["spring", "lantern"], "most_a_week": "3"}, follow=True)

    assert "今天夜里按它算" in text(answer)
    with tenant_scope(school):
        assert TouchRules.objects.get().festivals == ["spring", "lantern"]
    assert boss.post(f"{at}/service/touches/rules/", {"most_a_week": "0"}).status_code == 422


def test_rules_and_coverage_are_for_whom_they_concern(school, at, on_the_day):
    desk = signed_in(make_member(school, "frontdesk", "小周"))

    assert desk.get(f"{at}/service/touches/rules/").status_code == 403
    assert desk.get(f"{at}/service/touches/coverage/").status_code == 403


def test_the_coverage_of_one_campus(boss, at, school, day):
    with tenant_scope(school):
        Touch.objects.update(due_on=DAY - 7 * ONE, opens_on=DAY - 9 * ONE)
        there = Campus.objects.create(name="东园").pk
        here = day[0].campus_id

    assert "最近十二周该联系 5 次" in seen(boss, at, f"touches/coverage/?campus={here}")
    assert "过一周再来看" in seen(boss, at, f"touches/coverage/?campus={there}")


def test_a_cell_says_how_many_of_how_many(boss, at, school, day):
    with tenant_scope(school):
        Touch.objects.filter(customer=day[0]).update(due_on=DAY - 7 * ONE, opens_on=DAY - 9 * ONE, kept_on=DAY - 8 * ONE,
                                                     entry=makers.entry(day[0], on=DAY - 8 * ONE))
    page = seen(boss, at, "touches/coverage/")

    assert 'class="h5" title="1/1">100</td>' in page
    assert "最近十二周该联系 1 次，100.0% 按时" in page


def test_two_families_on_one_number_point_to_each_other(boss, at, school, day):
    with tenant_scope(school):
        number = Guardian.objects.get(family__customer=day[0]).phone_index
        Guardian.objects.filter(family__customer=day[1]).update(phone_index=number)
    page = seen(boss, at)

    assert "同一个号码：" in page and f"/families/{day[1].pk}/#touches" in page


def test_a_week_that_is_full_says_wait(boss, at, school, day):
    with tenant_scope(school):
        TouchRules.objects.update(most_a_week=1)
        makers.entry(day[1], "visit", DAY - ONE)
    page = seen(boss, at)

    assert "本周 1/1 次" in page and "本周已到上限，能等就等" in page


def test_the_list_in_pages(boss, at, school, head, on_the_day):
    with tenant_scope(school):
        for number in range(1, 24):
            family(number, "D", "low")
        owe()

    assert "第 1–20 条，共 23 条" in seen(boss, at)
    assert "第 21–23 条，共 23 条" in seen(boss, at, "touches/?whose=all&page=2")
