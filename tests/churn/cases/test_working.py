"""What is done with a case: causes with evidence, talks, hand-overs, and how it ends."""
from datetime import timedelta

import pytest

from audit.models import Entry
from churn.cases.opening import open_by_hand
from churn.cases.working import End, close, drop_cause, hand_to, mark_typical, name_cause, note_talk, reopen
from churn.models import CaseCause, ChurnCase, RiskStanding
from notifications.models import Message
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.churn.cases.conftest import cause, child_of, opened
from tests.churn.conftest import AT, DAY, ONE, home, night
from tests.conftest import make_member


@pytest.fixture
def inside(relations, case, miao):
    """The scope of the school is open; whoever works on the case stands beside it."""
    case.worker = relations
    return case


def named(case, name="换老师太多", weight=4, evidence="妈妈在电话里说"):
    return name_cause(case, cause(name), weight=weight, evidence=evidence, by=case.worker)


def ended(case, state="kept", **told):
    close(case, End(state, **{"result": "换了班"} | told), by=case.worker, at=AT)
    return case


# -- causes ------------------------------------------------------------------------------------------------------------------------
def test_several_causes_with_their_weights_and_evidence(inside):
    named(inside), named(inside, "停车难", 6, " 门口没有车位 ")

    assert [(one.cause.name, one.weight, one.evidence, one.by) for one in inside.causes.all()] == [
        ("停车难", 6, "门口没有车位", inside.worker), ("换老师太多", 4, "妈妈在电话里说", inside.worker)]


def test_a_cause_named_again_is_put_right(inside):
    named(inside), named(inside, weight=10, evidence="老师也这么说")

    assert [(one.weight, one.evidence) for one in CaseCause.objects.all()] == [(10, "老师也这么说")]


@pytest.mark.parametrize(("name", "weight", "evidence", "field"), [
    ("停车难", 7, "x", "weight"),
    ("停车难", 0, "x", "weight"),
    ("停车难", 11, "x", "weight"),
    ("停车难", 1, "  ", "evidence"),
])
def test_shares_are_ten_tenths_at_most_and_each_needs_evidence(inside, name, weight, evidence, field):
    named(inside)

    with pytest.raises(Refused) as refusal:
        named(inside, name, weight, evidence)
    assert refusal.value.field == field and inside.causes.count() == 1


def test_a_cause_that_is_not_used_any_more_cannot_be_named(inside):
    row = cause()
    row.is_open = False
    row.save()

    with pytest.raises(Refused) as refusal:
        named(inside)
    assert refusal.value.field == "cause"


def test_a_cause_is_removed_and_the_record_keeps_it(inside):
    drop_cause(named(inside), by=inside.worker)

    assert not inside.causes.exists()
    assert Entry.objects.get(verb="churn.cause_dropped").data["cause"] == cause().pk


def test_a_lost_case_keeps_the_last_of_its_causes(inside):
    last, other = named(inside), named(inside, "停车难", 1)
    ended(inside, "lost")
    drop_cause(CaseCause.objects.get(pk=other.pk), by=inside.worker)

    with pytest.raises(Refused) as refusal:
        drop_cause(CaseCause.objects.get(pk=last.pk), by=inside.worker)
    assert refusal.value.code == "no_cause" and inside.causes.count() == 1


# -- the end -----------------------------------------------------------------------------------------------------------------------
def test_kept_with_what_was_done(inside):
    ended(inside)

    assert (inside.state, inside.result, inside.closed_on, inside.closed_by, inside.left_on) == ("kept", "换了班",
            DAY, inside.worker, None)


def test_lost_with_its_causes_its_day_and_where_to(inside):
    named(inside)
    ended(inside, "lost", result="", left_on=DAY - 3 * ONE, went_to=" 育才幼儿园 ")

    assert (inside.state, inside.left_on, inside.went_to) == ("lost", DAY - 3 * ONE, "育才幼儿园")


@pytest.mark.parametrize(("known", "day"), [(DAY - 9 * ONE, DAY - 9 * ONE), (None, DAY)])
def test_where_no_day_is_given_the_known_one_counts_or_today(inside, known, day):
    named(inside)
    ChurnCase.objects.update(left_on=known)
    inside.refresh_from_db()
    ended(inside, "lost")

    assert inside.left_on == day


def test_natural_with_its_reason(inside):
    ended(inside, "natural", result="", natural="moved")

    assert (inside.state, inside.natural, inside.left_on) == ("natural", "moved", DAY)


def test_a_reason_of_nature_is_forgotten_where_it_was_none(inside):
    ended(inside, natural="moved")

    assert (inside.state, inside.natural) == ("kept", "")


@pytest.mark.parametrize(("state", "told", "field"), [
    ("kept", {"result": " "}, "result"),
    ("mistaken", {"result": ""}, "result"),
    ("natural", {}, "natural"),
    ("natural", {"natural": "withdrew"}, "natural"),
    ("lost", {}, "state"),
    ("open", {}, "state"),
    ("nonsense", {}, "state"),
    ("kept", {"left_on": DAY + timedelta(days=1)}, "left_on"),
])
def test_an_end_that_lacks_something_is_refused_at_its_field(inside, state, told, field):
    with pytest.raises(Refused) as refusal:
        ended(inside, state, **told)
    inside.refresh_from_db()

    assert (refusal.value.field, inside.state) == (field, "open")


