"""What the database itself refuses of disputes, and what becomes of them when files are merged."""
import pytest
from django.db import IntegrityError, transaction

from crm.duplicates import merge
from crm.models import Dispute, OwnershipRules
from crm.ownership.deciding import raise_it
from tests import makers
from tests.crm.ownership.test_deciding import AT


@pytest.fixture
def pair(head, miao):
    return makers.family("周一", "13800138001"), makers.family("周二", "13800138002")


@pytest.fixture
def row(pair, head):
    return raise_it(pair[0], None, "x", by=head, at=AT)


def refused(do) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        do()
    return str(caught.value)


@pytest.mark.parametrize(("fields", "name"), [
    ({"state": "decided"}, "dispute_decided"),
    ({"state": "decided", "decided_at": AT}, "dispute_decided"),
    ({"state": "dropped", "words": "x"}, "dispute_decided"),
    ({"decided_at": AT}, "dispute_decided"),
])
def test_a_dispute_that_contradicts_itself_is_refused(row, fields, name):
    assert name in refused(lambda: Dispute.objects.update(**fields))


def test_a_file_is_not_disputed_with_itself(row, pair):
    assert "dispute_two_files" in refused(lambda: Dispute.objects.update(other=pair[0]))


def test_a_file_has_one_open_dispute(row, pair):
    assert "dispute_one_open" in refused(lambda: Dispute.objects.create(customer=pair[0], at=AT))


def test_a_school_has_one_rule(row):
    OwnershipRules.objects.create()

    assert "ownership_rules_one" in refused(lambda: OwnershipRules.objects.create())


def test_a_dispute_follows_the_file_it_is_about(row, pair, head):
    merge(pair[1], pair[0], take=[], by=head, at=AT)

    assert Dispute.objects.get().customer == pair[1]


def test_of_two_that_are_open_the_survivor_s_goes_on(row, pair, head):
    theirs = raise_it(pair[1], None, "y", by=head, at=AT)
    merge(pair[1], pair[0], take=[], by=head, at=AT)

    assert Dispute.objects.get(pk=theirs.pk).customer == pair[1]
    assert Dispute.objects.get(pk=row.pk).customer_id == pair[0].pk


def test_a_dispute_about_just_these_two_stays_where_it_is(pair, head):
    row = raise_it(pair[0], pair[1], "x", by=head, at=AT)
    merge(pair[1], pair[0], take=[], by=head, at=AT)

    assert Dispute.objects.get(pk=row.pk).customer_id == pair[0].pk
