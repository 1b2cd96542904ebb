"""Statements built once: they find and write what the ORM's own would have, in the open school only."""
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Entry
from crm.models import FeeKind, Lead
from notifications.models import Outbox
from reception.models import Slot
from tenancy.models import Campus, Tenant
from tenancy.prepared import Prepared, Unfit, insert
from tenancy.scope import NoTenant, in_scope, tenant_scope
from tests.conftest import make_school
from tests.reception.makers import MONDAY, NOW, slot

NUMBERS = count()
HOUR = timedelta(hours=1)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
by_name: Prepared[FeeKind] = Prepared(lambda name: FeeKind.objects.filter(name=name), name=str)


after: Prepared[Slot] = Prepared(lambda at,
        campus: Slot.objects.bookable(at).filter(campus=campus).annotate(minutes=F("type__minutes")),
                                 at=datetime, campus=int)


def written(row):
    return type(row).objects.filter(pk=row.pk).values().get()


# -- asking --------------------------------------------------------------------------------------------------------------
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=TEXT, other=TEXT)
def test_it_finds_what_the_query_finds_whatever_is_asked(school, name, other):
    with tenant_scope(school):
        FeeKind.objects.all().delete()
        kept = FeeKind.objects.create(name=name)

        assert by_name.first(name=name) == kept
        assert by_name.first(name=other) == FeeKind.objects.filter(name=other).first()


def test_the_same_one_serves_every_school_and_shows_each_its_own(school):
    other = make_school("qi")
    with tenant_scope(school):
        mine = FeeKind.objects.create(name="同名")
        assert by_name.first(name="同名") == mine
    with tenant_scope(other):
        assert by_name.first(name="同名") is None
        theirs = FeeKind.objects.create(name="同名")

        assert by_name.first(name="同名") == theirs


def test_its_statement_names_the_school_even_where_the_database_would_not(school):
    with CaptureQueriesContext(connection) as sent, tenant_scope(school):
        by_name.first(name="x")

    asked = next(query["sql"] for query in sent if "crm_feekind" in query["sql"])
    assert f'"tenant_id" = ({school.pk})' in asked and "LIMIT 1" in asked


def test_without_a_scope_it_asks_nothing(school):
    with pytest.raises(NoTenant):
        by_name.first(name="x")


def test_it_may_be_built_without_a_scope_and_leaves_none_open(school):
    fresh = Prepared(lambda name: FeeKind.objects.filter(name=name), name=str)
    with pytest.raises(NoTenant):
        fresh.first(name="x")

    assert not in_scope()


def test_rows_of_all_schools_need_no_scope(school):
    by_slug = Prepared(lambda slug: Tenant.objects.filter(slug=slug, is_active=True), slug=str)

    assert (by_slug.first(slug=school.slug), by_slug.first(slug="nobody")) == (school, None)


def test_the_first_row_comes_whole_and_with_what_was_annotated(miao):
    slots = [slot(starts_at=MONDAY), slot(starts_at=MONDAY + HOUR)]
    first, second = (after.first(at=at, campus=slots[0].campus_id) for at in (NOW, MONDAY))

    assert [first, second] == slots
    assert (first.starts_at, first.minutes, first.get_deferred_fields()) == (MONDAY, slots[0].type.minutes, set())


def test_one_value_may_stand_in_several_places(miao):
    here, ask = slot(), Prepared(lambda at: Slot.objects.filter(starts_at__lte=at, ends_at__gt=at), at=datetime)

    assert [ask.first(at=at) for at in (MONDAY, MONDAY - HOUR, MONDAY + HOUR)] == [here, None, None]


def test_a_number_is_never_taken_for_the_schools(miao):
    here = slot()
    ask = Prepared(lambda pk, campus: Slot.objects.filter(pk=pk, campus=campus), pk=int, campus=int)

    assert ask.first(pk=here.pk, campus=here.campus_id) == here
    assert (ask.first(pk=here.campus_id + 10**9, campus=here.pk),
            ask.first(pk=miao.pk + 10**9, campus=here.campus_id)) == (None, None)


