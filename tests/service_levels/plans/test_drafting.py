"""方案册的草案: one at a time, sound before it is submitted, a second person, and what follows from it."""
from dataclasses import replace

import pytest

from audit.models import Entry
from notifications.models import Message, Outbox
from service_levels.consumers import in_force
from service_levels.models import PlanVersion
from service_levels.plans import drafting
from service_levels.plans.book import Plan
from service_levels.plans.presets import KINDERGARTEN, WIN_BACK
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.service_levels.conftest import AT, derive, family, plan_of
from tiering.models import Scheme, SchemeVersion


@pytest.fixture
def people(school, head, deputy):
    return {"head": head, "deputy": deputy, "relations": make_member(school, "relations", "陈老师"), "desk": make_member(school, "frontdesk")}


@pytest.fixture
def inside(school, people, on_the_day):
    with tenant_scope(school):
        yield people


@pytest.fixture
def draft(inside):
    return drafting.draft_of(Scheme.objects.get(code="kg-ad"), by=inside["relations"], at=AT)


@pytest.fixture
def submitted(draft, inside):
    drafting.submit(draft, by=inside["relations"], at=AT)
    return draft


def refused(act, *args, **more) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, at=AT, **more)
    return caught.value


def titles(member) -> list[str]:
    return list(Message.objects.filter(member=member, read_at=None).values_list("title", flat=True))


# -- a draft -----------------------------------------------------------------------------------------------------------------------
def test_a_draft_begins_as_what_is_in_force(draft, inside):
    assert (draft.number, draft.state, draft.proposed_by) == (2, "draft", inside["relations"])
    assert draft.as_book() == KINDERGARTEN


def test_there_is_one_draft_whoever_asks(draft, inside):
    assert drafting.draft_of(draft.scheme, by=inside["head"], at=AT) == draft
    assert PlanVersion.objects.count() == 2


def test_a_scheme_without_plans_has_nothing_to_begin_from(inside):
    assert "还没有现行的方案册" in refused(drafting.draft_of, Scheme.objects.get(code="partner"), by=inside["head"]).message


@pytest.mark.parametrize("act", [
    lambda row, by: drafting.draft_of(row.scheme, by=by, at=AT),
    lambda row, by: drafting.keep(row, KINDERGARTEN, by=by, at=AT),
    lambda row, by: drafting.submit(row, by=by, at=AT),
    lambda row, by: drafting.approve(row, by=by, at=AT),
    lambda row, by: drafting.send_back(row, "x", by=by, at=AT),
    lambda row, by: drafting.discard(row, by=by, at=AT),
])
def test_the_front_desk_writes_no_plans(draft, inside, act):
    with pytest.raises(Forbidden):
        act(draft, inside["desk"])


# -- editing -----------------------------------------------------------------------------------------------------------------------
def test_the_grid_is_kept(draft, inside):
    cells = {(label, band): code for label, band, code in KINDERGARTEN.pairs()} | {("B", "watch"): "closer"}
    drafting.keep_cells(draft, cells | {("", "low"): "closer"}, by=inside["head"], at=AT)

    book = draft.as_book()
    assert (book.owed("B", "watch").code, book.owed("B", "low").code, book.owed("", "low").code) == ("closer", "quality", "closer")
    assert draft.proposed_by == inside["head"]


def test_a_plan_is_kept_and_the_others_stay(draft, inside):
    slower = replace(WIN_BACK, respond=120, lines=WIN_BACK.lines[:3])
    drafting.keep_plan(draft, slower, by=inside["relations"], at=AT)

    assert draft.as_book().plan("win-back") == slower
    assert [plan for plan in draft.as_book().plans if plan.code != "win-back"] == [
            plan for plan in KINDERGARTEN.plans if plan.code != "win-back"]


