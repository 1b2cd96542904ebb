"""签到和感受: who came stands on the timeline once; by itself around the event, by a colleague on the day; then how it was."""
from datetime import timedelta

import pytest

from audit.models import Entry
from crm.archive import set_phone
from crm.models import Guardian, TimelineEntry
from notifications.models import Message
from service_levels.events import coming, inviting, planning
from service_levels.models import Event, Invitation, PointsEntry
from service_levels.points import booking
from tenancy.models import Campus
from tenancy.refusals import Forbidden, Refused
from tests.churn.conftest import DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import family
from tests.service_levels.events.makers import AFTER, ENDS, HOUR, NO, STARTS, TEN, again, asked, came, opened, planned
from tests.service_levels.points.makers import rule

ONE, MINUTE = timedelta(days=1), timedelta(minutes=1)
OF_THE_EVENT = DAY + 15 * ONE


def told(customer) -> list[tuple[str, str, str, str]]:
    """What the timeline says of a family."""
    rows = TimelineEntry.objects.filter(customer=customer).order_by("pk")
    return [(row.kind, row.channel, row.title, row.day.isoformat()) for row in rows]


# -- here ----------------------------------------------------------------------------------------------------------------------------
def test_who_is_here_stands_on_the_timeline(chief):
    (row,) = opened(chief)

    assert coming.sign_in(row, by=chief, at=STARTS) is True

    assert told(row.customer) == [("event", "sign_in", "亲子阅读会", "2026-12-05")]
    assert (row.came_at, row.came_by, row.entry.by) == (STARTS, chief, chief)


def test_a_second_time_is_no_news(chief):
    (row,) = opened(chief)
    coming.sign_in(row, by=chief, at=STARTS)

    assert coming.sign_in(row, by=None, at=STARTS + MINUTE) is False
    assert len(told(row.customer)) == 1 and again([row])[0].came_at == STARTS


def test_by_itself_it_is_written_by_nobody(chief):
    (row,) = opened(chief)

    coming.sign_in(row, by=None, at=STARTS)

    assert (row.came_by, row.entry.by, Entry.objects.get(verb="service.event_signed_in").actor) == (None, None, None)


def test_how_many_came_may_be_others_than_said(chief):
    (row,) = opened(chief)

    coming.sign_in(row, by=chief, at=STARTS, people=4)

    assert again([row])[0].people == 4


def test_who_said_no_and_came_is_welcome(chief):
    (row,) = opened(chief)
    inviting.answer(row, NO, by=None, at=TEN)

    assert coming.sign_in(row, by=chief, at=STARTS) is True


def test_a_part_of_ones_own_stands_there_too(chief):
    (row,) = opened(chief)
    inviting.ask_for(row, "speaker", "怎么讲绘本", by=chief)

    coming.sign_in(row, by=chief, at=STARTS)

    assert row.entry.text == "怎么讲绘本"


@pytest.mark.parametrize(("at", "may"), [
    (STARTS - HOUR - MINUTE, False), (STARTS - HOUR, True), (STARTS, True), (ENDS + HOUR, True), (ENDS + HOUR + MINUTE, False)])
def test_by_itself_only_around_the_event(chief, at, may):
    (row,) = opened(chief)

    assert coming.doors_open(row.event, at) is may
    if may:
        assert coming.sign_in(row, by=None, at=at) is True
    else:
        with pytest.raises(Refused) as no:
            coming.sign_in(row, by=None, at=at)
        assert no.value.code == "closed" and told(row.customer) == []


@pytest.mark.parametrize(("at", "code"), [(TEN, "early"), (STARTS - ONE, "early"), (STARTS - 8 * HOUR, ""), (AFTER + 30 * ONE, "")])
def test_a_colleague_on_the_day_and_later(chief, at, code):
    (row,) = opened(chief)

    if not code:
        assert coming.sign_in(row, by=chief, at=at) is True
    else:
        with pytest.raises(Refused) as no:
            coming.sign_in(row, by=chief, at=at)
        assert no.value.code == code


