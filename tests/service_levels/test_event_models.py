"""活动 as rows: what the database itself keeps out, and how rows say what they are."""
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from service_levels.models import CustomerInterest, Event, EventTask, Interest, Invitation
from service_levels.models.events import STANDS
from tests.churn.conftest import DAY
from tests.service_levels.conftest import family
from tests.service_levels.events.makers import ENDS, STARTS, TEN

ONE = timedelta(days=1)


@pytest.fixture
def inside(miao, on_the_day):
    return miao


def event(inside, **more) -> Event:
    told = {"title": "阅读会", "about": "x", "place": "操场", "starts_at": STARTS, "ends_at": ENDS, "owner": inside.head} | more
    return Event.objects.create(**told)


def invitation(inside, **more) -> Invitation:
    told = {"event": event(inside), "customer": family(1), "invited_on": DAY} | more
    return Invitation.objects.create(**told)


def is_kept_out(make) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("more", [
    {"ends_at": STARTS}, {"ends_at": STARTS - ONE}, {"closed_at": TEN}, {"closed_at": TEN, "lessons": "x", "cancelled_at": TEN}])
def test_an_event_makes_sense(inside, more):
    assert is_kept_out(lambda: event(inside, **more))


@pytest.mark.parametrize("more", [
    {"answer": "yes"}, {"answered_at": TEN}, {"people": 0}, {"people": 10}, {"score": 0, "came_at": TEN}, {"score": 6, "came_at": TEN},
    {"score": 4}])
def test_an_invitation_makes_sense(inside, more):
    assert is_kept_out(lambda: invitation(inside, **more))


@pytest.mark.parametrize("more", [{}, {"answer": "wait", "answered_at": TEN}, {"people": 9}, {"score": 5, "came_at": TEN}])
def test_what_makes_sense_is_kept(inside, more):
    assert invitation(inside, **more).pk


def test_a_family_is_asked_once_to_an_event(inside):
    first = invitation(inside)

    assert is_kept_out(lambda: Invitation.objects.create(event=first.event, customer=first.customer, invited_on=DAY))


def test_a_link_opens_one_invitation_and_a_poster_one_event(inside):
    first = invitation(inside, token_hash="x" * 20)
    Event.objects.filter(pk=first.event_id).update(door_hash="y" * 20)

    assert is_kept_out(lambda: Invitation.objects.create(event=first.event, customer=family(2), invited_on=DAY, token_hash="x" * 20))
    assert is_kept_out(lambda: event(inside, door_hash="y" * 20))


def test_an_interest_is_there_once_and_a_family_has_it_once(inside):
    books = Interest.objects.create(name="绘本")
    home = family(1)
    CustomerInterest.objects.create(customer=home, interest=books, by=inside.head)

    assert is_kept_out(lambda: Interest.objects.create(name="绘本"))
    assert is_kept_out(lambda: CustomerInterest.objects.create(customer=home, interest=books, by=inside.head))


@pytest.mark.parametrize(("more", "at", "stands"), [
    ({}, TEN, "planned"), ({"opened_at": TEN}, TEN, "open"), ({"opened_at": TEN}, ENDS, "over"), ({}, ENDS, "over"),
    ({"cancelled_at": TEN, "cancel_why": "x"}, TEN, "cancelled"), ({"cancelled_at": TEN, "cancel_why": "x"}, ENDS, "cancelled"),
    ({"opened_at": TEN, "closed_at": ENDS, "lessons": "x"}, ENDS, "closed")])
def test_how_an_event_stands_follows_from_its_moments(inside, more, at, stands):
    row = event(inside, **more)

    assert row.stands(at) == stands and stands in STANDS


def test_those_that_are_open_and_those_that_were_held(inside):
    event(inside, title="一", opened_at=TEN), event(inside, title="二"), event(inside, title="三", opened_at=TEN, cancelled_at=TEN)
    event(inside, title="四", opened_at=TEN, closed_at=ENDS, lessons="x")

    assert sorted(Event.objects.open().values_list("title", flat=True)) == sorted(["一", "二"])
    assert sorted(Event.objects.held(ENDS).values_list("title", flat=True)) == sorted(["一", "四"])
    assert Event.objects.held(STARTS).count() == 0


def test_rows_say_what_they_are(inside):
    row = invitation(inside)
    task = EventTask.objects.create(event=row.event, what="地垫", due_on=DAY)
    books = Interest.objects.create(name="绘本")
    link = CustomerInterest.objects.create(customer=row.customer, interest=books, by=inside.head)

    assert [str(one) for one in (row.event, task, books)] == ["阅读会", "地垫", "绘本"]
    assert str(row) == f"{row.event_id} {row.customer_id}" and str(link) == f"{row.customer_id} {books.pk}"


def test_an_event_goes_with_all_that_belongs_to_it(inside):
    row = invitation(inside)
    EventTask.objects.create(event=row.event, what="地垫", due_on=DAY)

    row.event.invitations.all().delete()
    row.event.tasks.all().delete()
    row.event.delete()

    assert (Event.objects.count(), Invitation.objects.count(), EventTask.objects.count()) == (0, 0, 0)
