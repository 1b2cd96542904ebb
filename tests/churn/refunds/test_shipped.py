"""The shipped packs: each can be read, names its ground, and comes to what its document says."""
from datetime import date, timedelta

import pytest

from churn.refunds.rules import Bought, refund
from churn.refunds.shipped import pack_from, packs, packs_for

DAY = date(2026, 11, 20)


@pytest.mark.parametrize("code", sorted(packs()))
def test_every_pack_names_its_place_its_documents_and_a_clause_for_each_rule(code):
    pack = packs()[code]

    assert pack.name
    assert pack.basis
    assert pack.kinds
    assert all(rule.clause for rule in pack.rules.values())


@pytest.mark.parametrize(("kind", "names"), [
    ("kindergarten", ["合肥幼儿园", "泰安幼儿园"]),
    ("training", ["校外培训（全国）"]),
    ("bank", []),
])
def test_a_trade_chooses_among_its_own(kind, names):
    assert [pack.name for pack in packs_for(kind)] == names


@pytest.mark.parametrize(("code", "group", "bought", "fen"), [
    ("training", "tuition", {"bought": 48, "gifted": 12, "used": 15}, 225000),
    ("training", "interest", {"bought": 60, "used": 60}, 0),
    ("training", "other", {}, 0),
    ("hefei", "tuition", {"absent": 61}, 120000),
    ("hefei", "other", {}, 0),
    ("hefei", "meals", {"first": DAY - timedelta(days=9), "last": DAY + timedelta(days=20)}, 200000),
    ("taian", "tuition", {"attended": 10, "school_days": 21}, 180000),
    ("taian", "tuition", {"attended": 11, "school_days": 21}, 30000),
])
def test_what_the_documents_say_by_hand(code, group, bought, fen):
    assert refund(packs()[code], group, Bought(300000, DAY - timedelta(days=30), **bought), DAY).fen == fen


@pytest.mark.parametrize(("ago", "method"), [(7, "cooling_off"), (8, "lessons")])
def test_a_course_that_was_not_begun_comes_back_whole_within_seven_days(ago, method):
    found = refund(packs()["training"], "tuition", Bought(300000, DAY - timedelta(days=ago), bought=30, used=0), DAY)

    assert (found.method, found.fen) == (method, 300000)


def test_a_pack_with_a_method_that_nobody_knows_is_refused_as_it_is_read():
    with pytest.raises(ValueError, match="guess"):
        pack_from({"code": "x", "name": "", "kinds": [], "basis": "",
                "rules": {"tuition": {"method": "guess", "clause": ""}}})
