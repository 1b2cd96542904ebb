"""The link by which whoever asked looks what became of it: opaque, renewable, and shut some time after the end."""
from datetime import timedelta

import pytest

from audit.models import Entry
from crm.models import Customer
from service_levels.models import ServiceRequest
from service_levels.requests import links, working
from tenancy.refusals import Absent
from tenancy.scope import tenant_scope
from tests.service_levels.conftest import family
from tests.service_levels.requests.test_working import TEN, WISH, at


@pytest.fixture
def row(miao, head):
    return working.open_request(WISH, customer=family(1), by=head, at=TEN)


def test_a_link_opens_its_request(row, miao):
    assert links.request_by_token(links.token_of(row), TEN) == row
    assert links.link_of(row).endswith(f"/f/{miao.public_id}_{links.token_of(row).partition('_')[2]}/")
    assert len(links.token_of(row).partition("_")[2]) == 32


def test_the_table_keeps_no_link(row):
    assert links.token_of(row).partition("_")[2] not in str(ServiceRequest.objects.filter(pk=row.pk).values().get())


@pytest.mark.parametrize("spoil", [lambda token: token[:-1], lambda token: token + "x", lambda token: "", lambda token: token.upper()])
def test_any_other_opens_nothing(row, spoil):
    with pytest.raises(Absent):
        links.request_by_token(spoil(links.token_of(row)), TEN)


def test_a_renewed_link_shuts_the_old_one(row, head):
    old = links.token_of(row)

    links.renew(row, by=head)

    assert links.request_by_token(links.token_of(row), TEN) == row
    with pytest.raises(Absent):
        links.request_by_token(old, TEN)
    assert Entry.objects.filter(verb="service.request_link_renewed", object_id=row.pk).count() == 1


def test_it_opens_sixty_days_after_the_end_and_no_longer(row, head):
    working.resolve(row, result="换了", by=head, at=at(1))

    assert links.request_by_token(links.token_of(row), at(1) + links.KEPT) == row
    with pytest.raises(Absent):
        links.request_by_token(links.token_of(row), at(1) + links.KEPT + timedelta(seconds=1))


def test_of_a_family_that_was_deleted_it_opens_nothing(row):
    Customer.objects.filter(pk=row.customer_id).update(deleted_at=TEN)

    with pytest.raises(Absent):
        links.request_by_token(links.token_of(row), TEN)


def test_in_another_school_it_opens_nothing(school, head, other_school):
    with tenant_scope(school):
        token = links.token_of(working.open_request(WISH, by=head, at=TEN))

    with tenant_scope(other_school), pytest.raises(Absent):
        links.request_by_token(token, TEN)


def test_requests_from_before_there_were_links_get_theirs(row):
    ServiceRequest.objects.filter(pk=row.pk).update(token_hash="")

    links.furnish(None)
    links.furnish(None)

    assert links.request_by_token(links.token_of(row), TEN) == row
