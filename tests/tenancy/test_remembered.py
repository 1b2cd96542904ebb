"""What may be a minute old: kept by school, member, choice of campuses and what it hangs on."""
import pytest
from django.core.cache import cache

from crm.models import Customer
from tenancy.models import Membership
from tenancy.remembered import SECONDS, newest, remembered, seen_by
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member


def member(tenant=1, pk=7, campuses=()):
    made = Membership(pk=pk, tenant_id=tenant)
    made.confine(list(campuses))
    return made


def test_what_was_built_is_not_built_again_within_the_minute():
    built = []

    def build():
        built.append(1)
        return {"A": 3}

    assert [remembered("k", build), remembered("k", build), len(built)] == [{"A": 3}, {"A": 3}, 1]


@pytest.mark.parametrize("empty", [0, [], {}, ""])
def test_an_empty_answer_is_an_answer(empty):
    remembered("k", lambda: empty)

    assert remembered("k", lambda: "built again") == empty


def test_it_is_kept_for_a_minute_and_no_longer():
    remembered("k", lambda: 1)
    client = cache._cache.get_client(None)

    assert 0 < client.ttl(cache.make_key("k")) <= SECONDS == 60


@pytest.mark.parametrize("other", [
    seen_by(member(tenant=2), "tiers", 9), seen_by(member(pk=8), "tiers", 9), seen_by(member(campuses=[3]), "tiers", 9),
    seen_by(member(), "quiet", 9), seen_by(member(), "tiers", 10), seen_by(member(), "tiers"),
])
def test_another_school_member_campus_figure_or_stamp_is_another_key(other):
    assert other != seen_by(member(), "tiers", 9) == "tiers:1:7:all:9"


def test_campuses_stand_in_the_key_in_one_order():
    assert seen_by(member(campuses=[12, 3]), "tiers") == seen_by(member(campuses=[3, 12]), "tiers") == "tiers:1:7:3+12"


def test_the_newest_row_is_the_schools_own(school, other_school):
    with tenant_scope(school):
        mine = makers.family("甲", "13800138001")
    with tenant_scope(other_school):
        makers.family("乙", "13800138002")
        theirs = newest(Customer)
    with tenant_scope(school):
        assert newest(Customer) == mine.pk < theirs


def test_a_school_without_rows_has_no_newest(school):
    with tenant_scope(school):
        assert newest(Customer) == 0


def test_two_schools_remember_each_its_own_names(school, other_school, client):
    for tenant in (school, other_school):
        client.force_login(make_member(tenant, "head").user, backend="tenancy.backends.StaffBackend")
        client.get(f"/s/{tenant.slug}/")
    keys = [key.decode() for key in cache._cache.get_client(None).keys("*campuses:*")]

    assert sorted(key.split("campuses:")[1].split(":")[0] for key in keys) == sorted([str(school.pk), str(other_school.pk)])
