"""What the plans add to the archive's pages: the card of a day, the column of a list."""
import pytest

from service_levels.plans.panels import owed, row_plans
from tenancy.scope import tenant_scope
from tests.service_levels.conftest import DAY, ONE, at_risk, derive


@pytest.fixture
def inside(school, three):
    with tenant_scope(school):
        yield three


def test_the_card_holds_the_plan_its_contacts_and_what_may_be_told(inside, head):
    card = owed(head, inside[1], DAY)

    assert (card["plan"].code, card["row"].from_on) == ("win-back", DAY)
    assert [line.source for line in card["cadence"]] == ["K29(a)"]
    assert [line.source for line in card["told"]] == ["K28(d)", "K30(c)", "K31(c)"]


def test_the_card_of_a_day_gone_by_is_that_days(inside, head):
    at_risk(inside[1], "low", since=DAY + ONE)
    derive(DAY + ONE)

    assert owed(head, inside[1], DAY)["plan"].code == "win-back"
    assert owed(head, inside[1], DAY + ONE)["plan"].code == "quality"


def test_before_anything_was_owed_there_is_no_card(inside, head):
    assert owed(head, inside[1], DAY - ONE) is None


def test_the_column_names_the_plan_of_each(inside, head):
    column = row_plans(head, [customer.pk for customer in inside[:2]])

    assert column["cells"] == {inside[0].pk: "专属服务", inside[1].pk: "挽回"}


def test_a_list_of_nobody_has_no_cells(inside, head):
    assert row_plans(head, [])["cells"] == {}


def test_the_column_takes_two_queries_however_many_there_are(inside, head, django_assert_num_queries):
    ids = [customer.pk for customer in inside]
    with django_assert_num_queries(2):
        row_plans(head, ids)
