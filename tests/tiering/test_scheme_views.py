"""Schemes on their pages: the editor saves what is typed and says what is wrong, the sandbox compares, two people approve."""
from dataclasses import replace

import pytest

from audit.models import Entry
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.tiering.steps import computed, current, scheme
from tiering.models import SchemeVersion, Standing
from tiering.rules import from_data
from tiering.scheme_form import typed as as_typed
from tiering.scheme_views import _changes


@pytest.fixture
def at(school):
    return f"/s/{school.slug}/tiering/schemes"


def typed(rules, **changes):
    """The editor's form as a browser would send it for these rules, with some fields typed over."""
    return dict(as_typed(rules).lists()) | changes


@pytest.fixture
def number(school):
    with tenant_scope(school):
        return scheme().pk


@pytest.fixture
def rules(school):
    with tenant_scope(school):
        return current().as_rules()


def draft(school):
    with tenant_scope(school):
        return SchemeVersion.objects.filter(scheme=scheme(), state__in=["draft", "submitted"]).first()


# -- the list ------------------------------------------------------------------------------------------------------------
def test_every_scheme_stands_with_its_version_in_force(at, head_client):
    rows = head_client.get(f"{at}/").context["rows"]

    assert [(row[0].code, row[1].number, row[2].labels) for row in rows] == [(code, 1,
            ("A", "B", "C", "D")) for code in ("kg-ad", "prospect", "partner")]


@pytest.mark.parametrize(("role", "can"), [("head", True), ("deputy", True), ("teacher", False), ("inspector", False)])
def test_who_may_edit_is_offered_it(school, at, role, can):
    assert signed_in(make_member(school, role)).get(f"{at}/").context["can"] is can


# -- the editor ------------------------------------------------------------------------------------------------------------
def test_opening_the_editor_makes_one_draft(school, at, head_client, number):
    for _ in range(2):
        page = head_client.get(f"{at}/{number}/")

    with tenant_scope(school):
        assert (SchemeVersion.objects.filter(scheme_id=number).count(), page.context["draft"].number,
                page.context["changes"]) == (2, 2, [])


def test_what_nobody_changed_is_saved_as_it_was(school, at, head_client, number, rules):
    head_client.post(f"{at}/{number}/", typed(rules))

    assert from_data(draft(school).rules) == rules


def test_a_weight_is_changed_and_the_page_says_what_is_missing(school, at, head_client, number, rules):
    page = head_client.post(f"{at}/{number}/", typed(rules, **{"weight-spend": "20"}), follow=True)

    assert page.context["total"] == 90 and page.context["changes"] == ["消费金额 30 → 20"]
    assert page.context["problems"] == [("weights", "权重合计 90，少了 10，要正好 100。")]


def test_what_is_no_number_is_told_at_its_place_and_nothing_is_saved(school, at, head_client, number, rules):
    answer = head_client.post(f"{at}/{number}/", typed(rules, **{"weight-spend": "三十"}))

    assert (answer.status_code, answer.context["problems"]) == (422, [("weights", "“三十”不是数字。")])
    assert from_data(draft(school).rules) == rules


def test_all_that_was_typed_comes_back_where_a_part_of_it_could_not_be_read(school, at, head_client, number, rules):
    changes = {"weight-spend": "三十", "weight-intent": "25", "edge-intent": ["1", "4", ""],
            "points-intent": ["0", "90", ""], "drop-contacts": "1",
               "add-indicator": "credit", "label": ["金", "银", "铜", "铁"], "cut": ["80", "60", "40",
                       "0"], "min_days": "45", "list_price": "",
               "gate-tier": ["1", "0"], "gate-fact": ["spend", ""], "gate-least": ["9,000", ""]}
    told = head_client.post(f"{at}/{number}/", typed(rules, **changes)).context
    rows = {row["code"]: row for row in told["indicators"]}

    assert (rows["spend"]["weight"], rows["intent"]["weight"], rows["contacts"]["drop"], told["added"]) == ("三十",
            "25", "1", "credit")
    assert rows["intent"]["bands"] == [("1", "0"), ("4", "90"), ("", "")]
    assert told["form"]["min_days"] == "45"
    assert not told["form"]["list_price"]
    assert [(label, cut) for _, label, cut in told["tiers"]] == [("金", "80"), ("银", "60"), ("铜", "40"), ("铁", "0")]
    assert [limit for _, limit in told["gates"]] == [("1", "spend", "9,000")]


