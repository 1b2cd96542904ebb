"""变化通知 told: written to families alike once somebody approves, said by a person, or by nobody; never a label."""
from datetime import UTC, datetime, timedelta

import pytest

from audit.models import Entry
from crm.models import Guardian
from notifications.models import MessageTemplate, Outbox, ParentMessage
from service_levels.models import PlanVersion, ServiceNotice
from service_levels.notices import noting, telling
from service_levels.plans.book import as_data
from service_levels.plans.presets import A_LINES, KINDERGARTEN
from tenancy.models import Membership, User
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.churn.conftest import DAY
from tests.conftest import make_member
from tests.service_levels.conftest import derive, family, rated

ONE = timedelta(days=1)
TOMORROW = DAY + ONE
TEN = datetime(2026, 11, 20, 2, tzinfo=UTC)     # ten in the morning, at the campus
NIGHT = datetime(2026, 11, 20, 15, tzinfo=UTC)  # eleven in the evening
SERVICES = "；".join(line.text for line in A_LINES if line.told)


@pytest.fixture
def agent(school):
    return make_member(school, "agent", "高敏")


@pytest.fixture
def inside(school, head, agent, on_the_day):
    with tenant_scope(school):
        yield school


@pytest.fixture
def three(inside):
    """Three families that went from tier B to A."""
    homes = [family(number, "B", "low") for number in (1, 2, 3)]
    derive()
    for home in homes:
        rated(home, "A", since=TOMORROW)
    derive(TOMORROW)
    noting.note(TOMORROW)
    return homes


def notice(home, kind: str = "more") -> ServiceNotice:
    return ServiceNotice.objects.get(customer=home, kind=kind)


def states(kind: str = "more") -> list[str]:
    return list(ServiceNotice.objects.filter(kind=kind).order_by("customer").values_list("state", flat=True))


def work() -> None:
    """What the worker does with what was approved."""
    for row in Outbox.objects.filter(topic=telling.TELL).order_by("id"):
        telling.write(row.payload)


# -- approved ------------------------------------------------------------------------------------------------------------------------
def test_all_who_would_read_the_same_are_written_to_together(three, head):
    assert telling.send(notice(three[0]), by=head, at=TEN) == 3

    work()
    assert states() == ["sent"] * 3 and states("less") == ["waiting"] * 3
    texts = {row.text for row in ParentMessage.objects.all()}
    assert texts == {f"罗女士您好，miao机构为您家多了这些服务：{SERVICES}。有想法随时告诉我们。"}
    assert Entry.objects.filter(verb="service.notices_sent").count() == 1


def test_nothing_is_written_before_somebody_approves(three):
    work()

    assert ParentMessage.objects.count() == 0


def test_what_goes_to_the_worker_are_ids(three, head):
    telling.send(notice(three[0]), by=head, at=TEN)

    payload = Outbox.objects.get(topic=telling.TELL).payload
    assert payload == {"notices": sorted(notice(home).pk for home in three)}


def test_the_worker_twice_writes_once(three, head):
    telling.send(notice(three[0]), by=head, at=TEN)
    work()
    work()

    assert ParentMessage.objects.count() == 3


def test_nobody_is_woken_for_it(three, head):
    telling.send(notice(three[0]), by=head, at=NIGHT)

    assert Outbox.objects.get(topic=telling.TELL).due_at > NIGHT + timedelta(hours=5)


def test_many_families_are_many_small_pieces(three, head, monkeypatch):
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    telling.send(notice(three[0]), by=head, at=TEN)

    assert [len(row.payload["notices"]) for row in Outbox.objects.filter(topic=telling.TELL).order_by("id")] == [2, 1]


@pytest.mark.parametrize("act", [telling.send, telling.drop])
def test_who_may_not_approve_writes_to_nobody(three, agent, act):
    with pytest.raises(Forbidden):
        act(notice(three[0]), by=agent, at=TEN)


def test_what_was_approved_is_approved_once(three, head):
    row = notice(three[0])
    telling.send(row, by=head, at=TEN)

    with pytest.raises(Refused) as caught:
        telling.send(row, by=head, at=TEN)
    assert caught.value.code == "changed" and Outbox.objects.filter(topic=telling.TELL).count() == 1


def test_what_went_is_not_written(three, head):
    with pytest.raises(Refused):
        telling.send(notice(three[0], "less"), by=head, at=TEN)


