"""Two colleagues at the same moment: one application, one approval, one refund."""
import pytest

from churn.models import RefundRequest
from churn.refunds.working import approve, pay, propose
from crm.models import Payment
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT
from tests.churn.refunds.makers import asks
from tests.reception.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_application_is_taken_down(centre, family, head, frontdesk):
    done = at_once(centre, lambda: asks(family, head), lambda: asks(family, frontdesk))

    with tenant_scope(centre):
        assert RefundRequest.objects.count() == 1 and done == ["done", "open_already"]


def test_the_money_goes_back_once(centre, row, head, deputy, frontdesk):
    with tenant_scope(centre):
        propose(row, by=frontdesk, at=AT)
        approve(row, by=head, at=AT)
        seen = [RefundRequest.objects.get() for _n in range(2)]
    at_once(centre, *(lambda one=one: pay(one, by=head, at=AT) for one in seen))

    with tenant_scope(centre):
        assert list(Payment.objects.filter(amount_fen__lt=0).values_list("amount_fen", flat=True)) == [-200000]


def test_it_is_approved_or_declined_and_never_both(centre, row, head, deputy, frontdesk):
    with tenant_scope(centre):
        propose(row, by=frontdesk, at=AT)
        seen = [RefundRequest.objects.get() for _n in range(2)]
    done = at_once(centre, lambda: approve(seen[0], by=head, at=AT), lambda: approve(seen[1], by=deputy, at=AT))

    with tenant_scope(centre):
        assert RefundRequest.objects.get().state == "approved" and done == ["changed", "done"]