@pytest.mark.parametrize(("changes", "said"), [
    ({"edge-spend": [""], "points-spend": [""]}, "消费金额：每一档都要有起点和得分。"),
    ({"window-spend": "100000"}, "消费金额：近几个月要在 0 到 240 之间，0 是至今。"),
    ({"transfer_days": "1e11"}, "转园倾向记录几天内有效：天数要在 0 到 7300 之间。"),
    ({"label": ["", "", "", ""]}, "等级要有 2 到 8 个，名称不能空、不能重复。"),
    ({"label": [], "cut": []}, "等级要有 2 到 8 个，名称不能空、不能重复。"),
    ({"gate-tier": ["9"], "gate-fact": ["spend"], "gate-least": ["1"]}, "门槛或封顶指向了不存在的指标或等级。"),
    ({"cap-tier": ["-7"], "cap-fact": ["spend"], "cap-least": ["1"]}, "门槛或封顶指向了不存在的指标或等级。"),
])
def test_a_draft_however_unsound_can_be_opened_and_says_what_is_wrong(school, at, head_client, number, rules, changes,
        said):
    head_client.post(f"{at}/{number}/", typed(rules, **changes))
    page = head_client.get(f"{at}/{number}/")

    assert page.status_code == 200 and said in [text for _, text in page.context["problems"]]
    assert head_client.get(f"{at}/{draft(school).pk}/sandbox/").status_code == 200


def test_an_indicator_is_added_and_another_taken_out(school, at, head_client, number, rules):
    head_client.post(f"{at}/{number}/", typed(rules, **{"add-indicator": "frequency", "drop-contacts": "on"}))
    codes = [i.code for i in from_data(draft(school).rules).indicators]

    assert "frequency" in codes and "contacts" not in codes


def test_a_sound_draft_leads_to_the_sandbox_when_asked(at, head_client, number, rules):
    answer = head_client.post(f"{at}/{number}/", typed(rules, go="sandbox"))

    assert answer["Location"].endswith("/sandbox/")


def test_an_unsound_draft_stays_in_the_editor(at, head_client, number, rules):
    answer = head_client.post(f"{at}/{number}/", typed(rules, go="sandbox", **{"weight-spend": "20"}))

    assert answer["Location"] == f"{at}/{number}/"


def test_a_submitted_draft_is_edited_no_more(school, at, head_client, number, rules):
    head_client.post(f"{at}/{number}/", typed(rules))
    head_client.post(f"{at}/{draft(school).pk}/submit/")
    answer = head_client.post(f"{at}/{number}/", typed(rules, **{"weight-spend": "20"}))

    assert answer.status_code == 409 and from_data(draft(school).rules) == rules


@pytest.mark.parametrize("role", ["teacher", "operations", "inspector", "frontdesk"])
def test_the_editor_is_for_who_may_edit(school, at, number, role):
    client = signed_in(make_member(school, role))

    assert [client.get(f"{at}/{number}/").status_code, client.post(f"{at}/{number}/", {}).status_code] == [403, 403]
    assert draft(school) is None


def test_a_scheme_that_is_not_there_has_no_editor(at, head_client):
    assert head_client.get(f"{at}/999999/").status_code == 404


# -- what changed ----------------------------------------------------------------------------------------------------------
def test_changes_are_told_in_short_phrases(rules):
    spend, intent, *rest = rules.indicators
    heavier = replace(rules, indicators=(replace(spend, weight=40), intent, *rest))
    smoother = replace(rules, indicators=(replace(spend, smooth=True), intent, *rest))
    fewer = replace(rules, indicators=(spend, *rest))

    assert _changes(rules, rules) == []
    assert _changes(rules, heavier) == ["消费金额 30 → 40"]
    assert _changes(rules, smoother) == ["消费金额的计分"]
    assert (_changes(rules, fewer), _changes(fewer, rules)) == (["去掉合作意向"], ["加上合作意向"])
    assert _changes(rules, replace(rules, cuts=(8000, 5500, 3500, 0), gates=())) == ["分数线", "门槛与封顶"]


# -- the sandbox ------------------------------------------------------------------------------------------------------------
def saved(school, at, client, number, rules, **changes):
    client.post(f"{at}/{number}/", typed(rules, **changes))
    return draft(school).pk


def test_the_sandbox_shows_who_would_move_and_writes_nothing(school, at, head_client, customer, number, rules):
    pk = saved(school, at, head_client, number, rules, cut=["95", "90", "85", "0"])
    page = head_client.get(f"{at}/{pk}/sandbox/")

    assert [(m.customer.name, m.before, m.after) for m in page.context["movers"]] == [("周小满一家", "B", "D")]
    assert (page.context["result"].moved, page.context["changes"], len(page.context["backtests"])) == (1, ["分数线"], 3)
    with tenant_scope(school):
        assert not Standing.objects.exists()


def test_an_unsound_draft_is_not_run(school, at, head_client, customer, number, rules):
    pk = saved(school, at, head_client, number, rules, **{"weight-spend": "20"})
    page = head_client.get(f"{at}/{pk}/sandbox/")

    assert page.context["problems"] and "result" not in page.context


