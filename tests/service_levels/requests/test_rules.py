"""提醒规则: when somebody is told of a deadline, and who; kept by whoever works on plans, followed by the clocks that run."""
import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from notifications.actions import consume
from notifications.models import Message, Outbox
from service_levels.models import Clock, ClockRules
from service_levels.requests import rules, sweep, timing, working
from service_levels.requests.clocks import Rules
from tenancy.models import Membership, User
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.reception.test_views import text
from tests.service_levels.requests.test_working import TEN, WISH, at

USUAL = {"warn": 80, "first_to": "crm.survey", "second_after": 60, "second_to": "service.edit", "third_after": 240,
         "third_to": "service.publish"}


def kept(by, **more) -> None:
    row = timing.told_by()
    for name, value in more.items():
        setattr(row, name, value)
    rules.keep(row, by=by)
    for one in Outbox.objects.filter(topic=rules.REMARK, done_at=None):
        consume(one.pk)


@pytest.fixture
def watcher(miao):
    return Membership.objects.create(user=User.objects.create(username="w@miao"), role="supervisor", name="看满意度的")


@pytest.fixture
def row(miao, head):
    return working.open_request(WISH, by=head, at=TEN)  # two hours to be answered, nine to be settled


def mark(kind: str):
    return Clock.objects.get(kind=kind).next_at


def test_a_school_begins_with_the_usual_ones(miao):
    assert timing.rules() == Rules(80, (0, 60, 240)) == Rules()


@pytest.mark.parametrize(("second", "third", "levels"), [(30, 90, (0, 30, 90)), (30, None, (0, 30)), (None, None, (0,))])
def test_a_level_without_its_minutes_is_none(miao, head, second, third, levels):
    kept(head, second_after=second, third_after=third)

    assert timing.rules() == Rules(80, levels)


@pytest.mark.parametrize("wrong", [{"second_after": 240, "third_after": 240}, {"second_after": 300, "third_after": 240},
                                   {"second_after": None, "third_after": 240}, {"warn": 49}, {"warn": 96}])
def test_rules_that_cannot_be_are_none(miao, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockRules.objects.create(**wrong)


def test_a_school_has_one_set(miao):
    row = ClockRules.objects.create()
    assert str(row) == "80"

    with pytest.raises(IntegrityError), transaction.atomic():
        ClockRules.objects.create()


def test_clocks_that_run_follow_and_those_that_stand_do_not(row, head):
    assert (mark("reply"), mark("resolve")) != (at(1), None)
    working.reply(row, text="好", channel="phone", by=head, at=at(0.1))

    kept(head, warn=50)

    assert mark("reply") is None
    assert mark("resolve") == at(6.5)  # half of nine open hours from ten in the morning, without the two of lunch: half past four


def test_what_somebody_was_told_stays_told(row, head):
    sweep.sweep(at(1.7))  # warned at eighty per cent
    assert Clock.objects.get(kind="reply").told == 0

    kept(head, warn=95)

    clock = Clock.objects.get(kind="reply")
    assert (clock.told, clock.next_at) == (0, clock.due_at)


def test_each_level_goes_to_whom_the_school_says(row, head, watcher):
    kept(head, first_to="service.publish", second_after=None, third_after=None)

    sweep.sweep(Clock.objects.get(kind="reply").due_at)

    late = Message.objects.filter(key=f"request-{row.pk}-reply-1").values_list("member__name", flat=True)
    assert set(late) == {head.name, watcher.name}  # nobody has taken it, so whoever watches is told as well
    assert mark("reply") is None


def test_who_only_answers_families_keeps_none(miao):
    agent = Membership.objects.create(user=User.objects.create(username="a@miao"), role="agent", name="小高")

    with pytest.raises(Refused) as refused:
        rules.keep(ClockRules(), by=agent)

    assert refused.value.status == 403


# -- on the screen ---------------------------------------------------------------------------------------------------------------
def test_they_are_kept_on_their_page(school, head, at):
    boss = signed_in(head)
    assert "再过多少工作分钟第二次" in text(boss.get(f"{at}/service/requests/rules/"))

    answer = boss.post(f"{at}/service/requests/rules/", USUAL | {"warn": "70", "third_after": ""})

    assert answer.status_code == 302
    with tenant_scope(school):
        assert timing.rules() == Rules(70, (0, 60))
        assert Entry.objects.filter(verb="service.clock_rules_kept").count() == 1


@pytest.mark.parametrize("wrong", [{"warn": "49"}, {"warn": ""}, {"second_after": "0"}, {"second_after": "300"}, {"second_after": ""},
                                   {"first_to": "x"}, {"third_after": "4801"}])
def test_what_is_wrong_is_said_and_nothing_is_kept(school, head, at, wrong):
    answer = signed_in(head).post(f"{at}/service/requests/rules/", USUAL | wrong)

    assert answer.status_code == 422
    assert 'role="alert"' in text(answer)
    with tenant_scope(school):
        assert ClockRules.objects.count() == 0


@pytest.mark.parametrize(("role", "status"), [("relations", 200), ("agent", 403)])
def test_the_page_is_for_who_works_on_plans(school, at, role, status):
    assert signed_in(make_member(school, role)).get(f"{at}/service/requests/rules/").status_code == status
