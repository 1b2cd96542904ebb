"""重算一致 and 人工调整: an old batch is proved by the judge of its own day; overrides are told by who made them."""
from datetime import date, timedelta

import pytest

from crm.models import Guardian, Payment
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import signed_in
from tiering import queries, rules
from tiering.actions import approve_override, compute, in_force, propose_override, rerun
from tiering.models import Batch, Scheme
from tiering.reports import FORMULAS, build, frozen_figures
from tiering.why import explain

DAY = date(2026, 9, 30)
TODAY = date(2026, 11, 20)


@pytest.fixture
def batch(school, head, now):
    with tenant_scope(school):
        for number in range(4):
            makers.payment(makers.family(f"孩子{number}", f"1380013800{number}"), 5000 * number + 100, date(2026, 5, 1))
        return compute(in_force(Scheme.objects.get(code="kg-ad")), as_of=DAY, today=TODAY, by=head, at=now)


def test_a_batch_is_proved_by_the_algorithm_that_judged_it_after_the_code_moved_on(school, batch, monkeypatch):
    """A second judge that gives everybody 0 points comes; the first stays for what it judged."""
    def lenient(scheme):
        first = rules.judge(scheme)
        return lambda facts: first(facts)._replace(score=0)
    monkeypatch.setitem(rules.JUDGES, 2, lenient)

    with tenant_scope(school):
        assert rerun(batch)
        Batch.objects.filter(pk=batch.pk).update(algorithm=2)
        assert not rerun(Batch.objects.select_related("version").get(pk=batch.pk))


def test_later_payments_and_names_change_nothing_in_the_proof(school, batch):
    with tenant_scope(school):
        Payment.objects.update(amount_fen=1)
        Guardian.objects.update(name="别名")

        assert rerun(batch)


def test_every_algorithm_that_was_ever_in_force_is_still_there():
    assert set(rules.JUDGES) == set(range(1, rules.ALGORITHM + 1))


def test_who_overrides_is_counted_by_colleague(school, head, deputy, batch, now):
    with tenant_scope(school):
        scheme = Scheme.objects.get(code="kg-ad")
        customers = [result.customer for result in batch.results.select_related("customer")]
        made = [propose_override(customers[n], scheme, tier=0, reason="住院缺席两个月",
                expires_on=TODAY + timedelta(90), by=by, at=now)
                for n, by in enumerate((head, head, deputy))]
        approve_override(made[0], by=deputy, at=now)

        told = {row["proposed_by__name"]: (row["proposed"], row["approved"],
                row["in_force"]) for row in queries.who_overrides()}
        assert told == {"head": (2, 1, 1), "deputy": (1, 0, 0)}


def test_the_page_of_overrides_shows_the_count_and_who_still_waits(school, head, deputy, batch, now):
    with tenant_scope(school):
        propose_override(batch.results.first().customer, Scheme.objects.get(code="kg-ad"), tier=0, reason="住院缺席两个月",
                         expires_on=TODAY + timedelta(90), by=head, at=now)
    mine = signed_in(head).get(f"/s/{school.slug}/tiering/overrides/").content.decode()
    theirs = signed_in(deputy).get(f"/s/{school.slug}/tiering/overrides/").content.decode()

    assert "谁在调整" in mine
    assert "等另一位同事" in mine
    assert "等另一位同事" not in theirs
    assert ">批准<" in theirs


@pytest.mark.parametrize("change,field", [({"tier": 9}, "tier"), ({"reason": "嗯"}, "reason"), ({"expires_on": TODAY},
        "expires_on")])
def test_an_override_that_cannot_be_says_which_field(school, head, batch, now, change, field):
    values = {"tier": 0, "reason": "住院缺席两个月", "expires_on": TODAY + timedelta(90)} | change
    with tenant_scope(school), pytest.raises(Refused) as refused:
        propose_override(batch.results.first().customer, Scheme.objects.get(code="kg-ad"), by=head, at=now, **values)

    assert refused.value.field == field


def test_a_signed_report_keeps_formula_version_and_n(school, batch):
    with tenant_scope(school):
        figures = frozen_figures(build(batch))

    assert set(figures["formulas"]) == {*FORMULAS, "version"}
    assert figures["n"] == 4
    assert figures["overrides"] == 0
    assert figures["digest"] == batch.digest


def test_the_nearest_way_up_speaks_of_families_not_of_points(school, batch):
    scheme = rules.Scheme(("A", "B"), (2000, 0), (rules.Indicator("influence", 100, (0, 20, 50), (0, 30, 100)),))
    facts = [0] * 15

    told = explain(scheme, facts, rules.decide(scheme, facts)).next_step

    assert told == "再推荐 1 户来参观，或推荐 1 户报名，就到 30.0 分、A 级。"


def test_figures_of_a_campus_are_those_of_its_families(school, head, batch):
    with tenant_scope(school):
        west = queries.Who(campus=makers.Campus.objects.create(code="west", name="西园").pk)
        makers.family("西园孩", "13800138111", at=makers.Campus.objects.get(code="west"))
        everybody, there = len(queries.stays().on(DAY)), len(queries.stays(west).on(DAY))
        kept = queries.stays(west).retention(date(2026, 6, 30), DAY, {})[""]

    assert (everybody, there, (kept.kept, kept.of)) == (5, 1, (1, 1))
