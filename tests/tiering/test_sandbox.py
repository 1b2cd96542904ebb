"""The sandbox judges everybody by both versions and writes nothing; the back-test counts who left."""
from datetime import date

import pytest

from crm.models import Enrolment, EntryKind
from tenancy.scope import tenant_scope
from tests import makers
from tiering.actions import draft_of, in_force, save_draft
from tiering.calendar import past_quarters, quarter_ends
from tiering.models import Result, Scheme, Standing
from tiering.simulate import backtest, simulate

DAY = date(2026, 9, 30)


@pytest.fixture
def draft(school, head, now):
    with tenant_scope(school):
        for number in range(3):
            customer = makers.family(f"孩{number}子", f"1380013800{number}", date(2023, 9, 1))
            makers.payment(customer, 9000 * number, date(2026, 5, 5))
        version = draft_of(Scheme.objects.get(code="kg-ad"), by=head, at=now)
        save_draft(version, version.rules | {"cuts": [7500, 3000, 2000, 0]}, by=head, at=now)
    return version


def test_a_draft_moves_customers_on_paper_only(school, draft):
    with tenant_scope(school):
        result = simulate(in_force(draft.scheme), draft, DAY)

        assert (result.size, result.moved) == (3, len(result.movers))
        assert result.movement.ups == result.moved > 0 and result.movement.downs == 0
        assert sum(of for _name, _moved, of in result.by_campus) == 3
        assert Result.objects.count() == Standing.objects.count() == 0


def test_the_same_version_moves_nobody(school, draft):
    with tenant_scope(school):
        current = in_force(draft.scheme)

        assert simulate(current, current, DAY).moved == 0


def test_the_back_test_counts_those_who_left_and_leaves_natural_leavers_out(school, draft):
    with tenant_scope(school):
        enrolments = Enrolment.objects.order_by("id")
        for enrolment, outcome in zip(enrolments, ("transferred", "graduated", "withdrew"), strict=True):
            Enrolment.objects.filter(pk=enrolment.pk).update(until_on=date(2026, 11, 1), outcome=outcome)
        makers.entry(enrolments[0].child.family.customer, EntryKind.TRANSFER_SIGNAL, date(2026, 9, 1))

        found = backtest(in_force(draft.scheme), draft, DAY, date(2026, 12, 31))

    assert (found.left, found.by_current, found.by_draft) == (2, 1, 1)


def test_quarters_end_where_they_end():
    assert quarter_ends(date(2026, 1, 1), 2) == [date(2025, 12, 31), date(2025, 9, 30)]
    assert past_quarters(date(2026, 11, 21), 1) == [(date(2026, 6, 30), date(2026, 9, 30))]
