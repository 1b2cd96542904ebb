"""Whose turn it is learns of it once, in words that say which scheme; what is decided rings nobody's bell any more."""
from datetime import date, timedelta

import pytest

from notifications.actions import consume, unread
from notifications.models import Message, Outbox
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tiering import actions
from tiering.models import Scheme

DAY = date(2026, 9, 30)


@pytest.fixture
def people(school, head, deputy):
    return {"head": head, "deputy": deputy, "relations": make_member(school, "relations"),
            "frontdesk": make_member(school, "frontdesk")}


@pytest.fixture
def batch(school, people, now):
    with tenant_scope(school):
        makers.family("周小满", "13800138001", date(2023, 9, 1), owner=people["relations"])
        return actions.compute(actions.in_force(scheme()), as_of=DAY, today=now.date(), by=people["head"], at=now)


def scheme():
    return Scheme.objects.get(code="kg-ad")


def work():
    """What the worker does: everything in the outbox, in its order."""
    for row in Outbox.objects.filter(done_at=None).order_by("id"):
        consume(row.pk)


def titles(member):
    return list(Message.objects.filter(member=member).order_by("id").values_list("title", flat=True))


def test_a_submitted_batch_asks_those_who_review_or_approve_but_not_who_submitted_it(school, people, batch, now):
    with tenant_scope(school):
        actions.submit(batch, by=people["head"], at=now)
        work()

        asked = {role: titles(member) for role, member in people.items()}

    line = ["2026 Q3 幼儿园 A–D 定级批次等您复核"]
    assert asked == {"head": [], "deputy": line, "relations": line, "frontdesk": []}


def test_a_batch_decided_before_the_worker_came_asks_nobody(school, people, batch, now):
    with tenant_scope(school):
        actions.submit(batch, by=people["head"], at=now)
        actions.review(batch, by=people["relations"], agrees=True, note="", at=now)
        actions.publish(batch, by=people["deputy"], at=now)
        work()

        assert titles(people["deputy"]) == []


def rings(member):
    """How many times the bell still asks this member for a review."""
    return Message.objects.filter(member=member, read_at=None, title__endswith="等您复核").count()


def test_publishing_takes_the_question_off_every_bell(school, people, batch, now):
    with tenant_scope(school):
        actions.submit(batch, by=people["head"], at=now)
        work()
        actions.review(batch, by=people["relations"], agrees=True, note="", at=now)
        rang = rings(people["deputy"])
        actions.publish(batch, by=people["deputy"], at=now)
        work()

        assert (rang, rings(people["deputy"]), rings(people["relations"])) == (1, 0, 0)


def test_a_batch_sent_back_tells_its_proposer_and_asks_again_when_it_comes_again(school, people, batch, now):
    with tenant_scope(school):
        actions.submit(batch, by=people["head"], at=now)
        work()
        actions.reject(batch, by=people["deputy"], remark="东园的缴费还没导入")
        work()
        actions.submit(batch, by=people["head"], at=now + timedelta(hours=3))
        work()

        assert titles(people["head"]) == ["2026 Q3 幼儿园 A–D 定级批次被退回"]
        assert titles(people["deputy"]) == ["2026 Q3 幼儿园 A–D 定级批次等您复核"] * 2
        assert unread(people["deputy"]) == 1


def test_the_line_carries_the_day_of_publication_not_of_the_worker(school, people, batch, now):
    with tenant_scope(school):
        first, second = now - timedelta(days=100), now - timedelta(days=3)
        for as_of, at in ((date(2026, 6, 30), first), (DAY, second)):
            made = actions.compute(actions.in_force(scheme()), as_of=as_of, today=now.date(), by=people["head"], at=at)
            actions.submit(made, by=people["head"], at=at)
            actions.review(made, by=people["relations"], agrees=True, note="", at=at)
            actions.publish(made, by=people["deputy"], at=at)
        work()

        assert {m.at for m in Message.objects.filter(key__endswith="published")} <= {first, second}


def test_a_scheme_version_asks_the_approver_until_it_is_approved(school, people, now):
    with tenant_scope(school):
        draft = actions.draft_of(scheme(), by=people["head"], at=now)
        actions.submit_version(draft, by=people["head"])
        work()
        asked = titles(people["deputy"]), unread(people["deputy"])
        actions.approve_version(draft, by=people["deputy"], at=now)

        assert asked == (["方案“幼儿园 A–D”第 2 版等您审批"], 1) and unread(people["deputy"]) == 0


def test_an_override_asks_the_second_person_without_naming_the_family(school, people, batch, now):
    with tenant_scope(school):
        customer = batch.results.get().customer
        override = actions.propose_override(customer, scheme(), tier=1, reason="住院缺席两个月", by=people["head"], at=now,
                                    expires_on=now.date() + timedelta(days=30))
        work()
        asked = titles(people["deputy"])
        actions.approve_override(override, by=people["deputy"], at=now)

        assert asked == ["有一项人工调整等您批准"] and unread(people["deputy"]) == 0


def test_an_override_approved_before_the_worker_came_asks_nobody(school, people, batch, now):
    with tenant_scope(school):
        override = actions.propose_override(batch.results.get().customer, scheme(), tier=1, reason="住院缺席两个月",
                by=people["head"], at=now,
                                    expires_on=now.date() + timedelta(days=30))
        actions.approve_override(override, by=people["deputy"], at=now)
        work()

        assert titles(people["deputy"]) == []


def test_a_batch_sent_back_and_submitted_again_before_the_worker_came_still_asks(school, people, batch, now):
    with tenant_scope(school):
        actions.submit(batch, by=people["head"], at=now)
        actions.reject(batch, by=people["deputy"], remark="东园的缴费还没导入")
        actions.submit(batch, by=people["head"], at=now + timedelta(hours=3))
        work()

        assert unread(people["deputy"]) == 1 and unread(people["head"]) == 1
