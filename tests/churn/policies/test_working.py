"""制度 published in versions, read and confirmed."""
from datetime import timedelta

import pytest

from churn.models import Cause, Policy, PolicyReceipt
from churn.policies.working import confirm, publish, unread
from notifications.models import Message
from tenancy.refusals import Forbidden, Refused
from tests.churn.conftest import AT, DAY, ONE
from tests.conftest import make_member


@pytest.fixture
def teacher(school):
    return make_member(school, "teacher")


@pytest.fixture
def first(teacher, marketing, head, miao, on_the_day):
    return publish(DAY, "头一版", by=head, at=AT)


def refused(do, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as refusal:
        do(*args, **kwargs)
    return refusal.value


def test_the_first_version_is_frozen_and_everybody_is_asked_to_read_it(first, teacher, marketing, head):
    text = first.sections
    Cause.objects.create(area="market", name="后来加的")

    assert (first.number, first.effective_on) == (1, DAY) and Policy.objects.get().sections == text
    assert {message.member for message in Message.objects.filter(key__startswith=f"policy-{first.pk}-")} == {teacher,
            marketing, head}


def test_what_has_not_changed_is_not_published_again(first, head):
    assert refused(publish, DAY, "x", by=head, at=AT).code == "same"


def test_the_next_version_follows_a_change(first, head):
    Cause.objects.create(area="market", name="广告夸大")
    second = publish(DAY + 9 * ONE, "加了一个原因", by=head, at=AT)

    assert second.number == 2 and second.digest != first.digest and Policy.objects.count() == 2


@pytest.mark.parametrize(("days", "note", "field"), [(-1, "x", "effective_on"), (0, " ", "note")])
def test_a_version_begins_today_or_later_and_says_what_changed(teacher, head, miao, on_the_day, days, note, field):
    assert refused(publish, DAY + timedelta(days=days), note, by=head, at=AT).field == field
    assert not Policy.objects.exists()


def test_only_the_management_publishes(marketing, miao, on_the_day):
    with pytest.raises(Forbidden):
        publish(DAY, "x", by=marketing, at=AT)


def test_who_has_read_it_confirms_once_and_only_their_own_message_is_settled(first, teacher, marketing, head):
    receipt = confirm(first, by=teacher, at=AT)

    assert confirm(first, by=teacher, at=AT + ONE) == receipt
    assert PolicyReceipt.objects.get().at == AT
    assert {member.pk for member in unread(first)} == {head.pk, marketing.pk}
    assert {message.member_id for message in Message.objects.filter(read_at=None)} == {head.pk, marketing.pk}


def test_a_new_version_is_to_be_read_anew(first, teacher, head):
    confirm(first, by=teacher, at=AT)
    Cause.objects.create(area="market", name="广告夸大")

    assert teacher in unread(publish(DAY, "加了", by=head, at=AT))


def test_who_has_left_is_not_waited_for(first, teacher):
    teacher.is_active = False
    teacher.save(update_fields=["is_active"])

    assert teacher not in unread(first)
