"""tell_each(): many lines at once, each once, and through the channel of who has one."""
from notifications.actions import DELIVER, Notice, tell, tell_each
from notifications.models import Message, Outbox
from tenancy.models import Membership, User
from tests.conftest import NOW


def colleague(name: str) -> Membership:
    return Membership.objects.create(user=User.objects.create(username=f"{name}@miao"), role="agent", name=name)


def test_each_gets_a_line_and_a_delivery(miao, head):
    other = colleague("gao")

    assert tell_each([Notice(head, "快到了", "r-1"), Notice(other, "快到了", "r-1", "service/")], at=NOW) == 2
    assert sorted(Message.objects.values_list("member__name", "title", "link")) == sorted([(head.name, "快到了", ""), ("gao", "快到了", "service/")])
    assert [row.payload["message"] for row in Outbox.objects.filter(topic=DELIVER).order_by("id")] == list(
        Message.objects.order_by("id").values_list("pk", flat=True))


def test_what_was_told_is_not_told_again(miao, head):
    tell([head], "快到了", key="r-1", at=NOW)

    assert tell_each([Notice(head, "快到了", "r-1"), Notice(head, "逾期", "r-2"), Notice(head, "逾期", "r-2")], at=NOW) == 1
    assert Message.objects.filter(member=head, key__startswith="r-").count() == 2


def test_the_same_key_reaches_two_people(miao, head):
    tell_each([Notice(head, "x", "r-1")], at=NOW)

    assert tell_each([Notice(colleague("gao"), "x", "r-1"), Notice(head, "x", "r-1")], at=NOW) == 1


def test_nothing_to_tell_is_nothing(miao):
    assert tell_each([], at=NOW) == 0
    assert not Outbox.objects.filter(topic=DELIVER).exists()
