"""Whom the tests of the tier engine judge."""
from datetime import date

import pytest

from crm.models import Customer
from tenancy.scope import tenant_scope
from tests import makers


@pytest.fixture
def customer(school) -> Customer:
    """Three years here and 30,000 元 this year: stands in B."""
    with tenant_scope(school):
        made = makers.family("周小满", "13800138001", date(2023, 9, 1))
        makers.payment(made, 30_000, date(2026, 3, 1))
        return made
