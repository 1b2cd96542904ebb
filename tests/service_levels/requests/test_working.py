"""What is done with a request: its events, its clocks, and what a colleague who comes second is told."""
from datetime import UTC, datetime, timedelta

import pytest

from audit.models import Entry
from churn.models.departments import Department
from crm.actions import log_contact
from crm.concerns import taking
from crm.concerns.taking import Said
from crm.models import Concern, Satisfaction
from notifications.models import Message
from service_levels.models import Clock, PlanVersion, RequestEvent, ServiceRequest
from service_levels.requests import concerns, working
from service_levels.requests.working import Wish
from tenancy.models import Membership, User
from tenancy.refusals import Refused
from tests.service_levels.conftest import derive, family

TEN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten in the morning of a Friday, at the campus; open until 17:30, lunch from 12 to 14
WISH = Wish("service", "换一床被子", "phone")


def at(hours: float) -> datetime:
    """So many hours after ten."""
    return TEN + timedelta(hours=hours)


def clock(row: ServiceRequest, kind: str = "resolve") -> Clock:
    return Clock.objects.get(request=row, kind=kind)


def due(row: ServiceRequest, kind: str = "resolve") -> datetime | None:
    return clock(row, kind).due_at


@pytest.fixture
def customer(miao, head):
    """A family of tier A: an hour to be answered, nine open hours to be settled, by whoever looks after it."""
    row = family(1, "A", "low", owner=head)
    derive()
    return row


@pytest.fixture
def row(customer, head):
    return working.open_request(WISH, customer=customer, by=head, at=TEN)


@pytest.fixture
def other(miao):
    return Membership.objects.create(user=User.objects.create(username="l@miao"), role="relations", name="李老师")


# -- opened --------------------------------------------------------------------------------------------------------------------------
def test_a_request_runs_two_clocks_by_the_plan_of_its_family(row, head):
    assert (row.plan, row.priority, row.owner, row.version.number) == ("dedicated", 1, head, 1)
    assert (clock(row, "reply").minutes, due(row, "reply")) == (60, at(1))
    assert (clock(row).minutes, due(row)) == (540, datetime(2026, 11, 23, 3, 30, tzinfo=UTC))  # Monday 11:30
    assert row.due_at == at(1)
    assert clock(row, "reply").next_at == at(0.8)


def test_its_number_is_drawn_and_its_opening_written_down(row, head, customer):
    assert row.number == "Q-2026-0001"
    event = RequestEvent.objects.get()
    assert (event.verb, event.text, event.channel, event.by) == ("opened", "换一床被子", "phone", head)
    assert Entry.objects.filter(verb="service.request_opened").count() == 1


def test_of_nobody_known_the_plan_of_who_is_not_rated_speaks(miao, head):
    row = working.open_request(Wish("enquiry", "什么时候招生", caller="王女士", phone="13900139000"), by=head, at=TEN)

    assert (row.plan, row.owner, row.caller, row.phone) == ("quality", None, "王女士", "13900139000")
    assert clock(row, "reply").minutes == 120


def test_where_no_plan_is_in_force_there_still_is_a_deadline(miao, head):
    PlanVersion.objects.update(state="retired")
    row = working.open_request(WISH, by=head, at=TEN)

    assert (row.plan, row.version, clock(row, "reply").minutes, clock(row).minutes) == ("", None, 120, 540)


def test_a_stand_in_gets_what_comes_for_whom_they_cover(customer, head, other):
    head.stands_in = other
    head.save()
    row = working.open_request(WISH, customer=customer, by=None, at=TEN)

    assert row.owner == other
    assert Message.objects.get(member=other).title == "有一件要办的事等您答复"


@pytest.mark.parametrize(("wish", "field"), [(Wish("song", "x"), "kind"), (Wish("service", "  "), "text")])
def test_what_is_not_said_is_asked_for(miao, head, wish, field):
    with pytest.raises(Refused) as refused:
        working.open_request(wish, by=head, at=TEN)

    assert refused.value.field == field
    assert not ServiceRequest.objects.exists()


# -- answered ------------------------------------------------------------------------------------------------------------------------
def test_the_first_answer_stops_the_first_clock(row, head):
    working.reply(row, text="下午换", channel="phone", by=head, at=at(0.5))

    found = clock(row, "reply")
    assert (found.stopped_at, found.spent, found.breached_at, found.kept, found.next_at) == (at(0.5), 1800, None, True, None)
    assert (row.replied_at, row.due_at) == (at(0.5), due(row))


