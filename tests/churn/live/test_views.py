"""此刻: what stands this minute, on the board without a new page."""
import pytest

from churn.cases.working import End, close, name_cause
from churn.live.queries import now
from churn.models import Measure
from crm.concerns.taking import Said, receive
from tenancy.models import Campus, MembershipCampus
from tenancy.scope import tenant_scope
from tests.churn.cases.conftest import cause, opened
from tests.churn.cases.test_views import text
from tests.churn.conftest import AT, DAY, ONE, home
from tests.churn.measures.makers import measure
from tests.churn.measures.test_views import final
from tests.conftest import make_member, signed_in


@pytest.fixture
def elsewhere(school):
    member = make_member(school, "marketing", "西")
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        MembershipCampus.objects.create(membership=member, campus=west)
    return member


@pytest.fixture
def teacher(school):
    return make_member(school, "teacher")


@pytest.fixture
def busy(school, head, elsewhere, teacher, on_the_day):
    """Two open cases, one lost, one kept, a complaint of nobody known, a late measure and one with its last word."""
    with tenant_scope(school):
        cases = [opened(home(number), head) for number in range(1, 5)]
        name_cause(cases[2], cause(), weight=10, evidence="x", by=head)
        close(cases[2], End("lost"), by=head, at=AT)
        close(cases[3], End("kept", "谈了"), by=head, at=AT)
        receive(Said("complaint", "safety", "滑梯松了", Campus.objects.get(code="main")), at=AT)
        final(measure(head, DAY - 9 * ONE))
        Measure.objects.update(due_on=DAY - ONE)
        yield school


def test_everything_is_counted(busy, head):
    found = now(head, DAY)

    assert (found.open, found.new, found.lost, found.kept) == (2, 4, 1, 1)
    assert (found.complaints, found.refunds, found.running, found.late) == (1, 0, 1, 1)
    assert found.verdict.verdict == "effective"


def test_who_deals_with_no_refunds_is_told_of_none(busy, teacher):
    assert now(teacher, DAY).refunds is None


def test_another_campus_has_its_own_figures(busy, elsewhere):
    found = now(elsewhere, DAY)

    assert (found.open, found.new, found.lost, found.complaints) == (0, 0, 0, 0)


def test_last_month_s_losses_are_not_this_month_s(busy, head):
    assert (now(head, DAY + 20 * ONE).lost, now(head, DAY + 20 * ONE).open) == (0, 2)


def test_however_large_the_school_the_statements_are_the_same(busy, head, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        now(head, DAY)


def test_what_happened_since_is_there_without_a_new_page(boss, at, school, judged, head):
    board = text(boss.get(f"{at}/churn/"))
    assert f'hx-get="{at}/churn/now/"' in board and "个案在处理，今天新开 0 个" in text(boss.get(f"{at}/churn/now/"))

    with tenant_scope(school):
        opened(judged[0], head)
    strip = text(boss.get(f"{at}/churn/now/"))
    assert "个案在处理，今天新开 1 个" in strip and 'hx-trigger="every 30s"' in strip and "<html" not in strip


def test_the_front_desk_is_shown_nothing(school, at):
    assert signed_in(make_member(school, "frontdesk")).get(f"{at}/churn/now/").status_code == 403
