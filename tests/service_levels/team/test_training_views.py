"""培训计划 on the screen: written, held, and for whom it is time."""
import pytest

from service_levels.models import TrainingPlan, TrainingSession
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.service_levels.plans.test_views import text
from tests.service_levels.team.makers import held, planned


@pytest.fixture
def gao(school, on_the_day):
    return make_member(school, "agent", "高敏")


@pytest.fixture
def plan(school, on_the_day):
    with tenant_scope(school):
        return planned()


def seen(client, at, address="") -> str:
    answer = client.get(f"{at}/service/team/training/{address}")

    assert answer.status_code == 200
    return text(answer)


def sent(client, at, address, **typed):
    return client.post(f"{at}/service/team/training/{address}", typed, follow=True)


def test_an_empty_page_begins_with_the_three_of_the_rule(boss, school, at, on_the_day):
    assert "写下要练什么、多久一次" in seen(boss, at) and "列这三项" in seen(boss, at)

    answer = sent(boss, at, "begin/")

    assert "列好了 3 项" in text(answer) and "该练的有 3 人次" in text(answer)


def test_begun_twice_it_says_so(boss, at, plan):
    assert "已经有计划了，接着加就行。" in text(sent(boss, at, "begin/"))


def test_a_plan_is_written_and_changed(boss, school, at, on_the_day):
    typed = {"about": "other", "subject": "处理投诉", "every_months": "3", "roles": ["agent", "relations"], "is_on": "on"}
    assert "处理投诉" in text(sent(boss, at, "new/", **typed))
    with tenant_scope(school):
        made = TrainingPlan.objects.get()
        assert (made.roles, made.every_months) == (["agent", "relations"], 3)

    answer = sent(boss, at, f"{made.pk}/", **typed | {"is_on": ""})

    assert "停用" in text(answer)


@pytest.mark.parametrize("typed", [{"subject": ""}, {"subject": "怎么和家长沟通"}, {"every_months": "0"}, {"every_months": "99"}, {"roles": ["king"]}, {"about": "x"}])
def test_what_is_wrong_is_said(boss, school, at, plan, typed):
    answer = sent(boss, at, "new/", **{"about": "other", "subject": "别的", "every_months": "3", "is_on": "on"} | typed)

    assert answer.status_code == 422
    with tenant_scope(school):
        assert TrainingPlan.objects.count() == 1


def test_who_is_due_is_named_and_ticked_when_it_is_held(boss, school, at, plan, gao):
    assert "2 人该练了：head、高敏" in seen(boss, at)
    page = boss.get(f"{at}/service/team/training/{plan.pk}/held/").content.decode()
    assert page.count(" checked") == 2

    answer = sent(boss, at, f"{plan.pk}/held/", on="2026-11-20", trainer=gao.pk, members=[gao.pk], notes="先听再说")

    assert "记下了，到期的人少了" in text(answer) and "1 人该练了：head" in text(answer)
    with tenant_scope(school):
        assert TrainingSession.objects.get().training.notes == "先听再说"
    assert "怎么和家长沟通" in text(boss.get(f"{at}/trainings/"))


def test_all_up_to_date_it_says_so(boss, school, at, plan, head):
    with tenant_scope(school):
        held(plan, head, head)

    page = seen(boss, at)

    assert "该练的都练过了" in page and "1 人都在期内" in page


@pytest.mark.parametrize("typed", [{"members": []}, {"on": "2030-01-01"}, {"trainer": ""}, {"on": "x"}])
def test_what_was_not_held_is_not_kept(boss, school, at, plan, gao, typed):
    answer = sent(boss, at, f"{plan.pk}/held/", **{"on": "2026-11-20", "trainer": gao.pk, "members": [gao.pk]} | typed)

    assert answer.status_code == 422
    with tenant_scope(school):
        assert TrainingSession.objects.count() == 0


def test_a_colleague_reads_it_and_writes_nothing(at, plan, gao):
    hers = signed_in(gao)
    page = seen(hers, at)

    assert "怎么和家长沟通" in page and "写一项" not in page and "/held/" not in hers.get(f"{at}/service/team/training/").content.decode()
    assert [hers.get(f"{at}/service/team/training/{address}").status_code for address in ("new/", f"{plan.pk}/", f"{plan.pk}/held/")] == [403] * 3
    assert hers.post(f"{at}/service/team/training/begin/").status_code == 403
