"""变化通知 on the screen: what came is approved together, what went is said family by family."""
from datetime import timedelta

import pytest

from service_levels.models import ServiceNotice
from service_levels.notices import noting, queries
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.churn.conftest import DAY
from tests.conftest import make_member, signed_in
from tests.service_levels.conftest import derive, family, rated
from tests.service_levels.plans.test_views import text

ONE = timedelta(days=1)


@pytest.fixture
def agent(school):
    return make_member(school, "agent", "高敏")


@pytest.fixture
def calls(agent):
    return signed_in(agent)


@pytest.fixture
def homes(school, head, agent, on_the_day):
    """Two families that went from tier B to A yesterday: the first is the agent's."""
    with tenant_scope(school):
        found = [family(1, "B", "low", owner=agent), family(2, "B", "low")]
        derive(DAY - ONE)
        for home in found:
            rated(home, "A", since=DAY)
        derive(DAY)
        noting.note(DAY)
        return found


def seen(client, at, address="") -> str:
    answer = client.get(f"{at}/service/notices/{address}")

    assert answer.status_code == 200
    return text(answer)


def did(client, at, school, home, verb, kind="more", **typed):
    with tenant_scope(school):
        row = ServiceNotice.objects.get(customer=home, kind=kind)
    return client.post(f"{at}/service/notices/{row.pk}/do/{verb}/", typed, follow=True)


def states(school, kind="more") -> list[str]:
    with tenant_scope(school):
        return list(ServiceNotice.objects.filter(kind=kind).order_by("customer").values_list("state", flat=True))


def test_where_there_is_nothing_the_page_says_so(boss, at, on_the_day):
    page = seen(boss, at)

    assert "家长该知道的都说了" in page and "没有等批准的" in page and "没有要当面说的" in page


def test_those_alike_stand_together_with_the_words_they_would_read(boss, at, homes):
    page = seen(boss, at)

    assert "2 户多了服务，还没告诉家长" in page and "换到“专属服务”的 2 户" in page and "发给这 2 户" in page
    assert "家长您好，miao机构为您家多了这些服务：由专人对接" in page


def test_one_approves_and_all_are_written_to(boss, at, school, homes):
    assert "正在发给 2 户" in text(did(boss, at, school, homes[0], "send"))

    assert states(school) == ["sent", "sent"]


def test_or_nobody_need_be_told(boss, at, school, homes):
    assert "2 户不用说了" in text(did(boss, at, school, homes[0], "drop"))

    assert states(school) == ["dropped", "dropped"]


def test_who_may_not_approve_sees_no_button_and_is_refused(calls, at, school, homes):
    assert "发给这" not in seen(calls, at)
    assert did(calls, at, school, homes[0], "send").status_code == 403 and states(school) == ["waiting", "waiting"]


def test_what_went_is_listed_for_whoever_looks_after_the_family(calls, at, homes):
    page = seen(calls, at)
    assert "孩1一家" in page and "孩2一家" not in page

    assert "孩2一家" in seen(calls, at, "?whose=all")


def test_it_is_said_from_the_list_or_from_the_familys_page(calls, at, school, homes):
    assert "该告诉家长的变化" in text(calls.get(f"{at}/families/{homes[0].pk}/"))
    answer = did(calls, at, school, homes[0], "told", "less", family="1")
    assert answer.redirect_chain[0][0] == f"{at}/families/{homes[0].pk}/#notices"

    did(calls, at, school, homes[1], "told", "less")
    assert states(school, "less") == ["told", "told"]


def test_a_colleague_who_was_first_is_told_of(calls, at, school, homes):
    did(calls, at, school, homes[0], "told", "less")

    assert "同事刚处理过" in text(did(calls, at, school, homes[0], "told", "less"))


def test_a_verb_that_is_none_is_refused(boss, at, school, homes):
    assert did(boss, at, school, homes[0], "sing").status_code == 409


def test_the_first_page_says_what_waits_for_whom(boss, calls, at, homes):
    assert "2 户多了服务，等您批准告诉家长" in text(boss.get(f"{at}/"))
    assert "您的 1 户少了服务，要当面说" in text(calls.get(f"{at}/"))


def test_a_member_of_another_campus_sees_none(school, at, homes):
    with tenant_scope(school):
        west = Campus.objects.create(name="西园", code="west")
    client = signed_in(make_member(school, "deputy", "西园的", campuses=[west]))

    assert "家长该知道的都说了" in seen(client, at)
    assert did(client, at, school, homes[0], "send").status_code == 404


def test_who_has_no_number_is_counted(boss, at, school, homes):
    with tenant_scope(school):
        homes[0].family.guardians.update(phone_sealed=None, phone_index="")

    assert "1 户没有手机，要当面说" in seen(boss, at)


def test_the_largest_group_stands_first(school, head, homes):
    with tenant_scope(school):
        lone = family(3, "C", "low")
        derive(DAY - ONE)
        rated(lone, "B", since=DAY)
        derive(DAY)
        noting.note(DAY)

        assert [(one.plan, one.families) for one in queries.alike(head)] == [("专属服务", 2), ("优质服务", 1)]
        assert queries.counts(head) == {"more": 3, "mine": 0, "less": 3}
