"""Sent to many families at once: of a campus or a class, in few statements, nobody twice."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import ClassGroup, Enrolment, Survey, SurveyResponse
from crm.surveys import sending, writing
from crm.surveys.asking import AT_ONCE, SEND
from crm.surveys.sending import send_to
from notifications.models import Outbox
from tenancy.models import Campus
from tenancy.refusals import Refused
from tests import makers
from tests.reception.makers import NOW

NIGHT = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


@pytest.fixture
def term(miao) -> Survey:
    return Survey.objects.get(occasion="by_hand")


def families(count: int, first: int = 0, **kwargs) -> None:
    for n in range(first, first + count):
        makers.family(f"孩{n}", f"1380013{n:04d}", **kwargs)


def test_every_family_with_a_child_in_the_school_is_asked(term, miao):
    families(3)
    families(1, 3, enrolled=False)

    count = send_to(term, makers.campus(), None, by=miao.head, at=NOW)

    assert count == SurveyResponse.objects.count() == 3
    assert len(Outbox.objects.get(topic=SEND).payload["responses"]) == 3


def test_sent_again_nobody_is_asked_twice(term, miao):
    families(2)
    send_to(term, makers.campus(), None, by=miao.head, at=NOW)
    families(1, 2)

    assert send_to(term, makers.campus(), None, by=miao.head, at=NOW) == 1
    with pytest.raises(Refused, match="都已经发过了"):
        send_to(term, makers.campus(), None, by=miao.head, at=NOW)

    assert SurveyResponse.objects.count() == 3


def test_a_new_version_may_be_sent_to_the_same_families(term, miao):
    families(2)
    send_to(term, makers.campus(), None, by=miao.head, at=NOW)
    writing.write(
        term, [writing.Asked("总体", "five", is_overall=True)], greeting="", thanks="", by=miao.head
    )
    writing.publish(term, by=miao.head, at=NOW)

    assert send_to(term, makers.campus(), None, by=miao.head, at=NOW) == 2


def test_a_class_is_asked_alone(term, miao):
    families(2)
    group = ClassGroup.objects.create(campus=makers.campus(), name="小一班")
    Enrolment.objects.filter(child__name="孩0").update(class_group=group)

    assert send_to(term, makers.campus(), group, by=miao.head, at=NOW) == 1


def test_another_campus_and_those_who_left_are_not_asked(term, miao):
    east = Campus.objects.create(name="东园", code="east")
    families(1, at=east)
    families(1, 1)
    Enrolment.objects.filter(child__name="孩1").update(until_on=date(2026, 11, 19))

    with pytest.raises(Refused, match="没有要发的家庭"):
        send_to(term, makers.campus(), None, by=miao.head, at=NOW)


def test_two_children_in_the_school_are_one_family(term, miao):
    customer = makers.family()
    kid = customer.family.children.create(name="周大满", born_on=date(2019, 5, 1))
    Enrolment.objects.create(child=kid, campus=customer.campus, from_on=date(2024, 9, 1))

    assert send_to(term, makers.campus(), None, by=miao.head, at=NOW) == 1


def test_sent_at_night_it_goes_out_in_the_morning(term, miao):
    families(1)

    send_to(term, makers.campus(), None, by=miao.head, at=NIGHT)

    assert Outbox.objects.get(topic=SEND).due_at == datetime(2026, 11, 21, 0, 0, tzinfo=UTC)


def test_what_is_off_is_not_sent(term, miao):
    families(1)
    writing.switch(term, on=False, by=miao.head)
    term.refresh_from_db()

    with pytest.raises(Refused, match="停用"):
        send_to(term, makers.campus(), None, by=miao.head, at=NOW)


def test_too_many_at_once_are_sent_class_by_class(term, miao, monkeypatch):
    monkeypatch.setattr(sending, "MOST", 2)
    families(3)

    with pytest.raises(Refused) as refusal:
        send_to(term, makers.campus(), None, by=miao.head, at=NOW)

    assert refusal.value.field == "class_group" and not SurveyResponse.objects.exists()


def test_the_messages_are_written_in_portions(term, miao, monkeypatch):
    monkeypatch.setattr("crm.surveys.asking.AT_ONCE", 2)
    families(5)

    send_to(term, makers.campus(), None, by=miao.head, at=NOW)

    assert AT_ONCE == 100
    assert [len(row.payload["responses"]) for row in Outbox.objects.filter(topic=SEND).order_by("id")] == [
        2,
        2,
        1,
    ]


def test_the_number_of_statements_does_not_grow_with_the_families(term, miao):
    counts = []
    for first in (0, 20):
        families(2 if not first else 18, first)
        with CaptureQueriesContext(connection) as queries:
            send_to(term, makers.campus(), None, by=miao.head, at=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]