def test_a_second_answer_changes_no_clock(row, head):
    working.reply(row, text="下午换", channel="phone", by=head, at=at(0.5))
    working.reply(row, text="换好了", channel="wechat", by=head, at=at(1.5))

    assert (row.replied_at, clock(row, "reply").stopped_at) == (at(0.5), at(0.5))


LABEL = "您家是 D 级，我们想挽留您"


def test_what_the_family_will_read_gives_no_label_away(row, head):
    with pytest.raises(Refused, match="“D 级”换个说法") as answered:
        working.reply(row, text=LABEL, channel="online", by=head, at=at(0.5))
    with pytest.raises(Refused, match="“D 级”换个说法") as settled:
        working.resolve(row, result=LABEL, by=head, at=at(0.5))

    assert (answered.value.field, settled.value.field) == ("text", "result")
    assert (clock(row, "reply").stopped_at, ServiceRequest.objects.get().resolved_at) == (None, None)


def test_of_what_was_said_on_the_phone_the_family_reads_nothing(row, head):
    working.reply(row, text=LABEL, channel="phone", by=head, at=at(0.5))

    assert clock(row, "reply").stopped_at == at(0.5)


def test_an_answer_that_came_late_was_late(row, head):
    working.reply(row, text="下午换", channel="phone", by=head, at=at(1.5))

    assert (clock(row, "reply").breached_at, clock(row, "reply").kept) == (at(1), False)


def test_whoever_answers_what_nobody_has_taken_has_it(miao, head, other):
    row = working.open_request(WISH, by=head, at=TEN)
    working.reply(row, text="好", channel="phone", by=other, at=at(1))

    assert row.owner == other


def test_what_the_family_says_tells_whoever_waits_for_it(row, head, other):
    working.reply(row, text="请发照片", channel="wechat", by=head, at=at(0.2))
    working.pause(row, why="等家长发照片", by=head, at=at(0.3))
    working.heard(row, text="发了", channel="wechat", by=None, at=at(1))

    assert row.awaits_resuming and row.heard_at == at(1)
    assert "家长已经回复，Q-2026-0001 可以接着办了" in list(Message.objects.filter(member=head).values_list("title", flat=True))


def test_a_word_among_colleagues_moves_nothing(row, head):
    before = due(row)
    working.note(row, text="仓库还有两床", by=head, at=at(0.1))

    assert (due(row), row.replied_at) == (before, None)


# -- paused and resumed ----------------------------------------------------------------------------------------------------------------
def test_a_pause_moves_the_deadline_by_its_open_time(row, head):
    before = due(row)
    working.reply(row, text="请发照片", channel="wechat", by=head, at=at(0.5))
    working.pause(row, why="等家长发照片", by=head, at=at(1))
    assert (due(row), row.due_at, clock(row).next_at) == (before, None, None)
    working.resume(row, by=head, at=at(5))  # from 11 to 15: lunch is not open

    assert (before, due(row)) == (datetime(2026, 11, 23, 3, 30, tzinfo=UTC), datetime(2026, 11, 23, 7, 30, tzinfo=UTC))  # two open hours
    assert (row.paused_at, row.pause_why) == (None, "")


def test_nobody_pauses_before_an_answer_or_without_a_reason_or_twice(row, head):
    with pytest.raises(Refused):
        working.pause(row, why="等", by=head, at=at(0.1))
    working.reply(row, text="好", channel="phone", by=head, at=at(0.2))
    with pytest.raises(Refused) as refused:
        working.pause(row, why=" ", by=head, at=at(0.3))
    assert refused.value.field == "why"
    working.pause(row, why="等照片", by=head, at=at(0.4))
    with pytest.raises(Refused):
        working.pause(row, why="等照片", by=head, at=at(0.5))
    working.resume(row, by=head, at=at(0.6))
    with pytest.raises(Refused):
        working.resume(row, by=head, at=at(0.7))


# -- handed on -------------------------------------------------------------------------------------------------------------------------
def test_of_two_who_take_it_the_first_has_it(miao, head, other):
    row = working.open_request(WISH, by=head, at=TEN)
    working.take(row, by=other, at=at(0.1))
    with pytest.raises(Refused) as refused:
        working.take(row, by=head, at=at(0.1))

    assert (row.owner, refused.value.message) == (other, "李老师 已经接手了。")


