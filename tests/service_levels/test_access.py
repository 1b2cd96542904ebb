"""The doors of service levels."""
import pytest

from service_levels.access import entitlements, version_for
from service_levels.models import PlanVersion
from tenancy.refusals import Absent, Forbidden
from tenancy.scope import tenant_scope
from tests.conftest import make_member


@pytest.mark.parametrize("role", ["head", "frontdesk", "teacher", "admin", "inspector"])
def test_everybody_who_works_here_knows_what_families_are_owed(school, three, role):
    member = make_member(school, role, "某")
    with tenant_scope(school):
        assert entitlements(member).count() == 3


def test_a_role_without_the_right_is_refused(school, three, monkeypatch):
    member = make_member(school, "teacher")
    monkeypatch.setattr("tenancy.roles.RIGHTS", {"teacher": frozenset()})
    with tenant_scope(school), pytest.raises(Forbidden):
        entitlements(member)


def test_a_version_of_another_school_looks_like_none(school, other_school, head):
    with tenant_scope(other_school):
        theirs = PlanVersion.objects.get().pk
    with tenant_scope(school):
        mine = PlanVersion.objects.get()

        assert version_for(head, mine.pk) == mine
        for pk in (theirs, 999_999, "x"):
            with pytest.raises(Absent):
                version_for(head, pk)