def test_what_does_not_fit_is_named_each_for_itself(school):
    with tenant_scope(school), pytest.raises(Unfit, match="^other, text$"):
        Prepared(lambda text, other: FeeKind.objects.all(), text=str, other=str).first(text="x", other="y")


@pytest.mark.parametrize("build", [lambda name: FeeKind.objects.filter(name__icontains=name),
        lambda name: FeeKind.objects.all(),
                                   lambda name: FeeKind.objects.filter(name=name.upper() + "!")])
def test_a_value_that_does_not_arrive_as_it_is_cannot_be_prepared(school, build):
    with tenant_scope(school), pytest.raises(Unfit, match="name"):
        Prepared(build, name=str).first(name="x")


def test_a_value_of_a_kind_without_a_blank_is_a_mistake_at_once():
    with pytest.raises(KeyError):
        Prepared(lambda names: FeeKind.objects.filter(name__in=names), names=list)


def test_a_value_that_is_forgotten_is_a_mistake(miao):
    with pytest.raises(KeyError, match="name"):
        by_name.first()


def test_constants_of_the_query_stay(miao):
    FeeKind.objects.all().delete()
    FeeKind.objects.create(name="甲费", counts=False)
    ask = Prepared(lambda name: FeeKind.objects.filter(counts=True).annotate(full=Concat("name",
            Value("费"))).filter(full=name), name=str)

    assert ask.first(name="甲费") is None
    FeeKind.objects.update(name="甲", counts=True)
    assert ask.first(name="甲费").full == "甲费"


# -- writing -------------------------------------------------------------------------------------------------------------
def entry():
    return Entry(at=NOW, verb="x.y", data={"a": [1, None, "字"]}, object_type="crm.lead", object_id=7)


def lead():
    return Lead(campus=Campus.objects.first(), channel="phone", at=NOW, phone_index="i", phone_tail="1234")


ROWS = {"audit": entry, "outbox": lambda: Outbox(topic="t", payload={"字": "'\\"}, due_at=NOW), "lead": lead,
        "text": lambda: FeeKind(name=f"a'\"%s\n{next(NUMBERS)}")}


@pytest.mark.parametrize("make", ROWS.values(), ids=ROWS.keys())
def test_a_row_is_written_as_save_writes_it(miao, make):
    ours, saved = make(), make()
    insert(ours)
    saved.save(force_insert=True)
    mine, theirs = written(ours), written(saved)

    differ = {name for name in mine if mine[name] != theirs[name]}
    assert differ <= {"id", "name"} and "id" in differ
    assert (ours.pk, ours._state.adding, ours._state.db) == (mine["id"], False, "default")


def test_what_is_written_can_be_saved_again(miao):
    row = FeeKind(name="甲")
    insert(row)
    row.name = "乙"
    row.save()

    assert list(FeeKind.objects.filter(name__in="甲乙").values_list("pk", "name")) == [(row.pk, "乙")]


def test_an_id_that_was_drawn_ahead_is_kept(miao):
    drawn = FeeKind.objects.draw_ids(1)[0]
    row = FeeKind(pk=drawn, name="甲")
    insert(row)

    assert (row.pk, FeeKind.objects.get(name="甲").pk) == (drawn, drawn)


def test_the_database_fills_in_its_own_defaults(miao):
    row = entry()
    insert(row)

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert written(row)["transaction"] == cursor.fetchone()[0]


def test_a_row_of_another_school_is_refused_by_the_lock(school):
    other = make_school("qi")
    with tenant_scope(school), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        insert(FeeKind(name="甲", tenant=other))


def test_a_link_into_another_school_is_refused(school):
    with tenant_scope(make_school("qi")):
        foreign = Campus.objects.first()
    with tenant_scope(school), pytest.raises(IntegrityError), transaction.atomic():
        insert(Lead(campus=foreign, channel="phone", at=NOW, phone_index="i", phone_tail="1234"))


def test_without_a_scope_nothing_is_written():
    with pytest.raises(NoTenant):
        insert(FeeKind(name="甲"))


def test_a_promise_of_the_database_is_kept(miao):
    insert(FeeKind(name="甲"))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(FeeKind(name="甲"))

    assert FeeKind.objects.filter(name="甲").count() == 1
