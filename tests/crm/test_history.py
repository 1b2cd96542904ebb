"""Row history: who, when, old → new; restorable; seen by one's own school only; without sealed values."""
import pytest

from crm.history import acts
from crm.models import Child, Customer
from tenancy.scope import NoTenant, tenant_scope
from tests import makers


@pytest.fixture
def child(school):
    with tenant_scope(school):
        customer = makers.family("周小满")
        return Child.objects.get(family__customer=customer)


def edit(client, school, child, **changed):
    fields = {"name": child.name, "nickname": "", "sex": "", "born_on": "2021-05-01"} | changed
    return client.post(f"/s/{school.slug}/admin/crm/child/{child.pk}/change/", fields)


def test_an_edit_by_hand_is_told_with_who_and_from_what_to_what(school, head, head_client, child):
    assert edit(head_client, school, child, name="周晓满").status_code == 302

    with tenant_scope(school):
        told = [(a.who, [(c.name, c.old, c.new) for c in a.changes]) for a in acts(Child.objects.get(pk=child.pk))]

    assert told == [("head", [("姓名", "周小满", "周晓满")])]


def test_the_tab_shows_it_and_puts_the_old_value_back(school, head_client, child):
    edit(head_client, school, child, name="周晓满")
    address = f"/s/{school.slug}/admin/crm/child/{child.pk}/history/"
    page = head_client.get(address).content.decode()
    with tenant_scope(school):
        event = acts(Child.objects.get(pk=child.pk))[0].event

    answer = head_client.post(address, {"event": event})

    with tenant_scope(school):
        name = Child.objects.get(pk=child.pk).name
    assert "周小满 → 周晓满" in page and answer.status_code == 302 and name == "周小满"


def test_history_belongs_to_the_school_and_holds_nothing_sealed(school, other_school, head_client, child):
    edit(head_client, school, child, name="周晓满")
    events = Child.events.rel.related_model
    with tenant_scope(other_school):
        theirs = events.objects.count()
    with pytest.raises(NoTenant):
        events.objects.exists()

    assert theirs == 0
    assert [f.name for f in events._meta.fields if "sealed" in f.name] == []


def test_an_ordinary_save_without_a_change_leaves_no_event(school, head_client, child):
    edit(head_client, school, child)

    with tenant_scope(school):
        assert acts(Child.objects.get(pk=child.pk)) == [] and Customer.objects.count() == 1