def test_only_one_closes_a_case(inside):
    ended(inside)

    with pytest.raises(Refused) as refusal:
        ended(inside, "mistaken")
    assert refusal.value.code == "changed" and ChurnCase.objects.get().state == "kept"


def test_closing_a_case_changes_no_risk(inside):
    family = home(2, transfer=2)
    night()
    other = opened(family, inside.worker)
    other.worker = inside.worker
    ended(other)
    night(DAY + ONE)

    assert RiskStanding.objects.now().get(customer=family).band == "high"


def test_a_closed_case_is_opened_again_as_it_was(inside):
    ended(inside, "natural", natural="moved")
    reopen(inside, by=inside.worker)

    assert (inside.state, inside.natural, inside.closed_on, inside.closed_by, inside.result) == ("open", "", None, None, "")
    with pytest.raises(Refused) as refusal:
        reopen(inside, by=inside.worker)
    assert refusal.value.code == "changed"


def test_a_case_cannot_be_reopened_beside_an_open_one(inside):
    ended(inside)
    opened(inside.customer, inside.worker)

    with pytest.raises(Refused) as refusal:
        reopen(inside, by=inside.worker)
    assert refusal.value.code == "open_already"


# -- whose it is -------------------------------------------------------------------------------------------------------------------
def test_a_case_is_handed_to_a_colleague_who_hears_of_it_until_it_is_closed(inside, school):
    head = school.head
    hand_to(inside, head, by=inside.worker, at=AT)

    message = Message.objects.get()
    assert inside.owner == head
    assert (message.member, message.link) == (head, f"churn/cases/{inside.pk}/")
    ended(inside)
    message.refresh_from_db()
    assert message.read_at is not None


def test_who_takes_it_oneself_is_not_told(inside):
    hand_to(inside, inside.worker, by=inside.worker, at=AT)

    assert inside.owner == inside.worker and not Message.objects.exists()


def test_who_cannot_work_on_a_case_does_not_get_one(school, head, case):
    desk, gone = make_member(school, "frontdesk"), make_member(school, "agent")
    with tenant_scope(school):
        gone.is_active = False
        gone.save()
        for member in (desk, gone):
            with pytest.raises(Refused) as refusal:
                hand_to(case, member, by=head, at=AT)
            assert refusal.value.field == "owner"


def test_a_closed_case_is_not_handed_on(inside, school):
    ended(inside)

    with pytest.raises(Refused) as refusal:
        hand_to(inside, school.head, by=inside.worker, at=AT)
    assert refusal.value.code == "changed"


def test_a_typical_case_is_marked_and_unmarked(inside):
    mark_typical(inside, True, by=inside.worker)
    assert ChurnCase.objects.get().is_typical
    mark_typical(inside, False, by=inside.worker)
    assert not ChurnCase.objects.get().is_typical


# -- talks -------------------------------------------------------------------------------------------------------------------------
def talked(case, way="call_back", on=DAY, answers=(("为什么？", " 太远 "), ("去哪里？", " "))):
    return note_talk(case, way, on=on, answers=list(answers), by=case.worker, at=AT)


def test_a_talk_keeps_what_was_asked_and_answered(inside):
    row = talked(inside)

    assert (row.answers, row.way, row.by) == ([["为什么？", "太远"]], "call_back", inside.worker)


@pytest.mark.parametrize(("told", "field"), [
    ({"way": "letter"}, "way"),
    ({"answers": [("x", " ")]}, "answers"),
    ({"on": DAY + timedelta(days=1)}, "on"),
])
def test_a_talk_that_says_nothing_is_refused(inside, told, field):
    with pytest.raises(Refused) as refusal:
        talked(inside, **told)

    assert refusal.value.field == field and not inside.talks.exists()


# -- who may -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", ["close", "reopen", "hand", "mark", "cause", "drop", "talk", "open"])
def test_who_only_inspects_changes_nothing(school, head, case, act):
    inspector = make_member(school, "inspector")
    with tenant_scope(school):
        row = name_cause(case, cause(), weight=1, evidence="x", by=head)
        family = home(9)
        acts = {"close": lambda: close(case, End("kept", "x"), by=inspector, at=AT),
                "reopen": lambda: reopen(case, by=inspector),
                "hand": lambda: hand_to(case, head, by=inspector, at=AT), "mark": lambda: mark_typical(case, True,
                        by=inspector),
                "cause": lambda: name_cause(case, cause(), weight=1, evidence="x",
                        by=inspector), "drop": lambda: drop_cause(row, by=inspector),
                "talk": lambda: note_talk(case, "call_back", on=DAY, answers=[("a", "b")], by=inspector, at=AT),
                "open": lambda: open_by_hand(family, child_of(family), note="x", owner=None, by=inspector, at=AT)}
        with pytest.raises(Forbidden):
            acts[act]()
        case.refresh_from_db()
        assert (case.state, case.is_typical, case.causes.count(), case.talks.count()) == ("open", False, 1, 0)
