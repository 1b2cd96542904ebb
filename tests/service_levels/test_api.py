"""Requests and contacts owed over the API: of the campuses a member sees; one is taken down and its clocks run."""
from datetime import timedelta

import pytest

from audit.models import Entry
from service_levels.models import Clock, ServiceRequest, Touch
from service_levels.requests import working
from service_levels.requests.working import Wish
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.service_levels.conftest import DAY, family


@pytest.fixture
def east(school, on_the_day):
    with tenant_scope(school):
        return family(1)


@pytest.fixture
def west(school, on_the_day):
    with tenant_scope(school):
        return family(2, at=Campus.objects.create(code="west", name="西园"))


@pytest.fixture
def rows(school, head, east, west, now):
    """One of each campus and one of nobody known."""
    with tenant_scope(school):
        return [working.open_request(Wish(kind, text), customer=customer, by=head, at=now - timedelta(hours=n)) for n, (kind, text, customer)
                in enumerate((("service", "换被子", east), ("enquiry", "几点开门", west), ("complaint", "饭太凉", None)))]


def numbers(client, api, words: str = "") -> list[str]:
    return [row["text"] for row in client.get(f"{api}/requests/{words}").json()["results"]]


def test_requests_are_told_the_latest_first(head_client, api, rows):
    assert numbers(head_client, api) == ["换被子", "几点开门", "饭太凉"]


@pytest.mark.parametrize(("words", "found"), [
    ("?kind=enquiry", ["几点开门"]),
    ("?resolved_at__isnull=true", ["换被子", "几点开门", "饭太凉"]),
    ("?resolved_at__isnull=false", []),
    ("?opened_at__lt=2000-01-01T00:00:00Z", []),
])
def test_they_are_narrowed(head_client, api, rows, words, found):
    assert numbers(head_client, api, words) == found


def test_one_is_told_with_its_deadline_and_without_whose_number_it_is(head_client, api, rows, east):
    row = head_client.get(f"{api}/requests/{rows[0].pk}/").json()

    assert (row["number"], row["kind"], row["customer"], row["due_at"][:10]) == (rows[0].number, "service", east.pk, "2026-11-20")
    assert not {"phone", "caller", "token_hash"} & set(row)


def test_a_member_of_one_campus_reads_its_own_and_nobodys(school, api, rows, west):
    client = signed_in(make_member(school, "relations", "西", [west.campus]))

    assert numbers(client, api) == ["几点开门", "饭太凉"]
    assert [client.get(f"{api}/requests/{row.pk}/").status_code for row in rows] == [404, 200, 200]


def test_one_is_taken_down_and_its_clocks_run(school, head_client, api, east, on_the_day):
    answer = head_client.post(f"{api}/requests/", {"kind": "service", "text": "换被子", "channel": "phone", "customer": east.pk},
                              content_type="application/json")

    assert (answer.status_code, answer.json()["customer"]) == (201, east.pk)
    with tenant_scope(school):
        assert ServiceRequest.objects.get().by.name == "head"
        assert Clock.objects.count() == 2
        assert Entry.objects.filter(verb="service.request_opened").count() == 1


def test_whoever_calls_need_not_be_known(school, head_client, api, on_the_day):
    sent = {"kind": "enquiry", "text": "几点开门", "caller": "王女士", "phone": "139 0013 9000"}

    assert head_client.post(f"{api}/requests/", sent, content_type="application/json").status_code == 201
    with tenant_scope(school):
        row = ServiceRequest.objects.get()
        assert (row.caller, row.phone, row.customer) == ("王女士", "13900139000", None)


@pytest.mark.parametrize(("wrong", "status"), [({"kind": "song"}, 422), ({"text": ""}, 422), ({"customer": 10**12}, 422), ({"phone": "12"}, 409),
                                               ({"channel": "pigeon"}, 422), ({"campus": "x"}, 422)])
def test_what_is_wrong_is_refused_and_nothing_is_written(school, head_client, api, wrong, status):
    answer = head_client.post(f"{api}/requests/", {"kind": "service", "text": "x"} | wrong, content_type="application/json")

    assert answer.status_code == status
    with tenant_scope(school):
        assert ServiceRequest.objects.count() == 0


def test_who_may_not_log_takes_none_down(school, api):
    client = signed_in(make_member(school, "inspector"))

    assert client.post(f"{api}/requests/", {"kind": "service", "text": "x"}, content_type="application/json").status_code == 403
    assert client.get(f"{api}/requests/").status_code == 200


def test_a_family_of_another_campus_is_no_family(school, api, east, west):
    client = signed_in(make_member(school, "relations", "西", [west.campus]))

    answers = [client.post(f"{api}/requests/", {"kind": "service", "text": "x", "customer": pk}, content_type="application/json")
               for pk in (east.pk, 10**12)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert str(answers[0].json()).replace(str(east.pk), "N") == str(answers[1].json()).replace(str(10**12), "N")


def test_contacts_owed_are_read_by_day(school, head_client, api, east, west):
    with tenant_scope(school):
        for n, customer in enumerate((east, west)):
            Touch.objects.create(customer=customer, line="K29", text="每周问候", occasion="rhythm", band="low", opens_on=DAY,
                                 due_on=DAY + timedelta(days=n))

    assert [row["customer"] for row in head_client.get(f"{api}/touches/").json()["results"]] == [west.pk, east.pk]
    assert [row["customer"] for row in head_client.get(f"{api}/touches/?due_on__lte={DAY}").json()["results"]] == [east.pk]
    client = signed_in(make_member(school, "relations", "西", [west.campus]))
    assert [row["customer"] for row in client.get(f"{api}/touches/").json()["results"]] == [west.pk]
