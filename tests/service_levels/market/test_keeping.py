"""What is done with 市场信息."""
from datetime import timedelta

import pytest

from audit.models import Entry
from service_levels.market import keeping
from service_levels.models import MarketNote
from tenancy.refusals import Refused
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.market.conftest import AT, DAY, written

ONE = timedelta(days=1)


def note(on=DAY, title="今年冬天的行情"):
    return MarketNote(title=title, text="一句话", on=on)


def test_a_note_says_who_wrote_it_and_when(inside, writer):
    row = keeping.keep(note(), by=writer, at=AT)

    assert (row.edited_by, row.edited_at, str(row)) == (writer, AT, "今年冬天的行情")
    assert Entry.objects.filter(verb="service.market_note_kept").count() == 1


def test_a_change_is_somebody_elses_note_from_then_on(inside, writer):
    row = keeping.keep(note(), by=writer, at=AT)
    other = colleague("relations", "高敏")
    row.text = "两句话"
    keeping.keep(row, by=other, at=AT + ONE)

    found = MarketNote.objects.get()
    assert (found.text, found.edited_by, found.edited_at) == ("两句话", other, AT + ONE)


@pytest.mark.parametrize("field", ["title", "text", "source"])
def test_what_families_read_gives_no_label_away(inside, writer, field):
    row = note()
    setattr(row, field, "给 1 级客户的行情")

    with pytest.raises(Refused, match="“1 级”换个说法") as refused:
        keeping.keep(row, by=writer, at=AT)
    assert (refused.value.field, MarketNote.objects.count()) == (field, 0)


def test_of_one_day_there_is_one(inside, writer):
    keeping.keep(note(), by=writer, at=AT)

    with pytest.raises(Refused) as refused:
        keeping.keep(note(title="另一份"), by=writer, at=AT)
    assert refused.value.field == "on"
    keeping.keep(note(on=DAY + ONE, title="另一份"), by=writer, at=AT)
    assert MarketNote.objects.count() == 2


def test_it_can_be_put_away(inside, writer):
    row = keeping.keep(note(), by=writer, at=AT)
    keeping.drop(row, by=writer)

    assert not MarketNote.objects.exists()
    assert Entry.objects.filter(verb="service.market_note_dropped").count() == 1


@pytest.mark.parametrize("role", ["teacher", "frontdesk", "planner", "inspector"])
def test_not_everybody_writes(inside, writer, role):
    other, row = colleague(role, "小王"), written(writer)

    for act in (lambda: keeping.keep(note(on=DAY + ONE), by=other, at=AT), lambda: keeping.drop(row, by=other)):
        with pytest.raises(Refused):
            act()
    assert MarketNote.objects.get() == row
