"""兑现应触达: what one tap writes down, and what that settles."""
from datetime import date

import pytest
from django.utils import timezone

from audit.models import Entry
from crm.actions import log_contact
from crm.consulting import Told, consult
from crm.models import Anniversary, TimelineEntry
from crm.undoing import undo
from service_levels.models import Touch
from service_levels.touches.settling import excuse, no_answer, owe_again, sent, talked
from tenancy.refusals import Refused
from tests.churn.conftest import DAY, ONE
from tests.service_levels.conftest import family, owe, owed


@pytest.fixture
def now(on_the_day):
    return timezone.now()


@pytest.fixture
def weekly(miao, now):
    """A family that is owed its weekly call."""
    customer = family(1, "D", "low")
    owe()
    return customer


def test_a_call_settles_what_was_ticked_and_says_what_it_was_for(miao, head, now, weekly):
    entry = talked(weekly, Touch.objects.all(), channel="phone", text=" 孩子胃口好了 ", by=head, at=now)

    assert (entry.kind, entry.channel, entry.title, entry.text, entry.by) == ("contact", "phone", "每周问候", "孩子胃口好了", head)
    touch = Touch.objects.get()
    assert (touch.entry, touch.kept_on, touch.missed_on) == (entry, DAY, None)


def test_a_contact_that_was_written_down_anywhere_settles_at_once(miao, head, now, weekly):
    log_contact(weekly, kind="contact", channel="wechat", text="聊了两句", by=head, at=now)

    assert owed(weekly) == []


def test_so_does_a_consultation(miao, head, now, weekly):
    consult(weekly, Told(needs="想换班"), by=head, at=now)

    assert owed(weekly) == []


def test_taking_the_contact_back_owes_it_again(miao, head, now, weekly):
    entry = talked(weekly, Touch.objects.all(), channel="phone", text="", by=head, at=now)
    undo(Entry.objects.get(verb="crm.contact_logged", object_id=entry.pk), by=head, at=now)

    assert owed(weekly) == [("K29(a)", "2026-11-20")]


def test_a_greeting_is_settled_early_when_it_is_ticked(miao, head, now):
    customer = family(1, "C", "low", born_on=date(2022, 11, 27))
    owe()
    talked(customer, Touch.objects.filter(line="K26(a)"), channel="wechat", text="", by=head, at=now)

    assert owed(customer) == [("K26(b)", "2026-12-31")]


def test_a_gift_settles_itself_and_is_no_talk(miao, head, now):
    customer = family(1, "A", "high")
    owe()
    entry = sent(customer, Touch.objects.get(line="K19(a)"), by=head, at=now)

    assert (entry.kind, entry.title) == ("note", "送出：定期寄感谢信")
    assert [line for line, _due in owed(customer)] == ["K29(a)", "K19(b)"]


def test_a_gift_for_a_day_of_the_family_is_sent_too(miao, head, now):
    customer = family(1, "A", "low")
    Anniversary.objects.create(family=customer.family, name="奶奶生日", month=11, day=26)
    owe()

    entry = sent(customer, Touch.objects.get(line="K19(e)"), by=head, at=now)

    assert entry.title == "送出：纪念日定制礼品" and Touch.objects.get(line="K19(e)").kept_on == DAY
    assert Touch.objects.get(line="K19(d)").kept_on is None, "a gift is no greeting"


def test_a_call_cannot_be_sent(miao, head, now, weekly):
    with pytest.raises(Refused):
        sent(weekly, Touch.objects.get(), by=head, at=now)

    assert not TimelineEntry.objects.filter(customer=weekly).exists()


def test_who_does_not_answer_is_still_owed(miao, head, now, weekly):
    no_answer(weekly, by=head, at=now)

    assert owed(weekly) == [("K29(a)", "2026-11-20")]
    assert Touch.objects.get().tried_on == DAY
    assert TimelineEntry.objects.get(customer=weekly).title == "没打通"


def test_what_is_not_needed_has_a_reason_and_can_be_owed_again(miao, head, now, weekly):
    assert excuse(weekly, Touch.objects.all(), why="出国两周", by=head, at=now) == 1
    touch = Touch.objects.get()
    assert (owed(weekly), touch.why, touch.voided_by, touch.voided_on) == ([], "出国两周", head, DAY)

    owe_again(touch, by=head)
    assert owed(weekly) == [("K29(a)", "2026-11-20")]
    assert list(Entry.objects.filter(verb__startswith="service.touch").order_by("id").values_list("verb", flat=True)) == [
        "service.touches_excused", "service.touch_owed_again"]


def test_without_a_reason_nothing_is_excused(miao, head, now, weekly):
    with pytest.raises(Refused) as refused:
        excuse(weekly, Touch.objects.all(), why="  ", by=head, at=now)

    assert refused.value.field == "why"


def test_what_is_excused_stays_so_the_next_night(miao, head, now, weekly):
    excuse(weekly, Touch.objects.all(), why="出国两周", by=head, at=now)
    owe()
    owe(DAY + ONE)

    assert owed(weekly) == []
    assert Touch.objects.get().missed_on is None


def test_what_the_plan_dropped_is_nobodys_to_take_back(miao, head, weekly):
    Touch.objects.update(voided_on=DAY)

    with pytest.raises(Refused):
        owe_again(Touch.objects.get(), by=head)


def test_what_a_colleague_has_just_done_is_said_so(miao, head, now, weekly):
    touches = list(Touch.objects.all())
    talked(weekly, touches, channel="phone", text="", by=head, at=now)

    for act in (lambda: talked(weekly, touches, channel="phone", text="", by=head, at=now),
                lambda: excuse(weekly, touches, why="不用", by=head, at=now), lambda: no_answer(weekly, by=head, at=now)):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "stale"
    assert TimelineEntry.objects.filter(customer=weekly).count() == 1


def test_another_familys_touches_are_not_settled(miao, head, now, weekly):
    other = family(2, "D", "low")
    owe()

    with pytest.raises(Refused):
        talked(weekly, Touch.objects.filter(customer=other), channel="phone", text="", by=head, at=now)
    assert (owed(weekly), owed(other)) == ([("K29(a)", "2026-11-20")],) * 2
