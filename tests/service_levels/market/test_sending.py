"""A market note on its way: shown where it is sent, named on the timeline, settled by no talk."""
from crm.actions import log_contact
from crm.models import EntryKind
from service_levels.models import Touch
from service_levels.touches.settling import sent
from tests.service_levels.market.conftest import AT, written
from tests.service_levels.market.test_queries import news


def test_the_timeline_names_the_note(first_level, writer):
    written(writer)

    assert sent(first_level, news(first_level), by=writer, at=AT).title == "送出：今年冬天的行情"


def test_without_a_note_it_names_what_was_promised(first_level, writer):
    assert sent(first_level, news(first_level), by=writer, at=AT).title == "送出：市场信息"


def test_a_talk_settles_it_not(first_level, writer):
    log_contact(first_level, kind=EntryKind.CONTACT, channel="phone", text="", by=writer, at=AT, title="x")

    assert Touch.objects.get(line="S9").entry is not None
    assert news(first_level).entry is None
