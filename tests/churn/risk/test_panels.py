"""What the risk shows on pages of the archive: a badge, its reasons, a column, a filter, the first page."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from churn.risk.panels import at_risk, badge, filter_by_band, row_bands, why_card
from crm.models import Customer
from tenancy.scope import tenant_scope
from tests import makers
from tests.churn.conftest import DAY, ONE, home, night, signalled
from tests.conftest import make_member, signed_in


@pytest.fixture(autouse=True)
def inside_a_school(settings):
    """Addresses are those of a school's pages."""
    settings.ROOT_URLCONF = settings.SCHOOL_URLCONF


@pytest.fixture
def desk(school):
    """The front desk sees no risk."""
    return make_member(school, "frontdesk")


def test_the_badge_is_the_band_of_the_day(school, head, judged):
    with tenant_scope(school):
        assert [badge(head, family, DAY)["band"] for family in judged] == ["low", "watch", "high"]
        assert badge(head, judged[2], DAY)["score"] == 52
        assert badge(head, judged[2], DAY - ONE) is None


def test_the_card_says_why_what_is_missing_and_what_helps_first(school, head, judged):
    with tenant_scope(school):
        card = why_card(head, judged[2], DAY)

    assert [(reason["said"], reason["points"], reason["most"]) for reason in card["reasons"]] == [("说起转走 1 次",
            40, 55), ("半年里投诉 1 次", 12, 22)]
    assert card["help"] == "请家长来面谈，弄清楚为什么想转。"
    assert "满意度低" in card["missing"]
    assert card["steps"] == ()


def test_a_calm_family_needs_no_help(school, head, judged):
    with tenant_scope(school):
        assert why_card(head, judged[0], DAY)["help"] == ""


def test_the_card_of_a_past_day_knows_what_was_known_then(school, head, judged):
    with tenant_scope(school):
        then = why_card(head, judged[2], DAY - 10 * ONE)

    assert [str(reason["name"]) for reason in then["reasons"]] == ["没有往来"]


def test_a_history_of_several_standings_is_drawn(school, head, on_the_day):
    with tenant_scope(school):
        family = home(1)
        night(DAY - 9 * ONE)
        signalled(family, transfer=1)
        night()
        card = why_card(head, family, DAY)

    assert [step.band for step in card["steps"]] == ["low", "watch"]
    assert card["since"] == DAY - 9 * ONE


def test_who_is_not_with_the_school_has_no_card(school, head):
    with tenant_scope(school):
        assert why_card(head, makers.family(enrolled=False), DAY) is None


def test_the_front_desk_is_shown_nothing(school, desk, judged):
    with tenant_scope(school):
        assert (badge(desk, judged[2], DAY), why_card(desk, judged[2], DAY), row_bands(desk, [judged[2].pk]),
                at_risk(desk)) == (None,) * 4


def test_the_column_holds_the_band_of_each(school, head, judged):
    with tenant_scope(school):
        assert row_bands(head, [family.pk for family in judged])["cells"] == dict(
            zip([family.pk for family in judged], ["low", "watch", "high"], strict=True))


@pytest.mark.parametrize(("band", "found"), [
    ("high", 1),
    ("low", 1),
    ("", None),
    ("nonsense", None),
])
def test_the_list_is_narrowed_to_a_band(school, head, judged, rf, band, found):
    request = rf.get("/", {"risk": band})
    request.member = head
    with tenant_scope(school):
        rows = filter_by_band(request, Customer.objects.all())
        assert (rows if rows is None else rows.count()) == found


def test_the_front_desk_cannot_filter_by_risk(school, desk, judged, rf):
    request = rf.get("/", {"risk": "high"})
    request.member = desk
    with tenant_scope(school):
        assert filter_by_band(request, Customer.objects.all()) is None


def test_the_first_page_names_who_is_at_high_risk(school, head, judged):
    with tenant_scope(school):
        found = at_risk(head)

    assert (found["high"], found["watch"], [row.customer.name for row in found["rows"]]) == (1, 1, [judged[2].name])


def test_whom_the_first_page_names_is_asked_for_once_a_minute_and_a_family_that_was_deleted_is_gone_at_once(school, head, judged, now):
    with tenant_scope(school):
        at_risk(head)
        with CaptureQueriesContext(connection) as asked:
            at_risk(head)
        Customer.objects.filter(pk=judged[2].pk).update(deleted_at=now)
        gone = at_risk(head)

    assert [one["sql"] for one in asked if "LIMIT 5" in one["sql"]] == []
    assert gone is None


def test_the_first_page_is_silent_where_nobody_is(school, head, on_the_day):
    with tenant_scope(school):
        home(1)
        before = at_risk(head)
        night()
        assert (before, at_risk(head)) == (None, None)


def test_the_pages_themselves_show_it(school, at, head, judged, settings):
    settings.ROOT_URLCONF = "config.urls"
    client = signed_in(head)
    page = client.get(f"{at}/families/{judged[2].pk}/").content.decode()
    listed = client.get(f"{at}/families/", {"risk": "high"}).content.decode()
    today = client.get(f"{at}/").content.decode()

    assert "高风险，52 分：说起转走 1 次" in page and "先做这一件" in page
    assert judged[2].name in listed
    assert judged[0].name not in listed
    assert 'name="risk" value="high"' in listed
    assert "1 户高风险，1 户要留意" in today
