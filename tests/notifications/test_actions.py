"""later(), consume(), tell(), settle(): what leaves the request, once, and lines in an inbox."""
from dataclasses import FrozenInstanceError
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.actions import (
    DELIVER,
    Done,
    consume,
    consumer,
    count_failure,
    later,
    mark_opened,
    mark_read,
    settle,
    tell,
    unread,
)
from notifications.channels import claim, give_up, scheme_of
from notifications.models import Delivery, Message, Outbox
from notifications.tasks import consume_row
from tenancy.scope import NoTenant, tenant_scope
from tests.conftest import make_member, signed_in

DONE = []


@consumer("test.note")
def _note(payload):
    DONE.append(payload["n"])


@consumer("test.after")
def _after(payload):
    return lambda tenant: DONE.append((tenant.slug, payload["n"]))


@consumer("test.fail")
def _fail(payload):
    Message.objects.all().delete()
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def fresh():
    DONE.clear()


def test_a_delivery_left_by_an_earlier_release_is_still_delivered():
    """The topic stands in rows of the outbox: a new name would leave those lying."""
    assert DELIVER == "notifications.deliver"


def test_what_was_done_is_not_changed_afterwards():
    with pytest.raises(FrozenInstanceError):
        Done(None).after = print


# -- the outbox ----------------------------------------------------------------------------------------------------------
def test_something_for_later_is_a_row_that_is_due_now_or_when_asked(miao, now):
    first, second = later("test.note", n=1), later("test.note", due_at=now, n=2)

    assert (first.payload, first.due_at <= timezone.now(), second.due_at) == ({"n": 1}, True, now)


def test_without_a_school_nothing_is_left_for_later(school):
    with pytest.raises(NoTenant):
        later("test.note", n=1)


def test_it_is_done_once(miao):
    row = later("test.note", n=1)

    assert (consume(row.pk), consume(row.pk), DONE) == (Done(None), None, [1])
    assert Outbox.objects.get().done_at is not None


def test_a_row_that_is_not_there_is_nothing_to_do(miao):
    assert consume(10**9) is None


def test_what_remains_for_after_the_commit_is_handed_back(miao):
    done = consume(later("test.after", n=3).pk)
    before = list(DONE)
    done.after(miao)

    assert (before, DONE) == ([], [("miao", 3)])


def test_a_topic_nobody_knows_is_an_error_and_stays_undone(miao):
    row = later("test.nobody")
    with pytest.raises(KeyError):
        consume(row.pk)

    assert Outbox.objects.get().done_at is None


def test_failures_are_counted(miao):
    row = later("test.note", n=1)
    for _ in range(3):
        count_failure(row.pk)

    assert Outbox.objects.get().attempts == 3


# -- the task ----------------------------------------------------------------------------------------------------------------
def test_the_worker_opens_the_school_and_does_what_remains(school):
    with tenant_scope(school):
        row = later("test.after", n=5)
    consume_row(school.pk, row.pk)

    assert DONE == [("miao", 5)]


def test_what_fails_is_rolled_back_counted_and_raised(school, head):
    with tenant_scope(school):
        tell([head], "x", key="a")
        row = later("test.fail")
    with pytest.raises(ZeroDivisionError):
        consume_row(school.pk, row.pk)

    with tenant_scope(school):
        kept = Outbox.objects.get(pk=row.pk)
        assert (kept.attempts, kept.done_at, Message.objects.count()) == (1, None, 1)


def test_a_second_delivery_does_nothing_more(school):
    with tenant_scope(school):
        row = later("test.note", n=9)
    for _ in range(3):
        consume_row(school.pk, row.pk)

    assert DONE == [9]


def test_a_row_is_of_its_school(school, other_school):
    with tenant_scope(school):
        row = later("test.note", n=1)
    consume_row(other_school.pk, row.pk)

    assert DONE == []


# -- the inbox ----------------------------------------------------------------------------------------------------------------
def test_a_line_is_told_once_a_person_and_key(miao):
    for title in ("第一次", "第二次"):
        tell([miao.head], title, key="a", link="tiering/batches/1/")
    message = Message.objects.get()

    assert (message.title, message.link, Outbox.objects.filter(topic=DELIVER).count()) == ("第一次",
            "tiering/batches/1/", 1)


