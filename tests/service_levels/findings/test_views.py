"""原因和改进 on the screen: found, changed, done, told; who may do what of it."""
import pytest

from churn.models import Cause
from service_levels.models import Finding
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.churn.conftest import DAY
from tests.conftest import make_member, signed_in
from tests.service_levels.findings.makers import ONE, changed, changing, cooler, found
from tests.service_levels.plans.test_views import text


@pytest.fixture
def gao(school):
    return make_member(school, "agent", "高敏")


@pytest.fixture
def hers(gao):
    return signed_in(gao)


@pytest.fixture
def home(school, on_the_day):
    with tenant_scope(school):
        return cooler()


def seen(client, at, address="") -> str:
    answer = client.get(f"{at}/service/findings/{address}")

    assert answer.status_code == 200
    return text(answer)


def did(client, at, row, verb, **typed):
    return client.post(f"{at}/service/findings/{row.pk}/do/{verb}/", typed, follow=True)


def test_where_somebody_should_look_is_said(hers, at, home):
    page = seen(hers, at)

    assert "1 户一个季度没查过原因" in page and "孩1一家" in page and "还没有记过。" in page


def test_from_a_reason_to_a_family_that_heard(hers, school, gao, at, home):
    with tenant_scope(school):
        cause = Cause.objects.order_by("pk").first()
    assert "满意度低、少参加的，问清为什么，记在这里。" in text(hers.get(f"{at}/families/{home.pk}/"))

    answer = hers.post(f"{at}/service/findings/with/{home.pk}/", {"cause": cause.pk, "evidence": "接孩子要排半小时"}, follow=True)
    assert "记下了，接着写为这一家改什么" in text(answer)
    with tenant_scope(school):
        row = Finding.objects.get()
    answer = did(hers, at, row, "change", kind="pick_up", what="加一个五点半的接送时段", member=gao.pk, due_on="2026-11-27")
    assert "加一个五点半的接送时段" in text(answer) and "改得怎么样" in text(answer)
    answer = did(hers, at, row, "done", result="这周起五点半也能接")
    assert "改好了，告诉家长吧" in text(answer) and "告诉过了" in text(answer)
    answer = did(hers, at, row, "tell", how="phone")

    assert "记下了，往来里也有" in text(answer) and "告诉过了" not in text(answer)
    page = text(hers.get(f"{at}/families/{home.pk}/"))
    assert "告诉家长改了什么" in page and "加一个五点半的接送时段" in page


@pytest.mark.parametrize("typed", [{"evidence": ""}, {"cause": ""}, {"cause": "9999"}])
def test_what_is_missing_is_said_and_nothing_is_lost(hers, school, at, home, typed):
    with tenant_scope(school):
        cause = Cause.objects.order_by("pk").first()

    answer = hers.post(f"{at}/service/findings/with/{home.pk}/", {"cause": cause.pk, "evidence": "接孩子要排半小时"} | typed)

    assert answer.status_code == 422
    with tenant_scope(school):
        assert Finding.objects.count() == 0


@pytest.mark.parametrize(("verb", "typed"), [("change", {"kind": "", "what": "x"}), ("change", {"kind": "other", "what": "", "due_on": "2026-11-27"}),
                                             ("done", {"result": ""}), ("tell", {"how": "x"})])
def test_a_step_that_lacks_something_is_refused(hers, school, gao, at, home, verb, typed):
    with tenant_scope(school):
        row = changed(home, gao) if verb == "tell" else changing(home, gao)

    assert did(hers, at, row, verb, **typed).status_code == 422


def test_a_step_out_of_order_says_so(hers, school, gao, at, home):
    with tenant_scope(school):
        row = found(home, gao)

    answer = did(hers, at, row, "done", result="好了")

    assert answer.status_code == 422 and "先写改什么，再记改好了。" in text(answer)


def test_the_list_says_what_waits(hers, school, gao, at, home):
    with tenant_scope(school):
        changing(home, gao, due_on=DAY - ONE)

    page = seen(hers, at, "?tab=doing")

    assert "孩1一家" in page and "过期了" in page and "→ 加一个五点半的接送时段" in page and "1 户，改了 0 户" in page


@pytest.mark.parametrize(("words", "there"), [("?tab=all&q=孩1", True), ("?tab=all&q=火星", False), ("?tab=told", False), ("?tab=x&page=9", True)])
def test_the_list_is_narrowed(hers, school, gao, at, home, words, there):
    with tenant_scope(school):
        found(home, gao)

    assert ("接孩子要排半小时" in seen(hers, at, words)) is there


def test_a_mistake_goes(hers, school, gao, at, home):
    with tenant_scope(school):
        row = found(home, gao)

    answer = hers.post(f"{at}/service/findings/{row.pk}/drop/", follow=True)

    assert "去掉了" in text(answer)
    with tenant_scope(school):
        assert Finding.objects.count() == 0


def test_what_was_done_stays(hers, school, gao, at, home):
    with tenant_scope(school):
        row = changed(home, gao)

    assert "已经改好的要留着。" in text(hers.post(f"{at}/service/findings/{row.pk}/drop/", follow=True))


def test_whoever_only_looks_reads_and_writes_nothing(school, gao, at, home):
    with tenant_scope(school):
        row = found(home, gao)
    watcher = signed_in(make_member(school, "inspector", "督"))

    assert "接孩子要排半小时" in seen(watcher, at, f"{row.pk}/") and "就这么改" not in seen(watcher, at, f"{row.pk}/")
    assert watcher.get(f"{at}/service/findings/with/{home.pk}/").status_code == 403
    assert did(watcher, at, row, "done", result="x").status_code == 403


def test_another_campus_sees_nothing(school, gao, at, home):
    with tenant_scope(school):
        row, west = found(home, gao), Campus.objects.create(name="西园", code="west")
    stranger = signed_in(make_member(school, "agent", "西园的", [west]))

    assert stranger.get(f"{at}/service/findings/{row.pk}/").status_code == 404


def test_everybody_to_look_at_can_be_seen(hers, school, at, home):
    with tenant_scope(school):
        for number in range(2, 15):
            cooler(number)
    shown = seen(hers, at)

    assert "看全部 14 户" in shown and shown.count("孩") == 12
    every = seen(hers, at, "?silent=all")
    assert every.count("孩") == 14 and "看全部" not in every
