"""What is done with a refund application, by whom, and what stands in the way."""
import pytest

from audit.models import Entry
from churn.cases.opening import open_by_hand
from churn.cases.working import End, close
from churn.models import ChurnCase, RefundLine, RefundRequest, SaveOffer
from churn.refunds.working import (
    Asked,
    add,
    answer,
    approve,
    decline,
    lines_of,
    offer,
    others,
    pay,
    propose,
    recount,
    reopen,
    send_back,
    take,
    take_back,
)
from crm.actions import refund as pay_back
from crm.models import Child, Enrolment, Payment, TimelineEntry
from notifications.models import Message
from tenancy.models import Campus
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.churn.cases.conftest import child_of
from tests.churn.conftest import AT, DAY, ONE, home
from tests.churn.refunds.makers import asks, package, paid, the_line
from tests.conftest import make_member

State = RefundRequest.State


@pytest.fixture
def colleagues(centre):
    """A second front desk, and who handles the cases."""
    return make_member(centre, "frontdesk", "乙"), make_member(centre, "relations")


@pytest.fixture
def open_school(centre, row, colleagues):
    with tenant_scope(centre):
        ChurnCase.objects.update(owner=colleagues[1])
        yield RefundRequest.objects.get()


@pytest.fixture
def proposed(open_school, frontdesk):
    propose(open_school, by=frontdesk, at=AT)
    return open_school


@pytest.fixture
def approved(proposed, head):
    approve(proposed, "同意", by=head, at=AT)
    return proposed


