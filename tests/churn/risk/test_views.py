"""The board, the rules and the back-tests as people use them."""
import io
import re

import pytest
from python_calamine import CalamineWorkbook

from audit.models import Entry
from churn.models import Backtest, RiskNight, WeightsVersion
from churn.risk.backtest import TOPIC, work_out
from churn.risk.forms import typed
from churn.risk.rules import SHIPPED
from churn.risk.weighing import SWEEP
from notifications.models import Outbox
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY, ONE, home, night
from tests.conftest import make_member, signed_in


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def words(**changes) -> dict[str, str]:
    return {name: str(value) for name, value in (typed(SHIPPED, 0) | changes).items()}


# -- the board -------------------------------------------------------------------------------------------------------------------
def test_the_board_says_the_finding_and_names_who_is_at_risk(boss, at, judged):
    page = text(boss.get(f"{at}/churn/"))

    assert "1 户高风险，1 户要留意" in page
    assert "说起转走 1 次" in page
    assert "最多的是投诉，2 户" in page
    assert judged[2].name in page
    assert judged[1].name in page
    assert f"/families/{judged[0].pk}/" not in page


@pytest.mark.parametrize(("before", "said"), [
    (3, "1 户高风险，比一周前少 2 户"),
    (0, "1 户高风险，比一周前多 1 户"),
    (1, "1 户高风险，1 户要留意"),
])
def test_the_headline_compares_with_a_week_before(boss, at, school, judged, before, said):
    with tenant_scope(school):
        campus = RiskNight.objects.first().campus
        RiskNight.objects.create(campus=campus, day=DAY - 7 * ONE, families=3, watch=1, high=before, done_at=AT)

    page = text(boss.get(f"{at}/churn/"))

    assert said in page and "深线是高风险" in page


def test_before_the_first_night_the_board_says_when_there_will_be_something(boss, at):
    page = text(boss.get(f"{at}/churn/"))

    assert "还没有算过流失风险" in page and "明天早上就有" in page


def test_a_calm_school_is_told_so(boss, at, school, on_the_day):
    with tenant_scope(school):
        home(1)
        night()

    assert "没有高风险的家庭，0 户要留意" in text(boss.get(f"{at}/churn/"))




@pytest.mark.parametrize(("address", "rows"), [
    ("?band=high", 1),
    ("?band=low", 1),
    ("?sign=broken", 1),
    ("?tier=A", 0),
    ("?tier=-", 2),
    ("?q=zzz", 0),
    ("?owner=me", 0),
    ("?campus=999999999999", None),
    ("?campus=x", 2),
    ("?page=99", 2),
    ("?band=%3Cb%3E", 2),
])
def test_the_address_narrows_the_board_and_odd_ones_do_no_harm(boss, at, judged, address, rows):
    answer = boss.get(f"{at}/churn/{address}")

    assert answer.status_code == (404 if rows is None else 200)
    assert rows is None or text(answer).count("data-row href") == rows


