"""What refunds add to a family's page, and what becomes of them when families are merged."""
from churn.models import RefundRequest
from churn.refunds.panels import refunds_of
from churn.refunds.working import Asked, take
from crm.duplicates import merge
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY, ONE, home
from tests.conftest import make_member


def whole(customer, by) -> RefundRequest:
    return take(customer, Asked(None, DAY, "face", "整家退"), by=by, at=AT)


def test_applications_are_shown_to_who_may_see_them(centre, row, family, frontdesk):
    teacher = make_member(centre, "teacher")
    with tenant_scope(centre):
        assert refunds_of(frontdesk, family, DAY)["rows"] == [row]
        assert refunds_of(frontdesk, family, DAY - ONE)["rows"] == []
        assert refunds_of(teacher, family, DAY) is None


def test_an_application_follows_the_family_it_is_merged_into(centre, row, family, head):
    with tenant_scope(centre):
        survivor = home(2)
        merge(survivor, family, take=[], by=head, at=AT)

        assert RefundRequest.objects.get().customer == survivor


def test_of_two_that_are_open_for_the_whole_family_the_survivor_s_goes_on(centre, family, head):
    with tenant_scope(centre):
        survivor = home(2)
        theirs, gone = whole(survivor, head), whole(family, head)
        merge(survivor, family, take=[], by=head, at=AT)

        assert RefundRequest.objects.get(pk=theirs.pk).customer == survivor
        assert RefundRequest.objects.get(pk=gone.pk).customer_id == family.pk
