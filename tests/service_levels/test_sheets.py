"""Lists as files: what the page lists, in the same order, for whoever may export."""
import csv
import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from crm.models import Customer
from service_levels import sheets
from service_levels.cooperation import working as opinions
from service_levels.cooperation.working import Talk
from service_levels.events import inviting
from service_levels.models import CourseOffer, Event, ServiceNotice
from service_levels.recommending.working import recommend
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member, signed_in
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import derive, family
from tests.service_levels.events.makers import planned
from tests.service_levels.findings.makers import cooler, found
from tests.service_levels.points.makers import with_points
from tests.service_levels.team.makers import agent
from tests.service_levels.winback.makers import begun, lost_heart


def rows(answer) -> list[list[str]]:
    """The lines of a CSV download without its heading."""
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))[1:]


def asked(client, address: str, form: str):
    return client.get(f"/s/miao/{address}{'&' if '?' in address else '?'}export={form}")


# -- what stands in a cell ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("path", "read"), [
    ("name", "周"), (lambda row: row.n + 1, 1), ("owner.name", ""), ("campus.name", "东园"), ("said", "好"), ("lines", "一；二"), ("n", 0)])
def test_a_cell_is_what_stands_at_the_end_of_its_path(path, read):
    row = SimpleNamespace(name="周", owner=None, campus=SimpleNamespace(name="东园"), said=lambda: "好", lines=["一", "二"], n=0)

    assert sheets.read(row, path) == read


def test_a_path_that_leads_nowhere_is_a_fault():
    with pytest.raises(AttributeError):
        sheets.read(SimpleNamespace(name="周"), "nane")


# -- every list --------------------------------------------------------------------------------------------------
def win_backs(head):
    begun(lost_heart(), colleague("relations", "高敏"), by=head)
    return "service/winback/"


def findings(head):
    found(cooler(), head)
    return "service/findings/"


def guests(head):
    event = planned(head)
    inviting.invite(event, [family(1)], by=head, at=AT)
    return f"service/events/{event.pk}/"


def points(head):
    with_points(family(1), head)
    return "service/points/"


def opinions_said(head):
    opinions.write_down(family(1), Talk("courses", DAY, "多一点户外"), by=head, at=AT)
    return "service/cooperation/"


def recommendations(head):
    customer = family(1)
    offer = CourseOffer.objects.create(name="书法", says="练专注")
    recommend(offer, customer.family.children.get(), by=head, at=AT)
    return "service/recommending/"


def notices(head):
    customer = family(1, "A", "low")
    derive()
    version = customer.entitlements.get().version
    ServiceNotice.objects.create(customer=customer, kind="less", on=DAY, version=version, plan="quality", had=["一", "二"], has=[], lines=["一", "二"])
    return "service/notices/?whose=all"


def coming(head):
    planned(head)
    return "service/events/?tab=all"


def held(head):
    planned(head)
    Event.objects.update(opened_at=AT, starts_at=AT - timedelta(days=3), ends_at=AT - timedelta(days=2))
    return "service/events/effects/"


def team(head):
    agent("高敏", senior=True, skills=["disputes"], languages="粤语")
    agent("小方")
    return "service/team/?skill=disputes"


LISTS = [win_backs, findings, guests, points, opinions_said, recommendations, notices]


@pytest.mark.parametrize("made", LISTS, ids=lambda made: made.__name__)
def test_a_list_comes_as_a_file_and_is_written_down(school, head, on_the_day, made):
    with tenant_scope(school):
        address = made(head)
    client = signed_in(head)
    shown, found = client.get(f"/s/miao/{address}").content.decode(), rows(asked(client, address, "csv"))

    assert [row[1] for row in found] == ["孩1一家"] and "孩1" in shown and "export=csv" in shown
    with tenant_scope(school):
        assert Entry.objects.filter(verb="service.list_exported").count() == 1


@pytest.mark.parametrize(("made", "first"), [(coming, ["亲子阅读会", "亲子活动"]), (held, ["亲子阅读会", "亲子活动"]), (team, ["高敏", "客服专员"])],
                         ids=lambda made: getattr(made, "__name__", ""))
def test_a_list_that_is_not_of_families_comes_as_a_file_too(school, head, on_the_day, made, first):
    with tenant_scope(school):
        address = made(head)
    client = signed_in(head)

    assert "export=csv" in client.get(f"/s/miao/{address}").content.decode()
    assert [row[:2] for row in rows(asked(client, address, "csv"))] == [first]
    with tenant_scope(school):
        assert Entry.objects.filter(verb="service.list_exported").count() == 1


@pytest.mark.parametrize("made", [*LISTS, coming, team], ids=lambda made: made.__name__)
def test_who_may_not_export_gets_no_file_and_is_offered_none(school, head, on_the_day, made):
    client = signed_in(make_member(school, "agent"))
    with tenant_scope(school):
        address = made(head)

    assert asked(client, address, "xlsx").status_code == 403
    assert "export=xlsx" not in client.get(f"/s/miao/{address}").content.decode()


@pytest.mark.parametrize("made", [findings, opinions_said, recommendations, guests, notices], ids=lambda made: made.__name__)
def test_a_file_takes_no_statement_a_row_for_the_family(school, head, on_the_day, made):
    with tenant_scope(school):
        address = made(head)
        owner = colleague("agent", "小何")
        Customer.objects.update(owner=owner)
    with CaptureQueriesContext(connection) as asked_for:
        asked(signed_in(head), address, "csv")

    alone = [one["sql"] for one in asked_for if 'FROM "tenancy_membership"' in one["sql"] and f'"id" = {owner.pk} ' in one["sql"]]
    assert alone == []
