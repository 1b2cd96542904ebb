"""Two at one family that is to be won back, at the same moment: each story ends as if one had come after the other."""
import pytest

from crm.models import TimelineEntry
from service_levels.models import WinBack, WinBackStep
from service_levels.winback import working
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT
from tests.conftest import make_member
from tests.reception.test_races import at_once
from tests.service_levels.winback.makers import KEPT, LOST, begun, finished, lost_heart

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(school, head, on_the_day):
    return head, make_member(school, "relations", "高敏")


def test_of_two_who_begin_one_does(school, two):
    _head, lead = two
    with tenant_scope(school):
        home = lost_heart()

    told = at_once(school, *(lambda: begun(home, lead) for _n in range(3)))

    assert told == ["done", "open_already", "open_already"]
    with tenant_scope(school):
        assert WinBack.objects.count() == 1


def test_of_two_ends_one_holds(school, two):
    _head, lead = two
    with tenant_scope(school):
        row = begun(lost_heart(), lead)

    told = at_once(school, *(lambda end=end: working.close(row, end, by=lead, at=AT) for end in (KEPT, LOST)))

    assert told == ["changed", "done"]


def test_a_measure_is_shown_once(school, two):
    _head, lead = two
    with tenant_scope(school):
        made = finished(begun(lost_heart(), lead), lead)

    told = at_once(school, *(lambda how=how: working.show(made, how, by=lead, at=AT) for how in ("face", "phone", "wechat")))

    assert told == ["changed", "changed", "done"]
    with tenant_scope(school):
        assert TimelineEntry.objects.filter(title="把改进给家长看").count() == 1


def test_shown_or_not_done_after_all_but_never_both(school, two):
    _head, lead = two
    with tenant_scope(school):
        made = finished(begun(lost_heart(), lead), lead)

    told = at_once(school, lambda: working.show(made, "face", by=lead, at=AT), lambda: working.not_done(made, by=lead))

    assert told.count("done") == 1
    with tenant_scope(school):
        kept = WinBackStep.objects.get()
        assert (kept.shown_on is None) is (kept.done_on is None)
