"""The doors of service levels."""
import pytest

from service_levels.access import (
    entitlements,
    recount_for,
    request_for,
    requests,
    touch_for,
    touches,
    version_for,
    waiting_recount,
)
from service_levels.models import PlanVersion, Recount, Touch
from service_levels.requests.working import Wish, open_request
from tenancy.actions import confine
from tenancy.models import Campus
from tenancy.refusals import Absent, Forbidden
from tenancy.scope import tenant_scope
from tests.conftest import make_member
from tests.service_levels.conftest import family, owe
from tests.service_levels.requests.test_working import TEN, WISH


@pytest.mark.parametrize("role", ["head", "frontdesk", "teacher", "admin", "inspector"])
def test_everybody_who_works_here_knows_what_families_are_owed(school, three, role):
    member = make_member(school, role, "某")
    with tenant_scope(school):
        assert entitlements(member).count() == 3


def test_a_role_without_the_right_is_refused(school, three, monkeypatch):
    member = make_member(school, "teacher")
    monkeypatch.setattr("tenancy.roles.RIGHTS", {"teacher": frozenset()})
    with tenant_scope(school), pytest.raises(Forbidden):
        entitlements(member)


def test_a_version_of_another_school_looks_like_none(school, other_school, head):
    with tenant_scope(other_school):
        theirs = PlanVersion.objects.get().pk
    with tenant_scope(school):
        mine = PlanVersion.objects.get()

        assert version_for(head, mine.pk) == mine
        for pk in (theirs, 999_999, "x"):
            with pytest.raises(Absent):
                version_for(head, pk)


@pytest.fixture
def confined(school, head, on_the_day):
    """A colleague of one campus, a family here, a family there, and what each is owed and asked for."""
    member = make_member(school, "relations", "李老师")
    with tenant_scope(school):
        here, there = Campus.objects.first(), Campus.objects.create(name="东园")
        confine(member, [here])
        rows = [family(1, "D", "low", at=here), family(2, "D", "low", at=there)]
        owe()
        wishes = [open_request(WISH, customer=row, by=None, at=TEN) for row in rows]
        wishes += [open_request(Wish("enquiry", "x", campus=place), by=None, at=TEN) for place in (here, there, None)]
        yield member, rows, wishes


def test_what_is_owed_is_seen_for_the_members_campuses(confined):
    member, rows, _wishes = confined

    assert [touch.customer for touch in touches(member)] == [rows[0]]
    assert touch_for(member, Touch.objects.get(customer=rows[0]).pk, "crm.log").customer == rows[0]
    with pytest.raises(Absent):
        touch_for(member, Touch.objects.get(customer=rows[1]).pk, "crm.log")


def test_requests_are_seen_for_the_members_campuses_and_those_about_none(confined):
    member, _rows, wishes = confined

    assert set(requests(member)) == {wishes[0], wishes[2], wishes[4]}
    for wish in (wishes[1], wishes[3]):
        with pytest.raises(Absent):
            request_for(member, wish.pk)


def test_who_sees_every_campus_sees_every_request(confined, head):
    assert requests(head).count() == len(confined[2])


def test_a_recount_is_for_whoever_may_decide(confined, head):
    row = Recount.objects.create(why="calendar", at=TEN, changes=[])

    assert (recount_for(head, row.pk), waiting_recount(head), waiting_recount(confined[0])) == (row, row, None)
    with pytest.raises(Forbidden):
        recount_for(confined[0], row.pk)
    Recount.objects.update(state="dismissed")
    assert waiting_recount(head) is None


def test_of_another_school_nothing_is_found(school, other_school, head, on_the_day):
    with tenant_scope(other_school):
        theirs = open_request(WISH, by=None, at=TEN).pk
    with tenant_scope(school), pytest.raises(Absent):
        request_for(head, theirs)


@pytest.mark.parametrize("door", [touches, requests, entitlements])
def test_a_door_is_shut_without_the_right(school, three, monkeypatch, door):
    member = make_member(school, "teacher")
    monkeypatch.setattr("tenancy.roles.RIGHTS", {"teacher": frozenset()})
    with tenant_scope(school), pytest.raises(Forbidden):
        door(member)
