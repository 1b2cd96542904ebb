"""Which complaints and suggestions a colleague sees, and how the list is narrowed."""
from datetime import timedelta

import pytest

from crm.concerns.queries import Asked, concern_for, concerns, counts, families_of, listed
from crm.concerns.taking import Said, close, put_to, receive, take
from tenancy.models import Campus, MembershipCampus
from tenancy.refusals import Absent
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.crm.concerns.test_taking import AT

ONE = timedelta(days=1)


@pytest.fixture
def west_desk(school):
    member = make_member(school, "frontdesk", "西")
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        MembershipCampus.objects.create(membership=member, campus=west)
    return member


@pytest.fixture
def four(school, head, west_desk):
    """A complaint of nobody about one campus, a suggestion about the other, one about none, and a closed one of a family."""
    with tenant_scope(school):
        main, west = Campus.objects.order_by("pk")
        rows = [take(Said("complaint", "safety", "滑梯松了", main), "hotline", by=head, at=AT),
                receive(Said("suggestion", "fees", "能不能按天", west), at=AT + ONE),
                receive(Said("suggestion", "other", "谢谢"), at=AT + 2 * ONE),
                take(Said("complaint", "teaching", "作业多"), "paper", customer=makers.family(), by=head, at=AT + 3 * ONE)]
        close(rows[3], "少了", by=head, at=AT + 4 * ONE)
        yield rows


@pytest.mark.parametrize(("asked", "places"), [
    (Asked(), [0, 1, 2]),
    (Asked(show="closed"), [3]),
    (Asked(show="all"), [0, 1, 2, 3]),
    (Asked(kind="complaint"), [0]),
    (Asked(kind="x"), [0, 1, 2]),
    (Asked(about="fees"), [1]),
    (Asked(source="box"), [1, 2]),
    (Asked(source="paper", show="all"), [3]),
    (Asked(words="按天"), [1]),
    (Asked(words="周小满", show="all"), [3]),
    (Asked(words="无"), []),
])
def test_it_is_narrowed_and_the_longest_waiting_stands_first(four, head, asked, places):
    assert list(listed(head, asked)) == [four[place] for place in places]


def test_a_campus_has_those_about_it_and_those_of_its_families(four, head):
    main = four[0].campus

    assert list(listed(head, Asked(show="all", campus=main.pk))) == [four[0], four[3]]


def test_who_works_at_one_campus_sees_those_about_it_and_about_none(four, west_desk):
    assert set(concerns(west_desk)) == {four[1], four[2]}
    with pytest.raises(Absent):
        concern_for(west_desk, four[0].pk)


def test_open_ones_are_counted_by_kind(four, head):
    assert counts(head) == {"complaint": 1, "suggestion": 2}


def test_the_number_that_was_left_speaks_for_a_family_and_decides_nothing(school, head):
    with tenant_scope(school):
        customer = makers.family(phone="13900139000")
        row = receive(Said("complaint", "safety", "x", phone="13900139000"), at=AT)
        unsigned = receive(Said("complaint", "safety", "y"), at=AT)
        assert families_of(head, [row, unsigned]) == {row.pk: customer}

        put_to(row, customer, by=head)
        assert families_of(head, [row]) == {}


def test_a_number_that_two_families_have_speaks_for_none(school, head):
    with tenant_scope(school):
        row = receive(Said("complaint", "safety", "x", phone="13900139000"), at=AT)
        for child in ("周一", "周二"):
            makers.family(child, phone="13900139000")

        assert families_of(head, [row]) == {}


def test_however_many_slips_there_are_their_families_are_asked_for_together(school, head, django_assert_num_queries):
    with tenant_scope(school):
        makers.family(phone="13900139000")
        rows = [receive(Said("complaint", "safety", f"第{n}条", phone="13900139000"), at=AT) for n in range(5)]

        families_of(head, rows[:1])  # which campuses a colleague works for is asked once
        with django_assert_num_queries(2):
            assert len(families_of(head, rows)) == 5
