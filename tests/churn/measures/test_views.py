"""改进措施 as people use them: the list with its timeline, one measure, effects, lessons, rules."""
import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from churn.measures import evaluating, rules
from churn.measures.working import decide
from churn.models import EffectRules, Evaluation, Measure, MeasureStep
from crm.models import ClassGroup
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.churn.cases.conftest import cause
from tests.churn.cases.test_views import text
from tests.churn.conftest import AT, DAY, ONE
from tests.churn.measures.makers import measure
from tests.conftest import make_member, signed_in


@pytest.fixture
def mine(school, head, on_the_day):
    with tenant_scope(school):
        return measure(head, DAY - 20 * ONE, due_on=DAY + 9 * ONE, at=AT, cause=cause(), why="两学期换了三位",
                steps=[("排名单", DAY - ONE), ("家长会说明", None)])


def final(row, verdict="effective", net=(30, 100, 60, 100), **more) -> Evaluation:
    """A last word as the night leaves it: satisfied before and after."""
    def tally(hits, of):
        return {"answered": of, "satisfied": hits, "start": of, "end": of, "left": of - hits}
    counts = {"before": tally(*net[:2]), "after": tally(*net[2:])}
    usual = {"is_final": True, "on": DAY, "days": 90, "counts": counts, "indicator": "satisfaction",
            "formula": "start", "satisfied": 4, "least": 50}
    return Evaluation.objects.create(measure=row, verdict=verdict, **usual | more)


def did(client, at, row, verb, **typed):
    return client.post(f"{at}/churn/measures/{row.pk}/{verb}/", typed, follow=True)


# -- the list ----------------------------------------------------------------------------------------------------------------------
def test_the_list_says_what_is_under_way_and_draws_it(boss, at, mine):
    page = text(boss.get(f"{at}/churn/measures/"))

    assert "1 项措施在做，0 项逾期，0 项等着定" in page
    assert 'class="mp-timeline"' in page
    assert "换老师太多" in page
    assert "11-29" in page


@pytest.mark.parametrize(("address", "found"), [
    ("", True),
    ("?show=late", False),
    ("?show=ripe", False),
    ("?show=ended", False),
    ("?show=all", True),
    ("?q=主班", True),
    ("?q=x", False),
    ("?department=teaching", True),
    ("?department=market", True),
    ("?department=service", False),
    ("?owner=me", True),
    ("?page=9", True),
])
def test_the_address_narrows_the_list(boss, at, mine, address, found):
    assert (f"/churn/measures/{mine.pk}/" in text(boss.get(f"{at}/churn/measures/{address}"))) == found


def test_an_empty_list_says_where_measures_come_from(boss, at):
    page = text(boss.get(f"{at}/churn/measures/"))

    assert "没有在做的措施" in page and "例会上记下新决定" in page


def test_a_late_one_says_by_how_many_days(boss, at, school, mine):
    with tenant_scope(school):
        Measure.objects.update(due_on=DAY - 4 * ONE)

    assert "逾期 4 天" in text(boss.get(f"{at}/churn/measures/?show=late"))
    assert "逾期 4 天，head负责" in text(boss.get(f"{at}/churn/measures/{mine.pk}/"))


def test_who_works_for_another_campus_sees_what_is_done_everywhere_and_not_what_is_done_here(school, at, head, mine):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        here = measure(head, DAY, title="只在本部", campus=Campus.objects.get(code="main"))
    western = signed_in(make_member(school, "operations", "西", campuses=[west]))
    page = text(western.get(f"{at}/churn/measures/"))

    assert "主班一年不换" in page
    assert "只在本部" not in page
    assert western.get(f"{at}/churn/measures/{here.pk}/").status_code == 404


# -- planning ----------------------------------------------------------------------------------------------------------------------
def plan_form(who, **more):
    return {"title": "停车位", "department": "admin", "owner": who.pk, "starts_on": "2026-11-20",
            "due_on": "2026-12-10", "indicator": "churn", "campus": "", "class_group": "",
            "cause": "", "why": "", "resources": "", "steps": "谈商场 12-01\n\n贴告示"} | more


def test_a_measure_is_planned_against_a_cause_of_the_report(boss, at, school, head, on_the_day):
    with tenant_scope(school):
        teaching = cause().pk
    form = text(boss.get(f"{at}/churn/measures/new/", {"cause": teaching}))
    page = text(boss.post(f"{at}/churn/measures/new/", plan_form(head, cause=teaching), follow=True))

    assert f'value="{teaching}" selected' in form and 'value="teaching" selected' in form
    assert "措施已立" in page
    assert "分 2 步" in page
    assert "谈商场" in page
    assert "最晚 12-01" in page
    assert "今晚数第一次" in page


