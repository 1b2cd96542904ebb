"""Twelve weeks of keeping in touch: the demo's coverage has something to show, and this week is still to be done."""
from config.demo_touches import keep_in_touch
from service_levels.models import Touch
from service_levels.touches.coverage import coverage
from tests.service_levels.conftest import DAY, ONE, family


def test_most_were_called_some_late_and_this_week_is_open(miao, head):
    rows = [family(number, "D", "low", owner=head) for number in range(1, 15)]
    keep_in_touch(head, DAY)
    found = coverage(head, DAY - 5 * ONE).total

    assert 0.4 < found.share < 0.95 and found.late
    assert Touch.objects.shown(DAY).filter(due_on=DAY).count() == len(rows)
