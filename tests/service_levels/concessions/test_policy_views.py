"""优惠办法 on the screen: begun, edited rule by rule, submitted, approved, sent back, given up."""
import pytest

from service_levels.models import ConcessionPolicy
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.service_levels.concessions.makers import RULES, hold
from tests.service_levels.concessions.test_forms import TYPED
from tests.service_levels.plans.test_views import text


@pytest.fixture
def relations(school):
    return signed_in(make_member(school, "relations", "陈老师"))


@pytest.fixture
def draft(school, relations, at, on_the_day):
    relations.post(f"{at}/service/concessions/policy/begin/")
    with tenant_scope(school):
        return ConcessionPolicy.objects.get()


@pytest.fixture
def sound(school, draft, relations, at):
    """Every shipped rule with a budget."""
    for rule in draft.as_policy().rules:
        typed = {"name": rule.name, "line": rule.line, "says": rule.says, "budget_fen": "9000", "most_fen": "300"}
        assert relations.post(f"{at}/service/concessions/policy/{draft.pk}/rules/{rule.code}/", TYPED | typed).status_code == 302
    return draft


def seen(client, at, row, address="") -> str:
    answer = client.get(f"{at}/service/concessions/policy/{row.pk}/{address}")

    assert answer.status_code == 200
    return text(answer)


def did(client, at, row, verb, **typed):
    return client.post(f"{at}/service/concessions/policy/{row.pk}/do/{verb}/", typed, follow=True)


def now(school, row) -> ConcessionPolicy:
    with tenant_scope(school):
        return ConcessionPolicy.objects.get(pk=row.pk)


def test_a_draft_says_what_is_not_sound_yet(relations, at, draft):
    page = seen(relations, at, draft)

    assert "优惠办法，还是草案" in page and page.count("写每年的预算，至少够给一家") == 2


def test_rules_are_edited_one_by_one(relations, at, school, sound):
    page = seen(relations, at, sound)

    assert "mp-err-box" not in page and "每年 9,000 元，2026 年用了 0 元" in page
    assert {rule.budget_fen for rule in now(school, sound).as_policy().rules} == {900_000}


def test_what_is_wrong_stands_at_its_field(relations, at, draft):
    answer = relations.post(f"{at}/service/concessions/policy/{draft.pk}/rules/tuition/", TYPED | {"apart": "0", "name": "改过的"})

    assert answer.status_code == 422 and "改过的" in text(answer)


def test_a_new_rule_is_added_and_dropped(relations, at, school, draft):
    assert "新规则" in seen(relations, at, draft, "rules/new/")
    relations.post(f"{at}/service/concessions/policy/{draft.pk}/rules/new/", TYPED | {"name": "送画画班"})
    assert now(school, draft).as_policy().rules[-1].code == "own-1"

    did(relations, at, draft, "drop", code="own-1")
    assert now(school, draft).as_policy().rule("own-1") is None


def test_a_rule_that_is_not_there_is_not_found(relations, at, draft):
    assert relations.get(f"{at}/service/concessions/policy/{draft.pk}/rules/none/").status_code == 404


def test_what_one_family_may_have_is_kept(relations, at, school, draft):
    did(relations, at, draft, "cap", most_fen="800")
    assert now(school, draft).as_policy().most_fen == 80_000

    assert did(relations, at, draft, "cap", most_fen="-1").status_code == 422


def test_one_submits_another_approves(relations, boss, at, school, sound):
    did(relations, at, sound, "submit")
    assert "批准还是退回" not in seen(relations, at, sound)

    assert "批准还是退回" in seen(boss, at, sound)
    assert "已生效，从现在起按它申请" in text(did(boss, at, sound, "approve"))
    assert now(school, sound).state == "in_force"


def test_what_is_not_sound_is_refused_on_the_page(relations, at, school, draft):
    answer = did(relations, at, draft, "submit")

    assert answer.status_code == 422 and now(school, draft).state == "draft"


def test_it_is_sent_back_with_words(relations, boss, at, school, sound):
    did(relations, at, sound, "submit")
    assert did(boss, at, sound, "send_back", words="").status_code == 422

    did(boss, at, sound, "send_back", words="预算减半")
    assert now(school, sound).state == "draft"


def test_or_taken_back(relations, at, school, sound):
    did(relations, at, sound, "submit")
    did(relations, at, sound, "send_back", words="")

    assert now(school, sound).state == "draft"


def test_what_is_submitted_is_not_edited(relations, at, sound):
    did(relations, at, sound, "submit")

    answer = relations.get(f"{at}/service/concessions/policy/{sound.pk}/rules/tuition/")
    assert answer.status_code == 409 and "不能再改" in text(answer)


def test_a_draft_is_given_up(relations, at, school, draft):
    answer = relations.post(f"{at}/service/concessions/policy/{draft.pk}/discard/", follow=True)

    assert "草案放弃了，现行的不变" in text(answer)
    with tenant_scope(school):
        assert ConcessionPolicy.objects.count() == 0


def test_what_is_submitted_is_not_given_up(relations, at, school, sound):
    did(relations, at, sound, "submit")
    answer = relations.post(f"{at}/service/concessions/policy/{sound.pk}/discard/", follow=True)

    assert "只有草案可以放弃" in text(answer) and now(school, sound).state == "submitted"


def test_rules_in_force_are_read_with_what_came_before(boss, at, school, on_the_day):
    with tenant_scope(school):
        first, second = hold(), hold()

    page = seen(boss, at, second)
    assert "优惠办法，2 条规则" in page and f"/policy/{first.pk}/" in page and "不另外限" in page and RULES.rules[0].says in page


def test_who_writes_no_rules_reads_them(school, at, draft):
    agent = signed_in(make_member(school, "agent"))

    assert "改" not in [button for button in ("放弃草案", "提交批准", "加一条") if button in seen(agent, at, draft)]
    assert did(agent, at, draft, "submit").status_code == 403
    assert agent.post(f"{at}/service/concessions/policy/begin/").status_code == 403
    assert agent.post(f"{at}/service/concessions/policy/{draft.pk}/discard/").status_code == 403