def test_everybody_named_gets_their_own_line(school, head, deputy):
    with tenant_scope(school):
        tell([head, deputy], "x", key="a")

        assert (unread(head), unread(deputy)) == (1, 1)


def test_nobody_named_is_nobody_told(miao):
    tell([], "x", key="a")

    assert not Message.objects.exists() and not Outbox.objects.exists()


def test_a_line_carries_the_day_of_what_it_tells(miao, now):
    tell([miao.head], "x", key="a", at=now)
    message = Message.objects.get()

    assert (message.at, message.link) == (now, "")


def test_lines_are_read_all_at_once_or_one_by_one(miao, now):
    for key in "abc":
        tell([miao.head], key, key=key)
    found = [unread(miao.head)]
    mark_opened(Message.objects.get(key="a"), at=now)
    found.append(unread(miao.head))
    mark_read(miao.head, at=now)

    assert [*found, unread(miao.head)] == [3, 2, 0]


def test_a_line_keeps_the_moment_it_was_first_read(miao, now):
    tell([miao.head], "x", key="a")
    message = Message.objects.get()
    for at in (now, now + timedelta(days=1)):
        mark_opened(message, at=at)
        mark_read(miao.head, at=at)

    assert Message.objects.get().read_at == now


@pytest.mark.parametrize(("asked", "left"), [
    ("batch-1-", ["batch-12-review"]),
    ("batch-1", []),
    ("batch-12", ["batch-1-review"]),
    ("x", ["batch-1-review",
                                                                                                                           "batch-12-review"]),
])
def test_what_is_settled_is_what_begins_so(miao, now, asked, left):
    for key in ("batch-1-review", "batch-12-review"):
        tell([miao.head], "x", key=key)
    settle(asked, at=now)

    assert sorted(Message.objects.filter(read_at=None).values_list("key", flat=True)) == left


# -- channels ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("url", "scheme"), [
    ("wecombot://abc", "wecombot"),
    ("DingTalk://x", "dingtalk"),
    ("x", "x"),
    ("", ""),
    (" feishu://a", "feishu"),
])
def test_a_channel_is_named_by_its_scheme(url, scheme):
    assert scheme_of(url) == scheme


def test_without_a_channel_nothing_is_claimed(miao):
    tell([miao.head], "x", key="a")

    assert (claim(Message.objects.get().pk), claim(10**9), Delivery.objects.count()) == (None, None, 0)


@pytest.mark.parametrize(("state", "minutes", "after"), [
    ("sending", 6, "unknown"),
    ("sending", 4, "sending"),
    ("sent", 60, "sent"),
    ("refused", 60, "refused"),
])
def test_a_sending_that_never_ended_is_unknown_after_five_minutes(miao, now, state, minutes, after):
    tell([miao.head], "x", key="a")
    Delivery.objects.create(message=Message.objects.get(), state=state, at=now - timedelta(minutes=minutes))
    given_up = give_up(now)

    assert (given_up, Delivery.objects.get().state) == (int(after != state), after)


# -- the pages -----------------------------------------------------------------------------------------------------------------
def test_the_inbox_shows_ones_own_lines_and_reads_them_on_demand(school, head, head_client, deputy):
    with tenant_scope(school):
        tell([head], "给园长的", key="a")
        tell([deputy], "给副园长的", key="b")
    page = head_client.get(f"/s/{school.slug}/inbox/").content.decode()
    answer = head_client.post(f"/s/{school.slug}/inbox/")

    with tenant_scope(school):
        assert (answer.status_code, unread(head), unread(deputy)) == (302, 0, 1)
    assert "给园长的" in page and "给副园长的" not in page


def test_the_bell_counts_what_is_unread(school, head, head_client):
    with tenant_scope(school):
        for key in "ab":
            tell([head], key, key=key)

    assert head_client.get(f"/s/{school.slug}/").context["header"][0].data == 2


def test_an_empty_inbox_opens(school):
    assert signed_in(make_member(school, "teacher")).get(f"/s/{school.slug}/inbox/").status_code == 200
