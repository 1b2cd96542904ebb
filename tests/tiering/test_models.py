"""Rows of the tier engine: quarters, standings of a day, one of a kind where there may be only one."""
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tenancy.scope import tenant_scope
from tests import makers
from tests.tiering.steps import SEPTEMBER, current, scheme
from tiering.models import Batch, Outlook, QuarterlyReport, Review, Scheme, SchemeVersion, Standing
from tiering.presets import PRESETS
from tiering.rules import as_data


@pytest.fixture
def customer(school):
    with tenant_scope(school):
        yield makers.family()


@pytest.mark.parametrize(("day", "quarter"), [
    (date(2026, 1, 1), "2026 Q1"), (date(2026, 3, 31), "2026 Q1"), (date(2026, 4, 1), "2026 Q2"), (date(2026, 9, 30),
            "2026 Q3"), (date(2026, 12, 31), "2026 Q4"),
])
def test_a_batch_is_called_by_its_quarter(day, quarter):
    assert Batch(tenant_id=1, as_of=day).quarter == quarter


def standing(customer, first, last=None, label="B"):
    return Standing.objects.create(scheme=scheme(), customer=customer, tier=1, label=label, score=6000, from_on=first,
            until_on=last)


@pytest.mark.parametrize(("day", "label"), [(date(2026, 5, 31), None), (date(2026, 6, 1), "A"), (date(2026, 6, 30),
        "A"), (date(2026, 7, 1), "B"),
                                            (date(2030, 1, 1), "B")])
def test_on_the_day_it_ends_the_next_one_holds(customer, day, label):
    standing(customer, date(2026, 6, 1), date(2026, 7, 1), "A")
    standing(customer, date(2026, 7, 1))
    found = Standing.objects.on(day).first()

    assert (found.label if found else None) == label


def test_now_is_what_has_not_ended(customer):
    standing(customer, date(2026, 6, 1), date(2026, 7, 1), "A")
    last = standing(customer, date(2026, 7, 1))

    assert list(Standing.objects.now()) == [last]


def test_a_customer_stands_once_now_under_a_scheme(customer):
    standing(customer, date(2026, 6, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        standing(customer, date(2026, 7, 1))


def test_a_scheme_has_one_version_in_force(customer):
    with pytest.raises(IntegrityError), transaction.atomic():
        SchemeVersion.objects.create(scheme=scheme(), number=2, state="in_force", rules=current().rules)


def test_a_version_has_its_number_once(customer):
    with pytest.raises(IntegrityError), transaction.atomic():
        SchemeVersion.objects.create(scheme=scheme(), number=1, rules=current().rules)


def test_a_colleague_reviews_a_batch_once(school, head, customer):
    batch = Batch.objects.create(version=current(), as_of=SEPTEMBER)
    Review.objects.create(batch=batch, by=head, agrees=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(batch=batch, by=head, agrees=False)


def test_a_batch_has_one_report(customer):
    batch = Batch.objects.create(version=current(), as_of=SEPTEMBER)
    QuarterlyReport.objects.create(batch=batch)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuarterlyReport.objects.create(batch=batch)


def test_there_is_one_outlook_a_customer_and_scheme(customer):
    Outlook.objects.create(scheme=scheme(), customer=customer, label="B", score=1, as_of=SEPTEMBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outlook.objects.create(scheme=scheme(), customer=customer, label="C", score=1, as_of=SEPTEMBER)


def test_schemes_are_called_by_name(customer):
    assert [str(s) for s in Scheme.objects.order_by("id")] == ["幼儿园 A–D", "潜在客户", "合作机构"]


@pytest.mark.parametrize("preset", [p for presets in PRESETS.values() for p in presets], ids=lambda p: f"{p.code}-{p.name}")
def test_rules_are_stored_and_read_back_exactly(customer, preset):
    version = SchemeVersion.objects.create(scheme=scheme(), number=9, rules=as_data(preset.scheme))

    assert SchemeVersion.objects.get(pk=version.pk).as_rules() == preset.scheme
