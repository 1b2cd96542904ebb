"""The first of all tests: bodies of tests run as the app role, which row-level security binds."""
import pytest
from django.db import connection


@pytest.mark.django_db
def test_tests_run_as_the_app_role_that_bypasses_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        who = cursor.fetchone()

    assert who == ("miaopu_app", False, False)


@pytest.mark.django_db
def test_no_statement_of_a_page_is_compiled_before_it_is_answered():
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")

        assert cursor.fetchone() == ("off",)
