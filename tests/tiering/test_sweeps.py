"""What time and edits change: today's facts beside the standings, for everybody or a few, written only where they differ."""
from datetime import date

import pytest

from crm.models import Customer
from tenancy.scope import tenant_scope
from tests import makers
from tests.tiering.steps import TODAY, current, published, scheme
from tiering.models import Outlook, Standing
from tiering.sweeps import beside_standing, drifted, expire_overrides, rederive
from tiering.tasks import rejudge, retier


@pytest.fixture
def people(school):
    with tenant_scope(school):
        rich, poor = makers.family("周小满", "13800138001", date(2023, 9, 1)), makers.family("李小树", "13800138002",
                date(2025, 9, 1))
        makers.payment(rich, 30_000, date(2026, 3, 1))
        return rich, poor


def outlooks():
    return {row.customer.name: (row.label, row.as_of) for row in Outlook.objects.select_related("customer")}


def test_everybody_is_judged_on_todays_facts(school, people):
    with tenant_scope(school):
        changed = rederive(current(), TODAY)

        assert (changed, outlooks()) == (2, {"周小满一家": ("B", TODAY), "李小树一家": ("D", TODAY)})


def test_what_did_not_change_is_not_written_again(school, people):
    with tenant_scope(school):
        rederive(current(), TODAY)

        assert rederive(current(), TODAY) == 0


def test_a_changed_fact_changes_one_row(school, people):
    with tenant_scope(school):
        rederive(current(), TODAY)
        makers.entry(people[0], "transfer_signal", TODAY)

        assert (rederive(current(), TODAY), outlooks()["周小满一家"][0]) == (1, "D")


def test_a_few_are_judged_and_the_others_left_alone(school, people):
    with tenant_scope(school):
        changed = rederive(current(), TODAY, [people[1].pk])

        assert (changed, set(outlooks())) == (1, {"李小树一家"})


def test_who_is_judged_no_more_is_forgotten_by_the_whole_sweep_only(school, people):
    with tenant_scope(school):
        rederive(current(), TODAY)
        people[0].family.children.get().enrolments.update(until_on=date(2026, 10, 1), outcome="moved")
        rederive(current(), TODAY, [people[1].pk])
        before = set(outlooks())
        rederive(current(), TODAY)

        assert (before, set(outlooks())) == ({"周小满一家", "李小树一家"}, {"李小树一家"})


def test_who_stands_elsewhere_than_todays_facts_say_has_drifted(school, head, deputy, people, now):
    with tenant_scope(school):
        published(head, deputy, now)
        makers.entry(people[0], "transfer_signal", TODAY)
        rederive(current(), TODAY)

        found = beside_standing(scheme(), drifted(scheme(), Customer.objects.present()))
        assert [(row.customer, row.label, standing.label) for row, standing in found] == [(people[0], "D", "B")]


def test_who_left_the_list_while_it_was_read_is_left_out_of_it(school, head, deputy, people, now):
    with tenant_scope(school):
        published(head, deputy, now)
        makers.entry(people[0], "transfer_signal", TODAY)
        rederive(current(), TODAY)
        listed = drifted(scheme(), Customer.objects.present())
        Outlook.objects.filter(customer=people[0]).delete()

        assert listed == [people[0].pk] and beside_standing(scheme(), listed) == []


def test_who_has_no_standing_or_no_label_has_not_drifted(school, head, deputy, people, now):
    with tenant_scope(school):
        makers.family("新来的", "13900139000", since=date(2026, 9, 20))
        published(head, deputy, now)
        makers.family("更新的", "13900139001", since=date(2026, 11, 1))
        rederive(current(), TODAY)

        assert drifted(scheme(), Customer.objects.present()) == []


def test_the_night_runs_through_every_scheme(school, people):
    with tenant_scope(school):
        makers.family("潜在孩", "13900139000", since=date(2026, 1, 1), enrolled=False)
    rejudge(school.pk)

    with tenant_scope(school):
        assert {row.scheme.code for row in Outlook.objects.select_related("scheme")} == {"kg-ad", "prospect"}


def test_the_night_touches_no_standing(school, head, deputy, people, now):
    with tenant_scope(school):
        published(head, deputy, now)
        before = list(Standing.objects.values_list("id", "label", "until_on"))
    rejudge(school.pk)

    with tenant_scope(school):
        assert list(Standing.objects.values_list("id", "label", "until_on")) == before


def test_the_quarter_is_computed_once_however_often_it_is_asked(school, people):
    for _ in range(2):
        retier(school.pk)

    with tenant_scope(school):
        assert sorted(batch.version.scheme.code for batch in current().batches.model.objects.select_related("version__scheme")) == [
            "kg-ad", "partner", "prospect"]


def test_nothing_runs_out_in_a_school_without_overrides(school, people):
    with tenant_scope(school):
        assert expire_overrides(TODAY) == 0
