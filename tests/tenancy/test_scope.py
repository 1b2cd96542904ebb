"""A scope is one transaction in one school; outside of it the ORM refuses and the database shows nothing."""
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone

from crm.models import Customer, FeeKind
from tenancy.models import Campus, Membership
from tenancy.scope import NestedScope, NoTenant, current_tenant, current_tenant_id, in_scope, person_scope, tenant_scope
from tests import makers
from tests.conftest import make_member, make_school


def setting(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [name])
        return cursor.fetchone()[0] or ""


def test_inside_the_school_is_known_and_outside_it_is_not(school):
    before = in_scope()
    with tenant_scope(school) as opened:
        inside = (in_scope(), current_tenant(), current_tenant_id(), opened)

    assert (before, inside, in_scope()) == (False, (True, school, school.pk, school), False)


@pytest.mark.parametrize("ask", [current_tenant, current_tenant_id])
def test_outside_there_is_no_school_to_ask_for(ask):
    with pytest.raises(NoTenant, match="没有打开租户"):
        ask()


VERBS = {"list": lambda: list(FeeKind.objects.all()), "count": lambda: FeeKind.objects.count(),
        "get": lambda: FeeKind.objects.get(pk=1),
         "exists": lambda: FeeKind.objects.exists(), "create": lambda: FeeKind.objects.create(name="x"),
         "update": lambda: FeeKind.objects.update(name="x"), "delete": lambda: FeeKind.objects.all().delete(),
         "bulk_create": lambda: FeeKind.objects.bulk_create([FeeKind(name="x")]), "aggregate": lambda: FeeKind.objects.aggregate(),
         "in_bulk": lambda: FeeKind.objects.in_bulk([1]), "first": lambda: FeeKind.objects.first()}


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"aggregate"}))
def test_every_verb_of_the_orm_refuses_without_a_scope(school, verb):
    with pytest.raises(NoTenant):
        VERBS[verb]()


def test_the_database_shows_nothing_without_a_scope(school):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM crm_feekind")

        assert cursor.fetchone() == (0,)


def test_the_setting_is_put_back_after_a_clean_end_and_after_an_error(school):
    with tenant_scope(school):
        inside = setting("app.tenant_id")
    after = setting("app.tenant_id")
    with pytest.raises(ZeroDivisionError), tenant_scope(school):
        raise ZeroDivisionError

    assert (inside, after, setting("app.tenant_id"), in_scope()) == (str(school.pk), "", "", False)


def test_an_error_takes_back_what_was_written(school):
    with pytest.raises(ZeroDivisionError), tenant_scope(school):
        FeeKind.objects.create(name="春游费")
        raise ZeroDivisionError

    with tenant_scope(school):
        assert not FeeKind.objects.filter(name="春游费").exists()


def test_one_school_after_another_sees_its_own(school, other_school):
    found = []
    for tenant in (school, other_school, school):
        with tenant_scope(tenant):
            found.append(set(Campus.objects.values_list("tenant_id", flat=True)))

    assert found == [{school.pk}, {other_school.pk}, {school.pk}]


def test_a_scope_does_not_nest_not_even_in_itself(school, other_school):
    for tenant in (school, other_school):
        with tenant_scope(school), pytest.raises(NestedScope, match="不能再打开"), tenant_scope(tenant):
            pass


def test_after_a_refused_nesting_the_outer_scope_goes_on(school, other_school):
    with tenant_scope(school):
        with pytest.raises(NestedScope), tenant_scope(other_school):
            pass

        assert current_tenant() == school and Campus.objects.count() == 1


def test_a_savepoint_inside_keeps_the_school(school):
    with tenant_scope(school):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            FeeKind.objects.create(name="春游费")
            raise ZeroDivisionError

        assert (setting("app.tenant_id"), FeeKind.objects.filter(name="春游费").count()) == (str(school.pk), 0)


# -- a person across schools ------------------------------------------------------------------------------------------
def test_a_person_sees_their_own_memberships_in_every_school_and_nobody_elses(school, other_school):
    member, colleague = make_member(school, "head"), make_member(school, "teacher")
    with tenant_scope(other_school):
        second = Membership.objects.create(user=member.user, role="teacher", name="兼职")
    with person_scope(member.user_id):
        seen = set(Membership.across.values_list("pk", flat=True))

    assert seen == {member.pk, second.pk} and colleague.pk not in seen


def test_a_person_sees_nothing_else_of_those_schools(school):
    member = make_member(school, "head")
    with person_scope(member.user_id), connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM tenancy_campus), (SELECT count(*) FROM crm_customer)")

        assert cursor.fetchone() == (0, 0)


def test_a_person_changes_nothing_that_way(school):
    member = make_member(school, "teacher")
    with person_scope(member.user_id):
        changed = Membership.across.filter(pk=member.pk).update(role="head")

    with tenant_scope(school):
        assert (changed, Membership.objects.get(pk=member.pk).role) == (0, "teacher")


def test_the_persons_setting_is_put_back(school):
    member = make_member(school, "head")
    with person_scope(member.user_id):
        inside = setting("app.user_id")

    assert (inside, setting("app.user_id")) == (str(member.user_id), "")


# -- ids -------------------------------------------------------------------------------------------------------------
def test_ids_drawn_ahead_are_new_and_apart(school):
    with tenant_scope(school):
        first, second = Customer.objects.draw_ids(3), Customer.objects.draw_ids(2)
        made = makers.family()

    assert len({*first, *second, made.pk}) == 6


@pytest.mark.parametrize(("ids", "count"), [(None, 2), ([], 0)])
def test_rows_of_campuses_none_is_all_and_an_empty_list_is_none(school, ids, count):
    with tenant_scope(school):
        makers.family("甲", "13800138001")
        makers.family("乙", "13800138002")

        assert Customer.objects.in_campuses(ids).count() == count


def test_a_school_is_opened_with_a_key_and_a_public_name_of_its_own(db):
    one, other = make_school("one"), make_school("two")

    assert one.public_id != other.public_id
    assert len(one.public_id) == 12
    assert bytes(one.wrapped_key) != bytes(other.wrapped_key)


def test_inside_it_is_the_schools_time_of_day(school):
    moment = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    school.time_zone = "Asia/Urumqi"
    with tenant_scope(school):
        inside = f"{timezone.localtime(moment):%H:%M}"

    assert (inside, f"{timezone.localtime(moment):%H:%M}") == ("08:00", "10:00")
