"""Results as COPY text: one line a customer, the same digest whether written or only counted."""
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenancy.scope import tenant_scope
from tests import makers
from tests.tiering.steps import computed
from tiering import store
from tiering.facts import Known
from tiering.models import Result
from tiering.rules import FACTS, Decision
from tiering.store import digest_of, line, write


def known(customer=7, **facts):
    return Known(customer, 3, tuple(facts.get(name) for name in FACTS))


@pytest.mark.parametrize(("decision", "text"), [
    (Decision(7450, 1, 0, (10, 20), (2,), ("intent",)), "7\t3\t{NULL*15}\t{10,20}\t7450\t1\t0\t{2}\t{intent}"),
    (Decision(0, None, None, ()), "7\t3\t{NULL*15}\t{}\t0\t\\N\t\\N\t{}\t{}"),
])
def test_a_line_is_what_copy_reads(decision, text):
    assert line(known(), decision) == text.replace("NULL*15", ",".join(["NULL"] * 15))


def test_facts_stand_in_their_order():
    told = line(known(spend=1, known=15), Decision(0, 0, 0, ())).split("\t")[2]

    assert told.startswith("{1,NULL") and told.endswith("NULL,15}")


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), max_size=30), st.integers(1, 7))
def test_the_digest_does_not_depend_on_how_lines_are_gathered(lines, chunk):
    whole, before = digest_of(iter(lines)), store.CHUNK
    store.CHUNK = chunk
    try:
        assert digest_of(iter(lines)) == whole and whole[0] == len(lines)
    finally:
        store.CHUNK = before


def test_another_order_is_another_digest():
    assert digest_of(iter(["a", "b"])) != digest_of(iter(["b", "a"]))
    assert digest_of(iter([])) == digest_of(iter(()))


@pytest.fixture
def batch(school, head, now):
    with tenant_scope(school):
        for n in range(3):
            makers.family(f"孩{n}", f"1380013800{n}", date(2025, 9, 1))
        yield computed(head, now)


def test_what_is_written_is_what_is_counted(batch):
    lines = [line(Known(r.customer_id, r.campus_id_then, tuple(r.facts)),
            Decision(r.score, r.tier, r.uncapped, tuple(r.parts), tuple(r.held), tuple(r.missing)))
             for r in Result.objects.order_by("customer_id")]

    assert digest_of(iter(lines)) == (batch.size, batch.digest) == (3, batch.digest)


def test_written_in_pieces_every_line_arrives(batch, head, now, monkeypatch):
    monkeypatch.setattr(store, "CHUNK", 2)
    again = computed(head, now)

    assert (again.size, again.digest, Result.objects.filter(batch=again).count()) == (3, batch.digest, 3)


def test_two_batches_in_one_transaction_do_not_mix(batch, head, now):
    empty = write(batch.pk, iter([]))

    assert empty[0] == 0 and Result.objects.filter(batch=batch).count() == 3
