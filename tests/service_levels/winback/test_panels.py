"""What winning back adds to a family's page, for who may see risks."""
from datetime import timedelta

from service_levels.winback import panels, working
from tests.churn.conftest import AT, DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import derive, family
from tests.service_levels.winback.makers import KEPT, begun, lost_heart

ONE = timedelta(days=1)


def test_a_family_that_the_group_looks_after_shows_that_nobody_began(lead):
    told = panels.of_family(lead, lost_heart(), DAY)

    assert (told["row"], told["may_begin"]) == (None, True)


def test_then_its_plan(lead):
    home = lost_heart()
    row = begun(home, lead)

    told = panels.of_family(lead, home, DAY)

    assert (told["row"], told["may_begin"]) == (row, False)


def test_then_what_became_of_it_and_that_one_may_begin_again(lead):
    home = lost_heart()
    row = begun(home, lead)
    working.close(row, KEPT, by=lead, at=AT)

    told = panels.of_family(lead, home, DAY)

    assert (told["row"], told["may_begin"]) == (row, True)


def test_the_open_one_stands_before_those_that_are_over(lead):
    home = lost_heart()
    working.close(begun(home, lead), KEPT, by=lead, at=AT)
    second = begun(home, lead)

    assert panels.of_family(lead, home, DAY)["row"] == second


def test_every_other_family_has_no_card(lead):
    home = family(1, "C", "low")
    derive()

    assert panels.of_family(lead, home, DAY) is None


def test_who_may_not_see_risks_sees_none(lead):
    home = lost_heart()
    begun(home, lead)

    assert panels.of_family(colleague("frontdesk"), home, DAY) is None


def test_whoever_only_looks_begins_nothing(lead):
    assert panels.of_family(colleague("inspector"), lost_heart(), DAY)["may_begin"] is False


def test_a_day_before_it_began_knows_nothing_of_it(lead):
    home = lost_heart()
    begun(home, lead)

    told = panels.of_family(lead, home, DAY - ONE)

    assert told is None or (told["row"], told["may_begin"]) == (None, False)