@pytest.mark.parametrize(("typed", "said"), [
    ({"title": ""}, "必填"),
    ({"due_on": "2026-11-01"}, "不能早于开始"),
    ({"due_on": "x"}, "日期"),
    ({"indicator": "x"}, "选择"),
    ({"owner": "999"}, "选择"),
    ({"starts_on": "2026-10-01", "due_on": "2026-11-19"}, "要从今天起"),
])
def test_what_cannot_be_planned_says_why_and_keeps_what_was_typed(boss, at, school, head, on_the_day, typed, said):
    answer = boss.post(f"{at}/churn/measures/new/", plan_form(head, **typed))

    assert answer.status_code == 422 and said in text(answer) and "谈商场 12-01" in text(answer)
    with tenant_scope(school):
        assert not Measure.objects.exists()


def test_a_measure_that_failed_is_planned_anew_from_what_was_learnt(boss, at, school, head, mine):
    with tenant_scope(school):
        decide(mine, "revised", lesson="要提前两周告诉家长", by=head, at=AT)
    page = text(boss.get(f"{at}/churn/measures/{mine.pk}/"))
    form = text(boss.get(f"{at}/churn/measures/new/", {"follows": mine.pk}))
    boss.post(f"{at}/churn/measures/new/", plan_form(head, follows=mine.pk, title="提前告诉"))

    assert f"?follows={mine.pk}" in page
    assert "要提前两周告诉家长" in form
    assert 'value="主班一年不换"' in form
    with tenant_scope(school):
        assert Measure.objects.get(title="提前告诉").follows_id == mine.pk


# -- one measure -------------------------------------------------------------------------------------------------------------------
def test_a_measure_is_worked_through_to_its_end(boss, at, school, mine, relations):
    with tenant_scope(school):
        steps = list(MeasureStep.objects.order_by("pk").values_list("pk", flat=True))
    ticked = did(boss, at, mine, "tick", step=steps[0])
    back = did(boss, at, mine, "tick", step=steps[0])
    added = did(boss, at, mine, "step", text="写进手册", due_on="2026-11-28")
    dropped = did(boss, at, mine, "drop", step=steps[1])
    checked = did(boss, at, mine, "check", progress=40, problem="名单排不出", answer="请教务帮忙")
    moved = did(boss, at, mine, "move", due_on="2026-12-20", why="等教务")
    handed = did(boss, at, mine, "hand", owner=relations.pk)
    finished = did(boss, at, mine, "finish")
    again = did(boss, at, mine, "reopen")
    decided = did(boss, at, mine, "decide", state="stopped", lesson="做不动")
    undone = did(boss, at, mine, "reopen")

    assert "这一步做好了" in text(ticked)
    assert "50%" in text(ticked)
    assert "这一步还没做好" in text(back)
    assert "分 3 步" in text(added)
    assert "分 2 步" in text(dropped)
    assert "名单排不出" in text(checked)
    assert "请教务帮忙" in text(checked)
    assert "改期：2026-11-29 → 2026-12-20，等教务" in text(moved)
    assert "已交给relations" in text(handed)
    assert "做完了，等评估" in text(finished)
    assert "已重开" in text(again)
    assert "已定：停了" in text(decided)
    assert "做不动" in text(decided)
    assert 'id="decide"' not in text(decided)
    assert 'id="decide"' in text(undone)


@pytest.mark.parametrize(("verb", "typed", "said"), [
    ("step", {"text": ""}, "必填"),
    ("check", {"progress": 101}, "100"),
    ("check", {"progress": 10, "answer": "x"}, "先写遇到什么问题"),
    ("move", {"due_on": "2026-11-01", "why": "x"}, "要从今天起"),
    ("move", {"due_on": "2026-12-01", "why": ""}, "必填"),
    ("decide", {"state": "adopted", "lesson": "x"}, "还没有说“有效”"),
    ("decide", {"state": "stopped", "lesson": ""}, "必填"),
    ("hand", {"owner": ""}, "请选一位同事"),
    ("again", {}, ""),
])
def test_what_is_refused_comes_back_with_its_reason(boss, at, mine, verb, typed, said):
    answer = did(boss, at, mine, verb, **typed)

    assert answer.status_code == (422 if said else 200) and said in text(answer)


def test_an_unknown_verb_or_step_is_no_page(boss, at, mine):
    assert (did(boss, at, mine, "x").status_code, did(boss, at, mine, "tick", step="9999999").status_code) == (409, 404)


def test_the_owner_works_it_off_and_somebody_else_does_not(school, at, head, on_the_day):
    teacher, other = make_member(school, "teacher", "教"), make_member(school, "agent", "客")
    with tenant_scope(school):
        row = measure(head, DAY, owner=teacher)
    hers, his = signed_in(teacher), signed_in(other)

    assert "记一次检查" in text(hers.get(f"{at}/churn/measures/{row.pk}/"))
    assert "记一次检查" not in text(his.get(f"{at}/churn/measures/{row.pk}/"))
    assert did(hers, at, row, "check", progress=10).status_code == 200
    assert "没有这项权限" in text(did(his, at, row, "check", progress=10))
    assert "没有这项权限" in text(did(hers, at, row, "decide", state="stopped", lesson="x"))


