"""Two colleagues at one record: who saves second is told what the first changed, and nothing is lost."""
import re

import pytest

from crm.models import Child
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in


@pytest.fixture
def child(school):
    with tenant_scope(school):
        return makers.family("周小满").family.children.get()


def opened(client, school, child):
    """What the page remembers of the state it shows."""
    page = client.get(f"/s/{school.slug}/admin/crm/child/{child.pk}/change/").content.decode()
    return re.search(r'name="seen" value="(\d+)"', page)[1]


def save(client, school, child, seen, **changed):
    fields = {"name": child.name, "nickname": "", "sex": "", "born_on": "2021-05-01", "seen": seen} | changed
    return client.post(f"/s/{school.slug}/admin/crm/child/{child.pk}/change/", fields)


def test_a_save_over_a_colleagues_change_is_refused_with_the_difference(school, head_client, child):
    colleague = signed_in(make_member(school, "deputy", "何老师"))
    mine, theirs = opened(head_client, school, child), opened(colleague, school, child)
    save(colleague, school, child, theirs, name="周晓满")

    answer = save(head_client, school, child, mine, nickname="满满")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "何老师 刚改过这一条（姓名 周小满 → 周晓满）" in page and 'value="满满"' in page


def test_saved_once_more_it_is_meant(school, head_client, child):
    colleague = signed_in(make_member(school, "deputy", "何老师"))
    mine = opened(head_client, school, child)
    save(colleague, school, child, opened(colleague, school, child), name="周晓满")
    refused = save(head_client, school, child, mine, nickname="满满").content.decode()

    answer = save(head_client, school, child, re.search(r'name="seen" value="(\d+)"', refused)[1], nickname="满满")

    with tenant_scope(school):
        kept = Child.objects.get()
        assert (answer.status_code, kept.name, kept.nickname) == (302, "周小满", "满满")


def test_a_page_that_nobody_overtook_is_saved_at_once(school, head_client, child):
    answer = save(head_client, school, child, opened(head_client, school, child), nickname="满满")

    assert answer.status_code == 302
