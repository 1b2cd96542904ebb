"""Many rows at once: as the ORM would have written them, under the same lock, whatever characters they hold."""
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.models import Child, ClassGroup, FeeKind, SearchToken
from tenancy import bulk
from tenancy.models import Campus
from tenancy.scope import NoTenant, tenant_scope
from tests import makers

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(TEXT, min_size=1, max_size=20, unique=True))
def test_any_text_comes_back_as_it_was(school, names):
    """Tabs, line ends, backslashes, \\N, quotes: COPY's own signs mean nothing in a cell."""
    with tenant_scope(school):
        FeeKind.objects.all().delete()
        bulk.insert(FeeKind, ("name",), ((name,) for name in names))

        assert sorted(FeeKind.objects.values_list("name", flat=True)) == sorted(names)


def test_nulls_dates_bytes_and_truth_are_kept(school):
    with tenant_scope(school):
        family = makers.family().family
        bulk.insert(Child, ("family", "name", "born_on", "health_sealed", "sex"),
                    [(family.pk, "甲", date(2021, 5, 1), b"\x00\\\n", "m"), (family.pk, "乙", None, None, "")])
        bulk.insert(FeeKind, ("name", "counts"), [("不计", False), ("计", True)])

        first, second = Child.objects.filter(name__in="甲乙").order_by("name")
        assert (second.born_on, bytes(second.health_sealed), second.sex) == (date(2021, 5, 1), b"\x00\\\n", "m")
        assert (first.born_on, first.health_sealed) == (None, None)
        assert dict(FeeKind.objects.filter(name__in=["不计", "计"]).values_list("name", "counts")) == {"不计": False,
                "计": True}


def test_fields_that_are_not_named_get_their_defaults(school):
    with tenant_scope(school):
        bulk.insert(FeeKind, ("name",), [("春游费",)])

        made = FeeKind.objects.get(name="春游费")
        assert (made.group, made.counts, made.warning, made.tenant_id) == ("other", True, "", school.pk)


def test_it_counts_and_does_nothing_for_nothing(school):
    with tenant_scope(school):
        assert (bulk.insert(FeeKind, ("name",), []), bulk.insert(FeeKind, ("name",), [("a",), ("b",)])) == (0, 2)


def test_more_rows_than_a_chunk_are_all_written(school, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 7)
    with tenant_scope(school):
        bulk.insert(FeeKind, ("name",), ((f"费{n}",) for n in range(50)))

        assert FeeKind.objects.filter(name__startswith="费").count() == 50


def test_without_a_scope_nothing_is_written(school):
    with pytest.raises(NoTenant):
        bulk.insert(FeeKind, ("name",), [("x",)])


def test_a_link_to_another_school_is_refused_by_the_database(school, other_school):
    with tenant_scope(other_school):
        theirs = Campus.objects.get().pk
    with tenant_scope(school), pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(ClassGroup, ("campus", "name"), [(theirs, "小一班")])


def test_two_inserts_in_one_transaction_do_not_meet(school):
    with tenant_scope(school):
        bulk.insert(FeeKind, ("name",), [("一",)])
        bulk.insert(FeeKind, ("name",), [("二",)])
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'stage_%%' AND relpersistence = 't'")
            left = cursor.fetchone()[0]

        assert left == 0


def test_a_table_with_a_natural_key_takes_rows_too(school):
    with tenant_scope(school):
        SearchToken.objects.all().delete()
        bulk.insert(SearchToken, ("token", "customer_id"), [("abc", 7), ("abd", 7)])

        assert sorted(SearchToken.objects.values_list("token", flat=True)) == ["abc", "abd"]
