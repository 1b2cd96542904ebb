"""Standings and batches over the API: for who may see tiers, of the campuses they see, never written."""
from datetime import date

import pytest

from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.tiering.steps import JUNE, SEPTEMBER, published, scheme


@pytest.fixture
def east(school):
    with tenant_scope(school):
        made = makers.family("东园孩", "13800138001", date(2023, 9, 1))
        makers.payment(made, 30_000, date(2026, 3, 1))
        return made


@pytest.fixture
def west(school):
    with tenant_scope(school):
        campus = Campus.objects.create(code="west", name="西园")
        return makers.family("西园孩", "13800138002", at=campus)


@pytest.fixture
def batch(school, head, deputy, east, west, now):
    with tenant_scope(school):
        return published(head, deputy, now)


def test_a_standing_is_told_with_its_label_score_and_days(school, api, head_client, batch, east):
    with tenant_scope(school):
        score, number = batch.results.get(customer=east).score, scheme().pk
    row = head_client.get(f"{api}/standings/?customer={east.pk}").json()["results"][0]

    assert {**row, "id": 0} == {"id": 0, "customer": east.pk, "scheme": number, "label": "B", "score": score,
            "from_on": "2026-09-30",
                                "until_on": None, "batch": batch.pk}


@pytest.mark.parametrize(("words", "count"), [("", 2), ("?label=B", 1), ("?label=A", 0), ("?label=D", 1)])
def test_standings_are_filtered_by_label(api, head_client, batch, words, count):
    assert head_client.get(f"{api}/standings/{words}").json()["count"] == count


def test_a_member_of_one_campus_reads_its_standings(school, api, batch, west):
    client = signed_in(make_member(school, "relations", "西", [west.campus]))
    found = client.get(f"{api}/standings/").json()["results"]

    assert [row["customer"] for row in found] == [west.pk]


def test_a_standing_of_another_campus_is_not_there(school, api, batch, west, east):
    client = signed_in(make_member(school, "relations", "西", [west.campus]))
    with tenant_scope(school):
        mine, theirs = west.standings.get().pk, east.standings.get().pk

    assert [client.get(f"{api}/standings/{pk}/").status_code for pk in (mine, theirs, 10**12)] == [200, 404, 404]


def test_a_batch_is_told_with_its_digest(api, head_client, batch):
    row = head_client.get(f"{api}/batches/{batch.pk}/").json()

    assert (row["as_of"], row["state"], row["size"], row["digest"], row["version"]) == (
        "2026-09-30", "published", 2, batch.digest, batch.version_id)


@pytest.mark.parametrize(("words", "count"), [("?state=published", 2), ("?state=computed", 0), ("?as_of=2026-06-30", 1)])
def test_batches_are_filtered(school, api, head, deputy, head_client, east, now, words, count):
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        published(head, deputy, now, SEPTEMBER)

    assert head_client.get(f"{api}/batches/{words}").json()["count"] == count


@pytest.mark.parametrize("words", ["?state=exploded", "?as_of=yesterday"])
def test_a_filter_that_cannot_be_is_told(api, head_client, batch, words):
    answer = head_client.get(f"{api}/batches/{words}")

    assert answer.status_code == 422 and set(answer.json()["fields"]) == {words[1:].split("=")[0]}


@pytest.mark.parametrize("name", ["standings", "batches"])
@pytest.mark.parametrize(("role", "status"), [("frontdesk", 403), ("admin", 403), ("teacher", 200), ("inspector", 200)])
def test_tiers_are_for_who_may_see_them(school, api, batch, name, role, status):
    assert signed_in(make_member(school, role)).get(f"{api}/{name}/").status_code == status


@pytest.mark.parametrize("name", ["standings", "batches"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_through_the_api(api, head_client, batch, name, method):
    assert getattr(head_client, method)(f"{api}/{name}/", {}, content_type="application/json").status_code == 405
