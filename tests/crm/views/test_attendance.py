"""考勤 on its page: which class, which day, who was not there."""
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Attendance, Child, ClassGroup, Enrolment
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import NOW, make_member, signed_in

pytestmark = pytest.mark.usefixtures("on_the_day")
TODAY = timezone.localdate(NOW)


@pytest.fixture
def at(school):
    return f"/s/{school.slug}/attendance/"


@pytest.fixture
def group(school):
    with tenant_scope(school):
        made = ClassGroup.objects.create(campus=makers.campus(), name="小一班")
        for name, phone in (("周小满", "13800138001"), ("安安", "13800138002")):
            makers.family(name, phone)
        Enrolment.objects.update(class_group=made)
        return made


def test_the_class_stands_in_the_order_of_its_names_and_everybody_is_present(at, head_client, group):
    rows = head_client.get(at).context["rows"]

    assert [(child.name, status) for child, status in rows] == [("安安", "present"), ("周小满", "present")]


def test_who_is_away_is_marked_and_shown_again(school, at, head_client, group):
    with tenant_scope(school):
        child = Child.objects.get(name="周小满").pk
    page = head_client.post(at, {"class": group.pk, "day": str(TODAY), f"child-{child}": "leave"}, follow=True)

    assert "1 个孩子" in page.content.decode()
    assert [(c.name, status) for c, status in page.context["rows"]] == [("安安", "present"), ("周小满", "leave")]


@pytest.mark.parametrize("day", ["", "gestern", str(TODAY + timedelta(days=1)), "2999-01-01"])
def test_a_day_that_is_none_or_to_come_is_today(at, head_client, group, day):
    assert head_client.get(at, {"day": day}).context["day"] == TODAY


def test_a_past_day_is_put_right(school, at, head_client, group):
    yesterday = TODAY - timedelta(days=1)
    with tenant_scope(school):
        child = Child.objects.get(name="周小满").pk
    head_client.post(at, {"class": group.pk, "day": str(yesterday), f"child-{child}": "absent"})

    with tenant_scope(school):
        assert Attendance.objects.values_list("day", "status").get() == (yesterday, "absent")


@pytest.mark.parametrize("number", ["999999", "abc"])
def test_a_class_that_is_not_there_is_not_found(at, head_client, group, number):
    assert head_client.get(at, {"class": number}).status_code == 404


def test_a_closed_class_is_not_offered(school, at, head_client, group):
    with tenant_scope(school):
        ClassGroup.objects.update(closed_on=TODAY)

    assert list(head_client.get(at).context["rows"]) == []
    assert head_client.get(at, {"class": group.pk}).status_code == 404


def test_a_teacher_of_one_campus_marks_its_classes(school, at, group):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    client = signed_in(make_member(school, "teacher", campuses=[west]))

    assert client.get(at, {"class": group.pk}).status_code == 404
    assert client.get(at).context["group"] is None


@pytest.mark.parametrize(("role", "status"), [("teacher", 200), ("frontdesk", 200), ("inspector", 403), ("operations",
        403), ("admin", 403)])
def test_who_may_log_marks(school, at, group, role, status):
    assert signed_in(make_member(school, role)).get(at).status_code == status


def test_marking_without_a_class_marks_nobody(school, at, head_client):
    assert head_client.post(at, {"day": str(TODAY)}).status_code == 200
    with tenant_scope(school):
        assert not Attendance.objects.exists()
