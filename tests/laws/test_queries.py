"""Statements per request do not grow with rows (QUALITY E-3)."""
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenancy.scope import tenant_scope
from tests import makers

PAGES = ["", "families/", "families/{family}/", "tiering/batches/", "imports/", "inbox/", "api/v1/families/",
        "api/v1/families/{family}/",
         "api/v1/payments/", "tiering/schemes/"]


def fill(count: int, first: int) -> int:
    for number in range(count):
        customer = makers.family(f"周小{number}", f"139{first + number:08d}", date(2024, 9, 1))
        makers.payment(customer, 100, date(2026, 9, 1))
        makers.entry(customer)
    return customer.pk


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_as_often_for_twenty_families_as_for_three(school, head_client, path):
    counts = []
    for count, first in ((3, 0), (17, 100)):
        with tenant_scope(school):
            family = fill(count, first)
        head_client.get(f"/s/{school.slug}/{path.format(family=family)}")
        with CaptureQueriesContext(connection, ) as seen:
            assert head_client.get(f"/s/{school.slug}/{path.format(family=family)}").status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]
