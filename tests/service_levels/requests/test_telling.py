"""写给家长: that there is an answer or a result, once, in waking hours, with a link and not a word of the matter."""
from datetime import UTC, datetime

import pytest
import time_machine

from crm.archive import set_phone
from crm.models import Guardian
from notifications.actions import consume
from notifications.models import Outbox, ParentMessage
from service_levels.requests import links, telling, working
from service_levels.requests.working import Wish
from tests.service_levels.conftest import family
from tests.service_levels.requests.test_working import TEN, at

NIGHT = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)  # ten in the evening at the campus
MORNING = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)


@pytest.fixture
def row(miao, head):
    return working.open_request(Wish("enquiry", "几点开门", "online", caller="小周妈妈", phone="13900139000"), by=None, at=TEN)


def waiting() -> list[Outbox]:
    return list(Outbox.objects.filter(topic=telling.TELL, done_at=None))


def work(now=TEN) -> None:
    with time_machine.travel(now, tick=False):
        for one in waiting():
            consume(one.pk)


def told() -> list[tuple[str, str]]:
    return [(one.kind, one.phone) for one in ParentMessage.objects.order_by("id")]


def test_an_answer_on_the_familys_page_is_told(row, head):
    working.reply(row, text="七点半", channel="online", by=head, at=at(1))
    work(at(1))

    message = ParentMessage.objects.get()
    assert (message.kind, message.phone, message.campus, message.link) == ("service.answered", "13900139000", row.place,
                                                                          f"service/requests/{row.pk}/")
    assert links.link_of(row) in message.text and "小周妈妈" in message.text and row.number in message.text
    assert "七点半" not in message.text and "几点开门" not in message.text


@pytest.mark.parametrize("channel", ["phone", "wechat", "face", "sms"])
def test_an_answer_by_another_way_is_not_told_again(row, head, channel):
    working.reply(row, text="七点半", channel=channel, by=head, at=at(1))

    assert waiting() == []


def test_a_result_is_told_where_somebody_says_so(row, head):
    working.resolve(row, result="七点半", by=head, at=at(1), told=True)
    work(at(1))

    assert told() == [("service.settled", "13900139000")]


def test_a_result_is_not_told_where_nobody_says_so(row, head):
    working.resolve(row, result="七点半", by=head, at=at(1))

    assert waiting() == []


def test_each_answer_is_told_once(row, head):
    working.reply(row, text="七点半", channel="online", by=head, at=at(1))
    work(at(1))
    Outbox.objects.filter(topic=telling.TELL).update(done_at=None)
    work(at(1))
    working.reply(row, text="周末八点", channel="online", by=head, at=at(2))
    work(at(2))

    assert told() == [("service.answered", "13900139000")] * 2


def test_nobody_is_woken_for_it(row, head):
    working.reply(row, text="七点半", channel="online", by=head, at=NIGHT)

    assert [one.due_at for one in waiting()] == [MORNING]


def test_of_what_is_open_again_no_result_is_told(row, head):
    working.resolve(row, result="七点半", by=head, at=at(1), told=True)
    working.reopen(row, why="没说清", by=head, at=at(1.5))
    work(at(2))

    assert told() == []


def test_a_known_family_is_written_to_by_who_decides(miao, head):
    customer = family(1)
    grandfather = Guardian(family=customer.family, name="爷爷", decides=False)
    set_phone(grandfather, "13800000099")
    grandfather.save()
    row = working.open_request(Wish("service", "换被子", "phone"), customer=customer, by=head, at=TEN)
    working.resolve(row, result="换了", by=head, at=at(1), told=True)
    work(at(1))

    assert told() == [("service.settled", "13800138001")]


def test_where_no_number_is_known_nothing_is_written(miao, head):
    row = working.open_request(Wish("suggestion", "多放点书"), by=None, at=TEN)
    assert not telling.reachable(row)

    working.resolve(row, result="放了", by=head, at=at(1), told=True)

    assert waiting() == []


@pytest.mark.parametrize(("language", "word"), [("zh-hant", "答覆了"), ("en", "has answered"), ("", "答复了")])
def test_it_is_written_in_the_language_in_which_it_was_asked(row, head, language, word):
    type(row).objects.filter(pk=row.pk).update(language=language)
    working.reply(row, text="七点半", channel="online", by=head, at=at(1))
    work(at(1))

    assert word in ParentMessage.objects.get().text
