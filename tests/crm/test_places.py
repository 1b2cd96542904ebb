"""Where the archive lets later apps hear of something: a contact, a concern, a changed calendar. It names the place and knows nobody."""
import pytest

from crm.actions import CONTACTED, log_contact
from crm.concerns import taking
from crm.concerns.taking import CLOSED, CONCERNED, REOPENED, Said
from crm.consulting import Told, consult
from crm.models import Concern
from crm.opening import work_calendar
from crm.timetable import CHANGED, add_days, remove_days
from tenancy import panels
from tests import makers
from tests.conftest import NOW


@pytest.fixture
def heard(monkeypatch):
    """(place, subject) of everything that was told, with nobody else listening."""
    told = []
    monkeypatch.setattr(panels, "_panels", {
        place: [panels.Panel(1, "", lambda *subject, place=place: told.append((place, *subject)))]
        for place in (CONTACTED, CONCERNED, CLOSED, REOPENED, CHANGED)})
    return told


@pytest.fixture
def customer(miao):
    return makers.family("周小满")


@pytest.mark.parametrize("kind", ["contact", "note", "visit", "complaint"])
def test_a_contact_is_told_whatever_it_is(customer, head, heard, kind):
    entry = log_contact(customer, kind=kind, channel="phone", text="x", by=head, at=NOW)

    assert heard == [(CONTACTED, entry)]


def test_a_complaint_is_there_when_its_contact_is_told(customer, head, monkeypatch):
    seen = []
    monkeypatch.setattr(panels, "_panels", {CONTACTED: [panels.Panel(1, "", lambda entry: seen.append(entry.concern.text))]})
    log_contact(customer, kind="complaint", channel="phone", text="菜太咸", by=head, at=NOW)

    assert seen == ["菜太咸"]


def test_a_consultation_is_a_contact(customer, head, heard):
    made = consult(customer, Told(needs="想换班"), by=head, at=NOW)

    assert heard == [(CONTACTED, made.entry)]


def test_a_concern_is_told_when_it_comes_when_it_is_put_when_it_ends_and_begins_again(customer, head, heard):
    row = taking.receive(Said("suggestion", "teaching", "多画画"), at=NOW)
    taking.put_to(row, customer, by=head)
    taking.close(row, "多画了", by=head, at=NOW)
    taking.reopen(row, by=head)

    assert heard == [(CONCERNED, row), (CONCERNED, row), (CLOSED, row), (REOPENED, row, head)]


def test_what_is_taken_down_for_a_family_is_told_with_all_that_is_known(customer, head, heard):
    row = taking.take(Said("complaint", "fees", "多扣了"), "hotline", customer=customer, by=head, at=NOW)

    assert [place for place, *_subject in heard] == [CONTACTED, CONCERNED]
    assert (heard[1][1], heard[1][1].about) == (row, "fees")


def test_a_changed_calendar_is_told(customer, head, heard):
    days = add_days(work_calendar(), first=NOW.date(), last=NOW.date(), kind="closure", name="停电", hours="", by=head)
    remove_days(days, by=head)

    assert heard == [(CHANGED,), (CHANGED,)]


def test_what_a_listener_refuses_undoes_the_act(customer, head, monkeypatch):
    """It is one transaction: nothing is half told."""
    def refuse(row):
        raise ZeroDivisionError
    monkeypatch.setattr(panels, "_panels", {CONCERNED: [panels.Panel(1, "", refuse)]})

    with pytest.raises(ZeroDivisionError):
        taking.receive(Said("suggestion", "teaching", "多画画"), at=NOW)
    assert not Concern.objects.exists()