def test_a_new_plan_begins_as_another(draft, inside):
    code = drafting.copy_plan(draft, "quality", " 优质加 ", by=inside["relations"], at=AT)
    made: Plan = draft.as_book().plan(code)

    assert (code, made.name, made.lines) == ("own-1", "优质加", KINDERGARTEN.plan("quality").lines)
    assert drafting.copy_plan(draft, code, "再加一个", by=inside["relations"], at=AT) == "own-2"


@pytest.mark.parametrize("name", ["", "  ", "优质服务"])
def test_a_new_plan_needs_a_name_of_its_own(draft, inside, name):
    assert refused(drafting.copy_plan, draft, "quality", name, by=inside["relations"]).field == "name"


def test_there_are_so_many_plans_at_most(draft, inside):
    for number in range(12 - len(KINDERGARTEN.plans)):
        drafting.copy_plan(draft, "quality", f"方案{number}", by=inside["relations"], at=AT)

    assert "最多 12 个" in refused(drafting.copy_plan, draft, "quality", "又一个", by=inside["relations"]).message


def test_a_plan_that_is_used_stays(draft, inside):
    assert "还有等级在用“挽回”" in refused(drafting.drop_plan, draft, "win-back", by=inside["relations"]).message


def test_a_plan_that_nobody_uses_goes(draft, inside):
    code = drafting.copy_plan(draft, "quality", "用不上", by=inside["relations"], at=AT)
    drafting.drop_plan(draft, code, by=inside["relations"], at=AT)

    assert draft.as_book() == KINDERGARTEN


def test_what_is_in_force_is_not_edited(inside):
    row = PlanVersion.objects.get()

    assert refused(drafting.keep, row, KINDERGARTEN, by=inside["head"]).code == "stale"


# -- two people --------------------------------------------------------------------------------------------------------------------
def test_whoever_may_approve_hears_of_it(submitted, inside):
    assert submitted.state == "submitted"
    assert titles(inside["head"]) == titles(inside["deputy"]) == ["“幼儿园 A–D”的服务方案第 2 版等您批准"]
    assert titles(inside["relations"]) == []


def test_what_is_not_sound_is_not_submitted(draft, inside):
    drafting.keep(draft, replace(KINDERGARTEN, cells=(("gone",) * 3, *KINDERGARTEN.cells[1:])), by=inside["relations"], at=AT)

    assert "都要选一个方案" in refused(drafting.submit, draft, by=inside["relations"]).message
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_it_is_submitted_once(submitted, inside):
    assert refused(drafting.submit, submitted, by=inside["relations"]).code == "stale"


def test_a_second_person_puts_it_in_force(submitted, inside):
    drafting.approve(submitted, by=inside["head"], at=AT)

    assert (submitted.state, submitted.approved_by, submitted.in_force_since) == ("in_force", inside["head"], AT)
    assert list(PlanVersion.objects.order_by("number").values_list("state", flat=True)) == ["retired", "in_force"]
    assert titles(inside["deputy"]) == []
    assert titles(inside["relations"]) == ["服务方案第 2 版批准了，已经生效"]


def test_nobody_approves_their_own(inside):
    row = drafting.draft_of(Scheme.objects.get(code="kg-ad"), by=inside["head"], at=AT)
    drafting.submit(row, by=inside["head"], at=AT)
    with pytest.raises(Refused):
        drafting.approve(row, by=inside["head"], at=AT)
    row.refresh_from_db()

    assert row.state == "submitted"


def test_a_draft_is_not_approved(draft, inside):
    assert refused(drafting.approve, draft, by=inside["head"]).code == "stale"
    assert PlanVersion.objects.get(number=1).state == "in_force"


def test_what_is_sent_back_says_why_and_can_be_edited(submitted, inside):
    drafting.send_back(submitted, " 周期太密 ", by=inside["head"], at=AT)

    assert submitted.state == "draft"
    assert titles(inside["relations"]) == ["服务方案退回了：周期太密"]
    drafting.keep(submitted, KINDERGARTEN, by=inside["relations"], at=AT)


