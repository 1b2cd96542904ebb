"""The Idempotency-Key: a success is given again, a refusal leaves nothing, another body is refused."""
from datetime import timedelta

import pytest
from django.db import transaction

from reception.models import StoredAnswer
from reception.once import KEPT, KeyReused, forget_old, once
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests.reception.makers import NOW

KEY, BODY = "a-key-of-some-length", {"slot": "s1", "phone": "13800138000"}


def ask(key=KEY, body=BODY, at=NOW, answer=None):
    """What the answer was, whether it was given before, and how often the act was done."""
    done = []

    def act():
        done.append(1)
        return answer or {"reference": "K7M2"}

    return (*once(key, body, act, at=at), len(done))


def test_the_same_request_gets_the_same_answer_and_nothing_is_done_again(miao):
    assert ask() == ({"reference": "K7M2"}, False, 1)
    assert ask(answer={"reference": "other"}) == ({"reference": "K7M2"}, True, 0)


def test_the_order_of_the_fields_makes_no_other_request(miao):
    ask()

    assert ask(body=dict(reversed(BODY.items())))[1] is True


@pytest.mark.parametrize("body", [{}, BODY | {"slot": "s2"}, BODY | {"more": None}])
def test_another_request_with_the_key_is_refused(miao, body):
    ask()

    with pytest.raises(KeyReused) as refusal:
        ask(body=body)

    said = refusal.value
    assert (said.status, said.code, said.message) == (422, "key_reused",
            "这个 Idempotency-Key 已经用于另一个请求，请换一个新的。")


def test_another_key_is_another_request(miao):
    ask()

    assert ask(key=KEY + "2")[1:] == (False, 1)


def test_a_refusal_leaves_nothing_and_the_key_may_try_again(miao):
    def refuse():
        raise Refused("满了")

    with pytest.raises(Refused), transaction.atomic():
        once(KEY, BODY, refuse, at=NOW)

    assert StoredAnswer.objects.count() == 0 and ask()[1:] == (False, 1)


@pytest.mark.parametrize(("later", "given_again"), [(KEPT - timedelta(seconds=1), True), (KEPT, False), (KEPT * 2, False)])
def test_an_answer_is_given_again_for_two_days(miao, later, given_again):
    ask()

    assert ask(at=NOW + later)[1] is given_again and StoredAnswer.objects.count() == 1


def test_old_answers_are_not_kept(miao):
    ask()
    ask(key=KEY + "-younger", at=NOW + timedelta(hours=1))

    assert forget_old(at=NOW + KEPT) == 1 and StoredAnswer.objects.count() == 1


def test_neither_key_nor_answer_can_be_read_from_the_table(miao):
    ask(answer={"manage_url": "/b/secret-token/"})
    row = StoredAnswer.objects.get()

    assert KEY not in row.key_index and b"secret-token" not in bytes(row.answer_sealed)


def test_two_schools_may_use_one_key(school, other_school):
    with tenant_scope(school):
        mine = ask()
    with tenant_scope(other_school):
        theirs = ask(answer={"reference": "theirs"})

    assert (mine[1], theirs) == (False, ({"reference": "theirs"}, False, 1))
