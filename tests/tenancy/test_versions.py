"""Rules in versions, on the plans and on the schemes alike: numbered, one worked on, one in force, two people."""
import pytest

from service_levels.models import PlanVersion
from tenancy import versions
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests.conftest import NOW
from tiering.models import SchemeVersion


@pytest.fixture(params=[(PlanVersion, "book"), (SchemeVersion, "rules")], ids=["plans", "scheme"])
def made(request, school, head, deputy, on_the_day):
    """What is in force, the versions of the same thing, and what makes one more."""
    model, content = request.param
    with tenant_scope(school):
        current = model.objects.filter(scheme__code="kg-ad").get()
        rows = model.objects.filter(scheme=current.scheme)

        def draft(number: int = 2):
            return model.objects.create(scheme=current.scheme, number=number, proposed_by=head, **{content: getattr(current, content)})
        yield current, rows, draft, content


def refused(act, *args, **more) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **more)
    return caught.value.code


def test_numbers_go_on(made):
    current, rows, draft, _content = made

    assert versions.next_number(rows) == 2
    draft(7)
    assert versions.next_number(rows) == 8
    assert versions.next_number(rows.filter(number=99)) == 1
    assert current.number == 1


def test_one_is_worked_on_until_it_is_in_force(made, head, deputy):
    _current, rows, draft, _content = made
    assert versions.worked_on(rows) is None
    row = draft()
    assert versions.worked_on(rows) == row
    versions.submit(row, by=head)
    assert versions.worked_on(rows) == row
    versions.put_in_force(row, rows, by=deputy, at=NOW)

    assert versions.worked_on(rows) is None


def test_a_draft_is_kept_with_who_edited_it(made, deputy):
    _current, _rows, draft, content = made
    row = draft()
    versions.keep(row, by=deputy, at=NOW, **{content: {"x": 1}})

    assert (getattr(row, content), row.proposed_by, row.edited_at) == ({"x": 1}, deputy, NOW)


def test_what_is_in_force_is_not_touched(made, head):
    current, _rows, _draft, content = made
    before = getattr(current, content)

    assert refused(versions.keep, current, by=head, at=NOW, **{content: {}}) == "stale"
    assert refused(versions.submit, current, by=head) == "stale"
    current.refresh_from_db()
    assert getattr(current, content) == before


def test_what_is_sent_back_is_a_draft_again(made, head):
    _current, _rows, draft, _content = made
    row = draft()
    assert refused(versions.send_back, row) == "stale"
    versions.submit(row, by=head)
    versions.send_back(row)

    assert row.state == "draft"


def test_the_one_before_retires(made, head, deputy):
    current, rows, draft, _content = made
    row = draft()
    versions.submit(row, by=head)
    versions.put_in_force(row, rows, by=deputy, at=NOW)
    current.refresh_from_db()

    assert (current.state, row.state, row.approved_by, row.in_force_since) == ("retired", "in_force", deputy, NOW)


def test_nobody_approves_what_they_proposed(made, head):
    current, rows, draft, _content = made
    row = draft()
    versions.submit(row, by=head)
    with pytest.raises(Refused):
        versions.put_in_force(row, rows, by=head, at=NOW)
    current.refresh_from_db()

    assert current.state == "in_force"


@pytest.mark.parametrize("role", ["operations"])
def test_a_draft_that_was_not_submitted_is_not_put_in_force(made, school, deputy, role):
    _current, rows, draft, _content = made

    assert refused(versions.put_in_force, draft(), rows, by=deputy, at=NOW) == "stale"
