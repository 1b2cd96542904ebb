"""A draft of the plans as people use the pages: begun, edited, looked at, submitted, approved, sent back, given up."""
import pytest

from service_levels.models import PlanVersion, ServiceMeans
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.service_levels.plans.test_forms import TYPED, posted_of
from tests.service_levels.plans.test_views import text
from tiering.models import Scheme


@pytest.fixture
def relations(school):
    return signed_in(make_member(school, "relations", "陈老师"))


@pytest.fixture
def version(school, three, relations, at):
    """A draft that a colleague has begun."""
    with tenant_scope(school):
        scheme = Scheme.objects.get(code="kg-ad")
    relations.post(f"{at}/service/schemes/{scheme.pk}/draft/")
    with tenant_scope(school):
        return PlanVersion.objects.get(number=2)


def seen(client, at, version, address="") -> str:
    answer = client.get(f"{at}/service/draft/{version.pk}/{address}")

    assert answer.status_code == 200
    return text(answer)


def did(client, at, version, verb, follow=True, **typed):
    return client.post(f"{at}/service/draft/{version.pk}/do/{verb}/", typed, follow=follow)


def grid(version, school, **changes) -> dict:
    with tenant_scope(school):
        book = PlanVersion.objects.get(pk=version.pk).as_book()
    labels = (*book.labels, "")
    return {f"cell-{labels.index(label)}-{band}": code for label, band, code in book.pairs()} | changes


def state_of(version, school) -> str:
    with tenant_scope(school):
        return PlanVersion.objects.get(pk=version.pk).state


# -- beginning ---------------------------------------------------------------------------------------------------------------------
def test_the_plans_lead_to_a_draft_and_back_to_it(relations, at, version):
    page = text(relations.get(f"{at}/service/"))

    assert f'href="{at}/service/draft/{version.pk}/"' in page and "接着改草案" in page
    assert "这一版还没有改什么" in seen(relations, at, version)


def test_who_writes_no_plans_sees_no_draft(desk, at, version):
    assert desk.get(f"{at}/service/draft/{version.pk}/").status_code == 403
    assert did(desk, at, version, "submit").status_code == 403
    assert "改方案" not in text(desk.get(f"{at}/service/"))


def test_a_scheme_that_is_not_there_is_not_found(relations, at, version):
    assert relations.post(f"{at}/service/schemes/999999/draft/").status_code == 404


# -- the grid and what it would change ---------------------------------------------------------------------------------------------
def test_saving_the_grid_shows_who_would_move(relations, at, school, version):
    page = text(did(relations, at, version, "cells", **grid(version, school, **{"cell-1-high": "closer"})))

    assert "草案已保存" in page
    assert "这一版会让 1 户换方案" in page
    assert "挽回 → <b>加强沟通</b>" in page


def test_a_plan_that_is_not_in_the_book_is_refused_where_it_stands(relations, at, school, version):
    answer = did(relations, at, version, "cells", **grid(version, school, **{"cell-4-low": "gold"}))

    assert answer.status_code == 422
    with tenant_scope(school):
        assert PlanVersion.objects.get(pk=version.pk).as_book().owed("", "low").code == "quality"


def test_staff_and_budget_are_held_against_it(relations, at, school, version):
    assert "还不知道够不够" in seen(relations, at, version)
    saved = text(relations.post(f"{at}/service/means/", {"hours_week": "0", "budget_fen": "0"}, follow=True))
    page = seen(relations, at, version)

    assert "已保存，批准方案前先看够不够" in saved
    assert "照这样，人手、设备或预算不够" in page and "每周还差" in page and "每年还差" in page
    with tenant_scope(school):
        assert ServiceMeans.objects.get().hours_week == 0


def test_enough_is_said_too(relations, at, version):
    relations.post(f"{at}/service/means/", {"hours_week": "1000", "budget_fen": "1000000"})

    assert "人手和预算够" in seen(relations, at, version)
    assert 'value="1000000.00"' in text(relations.get(f"{at}/service/means/"))


def test_figures_that_cannot_be_stay_in_the_form(relations, at, version):
    answer = relations.post(f"{at}/service/means/", {"hours_week": "-1", "budget_fen": "很多"})

    assert answer.status_code == 422 and "很多" in text(answer)


# -- one plan ----------------------------------------------------------------------------------------------------------------------
def test_a_plan_is_edited_line_by_line(relations, at, school, version):
    with tenant_scope(school):
        plan = version.as_book().plan("quality")
    sent = posted_of(plan) | {"respond": "30"} | {f"l-{len(plan.lines)}-{name}": value for name, value in TYPED.items()}
    answer = relations.post(f"{at}/service/draft/{version.pk}/plan/quality/", sent, follow=True)

    assert "草案已保存" in text(answer) and "这一版改了优质服务" in text(answer)
    with tenant_scope(school):
        after = PlanVersion.objects.get(pk=version.pk).as_book().plan("quality")
        assert (after.respond, after.lines[-1].text, len(after.lines)) == (30, "问候", len(plan.lines) + 1)