def test_the_list_leaves_as_a_file_as_it_is_filtered(boss, at, school, judged):
    answer = boss.get(f"{at}/churn/", {"band": "high", "export": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()

    assert [row[1] for row in rows] == ["称呼", judged[2].name]
    assert rows[1][6] == "说起转走 1 次；半年里投诉 1 次"
    with tenant_scope(school):
        assert Entry.objects.get(verb="churn.exported").data["families"] == 1


def test_who_may_not_export_gets_no_file(school, at, judged, relations):
    assert signed_in(relations).get(f"{at}/churn/", {"export": "csv"}).status_code == 403


def test_what_was_listed_is_recorded_once(boss, at, school, judged):
    boss.get(f"{at}/churn/")

    with tenant_scope(school):
        assert sorted(Entry.objects.get(verb="churn.listed").data["ids"]) == sorted(family.pk for family in judged[1:])


def test_recalculating_is_left_to_the_worker(boss, at, school, judged):
    answer = boss.post(f"{at}/churn/again/", follow=True)

    assert "在重算" in text(answer)
    with tenant_scope(school):
        assert Outbox.objects.filter(topic=SWEEP).count() == 1


@pytest.mark.parametrize("role", ["relations", "teacher", "inspector"])
def test_only_who_keeps_the_rules_recalculates_and_changes_them(school, at, role):
    client = signed_in(make_member(school, role))

    assert client.post(f"{at}/churn/again/").status_code == client.post(f"{at}/churn/rules/", words()).status_code == 403
    assert "规则由园长、副园长和市场负责人来改" in text(client.get(f"{at}/churn/rules/"))


# -- the rules -------------------------------------------------------------------------------------------------------------------
def test_the_rules_are_shown_as_they_are(boss, at):
    page = text(boss.get(f"{at}/churn/rules/"))

    assert "现在用的是出厂的规则" in page
    assert 'name="satisfaction_1_at" value="2"' in page
    assert 'name="run_2_points" value="30"' in page


def test_a_trial_shows_what_would_change_and_keeps_nothing(boss, at, school, judged):
    page = text(boss.post(f"{at}/churn/rules/", words(**{"try": 1, "high": 30})))

    assert "3 户里，1 户变重，0 户变轻" in page and 'name="high" value="30"' in page
    with tenant_scope(school):
        assert not WeightsVersion.objects.exists()


def test_what_is_kept_is_in_force_with_its_reason(boss, at, school, judged):
    page = text(boss.post(f"{at}/churn/rules/", words(high=45, note="先看紧一点"), follow=True))

    assert "第 1 版已生效" in page and "先看紧一点" in page and "现在是第 1 版" in page
    with tenant_scope(school):
        assert WeightsVersion.objects.get().high == 45


def test_the_shipped_numbers_can_be_filled_in_again(boss, at):
    boss.post(f"{at}/churn/rules/", words(high=45))

    assert 'name="high" value="50"' in text(boss.get(f"{at}/churn/rules/?shipped=1"))
    assert 'name="high" value="45"' in text(boss.get(f"{at}/churn/rules/"))


@pytest.mark.parametrize(("changes", "said"), [
    ({"watch": 60}, "高风险的分数要比留意的高。"),
    ({"run_0_at": 9}, "从左到右数字和分数都要一格比一格大"),
    ({"run_0_at": "x"}, "输入"),
    ({}, "和现在的规则一样"),
    ({"after": 7, "high": 45}, "同事刚改过规则"),
])
def test_rules_that_cannot_be_kept_say_why_and_keep_what_was_typed(boss, at, school, changes, said):
    answer = boss.post(f"{at}/churn/rules/", words(**changes))

    assert answer.status_code == 422 and said in text(answer)
    assert all(f'name="{name}" value="{value}"' in text(answer) for name, value in changes.items())
    with tenant_scope(school):
        assert not WeightsVersion.objects.exists()


# -- back-tests ------------------------------------------------------------------------------------------------------------------
def asked(boss, at, **days):
    return boss.post(f"{at}/churn/backtests/", {"as_of": "2026-06-30", "until": "2026-11-20"} | days, follow=True)


def test_a_back_test_is_asked_waited_for_and_read(boss, at, school, judged):
    waiting = text(asked(boss, at))
    with tenant_scope(school):
        row = Backtest.objects.get()
        work_out(Outbox.objects.get(topic=TOPIC).payload)
    done = text(boss.get(f"{at}/churn/backtests/{row.pk}/"))
    polled = boss.get(f"{at}/churn/backtests/{row.pk}/", HTTP_HX_REQUEST="true")

    assert "在算，几秒后自动出来" in waiting
    assert "这段时间没有家庭流失" in done
    assert "家数太少，只看个数，不下结论" in done
    assert polled["HX-Refresh"] == "true"
    assert "2026-06-30 → 2026-11-20" in text(boss.get(f"{at}/churn/backtests/"))


def test_who_waits_is_not_told_to_look_again_before_it_is_done(boss, at, school, judged):
    asked(boss, at)
    with tenant_scope(school):
        row = Backtest.objects.get()

    assert "HX-Refresh" not in boss.get(f"{at}/churn/backtests/{row.pk}/", HTTP_HX_REQUEST="true")


def test_days_too_near_are_refused_and_stay_in_the_fields(boss, at, on_the_day):
    answer = asked(boss, at, as_of="2026-11-10")

    assert answer.status_code == 422
    assert "至少隔 28 天" in text(answer)
    assert 'value="2026-11-10"' in text(answer)


@pytest.mark.parametrize("days", [{"as_of": "gestern"}, {"until": "2099-01-01"}, {"as_of": "", "until": ""},
        {"as_of": "2026-02-30"}])
def test_odd_days_do_no_harm(boss, at, on_the_day, days):
    answer = asked(boss, at, **days)

    assert answer.status_code == 422 and 'role="alert"' in text(answer)


def test_who_works_for_one_campus_reads_no_back_test_of_all(school, at, boss, judged):
    asked(boss, at)
    with tenant_scope(school):
        row = Backtest.objects.get()
        west = Campus.objects.create(code="west", name="西园")
    western = signed_in(make_member(school, "relations", "西", campuses=[west]))

    assert "回测算的是全部园所" in text(western.get(f"{at}/churn/backtests/"))
    assert western.get(f"{at}/churn/backtests/{row.pk}/").status_code == 404
