"""Two at one event, at the same moment: each story ends as if one had come after the other."""
import pytest

from crm.models import TimelineEntry
from notifications.models import Outbox
from service_levels.events import coming, inviting, planning, preparing, seats, sweep, telling
from service_levels.events.inviting import Reply
from service_levels.models import Event, EventTask, Invitation
from tenancy.scope import tenant_scope
from tests.churn.conftest import DAY
from tests.conftest import make_member
from tests.reception.test_races import at_once
from tests.service_levels.conftest import family
from tests.service_levels.events.makers import AFTER, NO, STARTS, TEN, again, answers, came, opened, planned

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(school, head, deputy, on_the_day):
    return head, deputy, make_member(school, "agent", "高敏")


def put(school, head, count: int = 1, **more) -> list[Invitation]:
    with tenant_scope(school):
        return opened(head, count, **more)


def test_the_last_seats_go_to_as_many_as_there_are(school, people):
    rows = put(school, people[0], 6, seats=6)

    told = at_once(school, *(lambda row=row: inviting.answer(row, Reply("yes", 2), by=None, at=TEN) for row in rows))

    assert told == ["done"] * 6
    with tenant_scope(school):
        assert sorted(answers(rows[0].event)) == ["wait"] * 3 + ["yes"] * 3
        assert seats.taken_in(rows[0].event) == 6


def test_two_stay_away_and_two_move_up(school, people):
    rows = put(school, people[0], 4, seats=4)
    with tenant_scope(school):
        for row in rows:
            inviting.answer(row, Reply("yes", 2), by=None, at=TEN)

    at_once(school, *(lambda row=row: inviting.answer(row, NO, by=None, at=TEN) for row in rows[:2]))

    with tenant_scope(school):
        assert answers(rows[0].event) == ["no", "no", "yes", "yes"]
        told = [row.payload["invitations"] for row in Outbox.objects.filter(topic=telling.TELL, payload__kind=telling.SEAT)]
        assert sorted(pk for ids in told for pk in ids) == [rows[2].pk, rows[3].pk], "each is told once"


def test_a_family_that_answers_twice_at_once_has_one_answer(school, people):
    (row,) = put(school, people[0], seats=4)

    told = at_once(school, *(lambda n=n: inviting.answer(row, Reply("yes", n), by=None, at=TEN) for n in (1, 2, 3)))

    assert told.count("done") >= 1 and set(told) <= {"done", "full"}
    with tenant_scope(school):
        assert seats.taken_in(row.event) == again([row])[0].people


def test_scanned_and_signed_in_by_itself_it_is_here_once(school, people):
    head, deputy, agent = people
    (row,) = put(school, head)

    told = at_once(school, *(lambda who=who: coming.sign_in(row, by=who, at=STARTS) for who in (None, head, deputy, agent)))

    assert told == ["done"] * 4
    with tenant_scope(school):
        assert TimelineEntry.objects.filter(customer=row.customer, kind="event").count() == 1


def test_two_parents_at_the_door_are_one_family(school, people):
    head = people[0]
    (row,) = put(school, head)
    with tenant_scope(school):
        family(9)

    told = at_once(school, *(lambda: coming.at_the_door(row.event, "13800138009", at=STARTS) for _n in range(4)))

    assert set(told) == {"done"}
    with tenant_scope(school):
        assert Invitation.objects.filter(event=row.event).came().count() == 1
        assert TimelineEntry.objects.filter(kind="event").count() == 1


def test_a_family_answers_while_it_is_called_off(school, people):
    (row,) = put(school, people[0])

    told = at_once(school, lambda: inviting.answer(row, Reply("yes"), by=None, at=TEN),
                   lambda: planning.cancel(row.event, "下暴雨", by=people[0], at=TEN))

    assert told in (["done", "done"], ["done", "over"])
    with tenant_scope(school):
        assert Event.objects.get().cancelled_at == TEN


def test_the_invitations_go_out_once(school, people):
    head, deputy, _agent = people
    with tenant_scope(school):
        event = planned(head)
        inviting.invite(event, [family(1)], by=head, at=TEN)

    told = at_once(school, *(lambda who=who: planning.open_invitations(Event.objects.get(), by=who, at=TEN) for who in (head, deputy)))

    assert told == ["changed", "done"]
    with tenant_scope(school):
        assert Outbox.objects.filter(topic=telling.TELL).count() == 1


def test_the_same_families_are_asked_once(school, people):
    head, deputy, _agent = people
    with tenant_scope(school):
        event, homes = planned(head), [family(1), family(2)]

    told = at_once(school, *(lambda who=who: inviting.invite(event, homes, by=who, at=TEN) for who in (head, deputy)))

    assert told == ["done", "done"]
    with tenant_scope(school):
        assert Invitation.objects.count() == 2


def test_a_list_is_begun_once(school, people):
    head, deputy, _agent = people
    with tenant_scope(school):
        event = planned(head)

    told = at_once(school, *(lambda who=who: preparing.begin(event, by=who, at=TEN) for who in (head, deputy)))

    assert told == ["begun", "done"]
    with tenant_scope(school):
        assert EventTask.objects.count() == 6


def test_a_night_by_two_workers_thanks_once(school, people):
    with tenant_scope(school):
        came(people[0], 3)

    at_once(school, *(lambda: sweep.nightly(DAY, at=AFTER) for _n in range(2)))

    with tenant_scope(school):
        assert Outbox.objects.filter(topic=telling.TELL, payload__kind=telling.THANKS).count() == 1