def test_written_down_later_it_still_was_on_the_day(chief):
    (row,) = opened(chief)

    coming.sign_in(row, by=chief, at=AFTER + 3 * ONE)

    assert told(row.customer)[0][3] == "2026-12-05"


def test_not_before_the_invitations_are_out(chief):
    (row,) = asked(planned(chief), chief, family(1))

    with pytest.raises(Refused) as no:
        coming.sign_in(row, by=chief, at=STARTS)

    assert no.value.code == "off"


@pytest.mark.parametrize("how", ["cancelled", "closed"])
def test_nor_to_what_is_called_off_or_closed(chief, how):
    first, second = opened(chief, 2)
    if how == "cancelled":
        planning.cancel(first.event, "下暴雨", by=chief, at=TEN)
    else:
        planning.close(first.event, "", "分两场", by=chief, at=AFTER)
    (row,) = again([second])

    with pytest.raises(Refused):
        coming.sign_in(row, by=chief, at=AFTER)

    assert told(row.customer) == []


def test_whoever_only_looks_signs_nobody_in(chief):
    (row,) = opened(chief)

    with pytest.raises(Forbidden):
        coming.sign_in(row, by=colleague("inspector"), at=STARTS)


# -- points follow -------------------------------------------------------------------------------------------------------------------
def test_at_night_points_follow(chief):
    rule(since=DAY)
    (row,) = came(chief)

    booking.nightly(OF_THE_EVENT, at=AFTER)

    entry = PointsEntry.objects.get()
    assert (entry.customer, entry.points, entry.words, entry.on) == (row.customer, 10, "亲子阅读会", OF_THE_EVENT)


def test_who_did_not_come_earns_nothing(chief):
    rule(since=DAY)
    opened(chief)

    booking.nightly(OF_THE_EVENT, at=AFTER)

    assert PointsEntry.objects.count() == 0


# -- a mistake -----------------------------------------------------------------------------------------------------------------------
def test_a_mistake_is_taken_back_on_the_day(chief):
    (row,) = came(chief)

    coming.not_here(row, by=chief, at=STARTS + MINUTE)

    assert (told(row.customer), row.came_at, row.entry) == ([], None, None)
    assert Entry.objects.filter(verb="service.event_signed_out").count() == 1


def test_and_can_be_put_right_again(chief):
    (row,) = came(chief)
    coming.not_here(row, by=chief, at=STARTS + MINUTE)

    assert coming.sign_in(row, by=chief, at=STARTS + 2 * MINUTE) is True and len(told(row.customer)) == 1


def test_not_on_the_next_day(chief):
    (row,) = came(chief)

    with pytest.raises(Refused) as no:
        coming.not_here(row, by=chief, at=STARTS + ONE)

    assert no.value.code == "too_late" and len(told(row.customer)) == 1


def test_nor_when_the_family_has_said_how_it_was(chief):
    (row,) = came(chief)
    coming.rate(row, 5, "", at=ENDS)

    with pytest.raises(Refused) as no:
        coming.not_here(row, by=chief, at=ENDS)

    assert no.value.code == "too_late"


def test_nor_twice(chief):
    (row,) = came(chief)
    coming.not_here(row, by=chief, at=STARTS)

    with pytest.raises(Refused) as no:
        coming.not_here(row, by=chief, at=STARTS)

    assert no.value.code == "changed"


def test_an_entry_that_somebody_removed_is_no_hindrance(chief):
    (row,) = came(chief)
    TimelineEntry.objects.all().delete()
    (row,) = again([row])

    coming.not_here(row, by=chief, at=STARTS)

    assert again([row])[0].came_at is None


# -- the poster at the door ------------------------------------------------------------------------------------------------------------
def phone(number: int) -> str:
    return f"138001380{number:02d}"


def test_a_number_at_the_door_signs_its_family_in(chief):
    row, other = opened(chief, 2)

    assert coming.at_the_door(row.event, phone(1), at=STARTS) is True

    assert [one.came_at is not None for one in again([row, other])] == [True, False]