def test_the_page_shows_the_effect_with_its_interval_groups_and_words(boss, at, school, mine):
    with tenant_scope(school):
        Measure.objects.update(indicator="satisfaction")
        final(mine)
        final(mine, "too_few", on=DAY - 30 * ONE)
    page = text(boss.get(f"{at}/churn/measures/{mine.pk}/"))

    assert "满意度变化 +30.0 个百分点：有效" in page
    assert "30.0% → 60.0%" in page
    assert "100 → 100" in page
    assert "没有可比的园所或班级，只能前后各 90 天自己比" in page
    assert "以前评过 1 次" in page and 'value="adopted" selected' in page


def test_what_has_not_begun_says_when_figures_come(boss, at, school, head, on_the_day):
    with tenant_scope(school):
        row = measure(head, DAY + 5 * ONE)

    assert "11-25 开始做，第二天起能看到" in text(boss.get(f"{at}/churn/measures/{row.pk}/"))
    assert "还没开始做" in text(did(boss, at, row, "again"))


def test_a_running_one_shows_what_is_known_so_far(boss, at, school, mine):
    did(boss, at, mine, "again")
    page = text(boss.get(f"{at}/churn/measures/{mine.pk}/"))

    assert "流失率还数不出来" in page and "看了 20 天" in page and "没有数" in page


# -- effects, lessons, rules -------------------------------------------------------------------------------------------------------
@pytest.fixture
def judged_ones(school, head, mine):
    with tenant_scope(school):
        other = measure(head, DAY - 20 * ONE, title="接驳车", at=AT)
        final(mine)
        final(other, "ineffective", net=(50, 100, 52, 100), control="西园")
        return mine, other


def test_the_effect_report_says_what_worked(boss, at, judged_ones):
    page = text(boss.get(f"{at}/churn/effects/"))

    assert "“主班一年不换”让满意度变化 +30.0 个百分点，1 项有效" in page
    assert "有效 1 项，无效 1 项，样本不足 0 项，还在看 0 项" in page
    assert page.count('class="mp-forest"') == 1


def test_the_effect_report_leaves_as_a_file(boss, at, judged_ones):
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(boss.get(f"{at}/churn/effects/?export=xlsx").streaming_content))).get_sheet_by_index(0).to_python()

    assert [row[0] for row in sheet[1:]] == ["主班一年不换", "接驳车"]
    assert sheet[1][3:5] == ["30/100", "60/100"]
    assert sheet[1][7] == 30.0
    assert sheet[2][10] == "无效"


@pytest.mark.parametrize("address", ["?from=2026-01-01&to=2026-02-01", "?from=x"])
def test_another_period_is_empty_or_the_usual_one(boss, at, judged_ones, address):
    assert ("还没有数" in text(boss.get(f"{at}/churn/effects/{address}"))) == ("2026" in address)


def test_lessons_are_kept_and_found(boss, at, school, head, judged_ones):
    with tenant_scope(school):
        decide(judged_ones[0], "adopted", lesson="固定的老师留得住人", by=head, at=AT)
        decide(judged_ones[1], "stopped", lesson="坐的人太少", by=head, at=AT)
    every, found, stopped, none = (text(boss.get(f"{at}/churn/lessons/{address}")) for address in ("", "?q=换老师",
            "?state=stopped", "?q=nothing"))

    assert "固定的老师" in every
    assert "坐的人太少" in every
    assert "固定的老师" in found
    assert "坐的人太少" not in found
    assert "坐的人太少" in stopped and "固定的老师" not in stopped and "没有符合的" in none


def test_how_effects_are_judged_is_changed_by_who_may_and_read_by_everybody(boss, at, school, on_the_day):
    reader = signed_in(make_member(school, "teacher", "教"))
    kept = boss.post(f"{at}/churn/effects/rules/", {"formula": "average", "satisfied": 5, "least": 60,
            "span_days": 120}, follow=True)

    assert "已保存" in text(kept) and "disabled" in text(reader.get(f"{at}/churn/effects/rules/"))
    assert reader.post(f"{at}/churn/effects/rules/", {"formula": "end", "satisfied": 5, "least": 60,
            "span_days": 120}).status_code == 403
    assert boss.post(f"{at}/churn/effects/rules/", {"formula": "end", "satisfied": 9, "least": 1,
            "span_days": 1}).status_code == 422
    with tenant_scope(school):
        assert (EffectRules.objects.get().formula, rules.in_force().span_days) == ("average", 120)


def test_a_class_is_chosen_with_its_campus(boss, at, school, head, on_the_day):
    with tenant_scope(school):
        group = ClassGroup.objects.create(campus=Campus.objects.get(code="main"), name="朝阳班")
    boss.post(f"{at}/churn/measures/new/", plan_form(head, class_group=group.pk))

    with tenant_scope(school):
        assert Measure.objects.get().campus_id == group.campus_id
        assert evaluating.renew(DAY + timedelta(days=1), at=AT) == 0