@pytest.mark.parametrize(("role", "status"), [("teacher", 200), ("frontdesk", 403)])
def test_the_sandbox_is_looked_at_by_who_sees_tiers(school, at, head_client, customer, number, rules, role, status):
    pk = saved(school, at, head_client, number, rules)

    assert signed_in(make_member(school, role)).get(f"{at}/{pk}/sandbox/").status_code == status


# -- two people --------------------------------------------------------------------------------------------------------------
def test_a_draft_is_submitted_approved_and_in_force(school, at, head_client, deputy, number, rules):
    pk = saved(school, at, head_client, number, rules, **{"weight-spend": "25", "weight-intent": "25"})
    submitted = head_client.post(f"{at}/{pk}/submit/", follow=True).content.decode()
    approved = signed_in(deputy).post(f"{at}/{pk}/approve/", follow=True).content.decode()

    with tenant_scope(school):
        states = dict(SchemeVersion.objects.filter(scheme_id=number).values_list("number", "state"))
    assert ("等另一位同事审批" in submitted, "第 2 版已生效" in approved, states) == (True, True,
            {1: "retired", 2: "in_force"})


def test_who_proposed_it_cannot_approve_it(school, at, head_client, number, rules):
    pk = saved(school, at, head_client, number, rules)
    head_client.post(f"{at}/{pk}/submit/")
    answer = head_client.post(f"{at}/{pk}/approve/")

    assert answer.status_code == 409 and "提交人不能审批自己" in answer.content.decode()
    with tenant_scope(school):
        assert current().number == 1


@pytest.mark.parametrize(("verb", "said"), [("submit", "已经提交过了"), ("approve", None)])
def test_a_stale_page_does_nothing_twice(school, at, head_client, deputy, number, rules, verb, said):
    pk = saved(school, at, head_client, number, rules)
    head_client.post(f"{at}/{pk}/submit/")
    client = head_client if verb == "submit" else signed_in(deputy)
    first = client.post(f"{at}/{pk}/{verb}/") if verb == "approve" else None
    again = client.post(f"{at}/{pk}/{verb}/")

    assert again.status_code == 409
    assert first is None or first.status_code == 302
    assert said is None or said in again.content.decode()


def test_an_unsound_draft_is_not_submitted(school, at, head_client, number, rules):
    pk = saved(school, at, head_client, number, rules, **{"weight-spend": "20"})
    answer = head_client.post(f"{at}/{pk}/submit/")

    assert answer.status_code == 409 and "权重合计 90" in answer.content.decode()


def test_a_draft_nobody_wants_is_discarded(school, at, head_client, number, rules):
    pk = saved(school, at, head_client, number, rules)
    page = head_client.post(f"{at}/{pk}/discard/", follow=True).content.decode()

    assert "已放弃草案" in page and draft(school) is None
    with tenant_scope(school):
        assert Entry.objects.filter(verb="tiering.version_discarded").count() == 1


@pytest.mark.parametrize("submitted", [False, True])
def test_discarding_asks_first_wherever_the_draft_is_looked_at(school, at, head_client, number, rules, submitted):
    pk = saved(school, at, head_client, number, rules)
    if submitted:
        head_client.post(f"{at}/{pk}/submit/")
    pages = [head_client.get(f"{at}/{pk}/sandbox/")] + ([] if submitted else [head_client.get(f"{at}/{number}/")])

    assert all('data-open="dlg-discard"' in page.content.decode() and '<dialog id="dlg-discard"' in page.content.decode() for page in pages)


def test_who_may_not_edit_is_not_asked(school, at, head_client, number, rules):
    pk = saved(school, at, head_client, number, rules)

    assert "dlg-discard" not in signed_in(make_member(school, "inspector")).get(f"{at}/{pk}/sandbox/").content.decode()


def test_the_version_in_force_is_not_discarded(school, at, head_client, number):
    with tenant_scope(school):
        pk = current().pk

    assert head_client.post(f"{at}/{pk}/discard/").status_code == 409


@pytest.mark.parametrize("verb", ["submit", "approve", "discard"])
def test_a_reader_moves_no_version(school, at, head_client, number, rules, verb):
    pk = saved(school, at, head_client, number, rules)

    assert signed_in(make_member(school, "inspector")).post(f"{at}/{pk}/{verb}/").status_code == 403


def test_the_next_batch_is_judged_by_the_version_in_force(school, at, head, head_client, deputy, customer, number,
        rules, now):
    pk = saved(school, at, head_client, number, rules, cut=["95", "90", "85", "0"])
    head_client.post(f"{at}/{pk}/submit/")
    signed_in(deputy).post(f"{at}/{pk}/approve/")

    with tenant_scope(school):
        batch = computed(head, now)
        assert (batch.version_id, batch.results.get().tier) == (pk, 3)
