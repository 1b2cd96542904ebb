"""What concessions add to other pages: what waits for one on the first page, what a plan leads to on a family's."""
from service_levels.concessions import panels, working
from tests.churn.conftest import AT, DAY
from tests.service_levels.concessions.makers import asked, colleague, granted, hold, troubled
from tests.service_levels.conftest import derive, family


def shown(member) -> tuple[list, list] | None:
    told = panels.waiting(member)
    return (told["asked"], told["granted"]) if told else None


def test_who_approves_sees_what_others_asked_for(miao, on_the_day):
    hold()
    agent = colleague("agent")
    row, _own = asked(troubled(1), agent), asked(troubled(2), miao.head)

    assert shown(miao.head) == ([row], [])
    assert shown(agent) is None


def test_who_asked_sees_what_was_approved_until_it_is_given(miao, on_the_day):
    hold()
    agent = colleague("agent")
    row = granted(troubled(), agent, miao.head)
    assert shown(agent) == ([], [row]) and shown(miao.head) is None

    working.give(row, DAY, by=agent, at=AT)

    assert shown(agent) is None


def test_a_familys_page_shows_them_to_who_may_ask(miao, on_the_day):
    hold()
    home = troubled()

    told = panels.of_family(miao.head, home, DAY)
    assert [one.rule.code for one in told["offered"]] == ["tuition", "free-class"] and told["is_today"]
    assert panels.of_family(colleague("teacher"), home, DAY) is None


def test_a_plan_that_promises_nothing_off_has_no_card(miao, on_the_day):
    hold()
    happy = family(2, "A", "low")
    derive()

    assert panels.of_family(miao.head, happy, DAY) is None and panels.of_family(miao.head, family(3), DAY) is None


def test_who_sees_no_concessions_has_none_on_the_first_page(miao, on_the_day):
    hold()
    asked(troubled(), miao.head)

    assert panels.waiting(colleague("inspector")) is None