def test_keeping_and_going_on_stays_on_the_plan(relations, at, school, version):
    with tenant_scope(school):
        plan = version.as_book().plan("quality")
    answer = relations.post(f"{at}/service/draft/{version.pk}/plan/quality/", posted_of(plan) | {"more": "1"})

    assert answer.url == f"{at}/service/draft/{version.pk}/plan/quality/"


def test_the_form_shows_each_line_with_the_rule_behind_it(relations, at, version):
    page = seen(relations, at, version, "plan/win-back/")

    assert "挽回小组负责" in page and "K28(a)" in page
    assert "存好，再加几条" in page


def test_what_is_wrong_comes_back_as_it_was_typed(relations, at, school, version):
    with tenant_scope(school):
        plan = version.as_book().plan("quality")
    sent = posted_of(plan) | {"name": "另一个名字", "l-1-times": "99"}
    answer = relations.post(f"{at}/service/draft/{version.pk}/plan/quality/", sent)

    assert answer.status_code == 422
    assert "另一个名字" in text(answer) and 'role="alert"' in text(answer)


@pytest.mark.parametrize("code", ["gold", "own-1"])
def test_a_plan_that_is_not_there_is_not_found(relations, at, version, code):
    assert relations.get(f"{at}/service/draft/{version.pk}/plan/{code}/").status_code == 404


def test_what_is_in_force_cannot_be_edited(relations, at, school, version):
    with tenant_scope(school):
        current = PlanVersion.objects.get(number=1)

    assert relations.get(f"{at}/service/draft/{current.pk}/plan/quality/").status_code == 409


def test_a_plan_is_added_and_dropped(relations, at, school, version):
    added = text(did(relations, at, version, "copy", code="quality", name="优质加"))
    dropped = text(did(relations, at, version, "drop", code="own-1"))

    assert "多了一个方案" in added and "优质加" in added
    assert "去掉了这个方案" in dropped and "优质加" not in dropped.split("再加一个方案")[0]


def test_a_plan_that_is_used_is_not_dropped(relations, at, version):
    answer = did(relations, at, version, "drop", code="win-back")

    assert answer.status_code == 422 and "还有等级在用“挽回”" in text(answer)


def test_a_name_that_is_taken_comes_back_with_its_reason(relations, at, version):
    answer = did(relations, at, version, "copy", code="quality", name="优质服务")

    assert answer.status_code == 422 and "没有用过的名称" in text(answer)


# -- two people --------------------------------------------------------------------------------------------------------------------
def test_one_submits_another_approves(relations, boss, at, school, version):
    waiting = text(did(relations, at, version, "submit"))
    asked = seen(boss, at, version)
    done = text(did(boss, at, version, "approve"))

    assert "已提交，等另一位同事批准" in waiting and "收回来再改" in waiting and "批准，马上生效" not in waiting
    assert "批准，马上生效" in asked
    assert "已生效" in done
    assert state_of(version, school) == "in_force"
    assert "第 2 版" in text(boss.get(f"{at}/service/"))


def test_it_is_sent_back_with_words(relations, boss, at, school, version):
    did(relations, at, version, "submit")
    silent = did(boss, at, version, "send_back", words="")
    did(boss, at, version, "send_back", words="周期太密")

    assert silent.status_code == 422 and "请写要改什么" in text(silent)
    assert state_of(version, school) == "draft"


def test_who_submitted_it_takes_it_back(relations, at, school, version):
    did(relations, at, version, "submit")
    page = text(did(relations, at, version, "send_back"))

    assert "又是草案了" in page and "提交批准" in page
    assert state_of(version, school) == "draft"


def test_a_draft_is_given_up(relations, at, school, version):
    page = text(relations.post(f"{at}/service/draft/{version.pk}/discard/", follow=True))

    assert "草案放弃了，现行的不变" in page
    with tenant_scope(school):
        assert PlanVersion.objects.get().number == 1


def test_what_waits_is_not_given_up(relations, at, school, version):
    did(relations, at, version, "submit")
    page = text(relations.post(f"{at}/service/draft/{version.pk}/discard/", follow=True))

    assert "待审批的先收回" in page
    assert state_of(version, school) == "submitted"


def test_nothing_else_can_be_done(relations, at, version):
    assert did(relations, at, version, "fly").status_code == 409
