"""团队分工 on the screen: weeks, misplaced families, profiles, rules, leave; who may do what of it."""
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from crm.models import Customer
from service_levels.models import Leave, StaffProfile, StaffRules
from service_levels.team import leaving
from tenancy.models import Campus, Membership
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member, signed_in
from tests.service_levels.conftest import derive, family
from tests.service_levels.plans.test_views import text
from tests.service_levels.team.makers import agent, away

ONE = timedelta(days=1)
PROFILE = {"title": "客服主管", "started_on": "2020-09-01", "education": "childhood", "background": "做过三年主班", "skills": ["communication", "disputes"],
           "languages": "普通话、粤语", "is_senior": "on", "minutes_week": "600"}


@pytest.fixture
def gao(school, on_the_day) -> Membership:
    return make_member(school, "agent", "高敏")


@pytest.fixture
def hers(gao):
    return signed_in(gao)


@pytest.fixture
def fang(school, on_the_day) -> Membership:
    return make_member(school, "agent", "小方")


def seen(client, at, address="") -> str:
    answer = client.get(f"{at}/service/team/{address}")

    assert answer.status_code == 200
    return text(answer)


def sent(client, at, address, **typed):
    return client.post(f"{at}/service/team/{address}", typed, follow=True)


# -- the list ------------------------------------------------------------------------------------------------------------------------------
def test_everybody_stands_there_with_what_they_bring_along(boss, school, at, on_the_day):
    with tenant_scope(school):
        agent("高敏", senior=True, skills=["communication"], languages="普通话、粤语", title="客服主管")

    page = seen(boss, at)

    assert all(words in page for words in ("1 位同事带家庭，都忙得过来", "高敏", "客服主管", "有经验", "沟通", "普通话、粤语", "900"))


@pytest.mark.parametrize(("words", "there"), [
    ("?q=高", ["高敏"]), ("?q=粤语", ["高敏"]), ("?q=主班", ["高敏"]), ("?q=法语", []), ("?skill=disputes", ["高敏"]), ("?skill=x", ["高敏", "小方"]),
    ("?q=小方&skill=disputes", [])])
def test_a_colleague_is_looked_for_by_what_they_bring_along(boss, school, at, on_the_day, words, there):
    with tenant_scope(school):
        agent("高敏", senior=True, skills=["disputes"], languages="粤语", background="做过三年主班")
        agent("小方")

    page = seen(boss, at, words).partition("谁带多少")[2].partition("请假和代班")[0]

    assert [name for name in ("高敏", "小方") if name in page] == there
    assert ("没有这样的同事" in page) is (there == [])


def test_a_week_that_is_too_full_is_said_first(boss, school, at, on_the_day):
    with tenant_scope(school):
        family(1, "C", "low", owner=agent("高敏", minutes_week=1))
        derive()

    assert "1 位同事的一周排满了" in seen(boss, at)


def test_families_that_are_misplaced_are_said_before_that(boss, school, at, gao):
    with tenant_scope(school):
        family(1, "C", "low")
        derive()

    page = seen(boss, at)

    assert "1 户要换人带" in page and "没有人带" in page and "→ 高敏" in page and "1 户照规则交接" in page


def test_a_colleague_reads_it_and_changes_nothing(hers, school, at):
    with tenant_scope(school):
        family(1, "C", "low")
        derive()

    page = seen(hers, at)

    assert "谁带多少" in page and "照规则交接" not in page and "分配规则" not in page and "写我的档案" in page


def test_who_looks_is_written_down(boss, school, at, on_the_day):
    seen(boss, at)

    with tenant_scope(school):
        assert Entry.objects.filter(verb="service.team_seen").count() == 1


def queries_of(client, at) -> int:
    with CaptureQueriesContext(connection) as caught:
        seen(client, at)
    return len(caught)


def test_in_a_team_of_many_the_page_is_as_quick(boss, school, at, on_the_day):
    with tenant_scope(school):
        for number in range(2):
            family(number + 1, "C", "low", owner=agent(f"客服{number}", senior=True))
        derive()
    seen(boss, at)
    few = queries_of(boss, at)
    with tenant_scope(school):
        for number in range(2, 12):
            agent(f"客服{number}", senior=True)
            family(number + 1, "C", "low")
        derive()

    assert queries_of(boss, at) <= few and few <= 28


# -- families ------------------------------------------------------------------------------------------------------------------------------
def test_all_go_where_the_rules_want_them(boss, school, at, gao, fang):
    with tenant_scope(school):
        for number in (1, 2):
            family(number, "C", "low")
        derive()

    answer = sent(boss, at, "assign/")

    assert "2 户照规则交接好了" in text(answer)
    with tenant_scope(school):
        assert sorted(Customer.objects.values_list("owner__name", flat=True)) == sorted(["高敏", "小方"])


def test_where_there_is_nothing_to_do_it_says_so(boss, at, on_the_day):
    assert "没有能照办的了" in text(sent(boss, at, "assign/"))


def test_one_family_goes_to_whom_one_chooses(boss, school, at, gao, fang):
    with tenant_scope(school):
        home = family(1, "C", "low", owner=gao)
        derive()
    page = seen(boss, at, f"assign/{home.pk}/")
    assert "孩1一家由谁带" in page and "现在是高敏" in page and "现在带着" in page and "交给这位" in page

    answer = sent(boss, at, f"assign/{home.pk}/", to=fang.pk)

    assert "交给小方了" in text(answer)
    with tenant_scope(school):
        assert Customer.objects.get().owner == fang


def test_a_family_without_anybody_says_so(boss, school, at, on_the_day):
    with tenant_scope(school):
        home = family(1)

    page = seen(boss, at, f"assign/{home.pk}/")

    assert "现在没有人带" in page and "没有合适的" in page


