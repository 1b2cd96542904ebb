"""Which losses a report is about, and how they spread."""
import pytest

from churn.cases.working import End, close, name_cause
from churn.models import ChurnCase
from churn.reports.queries import report
from crm.models import ClassGroup, Customer, Enrolment
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.churn.cases.conftest import cause, child_of, opened
from tests.churn.conftest import AT, DAY, ONE, home
from tests.conftest import make_member


def lost(number: int, head, yuan: int, *causes: tuple[str, int], state: str = "lost", **told):
    """A family that had paid so much and was lost for these reasons."""
    family = home(number)
    makers.payment(family, yuan, DAY - 30 * ONE)
    case = opened(family, head, child=child_of(family))
    for name, weight in causes:
        name_cause(case, cause(name), weight=weight, evidence="x", by=head)
    close(case, End(state, result="x", natural="moved" if state == "natural" else "", **told), by=head, at=AT)
    return case


@pytest.fixture
def quarter(miao, on_the_day):
    """Three lost, one kept, one natural, one open."""
    found = [lost(1, miao.head, 9000, ("换老师太多", 10)), lost(2, miao.head, 1000, ("换老师太多", 5), ("停车难", 5)),
            lost(3, miao.head, 500, ("停车难", 4)),
             lost(4, miao.head, 7777, state="kept"), lost(5, miao.head, 5555, state="natural")]
    opened(home(6), miao.head)
    return found


def asked(member, first=DAY, last=DAY, campus=None, **by):
    return report(member, first, last, campus, **by)


def test_losses_by_cause_kept_and_natural_beside_them(miao, quarter):
    found = asked(miao.head)

    assert (found.lost, found.fen, found.kept, found.natural) == (3, 1050000, 1, 1)
    assert [(one.name, one.area, one.bar.part.fen, one.bar.part.children) for one in found.bars] == [
        ("换老师太多", "教学", 950000, 1.5), ("停车难", "硬件", 70000, 0.9), ("没写原因", "", 30000, 0.6)]
    assert [one.name for one in found.vital] == ["换老师太多"]
    assert found.vital_share == pytest.approx(0.9048, abs=1e-4)


def test_by_children_the_picture_is_another(miao, quarter):
    found = asked(miao.head, by_money=False)

    assert [round(one.bar.share, 2) for one in found.bars] == [0.5, 0.3, 0.2] and found.vital == []


@pytest.mark.parametrize(("first", "last", "n"), [
    (DAY - ONE, DAY + ONE, 3),
    (DAY + ONE, DAY + 9 * ONE, 0),
    (DAY - 9 * ONE, DAY - ONE, 0),
])
def test_a_report_is_about_what_was_closed_in_its_period(miao, quarter, first, last, n):
    assert asked(miao.head, first, last).lost == n


def test_an_empty_report_has_neither_bars_nor_rows(miao):
    found = asked(miao.head)

    assert (found.lost, found.bars, found.campuses, found.vital, found.vital_share) == (0, [], [], [], 0)


def test_losses_spread_over_campuses_classes_and_sources_the_worst_first(miao, quarter):
    west = Campus.objects.create(code="west", name="西园")
    group = ClassGroup.objects.create(campus=makers.campus(), name="小一", grade="小班")
    Enrolment.objects.filter(pk=quarter[1].enrolment_id).update(class_group=group)
    ChurnCase.objects.filter(pk=quarter[0].pk).update(campus=west)
    Customer.objects.filter(pk=quarter[2].customer_id).update(source="小红书")

    found = asked(miao.head)

    assert [(row.name, row.lost, row.fen, row.kept) for row in found.campuses] == [("西园", 1, 900000, 0),
            ("本部", 2, 150000, 1)]
    assert [(row.name, row.lost) for row in found.classes] == [("没有写", 2), ("本部 小一", 1)]
    assert [(row.name, row.lost) for row in found.sources] == [("没有写", 2), ("小红书", 1)]
    assert asked(miao.head, campus=west).lost == 1


def test_who_works_for_another_campus_reads_of_its_own_only(school, head, on_the_day):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        lost(1, head, 100, ("停车难", 10))
    western = make_member(school, "relations", "西", campuses=[west])
    with tenant_scope(school):
        assert (asked(western).lost, asked(head).lost) == (0, 1)