def test_it_is_handed_to_a_department_and_a_colleague_and_the_clocks_go_on(row, head, other):
    before = due(row), due(row, "reply")
    working.hand_over(row, department="admin", to=other, text="仓库的事", by=head, at=at(0.2))

    assert (row.department, row.owner) == (Department.ADMINISTRATION, other)
    assert (due(row), due(row, "reply")) == before
    assert RequestEvent.objects.get(verb="handed").text == "转给行政、李老师：仓库的事"
    assert Message.objects.filter(member=other, title__contains="转给您一件").count() == 1


def test_a_department_alone_has_nobody_yet(row, head):
    working.hand_over(row, department="teaching", to=None, text="", by=head, at=at(0.2))

    assert (row.department, row.owner) == ("teaching", None)


def test_it_is_handed_to_somebody(row, head, other):
    other.is_active = False
    for department, to in (("", None), ("kitchen", None), ("", other)):
        with pytest.raises(Refused):
            working.hand_over(row, department=department, to=to, text="", by=head, at=at(0.2))


# -- settled ---------------------------------------------------------------------------------------------------------------------------
def test_settling_stops_both_clocks(row, head):
    working.resolve(row, result="换了新被子", by=head, at=at(0.5))

    assert [(one.stopped_at, one.kept) for one in Clock.objects.filter(request=row)] == [(at(0.5), True)] * 2
    assert (row.resolved_at, row.result, row.replied_at, row.due_at) == (at(0.5), "换了新被子", at(0.5), None)


def test_what_is_settled_while_paused_ends_the_pause(row, head):
    working.reply(row, text="请发照片", channel="wechat", by=head, at=at(0.5))
    working.pause(row, why="等照片", by=head, at=at(1))
    working.resolve(row, result="不用照片了", by=head, at=at(1.5))

    assert (row.paused_at, clock(row).spent) == (None, 3600)


def test_opened_again_it_goes_on_from_what_was_used(row, head):
    working.resolve(row, result="换了", by=head, at=at(1))
    working.reopen(row, why="还是旧的", by=head, at=at(5))

    assert due(row) == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)  # two open hours later than it was: Monday 15:30
    assert (row.resolved_at, clock(row).stopped_at, clock(row, "reply").stopped_at) == (None, None, at(1))


def test_nothing_is_done_with_what_is_settled(row, head):
    working.resolve(row, result="换了", by=head, at=at(1))

    for act in (lambda: working.reply(row, text="x", channel="phone", by=head, at=at(2)), lambda: working.take(row, by=head, at=at(2)),
                lambda: working.resolve(row, result="x", by=head, at=at(2)), lambda: working.pause(row, why="x", by=head, at=at(2))):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "stale"


def test_the_family_is_asked_whether_it_is(row, head, customer):
    working.resolve(row, result="换了", by=head, at=at(1))
    working.confirm(row, score=4, text="挺好", by=head, at=at(5))

    assert (row.confirmed_at, row.score) == (at(5), 4)
    assert (Satisfaction.objects.get().customer, Satisfaction.objects.get().score) == (customer, 4)
    with pytest.raises(Refused):
        working.confirm(row, score=5, text="", by=head, at=at(6))


def test_what_is_not_settled_is_not_confirmed_and_scores_have_bounds(row, head):
    with pytest.raises(Refused):
        working.confirm(row, score=4, text="", by=head, at=at(5))
    working.resolve(row, result="换了", by=head, at=at(1))
    with pytest.raises(Refused):
        working.confirm(row, score=6, text="", by=head, at=at(5))
    working.confirm(row, score=None, text="没打通", by=head, at=at(5))
    assert not Satisfaction.objects.exists()


# -- complaints and suggestions ---------------------------------------------------------------------------------------------------------
def test_a_complaint_on_the_familys_page_is_a_request(customer, head):
    entry = log_contact(customer, kind="complaint", channel="phone", text="菜太咸", by=head, at=TEN)

    row = ServiceRequest.objects.get()
    assert (row.kind, row.customer, row.concern, row.text, row.owner) == ("complaint", customer, entry.concern, "菜太咸", head)