@pytest.mark.parametrize("to", ["", "x", "9999"])
def test_to_nobody_it_does_not_go(boss, school, at, gao, to):
    with tenant_scope(school):
        home = family(1)

    answer = sent(boss, at, f"assign/{home.pk}/", to=to)

    assert answer.status_code == 422
    with tenant_scope(school):
        assert Customer.objects.get().owner is None


def test_to_who_works_elsewhere_it_is_refused(boss, school, at, on_the_day):
    with tenant_scope(school):
        home, other = family(1), agent("西园的", campuses=[Campus.objects.create(name="西园", code="west")])

    answer = sent(boss, at, f"assign/{home.pk}/", to=other.pk)

    assert answer.status_code == 422 and "西园的 不负责这个园所。" in text(answer)


def test_a_colleague_assigns_nothing(hers, school, at, gao):
    with tenant_scope(school):
        home = family(1)

    assert hers.get(f"{at}/service/team/assign/{home.pk}/").status_code == 403
    assert hers.post(f"{at}/service/team/assign/").status_code == 403


# -- profiles ------------------------------------------------------------------------------------------------------------------------------
def test_whoever_manages_writes_of_a_colleague(boss, school, at, gao):
    answer = sent(boss, at, f"{gao.pk}/", **PROFILE)

    assert "记下了" in text(answer)
    with tenant_scope(school):
        kept = StaffProfile.objects.get(member=gao)
        assert (kept.skills, kept.is_senior, kept.minutes_week, kept.education) == (["communication", "disputes"], True, 600, "childhood")


def test_one_writes_of_oneself_but_not_that_one_is_senior(hers, school, at, gao):
    page = hers.get(f"{at}/service/team/{gao.pk}/").content.decode()
    assert "is_senior" not in page and "minutes_week" not in page

    sent(hers, at, f"{gao.pk}/", **PROFILE)

    with tenant_scope(school):
        kept = StaffProfile.objects.get(member=gao)
        assert (kept.languages, kept.is_senior, kept.minutes_week) == ("普通话、粤语", False, None)


def test_of_others_one_reads_nothing(hers, at, fang):
    assert hers.get(f"{at}/service/team/{fang.pk}/").status_code == 403
    assert hers.get(f"{at}/service/team/{fang.pk}/leave/").status_code == 403


@pytest.mark.parametrize("typed", [{"started_on": "2030-01-01"}, {"minutes_week": "-1"}, {"minutes_week": "99999"}, {"skills": ["flying"]}, {"education": "x"}])
def test_what_is_wrong_stands_at_its_field(boss, school, at, gao, typed):
    answer = sent(boss, at, f"{gao.pk}/", **PROFILE | typed)

    assert answer.status_code == 422 and "做过三年主班" in answer.content.decode()
    with tenant_scope(school):
        assert StaffProfile.objects.count() == 0


def test_rules_are_kept_on_their_page(boss, school, at, on_the_day):
    answer = sent(boss, at, "rules/", years="5", minutes_week="600")

    assert "做满 5 年算有经验" in text(answer) and "600 分钟" in text(answer)
    with tenant_scope(school):
        assert StaffRules.objects.get().years == 5


@pytest.mark.parametrize("typed", [{"years": "99", "minutes_week": "600"}, {"years": "3", "minutes_week": "0"}, {"years": "", "minutes_week": ""}])
def test_rules_that_make_no_sense_are_not(boss, school, at, on_the_day, typed):
    assert sent(boss, at, "rules/", **typed).status_code == 422
    with tenant_scope(school):
        assert StaffRules.objects.count() == 0


# -- leave ---------------------------------------------------------------------------------------------------------------------------------
def test_one_takes_leave_and_says_who_stands_in(hers, school, at, gao, fang):
    answer = sent(hers, at, f"{gao.pk}/leave/", from_on="2026-11-20", until_on="2026-11-24", cover=fang.pk)

    page = text(answer)
    assert "登记了，代班的同事会收到" in page and "小方 代班" in page and "到 11-24，小方 代" in page
    with tenant_scope(school):
        gao.refresh_from_db()
        assert gao.stands_in == fang


@pytest.mark.parametrize(("typed", "words"), [({"until_on": "2026-11-19"}, "结束不能早于开始。"), ({"cover": ""}, "必填"), ({"from_on": "x"}, "日期"),
                                              ({"from_on": "2026-11-01", "until_on": "2026-11-02"}, "这几天已经过去了。")])
def test_what_makes_no_sense_is_said(hers, school, at, gao, fang, typed, words):
    answer = sent(hers, at, f"{gao.pk}/leave/", **{"from_on": "2026-11-20", "until_on": "2026-11-24", "cover": fang.pk} | typed)

    assert answer.status_code == 422 and words in text(answer)
    with tenant_scope(school):
        assert Leave.objects.count() == 0


def test_back_early(hers, school, at, gao, fang):
    with tenant_scope(school):
        row = away(gao, fang, last=DAY + 4 * ONE)

    answer = sent(hers, at, f"leaves/{row.pk}/end/")

    assert "结束了，家庭还由本人带" in text(answer) and "没有人请假" in text(answer)


def test_another_colleague_ends_nothing(school, at, gao, fang):
    with tenant_scope(school):
        row = away(gao, fang, last=DAY + 4 * ONE)

    assert signed_in(fang).post(f"{at}/service/team/leaves/{row.pk}/end/").status_code == 403
    with tenant_scope(school):
        assert Leave.objects.get().ended_on is None


def test_ended_twice_it_says_so(hers, school, at, gao, fang):
    with tenant_scope(school):
        row = away(gao, fang)
        leaving.end(row, by=gao, at=AT)

    assert "这次请假已经结束了。" in text(sent(hers, at, f"leaves/{row.pk}/end/"))