def test_a_family_that_was_not_asked_is_let_in(chief):
    event, home = opened(chief)[0].event, family(9)

    assert coming.at_the_door(event, phone(9), at=STARTS) is True

    row = Invitation.objects.get(customer=home)
    assert (row.by, row.answer, row.came_at, bool(row.token_hash)) == (None, "", STARTS, True)
    assert told(home) == [("event", "sign_in", "亲子阅读会", "2026-12-05")]


def test_a_number_that_nobody_has_opens_nothing(chief):
    event = opened(chief)[0].event

    assert coming.at_the_door(event, "13912345678", at=STARTS) is False
    assert Invitation.objects.came().count() == 0


def test_nor_does_one_of_another_campus(chief):
    west = Campus.objects.create(name="西园", code="west")
    event = opened(chief, campus=Campus.objects.order_by("pk").first())[0].event
    family(8, at=west)

    assert coming.at_the_door(event, phone(8), at=STARTS) is False


def test_of_two_parents_either_number_will_do_and_it_counts_once(chief):
    (row,) = opened(chief)
    home = Guardian.objects.get(family__customer=row.customer).family
    father = Guardian(family=home, name="周先生", relation="father")
    set_phone(father, "13800138099")
    father.save(force_insert=True)

    assert coming.at_the_door(row.event, "13800138099", at=STARTS) is True
    assert coming.at_the_door(row.event, phone(1), at=STARTS) is True
    assert len(told(row.customer)) == 1


@pytest.mark.parametrize("at", [TEN, STARTS - 2 * HOUR, AFTER])
def test_outside_of_its_hours_the_poster_opens_nothing(chief, at):
    event = opened(chief)[0].event

    with pytest.raises(Refused):
        coming.at_the_door(event, phone(1), at=at)


# -- how it was ----------------------------------------------------------------------------------------------------------------------
def test_a_family_that_came_says_how_it_was(chief):
    (row,) = came(chief)

    coming.rate(row, 4, " 时间短了点 ", at=ENDS)

    assert (row.score, row.opinion, row.rated_at) == (4, "时间短了点", ENDS)
    assert Entry.objects.get(verb="service.event_rated").data == {"event": row.event_id, "score": 4}


def test_it_may_say_it_anew(chief):
    (row,) = came(chief)
    coming.rate(row, 4, "", at=ENDS)

    coming.rate(row, 5, "想起来了", at=AFTER)

    assert (again([row])[0].score, again([row])[0].opinion) == (5, "想起来了")


def test_who_was_not_here_says_nothing_of_it(chief):
    (row,) = opened(chief)

    with pytest.raises(Refused) as no:
        coming.rate(row, 4, "", at=ENDS)

    assert no.value.code == "not_here"


@pytest.mark.parametrize("score", [0, 6, -1])
def test_the_score_is_of_five(chief, score):
    (row,) = came(chief)

    with pytest.raises(Refused) as no:
        coming.rate(row, score, "", at=ENDS)

    assert no.value.field == "score"


@pytest.mark.parametrize(("score", "messages"), [(1, 1), (2, 1), (3, 0), (5, 0)])
def test_of_a_bad_word_whoever_planned_hears(chief, score, messages):
    (row,) = came(chief)

    coming.rate(row, score, "太吵", at=ENDS)

    found = Message.objects.filter(member=chief, key=f"event-{row.event_id}-low-{row.pk}")
    assert found.count() == messages
    assert all("太吵" not in one.title for one in found), "a family's words stay on its page"


def test_what_is_written_of_it_is_cut_to_what_fits(chief):
    (row,) = came(chief)

    coming.rate(row, 5, "好" * 900, at=ENDS)

    assert len(again([row])[0].opinion) == 500


def test_an_event_of_which_nobody_was_told_has_closed_doors(chief):
    event = planned(chief)

    assert coming.doors_open(event, STARTS) is False
    assert coming.doors_open(Event.objects.get(), ENDS) is False
