"""TenantModel: the locks that every table of a school carries by construction, and what the checks say when one is lost."""
import pytest
from django.apps import apps
from django.db import connection, models

from tenancy import checks
from tenancy.base import TenantModel
from tenancy.checks import GLOBAL_TABLES, every_table_is_a_tenants_or_listed, tenant_models_are_locked
from tenancy.fields import TenantForeignKey, TenantOneToOneField
from tenancy.locks import CompositeLink, PersonPolicy, PollerPolicy, TenantPolicy
from tenancy.models import Membership

TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]
LINKS = [(model, field) for model in TENANT_MODELS for field in model._meta.local_fields if isinstance(field,
        TenantForeignKey | TenantOneToOneField)]


def constraints(model):
    return {type(c): c for c in model._meta.constraints}


def name_of(model):
    return model._meta.label


# -- on the models -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", TENANT_MODELS, ids=name_of)
def test_every_model_of_a_school_has_its_policy(model):
    assert isinstance(constraints(model)[TenantPolicy], TenantPolicy)


@pytest.mark.parametrize("model", [m for m in TENANT_MODELS if m.linked], ids=name_of)
def test_every_row_that_is_pointed_at_has_a_key_with_its_school(model):
    keys = [c.fields for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]

    assert ("tenant", "id") in keys


@pytest.mark.parametrize(("model", "field"), LINKS, ids=lambda x: getattr(x, "name", None) or x._meta.label)
def test_every_link_carries_its_school(model, field):
    links = {c.column: c.target for c in model._meta.constraints if isinstance(c, CompositeLink)}
    target = field.remote_field.model

    assert links[field.column] == target._meta.db_table and not field.db_constraint


@pytest.mark.parametrize("model", TENANT_MODELS, ids=name_of)
def test_every_index_of_a_school_begins_with_the_school(model):
    across = {"outbox_due"}  # the poller looks across schools
    indexes = [i for i in model._meta.indexes if i.name not in across]

    assert all(index.fields[0] == "tenant" for index in indexes if index.fields)


@pytest.mark.parametrize("model", TENANT_MODELS, ids=name_of)
def test_reading_goes_through_the_open_school(model):
    assert model._meta.base_manager_name == "objects"
    assert type(model._default_manager).__name__.startswith("TenantManager")


# -- in the database --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", TENANT_MODELS, ids=name_of)
def test_the_table_is_locked_also_against_its_owner(db, model):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s",
                [model._meta.db_table])

        assert cursor.fetchone() == (True, True)


def test_a_policy_for_reading_only_never_lets_write(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT cmd FROM pg_policies WHERE policyname = 'membership_own'")

        assert cursor.fetchone() == ("SELECT",)


# -- the locks' own words -----------------------------------------------------------------------------------------------------
def test_locks_are_equal_when_they_say_the_same():
    one, same, other = (CompositeLink(column="a_id", target="t", name=name) for name in ("x", "x", "y"))

    assert one == same
    assert one != other
    assert one != "x"
    assert TenantPolicy(name="p") == TenantPolicy(name="p")


@pytest.mark.parametrize("kind", [TenantPolicy, PersonPolicy, PollerPolicy])
def test_a_policy_is_made_and_taken_off_by_name(kind):
    policy = kind(name="x")

    assert "CREATE POLICY %(name)s ON %(table)s" in policy._create()
    assert policy._remove() == "DROP POLICY %(name)s ON %(table)s"


def test_a_link_is_checked_at_once_and_can_wait_when_asked():
    sql = CompositeLink(column="campus_id", target="tenancy_campus", name="x")._create()

    assert '(tenant_id, "campus_id") REFERENCES "tenancy_campus" (tenant_id, id) DEFERRABLE INITIALLY IMMEDIATE' in sql.replace("  ", " ")


def test_a_lock_is_written_into_migrations_whole():
    path, args, kwargs = CompositeLink(column="a", target="t", name="x").deconstruct()

    assert path.endswith("CompositeLink")
    assert args == ()
    assert kwargs == {"column": "a", "target": "t", "name": "x"}


# -- the checks -------------------------------------------------------------------------------------------------------------------
def test_as_it_stands_nothing_is_missing():
    assert tenant_models_are_locked() == [] and every_table_is_a_tenants_or_listed() == []


def test_a_model_that_lost_its_policy_is_named(monkeypatch):
    monkeypatch.setattr(Membership._meta, "constraints", [])

    assert [(error.id, error.obj) for error in tenant_models_are_locked()] == [("tenancy.E001", Membership)]


def test_a_global_table_that_nobody_listed_is_named(monkeypatch):
    monkeypatch.setattr(checks, "GLOBAL_TABLES", {name: why for name,
            why in GLOBAL_TABLES.items() if name != "tenancy_user"})

    assert [error.id for error in every_table_is_a_tenants_or_listed()] == ["tenancy.E002"]


def test_every_global_table_says_why_it_is_one():
    assert all(len(why) > 10 for why in GLOBAL_TABLES.values())