def test_who_sends_it_back_says_why(submitted, inside):
    assert refused(drafting.send_back, submitted, " ", by=inside["head"]).field == "words"


def test_who_submitted_it_takes_it_back_without_a_word(submitted, inside):
    drafting.send_back(submitted, "", by=inside["relations"], at=AT)

    assert (submitted.state, titles(inside["head"]), titles(inside["relations"])) == ("draft", [], [])


def test_a_draft_cannot_be_sent_back(draft, inside):
    assert refused(drafting.send_back, draft, "x", by=inside["head"]).code == "stale"


def test_a_draft_is_given_up_and_the_number_is_free_again(draft, inside):
    drafting.discard(draft, by=inside["relations"], at=AT)

    assert PlanVersion.objects.get().number == 1
    assert drafting.draft_of(Scheme.objects.get(code="kg-ad"), by=inside["head"], at=AT).number == 2


def test_what_waits_is_not_given_up(submitted, inside):
    assert refused(drafting.discard, submitted, by=inside["relations"]).code == "stale"


# -- what follows ------------------------------------------------------------------------------------------------------------------
def test_new_plans_are_new_entitlements_the_same_day(draft, inside):
    customer = family(1, "B", "watch")
    derive()
    cells = (KINDERGARTEN.cells[0], ("quality", "closer", "win-back"), *KINDERGARTEN.cells[2:])
    drafting.keep(draft, replace(KINDERGARTEN, cells=cells), by=inside["relations"], at=AT)
    drafting.submit(draft, by=inside["relations"], at=AT)
    drafting.approve(draft, by=inside["head"], at=AT)
    in_force(Outbox.objects.get(topic="service.plans_in_force").payload)

    assert plan_of(customer) == "closer"


def test_every_step_is_on_record(submitted, inside):
    drafting.send_back(submitted, "x", by=inside["head"], at=AT)
    drafting.submit(submitted, by=inside["relations"], at=AT)
    drafting.approve(submitted, by=inside["head"], at=AT)

    verbs = Entry.objects.filter(verb__startswith="service.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["service.plans_begun", "service.plans_submitted", "service.plans_sent_back", "service.plans_submitted",
                           "service.plans_approved"]


def test_a_version_keeps_its_book_as_it_was(submitted, inside):
    drafting.approve(submitted, by=inside["head"], at=AT)

    assert PlanVersion.objects.get(number=1).as_book() == KINDERGARTEN


# -- when the scheme's tiers change -----------------------------------------------------------------------------------------------
def with_tiers(*labels: str) -> Scheme:
    """The scheme in force with other tiers."""
    version = SchemeVersion.objects.get(scheme__code="kg-ad", state="in_force")
    SchemeVersion.objects.filter(pk=version.pk).update(rules=version.rules | {"labels": list(labels), "cuts": list(range(len(labels)))[::-1]})
    return Scheme.objects.get(code="kg-ad")


def test_a_draft_is_begun_for_the_tiers_of_now(inside):
    draft = drafting.draft_of(with_tiers("A", "B", "C", "D", "E"), by=inside["relations"], at=AT)

    assert draft.as_book().labels == ("A", "B", "C", "D", "E")
    assert draft.as_book().owed("E", "low").code == KINDERGARTEN.owed("", "low").code


def test_a_draft_of_other_tiers_is_not_submitted(draft, inside):
    with_tiers("A", "B", "C", "D", "E")

    assert "等级改过了" in refused(drafting.submit, draft, by=inside["relations"]).message


def test_the_plans_page_says_which_tier_nothing_is_written_for(school, people, at):
    relations = signed_in(people["relations"])
    assert "多了等级" not in relations.get(f"{at}/service/").content.decode()
    with tenant_scope(school):
        with_tiers("A", "B", "C", "D", "E", "F")

    page = relations.get(f"{at}/service/").content.decode()

    assert "多了等级 E、F，还没写该享什么" in page and "起草一版补上" in page
