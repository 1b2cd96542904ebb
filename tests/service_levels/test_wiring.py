"""Where service levels hang on to what stands below them: once, in order, and each card for whom it is."""
import pytest

from notifications import actions, wording
from service_levels import wiring
from service_levels.concessions import working as concessions
from service_levels.cooperation import working as cooperation
from service_levels.notices import telling
from service_levels.points import booking
from service_levels.requests import telling as answered
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT
from tests.conftest import make_member, signed_in
from tests.service_levels.concessions.makers import asked, hold, troubled
from tests.service_levels.conftest import derive, family
from tests.service_levels.cooperation.test_working import TALK
from tests.service_levels.plans.test_views import text
from tests.service_levels.points.makers import rule

CARDS = ("requests", "owed", "concessions", "points", "cooperation")
MENU = ("requests", "answers", "touches", "touches/coverage", "notices", "concessions", "points", "cooperation", "recommending", "who")


@pytest.fixture
def home(school, head, on_the_day):
    """A family with something of everything."""
    with tenant_scope(school):
        hold()
        rule()
        customer = troubled()
        booking.give(customer, 10, "开学礼", by=head, at=AT)
        cooperation.write_down(customer, TALK, by=head, at=AT)
        asked(customer, head)
        return customer


def cards(client, at, customer) -> list[str]:
    """The cards of service levels on a family's page, from the top."""
    page = text(client.get(f"{at}/families/{customer.pk}/"))
    return sorted((name for name in CARDS if f'id="{name}"' in page), key=lambda name: page.index(f'id="{name}"'))


def test_a_familys_page_has_its_cards_in_their_order(boss, at, home):
    assert cards(boss, at, home) == ["requests", "owed", "concessions", "points", "cooperation"]


def test_a_family_of_which_there_is_nothing_has_the_plain_ones(boss, at, school, home):
    with tenant_scope(school):
        plain = family(2, "B", "low")
        derive()

    assert cards(boss, at, plain) == ["requests", "owed", "points"]


@pytest.mark.parametrize(("role", "seen"), [("agent", {"concessions", "points"}), ("teacher", {"points"}), ("inspector", {"points"}),
                                            ("frontdesk", {"points"})])
def test_money_is_seen_by_who_may_ask_for_it(school, at, home, role, seen):
    client = signed_in(make_member(school, role, "谁"))

    assert set(cards(client, at, home)) & {"concessions", "points"} == seen


def test_connecting_twice_hangs_everything_on_once(boss, at, home):
    before = cards(boss, at, home)
    wiring.connect()

    page = text(boss.get(f"{at}/families/{home.pk}/"))
    assert cards(boss, at, home) == before and page.count('id="concessions"') == 1 and page.count(f'href="{at}/service/points/"') == 1


def test_every_page_is_in_the_menu_of_who_may_open_it(boss, desk, at, home):
    offered, fewer = text(boss.get(f"{at}/")), text(desk.get(f"{at}/"))

    assert [name for name in MENU if f'href="{at}/service/{name}/"' not in offered] == []
    assert [name for name in MENU if f'href="{at}/service/{name}/"' not in fewer] == ["touches/coverage", "concessions"]


def test_the_worker_knows_what_to_do(db):
    topics = {telling.TELL, answered.TELL}

    assert topics <= set(actions._consumers)
    assert wording.kind_of(telling.ENTITLED) is not None and concessions.State.ASKED == "asked"