def test_other_news_is_left_waiting(three, head):
    other = family(4, "C", "low")
    derive()
    rated(other, "A", since=TOMORROW + ONE)
    derive(TOMORROW + ONE)
    noting.note(TOMORROW + ONE)
    same = notice(other).lines == notice(three[0]).lines

    assert telling.send(notice(three[0]), by=head, at=TEN) == (4 if same else 3)


# -- the words -----------------------------------------------------------------------------------------------------------------------
def with_letter(letter: str) -> None:
    book = as_data(KINDERGARTEN)
    for plan in book["plans"]:
        plan["letter"] = letter
    PlanVersion.objects.update(book=book)


def test_a_plan_opens_the_message_in_its_own_words(three, head):
    with_letter("谢谢您一直以来的支持，")
    telling.send(notice(three[0]), by=head, at=TEN)
    work()

    assert ParentMessage.objects.first().text.startswith("罗女士您好，谢谢您一直以来的支持，miao机构为您家多了这些服务：")


@pytest.mark.parametrize("letter", ["您升到 A 级了，", "为了挽留您，"])
def test_a_plan_that_names_a_label_is_not_written(three, head, letter):
    with_letter(letter)

    with pytest.raises(Refused) as caught:
        telling.send(notice(three[0]), by=head, at=TEN)
    assert letter in caught.value.message and states() == ["waiting"] * 3


def test_nor_are_the_schools_own_words_that_do(three, head):
    MessageTemplate.objects.create(kind=telling.ENTITLED, language="zh-hans", text="{guardian}，您的等级变了：{services}")

    with pytest.raises(Refused):
        telling.send(notice(three[0]), by=head, at=TEN)


def test_what_a_family_would_read_is_seen_before(three):
    assert telling.written(notice(three[0])) == f"家长您好，miao机构为您家多了这些服务：{SERVICES}。有想法随时告诉我们。"


# -- nobody to write to --------------------------------------------------------------------------------------------------------------
def test_a_family_without_a_number_waits_for_a_person(three, head):
    Guardian.objects.filter(family__customer=three[1]).update(phone_sealed=None, phone_index="")
    telling.send(notice(three[0]), by=head, at=TEN)
    work()

    assert states() == ["sent", "waiting", "sent"] and ParentMessage.objects.count() == 2


def test_unless_something_newer_waits(three, head):
    Guardian.objects.filter(family__customer=three[1]).update(phone_sealed=None, phone_index="")
    telling.send(notice(three[0]), by=head, at=TEN)
    row = notice(three[1])
    ServiceNotice.objects.create(customer=three[1], kind="more", on=TOMORROW, version=row.version, plan=row.plan, had=[], has=["x"], lines=["x"])
    work()

    assert ServiceNotice.objects.get(pk=row.pk).state == "sent"


def test_a_family_in_the_bin_is_not_written_to(three, head):
    telling.send(notice(three[0]), by=head, at=TEN)
    type(three[1]).objects.filter(pk=three[1].pk).update(deleted_at=TEN)
    work()

    assert ParentMessage.objects.count() == 2


# -- by a person, or by nobody -------------------------------------------------------------------------------------------------------
def test_a_colleague_tells_one_family(three, agent):
    row = notice(three[0], "less")
    telling.tell(row, by=agent, at=TEN)

    assert (row.state, row.decided_by) == ("told", agent) and states("less") == ["told", "waiting", "waiting"]


def test_once(three, agent):
    row = notice(three[0])
    telling.tell(row, by=agent, at=TEN)

    with pytest.raises(Refused) as caught:
        telling.tell(row, by=agent, at=TEN)
    assert caught.value.code == "changed"


def test_who_talks_to_no_families_says_nothing(three):
    user = User.objects.create(username="inspector@miao")
    with pytest.raises(Forbidden):
        telling.tell(notice(three[0]), by=Membership.objects.create(user=user, role="inspector", name="x"), at=TEN)


def test_what_need_not_be_told_is_dropped_for_all_alike(three, head):
    assert telling.drop(notice(three[0], "less"), by=head, at=TEN) == 3

    assert states("less") == ["dropped"] * 3 and states() == ["waiting"] * 3


def test_every_step_is_in_the_audit(three, head, agent):
    telling.tell(notice(three[0], "less"), by=agent, at=TEN)
    telling.drop(notice(three[0]), by=head, at=TEN)

    assert list(Entry.objects.filter(verb__startswith="service.notice").order_by("id").values_list("verb", flat=True)) == [
        "service.notice_told", "service.notices_dropped"]
