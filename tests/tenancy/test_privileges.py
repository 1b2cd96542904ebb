"""What each database role may do, as the database itself says it."""
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from audit.models import Entry, Seal
from notifications.models import Outbox
from tenancy.privileges import CLOSED, READ_ONLY, _app_rights
from tests.database import _owner


def may(role, table):
    """The rights of a role on a table."""
    name = settings.DATABASES["default"]["NAME"]
    rows = _owner(f"SELECT privilege_type FROM information_schema.role_table_grants WHERE grantee = '{role}' AND table_name = '{table}'", name)
    return {row[0] for row in rows}


TABLES = sorted(model._meta.db_table for model in apps.get_models() if model._meta.app_label in ("crm", "tiering",
        "tenancy", "notifications"))


@pytest.mark.parametrize("table", TABLES)
def test_the_app_works_with_its_tables_and_owns_none(db, table):
    assert may("miaopu_app", table) == {"SELECT", "INSERT", "UPDATE", "DELETE"}


@pytest.mark.parametrize("model", [Entry, Seal])
def test_the_log_is_added_to_and_never_changed(db, model):
    assert may("miaopu_app", model._meta.db_table) == {"SELECT", "INSERT"}


@pytest.mark.parametrize("table", sorted(CLOSED))
def test_tables_of_packages_we_do_not_use_are_closed(db, table):
    assert may("miaopu_app", table) == set() and _app_rights(table) == ""


@pytest.mark.parametrize("table", sorted(READ_ONLY))
def test_which_migrations_ran_is_read_only(db, table):
    assert _app_rights(table) == "SELECT"


@pytest.mark.parametrize("table", [t for t in TABLES if t not in ("notifications_outbox", "tenancy_tenant")])
def test_the_poller_sees_no_table_whole(db, table):
    assert may("miaopu_poller", table) == set()


def test_the_poller_sees_few_columns_and_writes_one(db):
    name = settings.DATABASES["default"]["NAME"]
    rows = _owner("SELECT privilege_type, column_name FROM information_schema.column_privileges WHERE grantee = 'miaopu_poller' "
                  "AND table_name = 'notifications_outbox'", name)

    assert {column for right, column in rows if right == "SELECT"} == set(Outbox.poller_sees)
    assert {column for right, column in rows if right == "UPDATE"} == set(Outbox.poller_writes) == {"sent_at"}


def test_who_we_are_is_bound_by_the_policies(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user")

        assert cursor.fetchone() == ("miaopu_app", False, False, False)


def test_the_app_makes_and_drops_no_table(db):
    name = settings.DATABASES["default"]["NAME"]

    assert _owner("SELECT has_schema_privilege('miaopu_app', 'public', 'CREATE')", name)[0][0] is False
