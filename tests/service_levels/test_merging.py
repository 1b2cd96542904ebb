"""Two families that are one: what hangs on either of them goes on with the survivor, and comes back when it was a mistake."""
import pytest

from crm.duplicates import merge, undo
from service_levels.concessions.working import State
from service_levels.cooperation import working as cooperation
from service_levels.models import Concession, Cooperation, Invitation, PlanVersion, PointsEntry, ServiceNotice, WinBack
from service_levels.points import booking
from service_levels.winback import working as winning_back
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member
from tests.service_levels.concessions.makers import asked, granted, hold, troubled
from tests.service_levels.cooperation.test_working import TALK
from tests.service_levels.events.makers import asked as invited
from tests.service_levels.events.makers import planned
from tests.service_levels.points.makers import rule, took_part, with_points
from tests.service_levels.winback.makers import KEPT, begun


@pytest.fixture
def agent(school):
    return make_member(school, "agent", "高敏")


@pytest.fixture
def two(school, head, agent, on_the_day):
    with tenant_scope(school):
        hold()
        yield troubled(1), troubled(2)


def notice(customer, kind: str) -> ServiceNotice:
    return ServiceNotice.objects.create(customer=customer, kind=kind, on=DAY, version=PlanVersion.objects.get(), plan="win-back", had=[],
                                        has=["x"], lines=["x"])


def test_points_are_added_up(two, head):
    with_points(two[0], head, 30), with_points(two[1], head, 12)

    merge(*two, take=[], by=head, at=AT)

    assert (booking.balance(two[0].pk), booking.balance(two[1].pk)) == (42, 0)


def test_and_come_apart_again(two, head):
    with_points(two[0], head, 30), with_points(two[1], head, 12)
    made = merge(*two, take=[], by=head, at=AT)

    undo(made, by=head, at=AT)

    assert (booking.balance(two[0].pk), booking.balance(two[1].pk)) == (30, 12)


def test_an_event_that_both_were_counted_for_stays_counted_for_both_and_no_more(two, head):
    rule()
    for home in two:
        took_part(home)
    booking.earn(DAY, at=AT)

    merge(*two, take=[], by=head, at=AT)

    assert booking.balance(two[0].pk) == 20
    assert booking.earn(DAY, at=AT) == 0


def test_what_was_granted_to_either_was_granted_to_the_family(two, head, agent):
    row = granted(two[1], agent, head)

    merge(*two, take=[], by=head, at=AT)

    row.refresh_from_db()
    assert (row.customer, row.state) == (two[0], State.GRANTED)


def test_of_two_applications_for_the_same_one_goes_on(two, head, agent):
    first, second = asked(two[0], agent), asked(two[1], agent)

    merge(*two, take=[], by=head, at=AT)

    assert [row.pk for row in Concession.objects.waiting().filter(customer=two[0])] == [first.pk]
    assert Concession.objects.get(pk=second.pk).customer == two[1]


def test_of_two_things_to_tell_one_of_a_kind_is_told(two, head):
    kept, left, other = notice(two[0], "more"), notice(two[1], "more"), notice(two[1], "less")

    merge(*two, take=[], by=head, at=AT)

    assert {row.pk for row in ServiceNotice.objects.filter(customer=two[0])} == {kept.pk, other.pk}
    assert ServiceNotice.objects.get(pk=left.pk).customer == two[1]


def test_what_either_said_was_said_by_the_family(two, head, agent):
    for home in two:
        cooperation.write_down(home, TALK, by=agent, at=AT)

    merge(*two, take=[], by=head, at=AT)

    assert Cooperation.objects.filter(customer=two[0]).count() == 2 and PointsEntry.objects.count() == 0


def test_an_invitation_goes_on_with_the_survivor(two, head):
    event = planned(head)
    invited(event, head, two[1])

    made = merge(*two, take=[], by=head, at=AT)
    assert Invitation.objects.get().customer == two[0]

    undo(made, by=head, at=AT)
    assert Invitation.objects.get().customer == two[1]


def test_of_two_invitations_to_one_event_the_survivors_goes_on(two, head):
    event = planned(head)
    first, second = invited(event, head, *two)

    made = merge(*two, take=[], by=head, at=AT)
    assert Invitation.objects.get(customer=two[0]) == first and Invitation.objects.get(customer=two[1]) == second

    undo(made, by=head, at=AT)
    assert Invitation.objects.count() == 2


@pytest.fixture
def lead(school):
    return make_member(school, "relations", "小方")


def test_a_plan_to_win_a_family_back_goes_on_with_the_survivor(lead, two, head):
    row = begun(two[1], lead)

    made = merge(*two, take=[], by=head, at=AT)
    assert WinBack.objects.get().customer == two[0]

    undo(made, by=head, at=AT)
    assert WinBack.objects.get() == row and WinBack.objects.get().customer == two[1]


def test_of_two_such_plans_the_survivors_goes_on(lead, two, head):
    first, second = begun(two[0], lead), begun(two[1], lead)

    made = merge(*two, take=[], by=head, at=AT)
    assert WinBack.objects.get(customer=two[0]) == first and WinBack.objects.get(customer=two[1]) == second

    undo(made, by=head, at=AT)
    assert WinBack.objects.open().count() == 2


def test_one_that_is_over_goes_along_in_any_case(lead, two, head):
    begun(two[0], lead)
    over = begun(two[1], lead)
    winning_back.close(over, KEPT, by=lead, at=AT)

    merge(*two, take=[], by=head, at=AT)

    assert WinBack.objects.filter(customer=two[0]).count() == 2
