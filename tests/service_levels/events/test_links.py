"""活动的链接: a family's own opens its invitation, the poster opens the event, everything else opens nothing."""
from datetime import timedelta

import pytest

from crm.actions import delete_family
from service_levels.events import links
from service_levels.models import Event, Invitation
from tenancy.refusals import Absent
from tenancy.scope import tenant_scope
from tests.conftest import make_school
from tests.service_levels.conftest import family
from tests.service_levels.events.makers import ENDS, TEN, asked, opened, planned

ONE = timedelta(days=1)


@pytest.fixture
def row(inside):
    return opened(inside.head)[0]


def test_its_own_link_opens_an_invitation(row):
    assert links.invitation_by_token(links.token_of(row), TEN) == row
    assert links.link_of(row).endswith(f"/e/{links.token_of(row)}/")


def test_two_families_have_two_links(inside):
    first, second = opened(inside.head, 2)

    assert links.token_of(first) != links.token_of(second)
    assert links.invitation_by_token(links.token_of(second), TEN) == second


def test_the_table_keeps_no_token(row):
    secret = links.token_of(row).partition("_")[2]

    assert secret not in row.token_hash and row.token_hash == links.hash_of(row)


@pytest.mark.parametrize("token", ["", "x", "x_y", "_", "苗_苗", "\x00"])
def test_what_is_no_link_opens_nothing(row, token):
    with pytest.raises(Absent):
        links.invitation_by_token(token, TEN)
    with pytest.raises(Absent):
        links.event_by_door(token, TEN)


def test_before_the_invitations_go_out_it_opens_nothing(inside):
    (row,) = asked(planned(inside.head), inside.head, family(1))

    with pytest.raises(Absent):
        links.invitation_by_token(links.token_of(row), TEN)


@pytest.mark.parametrize(("days", "opens"), [(59, True), (60, False)])
def test_two_months_after_the_event_it_opens_nothing_any_more(row, days, opens):
    at = ENDS + days * ONE

    if opens:
        assert links.invitation_by_token(links.token_of(row), at) == row
    else:
        with pytest.raises(Absent):
            links.invitation_by_token(links.token_of(row), at)


def test_of_a_family_that_was_deleted_it_opens_nothing(inside, row):
    delete_family(row.customer, typed_name=row.customer.name, by=inside.head, at=TEN)

    with pytest.raises(Absent):
        links.invitation_by_token(links.token_of(row), TEN)


def test_the_poster_opens_its_event(row):
    assert links.event_by_door(links.door_token(row.event), TEN) == row.event
    assert links.door_link(row.event).endswith("/here/")


def test_the_poster_is_no_invitation_and_the_other_way_round(row):
    with pytest.raises(Absent):
        links.invitation_by_token(links.door_token(row.event), TEN)
    with pytest.raises(Absent):
        links.event_by_door(links.token_of(row), TEN)


@pytest.mark.parametrize(("days", "opens"), [(59, True), (60, False)])
def test_an_old_poster_opens_nothing(row, days, opens):
    at = ENDS + days * ONE

    if opens:
        assert links.event_by_door(links.door_token(row.event), at) == row.event
    else:
        with pytest.raises(Absent):
            links.event_by_door(links.door_token(row.event), at)


def test_another_serial_is_another_link(row):
    old = links.token_of(row), links.door_token(row.event)
    row.link_serial += 1
    row.event.door_serial += 1

    assert links.token_of(row) != old[0] and links.door_token(row.event) != old[1]


def test_a_link_of_another_school_opens_nothing_here(school, head, on_the_day):
    other = make_school("qi", "training")
    with tenant_scope(school):
        row = opened(head)[0]
        token, door = links.token_of(row), links.door_token(row.event)
    with tenant_scope(other):
        assert (Invitation.objects.count(), Event.objects.count()) == (0, 0)
        with pytest.raises(Absent):
            links.invitation_by_token(token, TEN)
        with pytest.raises(Absent):
            links.event_by_door(door, TEN)
