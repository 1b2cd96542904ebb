"""What the database itself refuses of refund applications."""
import pytest
from django.db import IntegrityError, transaction

from churn.models import RefundLine, RefundRequest, SaveOffer
from crm.models import Payment
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY, ONE


@pytest.fixture
def there(centre, row):
    with tenant_scope(centre):
        yield row


def refused(do) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        do()
    return str(caught.value)


@pytest.mark.parametrize(("fields", "name"), [
    ({"state": "approved"}, "refund_request_decided"),
    ({"state": "declined", "closed_on": DAY}, "refund_request_decided"),
    ({"state": "paid", "closed_on": DAY}, "refund_request_decided"),
    ({"decided_at": AT}, "refund_request_decided"),
    ({"state": "kept", "decided_at": AT, "closed_on": DAY}, "refund_request_decided"),
    ({"state": "kept"}, "refund_request_closed"),
    ({"state": "taken_back"}, "refund_request_closed"),
    ({"closed_on": DAY}, "refund_request_closed"),
])
def test_an_application_that_contradicts_itself_is_refused(there, fields, name):
    assert name in refused(lambda: RefundRequest.objects.update(**fields))


def test_a_payment_stands_once_in_an_application(there):
    line = there.lines.get()

    assert "refund_line_once" in refused(lambda: RefundLine.objects.create(request=there, payment=line.payment))


def test_a_fee_does_not_end_before_it_begins(there):
    assert "refund_line_span" in refused(lambda: RefundLine.objects.update(first_on=DAY, last_on=DAY - ONE))


def test_one_offer_is_taken(there, frontdesk):
    for _n in range(2):
        SaveOffer.objects.create(request=there, kind="pause", text="x", at=AT, by=frontdesk)

    assert "save_offer_one_accepted" in refused(lambda: SaveOffer.objects.update(answer="accepted"))


def test_an_offer_costs_nothing_or_more(there, frontdesk):
    assert "save_offer_cost" in refused(lambda: SaveOffer.objects.create(request=there, kind="pause", text="x",
            fen=-1, at=AT, by=frontdesk))


def test_a_payment_goes_with_its_line_and_a_refund_that_is_undone_leaves_it(there):
    back = Payment.objects.create(customer=there.customer, fee_kind=there.lines.get().payment.fee_kind, paid_on=DAY,
            amount_fen=-100)
    RefundLine.objects.update(refunded=back)
    back.delete()
    assert there.lines.get().refunded is None

    there.lines.get().payment.delete()
    assert not there.lines.exists()