def refused(do, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as refusal:
        do(*args, **kwargs)
    return refusal.value


# -- taking it down ------------------------------------------------------------------------------------------------------------------
def test_an_application_opens_the_case_is_counted_and_stands_on_the_timeline(open_school, family):
    row, line = open_school, the_line(open_school)

    assert (row.state, row.case.trigger, row.case.note, row.counted_on, row.campus) == ("asked", "refund",
            "换老师太多", DAY, family.campus)
    assert (line.counted_fen, line.is_in) == (200000, True)
    assert TimelineEntry.objects.get(title="申请退费").text == "换老师太多"
    assert Entry.objects.filter(verb="churn.refund_asked").count() == 1
    assert RefundRequest.objects.get().rules == "校外培训（全国）"


def test_an_open_case_of_the_child_is_joined(centre, family, head, frontdesk):
    with tenant_scope(centre):
        case = open_by_hand(family, child_of(family), note="想走", owner=None, by=head, at=AT)
        row = asks(family, frontdesk)

        assert row.case == case and ChurnCase.objects.count() == 1


def test_the_day_they_mean_to_leave_is_the_day_it_is_counted_on(centre, family, frontdesk):
    with tenant_scope(centre):
        assert asks(family, frontdesk, leaves_on=DAY + 9 * ONE).counted_on == DAY + 9 * ONE


def test_the_campus_is_where_the_child_is_enrolled(centre, family, frontdesk):
    with tenant_scope(centre):
        west = Campus.objects.create(code="west", name="西园")
        Enrolment.objects.update(campus=west)

        assert asks(family, frontdesk).campus == west


def test_a_second_application_for_the_same_child_is_refused(open_school, family, frontdesk):
    refusal = refused(asks, family, frontdesk)

    assert (refusal.code, refusal.about) == ("open_already", open_school)
    assert RefundRequest.objects.count() == 1


def test_siblings_have_an_application_each(open_school, family, frontdesk):
    other = Child.objects.create(family=family.family, name="周二宝")

    assert asks(family, frontdesk, child=other).child == other


def test_a_child_of_another_family_is_refused(open_school, frontdesk):
    other = home(2)

    assert refused(take, other, Asked(open_school.child, DAY, "face", "x"), by=frontdesk, at=AT).field == "child"


def test_the_reason_must_be_written(open_school, frontdesk):
    assert refused(asks, home(2), frontdesk, reason="  ").field == "reason"


def test_who_may_not_take_one_down_is_refused(centre, family):
    teacher = make_member(centre, "teacher")
    with tenant_scope(centre), pytest.raises(Forbidden):
        asks(family, teacher)


# -- counting ------------------------------------------------------------------------------------------------------------------------
def test_corrected_figures_are_counted_again(open_school, frontdesk, family):
    line = the_line(open_school)
    line.package = package(family, 60, 20, DAY, gifted=0)
    recount(open_school, DAY, [line], by=frontdesk)

    assert the_line(open_school).counted_fen == 200000


def test_what_is_agreed_holds_and_says_why(open_school, frontdesk):
    line = the_line(open_school)
    line.agreed_fen, line.why = 150000, "教材拆了"
    recount(open_school, DAY, [line], by=frontdesk)

    assert (the_line(open_school).fen, the_line(open_school).counted_fen) == (150000, 200000)


def test_what_is_agreed_otherwise_without_why_is_refused_and_nothing_is_written(open_school, frontdesk):
    line = the_line(open_school)
    line.agreed_fen = 150000

    assert refused(recount, open_school, DAY, [line], by=frontdesk).field == f"why-{line.pk}"
    assert the_line(open_school).agreed_fen is None


def test_more_than_was_paid_is_refused(open_school, frontdesk):
    line = the_line(open_school)
    line.agreed_fen, line.why = 300001, "x"

    assert refused(recount, open_school, DAY, [line], by=frontdesk).field == f"agreed_fen-{line.pk}"


def test_what_was_paid_since_joins_when_it_is_counted_again(open_school, frontdesk, family):
    paid(family, 100, DAY - ONE)
    recount(open_school, DAY, lines_of(open_school), by=frontdesk)

    assert [line.payment.amount_fen for line in lines_of(open_school)] == [300000, 10000]


def test_an_older_payment_is_added_by_hand_once(open_school, frontdesk, family):
    old = paid(family, 500, DAY - 500 * ONE)
    assert others(open_school, lines_of(open_school)) == [old]

    add(open_school, old.pk, by=frontdesk)

    assert {line.payment for line in lines_of(open_school)} == set(Payment.objects.all())
    assert refused(add, open_school, old.pk, by=frontdesk).code == "changed"


@pytest.mark.parametrize("payment", [None, 0, 999999])
def test_a_payment_that_is_none_of_theirs_is_not_added(open_school, frontdesk, payment):
    assert refused(add, open_school, payment, by=frontdesk).code == "changed"


def test_once_proposed_nothing_is_counted_any_more(proposed, frontdesk, family):
    old = paid(family, 500, DAY - 500 * ONE)

    assert refused(recount, proposed, DAY, lines_of(proposed), by=frontdesk).code == "changed"
    assert refused(add, proposed, old.pk, by=frontdesk).code == "changed"


# -- approving and paying ------------------------------------------------------------------------------------------------------------
def test_it_is_proposed_to_everybody_else_who_may_approve(proposed, head, deputy, frontdesk):
    told = Message.objects.filter(key__startswith=f"refund-{proposed.pk}-proposed")

    assert (proposed.state, proposed.proposed_by) == ("proposed", frontdesk)
    assert {message.member for message in told} == {head, deputy}
    assert {message.title for message in told} == {"退费 2000.00 元等您审批"}


def test_a_line_that_cannot_be_told_keeps_it_from_being_proposed(open_school, frontdesk):
    RefundLine.objects.update(package=None)
    recount(open_school, DAY, lines_of(open_school), by=frontdesk)

    assert "还有 1 笔算不出来" in refused(propose, open_school, by=frontdesk, at=AT).message


def test_nothing_to_give_back_is_not_proposed(open_school, frontdesk):
    RefundLine.objects.update(is_in=False)

    assert "没有可退的钱" in refused(propose, open_school, by=frontdesk, at=AT).message


def test_who_proposed_it_does_not_approve_it(open_school, head):
    propose(open_school, by=head, at=AT)

    assert refused(approve, open_school, by=head, at=AT).code == refused(decline, open_school, "x", by=head,
            at=AT).code == "second_pair_of_eyes"


def test_an_approval_is_told_to_who_proposed_it_and_what_waited_is_settled(approved, frontdesk, deputy):
    assert (approved.state, approved.decision) == ("approved", "同意")
    assert Message.objects.get(member=frontdesk,
            key__startswith=f"refund-{approved.pk}-decided").title == "退费批准了，可以退款"
    assert Message.objects.get(member=deputy).read_at == AT


def test_paying_writes_a_negative_payment_and_tells_who_handles_the_case(approved, head, colleagues):
    pay(approved, by=head, at=AT)
    back = Payment.objects.get(amount_fen__lt=0)

    assert (approved.state, approved.closed_on, back.amount_fen, back.paid_on) == ("paid", DAY, -200000, DAY)
    assert the_line(approved).refunded == back
    assert Message.objects.filter(member=colleagues[1], key__endswith="-paid").count() == 1


def test_it_is_paid_once(approved, head):
    again = RefundRequest.objects.get()
    pay(approved, by=head, at=AT)

    assert refused(pay, again, by=head, at=AT).code == "changed"
    assert Payment.objects.filter(amount_fen__lt=0).count() == 1


def test_what_was_paid_back_meanwhile_stops_all_of_it(approved, head):
    pay_back(Payment.objects.get(), amount_fen=250000, on=DAY, by=head)

    assert "最多还能退 500.00 元" in refused(pay, approved, by=head, at=AT).message
    assert RefundRequest.objects.get().state == "approved"


def test_before_approval_nothing_is_paid(proposed, head):
    assert refused(pay, proposed, by=head, at=AT).code == "changed"


def test_it_goes_back_with_what_is_to_be_changed(approved, head, frontdesk):
    assert refused(send_back, approved, " ", by=head, at=AT).field == "words"
    send_back(approved, "教材费分开算", by=head, at=AT + ONE)

    assert (approved.state, approved.decision, approved.decided_by) == ("asked", "教材费分开算", None)
    assert "退回" in Message.objects.get(member=frontdesk, read_at=None).title


def test_who_proposed_it_takes_it_back_to_change_it(proposed, frontdesk):
    send_back(proposed, "", by=frontdesk, at=AT)

    assert proposed.state == "asked" and not Message.objects.filter(read_at=None).exists()


def test_declining_needs_a_ground(proposed, head, frontdesk):
    assert refused(decline, proposed, "", by=head, at=AT).field == "words"
    decline(proposed, "已经全部上完", by=head, at=AT)

    assert (proposed.state, proposed.closed_on, proposed.decision) == ("declined", DAY, "已经全部上完")


@pytest.mark.parametrize("do", [approve, decline, pay, send_back])
def test_the_front_desk_approves_and_pays_nothing(proposed, colleagues, do):
    words = {"words": "x"} if do in (decline, send_back) else {}

    with pytest.raises(Forbidden):
        do(proposed, by=colleagues[0], at=AT, **words)


@pytest.mark.parametrize("do", [approve, decline, send_back])
def test_what_was_decided_in_another_window_is_not_decided_again(proposed, head, deputy, do):
    stale = RefundRequest.objects.get()
    take_back(proposed, by=head, at=AT)

    assert refused(do, stale, "x", by=deputy, at=AT).code == "changed"


# -- a save offer --------------------------------------------------------------------------------------------------------------------
def test_lessons_cost_what_each_was_paid(open_school, frontdesk):
    made = offer(open_school, "lessons", "送四课时", lessons=4, fen=None, by=frontdesk, at=AT)

    assert (made.fen, made.lessons, made.answer) == (40000, 4, "")


@pytest.mark.parametrize(("kind", "text", "lessons", "fen", "cost"), [
    ("discount", "减免", None, 5000, 5000),
    ("pause", "留名额", None, None, 0),
    ("change", "换班", 3, None, 0),
    ("lessons", "送两课时", 2, 100, 100),
])
def test_what_an_offer_costs(open_school, frontdesk, kind, text, lessons, fen, cost):
    assert offer(open_school, kind, text, lessons=lessons, fen=fen, by=frontdesk, at=AT).fen == cost


@pytest.mark.parametrize(("kind", "text", "lessons", "field"), [
    ("x", "x", None, "kind"),
    ("pause", " ", None, "text"),
    ("lessons", "x", None, "lessons"),
])
def test_an_offer_that_lacks_something_is_refused(open_school, frontdesk, kind, text, lessons, field):
    assert refused(offer, open_school, kind, text, lessons=lessons, fen=None, by=frontdesk, at=AT).field == field


def test_an_offer_that_is_taken_ends_application_and_case(open_school, head):
    made = offer(open_school, "change", "换到朝阳班", lessons=None, fen=0, by=head, at=AT)
    answer(made, "accepted", by=head, at=AT)
    case = ChurnCase.objects.get()

    assert (RefundRequest.objects.get().state, case.state, case.result) == ("kept", "kept", "换到朝阳班")


def test_the_front_desk_may_not_close_the_case_so_its_owner_is_told(open_school, frontdesk, colleagues):
    made = offer(open_school, "change", "换到朝阳班", lessons=None, fen=0, by=frontdesk, at=AT)
    answer(made, "accepted", by=frontdesk, at=AT)

    assert ChurnCase.objects.get().state == "open"
    assert Message.objects.get(member=colleagues[1]).title == "一家接受了挽留方案，请了结个案"


def test_a_case_that_was_closed_before_stays_as_it_was(open_school, head):
    close(ChurnCase.objects.get(), End("mistaken", "听错了"), by=head, at=AT)
    answer(offer(open_school, "pause", "留名额", lessons=None, fen=0, by=head, at=AT), "accepted", by=head, at=AT)

    assert (RefundRequest.objects.get().state, ChurnCase.objects.get().state) == ("kept", "mistaken")


def test_an_offer_that_is_refused_leaves_everything_open(proposed, frontdesk):
    made = offer(proposed, "pause", "留名额", lessons=None, fen=0, by=frontdesk, at=AT)
    answer(made, "refused", by=frontdesk, at=AT)

    assert RefundRequest.objects.get().state == "proposed"
    assert SaveOffer.objects.get().answered_at == AT
    assert refused(answer, made, "accepted", by=frontdesk, at=AT).code == "changed"


def test_an_answer_is_one_of_two(open_school, frontdesk):
    made = offer(open_school, "pause", "留名额", lessons=None, fen=0, by=frontdesk, at=AT)

    assert refused(answer, made, "", by=frontdesk, at=AT).field == "answer"


def test_once_it_is_over_nothing_is_offered(open_school, frontdesk):
    take_back(open_school, by=frontdesk, at=AT)

    assert refused(offer, open_school, "pause", "x", lessons=None, fen=None, by=frontdesk, at=AT).code == "changed"
    assert refused(take_back, open_school, by=frontdesk, at=AT).code == "changed"


# -- back and again ------------------------------------------------------------------------------------------------------------------
def test_an_approval_falls_when_the_family_does_not_want_it_any_more(approved, frontdesk):
    take_back(approved, by=frontdesk, at=AT)

    assert (approved.state, approved.decided_by, approved.closed_on) == ("taken_back", None, DAY)


def test_it_is_reopened_with_the_accepted_offer_undone(open_school, head):
    answer(offer(open_school, "pause", "留名额", lessons=None, fen=0, by=head, at=AT), "accepted", by=head, at=AT)
    row = RefundRequest.objects.get()
    reopen(row, by=head, at=AT)

    assert (row.state, row.closed_on, SaveOffer.objects.get().answer) == ("asked", None, "refused")


def test_it_is_not_reopened_while_another_is_open(open_school, frontdesk, family):
    take_back(open_school, by=frontdesk, at=AT)
    asks(family, frontdesk)

    assert refused(reopen, open_school, by=frontdesk, at=AT).code == "open_already"


def test_what_is_open_or_paid_is_not_reopened(approved, head):
    assert refused(reopen, approved, by=head, at=AT).code == "changed"
    pay(approved, by=head, at=AT)

    assert "已经退款" in refused(reopen, approved, by=head, at=AT).message