def test_a_slip_from_the_box_is_a_request_of_nobody(miao):
    concern = taking.receive(Said("suggestion", "teaching", "多画画", caller="王女士", phone="13900139000"), at=TEN)

    row = ServiceRequest.objects.get()
    assert (row.concern, row.customer, row.about, row.channel, row.phone, row.by) == (concern, None, "teaching", "online", "13900139000", None)


def test_a_slip_that_is_put_to_a_family_takes_its_request_along(customer, head):
    concern = taking.receive(Said("suggestion", "teaching", "多画画"), at=TEN)
    taking.put_to(concern, customer, by=head)

    assert ServiceRequest.objects.get().customer == customer


def test_the_two_end_and_begin_together(customer, head):
    log_contact(customer, kind="complaint", channel="phone", text="菜太咸", by=head, at=TEN)
    row, concern = ServiceRequest.objects.get(), Concern.objects.get()
    working.resolve(row, result="换了厨师", by=head, at=at(1))
    concern.refresh_from_db()
    assert (concern.closed_at, concern.answer) == (at(1), "换了厨师")

    taking.reopen(concern, by=head)
    row.refresh_from_db()
    assert row.resolved_at is None
    taking.close(concern, "又换了一位", by=head, at=at(2))
    row.refresh_from_db()
    assert (row.resolved_at, row.result) == (at(2), "又换了一位")
    working.reopen(row, why="还是咸", by=head, at=at(3))
    concern.refresh_from_db()
    assert concern.closed_at is None


def test_older_complaints_run_their_clocks_from_now_on(miao, on_the_day):
    Concern.objects.create(kind="complaint", opened_at=TEN - 90 * timedelta(days=1), text="旧的")
    Concern.objects.create(kind="complaint", opened_at=TEN, text="办完的", closed_at=TEN)
    concerns.furnish(miao)
    concerns.furnish(miao)

    row = ServiceRequest.objects.get()
    assert (row.text, row.opened_at >= TEN) == ("旧的", True)


# -- odd orders ----------------------------------------------------------------------------------------------------------------------------
def test_a_request_that_was_confirmed_can_still_be_opened_again(row, head):
    working.resolve(row, result="换了", by=head, at=at(1))
    working.confirm(row, score=2, text="没换", by=head, at=at(2))
    working.reopen(row, why="没换", by=head, at=at(2))

    assert (row.resolved_at, row.confirmed_at, row.score) == (None, None, None)
    working.resolve(row, result="这次换了", by=head, at=at(3))
    working.confirm(row, score=5, text="好", by=head, at=at(4))
    assert Satisfaction.objects.count() == 2


@pytest.mark.parametrize("act", [
    lambda row, by: working.reopen(row, why="x", by=by, at=at(1)),
    lambda row, by: working.confirm(row, score=None, text="", by=by, at=at(1)),
    lambda row, by: working.resume(row, by=by, at=at(1)),
])
def test_what_has_not_begun_cannot_be_ended(row, head, act):
    with pytest.raises(Refused) as refused:
        act(row, head)

    assert refused.value.code == "stale"
    assert [event.verb for event in row.events.all()] == ["opened"]


@pytest.mark.parametrize("act", [
    lambda row, by: working.reply(row, text=" ", channel="phone", by=by, at=at(1)),
    lambda row, by: working.heard(row, text="", channel="phone", by=by, at=at(1)),
    lambda row, by: working.note(row, text="\n", by=by, at=at(1)),
    lambda row, by: working.resolve(row, result="  ", by=by, at=at(1)),
])
def test_nothing_is_said_with_no_words(row, head, act):
    with pytest.raises(Refused):
        act(row, head)

    assert [event.verb for event in row.events.all()] == ["opened"]


def test_words_that_are_too_long_are_kept_as_far_as_they_fit(row, head):
    working.note(row, text="长" * 3000, by=head, at=at(1))

    assert len(RequestEvent.objects.get(verb="noted").text) == 2000


def test_numbers_count_through_the_year_and_begin_again(customer, head):
    first = [working.open_request(WISH, customer=customer, by=head, at=TEN).number for _n in range(2)]
    later = working.open_request(WISH, customer=customer, by=head, at=TEN + timedelta(days=90)).number

    assert (first, later) == (["Q-2026-0001", "Q-2026-0002"], "Q-2027-0001")
