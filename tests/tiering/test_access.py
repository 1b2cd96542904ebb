"""The tier engine's doors: batches, schemes, versions and overrides by their number, with the right, or not at all."""
from datetime import date

import pytest

from tenancy.refusals import Absent, Forbidden
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.tiering.steps import computed, current, scheme
from tiering.access import batch_for, override_for, scheme_for, version_for
from tiering.actions import propose_override

DOORS = {"batch": batch_for, "scheme": scheme_for, "version": version_for, "override": override_for}
RIGHTS = {"batch": "tiering.view", "scheme": "tiering.view", "version": "tiering.view", "override": "tiering.override"}


@pytest.fixture
def rows(school, head, now):
    with tenant_scope(school):
        customer = makers.family("周小满", "13800138001", date(2023, 9, 1))
        override = propose_override(customer, scheme(), tier=0, reason="园长亲自谈过", expires_on=date(2030, 1, 1),
                by=head, at=now)
        return {"batch": computed(head, now), "scheme": scheme(), "version": current(), "override": override}


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_row_is_found_by_its_number(school, head, rows, name):
    with tenant_scope(school):
        assert DOORS[name](head, rows[name].pk, RIGHTS[name]) == rows[name]


@pytest.mark.parametrize("name", sorted(DOORS))
@pytest.mark.parametrize("pk", [0, 10**12, "abc", None, ""])
def test_what_is_no_number_of_ours_is_absent(school, head, rows, name, pk):
    with tenant_scope(school), pytest.raises(Absent):
        DOORS[name](head, pk, RIGHTS[name])


@pytest.mark.parametrize("name", sorted(DOORS))
def test_another_schools_row_is_absent(other_school, rows, name):
    stranger = make_member(other_school, "head")
    with tenant_scope(other_school), pytest.raises(Absent):
        DOORS[name](stranger, rows[name].pk, RIGHTS[name])


@pytest.mark.parametrize("name", sorted(DOORS))
def test_without_the_right_the_door_is_closed(school, rows, name):
    desk = make_member(school, "frontdesk")
    with tenant_scope(school), pytest.raises(Forbidden):
        DOORS[name](desk, rows[name].pk, RIGHTS[name])
