"""交接、代班、离岗, and 今天我做了什么 with its ways back."""
import pytest
from django.utils import timezone

from audit.models import Entry
from crm.actions import add_referral, log_contact
from crm.models import Customer, Referral, TimelineEntry
from tenancy.models import Membership
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in


@pytest.fixture
def chen(school):
    return make_member(school, "relations", "陈老师")


@pytest.fixture
def tang(school):
    return make_member(school, "relations", "唐老师")


@pytest.fixture
def customer(school, chen):
    with tenant_scope(school):
        return makers.family(owner=chen)


def owner(school):
    with tenant_scope(school):
        return Customer.objects.get().owner_id


# -- colleagues ----------------------------------------------------------------------------------------------------------
def test_a_colleagues_page_says_how_many_families_they_look_after(at, head_client, chen, customer):
    assert head_client.get(f"{at}/members/{chen.pk}/").context["owned"] == 1


def test_families_are_handed_over(school, at, head_client, chen, tang, customer):
    page = head_client.post(f"{at}/members/{chen.pk}/", {"verb": "hand_over", "to": tang.pk}, follow=True).content.decode()

    assert "已交接 1 户" in page and owner(school) == tang.pk


@pytest.mark.parametrize("verb", ["hand_over", "leave"])
def test_somebody_must_take_over(school, at, head_client, chen, customer, verb):
    answer = head_client.post(f"{at}/members/{chen.pk}/", {"verb": verb, "to": ""})

    assert (answer.status_code, list(answer.context["form"].errors), owner(school)) == (422, ["to"], chen.pk)


def test_a_leaver_hands_over_and_is_out(school, at, head_client, chen, tang, customer):
    client = signed_in(chen)
    before = client.get(f"{at}/").status_code
    head_client.post(f"{at}/members/{chen.pk}/", {"verb": "leave", "to": tang.pk})

    assert (before, client.get(f"{at}/").status_code, owner(school)) == (200, 404, tang.pk)
    with tenant_scope(school):
        assert Membership.objects.get(pk=chen.pk).left_on == timezone.localdate()


def test_who_looks_after_nobody_may_just_leave(school, at, head_client, tang):
    head_client.post(f"{at}/members/{tang.pk}/", {"verb": "leave", "to": ""})

    with tenant_scope(school):
        assert not Membership.objects.get(pk=tang.pk).is_active


def test_a_stand_in_is_named_and_ended(school, at, head_client, chen, tang):
    said, found = [], []
    for to in (tang.pk, ""):
        said.append(head_client.post(f"{at}/members/{chen.pk}/", {"verb": "stand_in", "to": to},
                follow=True).content.decode())
        with tenant_scope(school):
            found.append(Membership.objects.get(pk=chen.pk).stands_in_id)

    assert found == [tang.pk, None] and "已安排代班" in said[0] and "代班结束" in said[1]


def test_nobody_takes_over_from_themselves(at, head_client, chen):
    offered = head_client.get(f"{at}/members/{chen.pk}/").context["form"].fields["to"].queryset

    assert head_client.post(f"{at}/members/{chen.pk}/", {"verb": "hand_over", "to": chen.pk}).status_code == 422
    assert offered is not None


def test_who_left_is_not_offered(school, at, head_client, chen, tang):
    with tenant_scope(school):
        Membership.objects.filter(pk=tang.pk).update(is_active=False)

    assert head_client.post(f"{at}/members/{chen.pk}/", {"verb": "hand_over", "to": tang.pk}).status_code == 422


@pytest.mark.parametrize(("role", "status"), [("deputy", 200), ("admin", 403), ("frontdesk", 403), ("inspector", 403)])
def test_colleagues_are_for_who_runs_the_school(school, at, chen, role, status):
    assert signed_in(make_member(school, role)).get(f"{at}/members/{chen.pk}/").status_code == status


def test_a_colleague_who_is_not_there_is_not_found(at, head_client):
    assert head_client.get(f"{at}/members/999999/").status_code == 404


# -- my day ---------------------------------------------------------------------------------------------------------------
@pytest.fixture
def acts(school, head, customer):
    """A contact and then a referral, both today and mine."""
    with tenant_scope(school):
        entry = log_contact(customer, kind="contact", channel="phone", text="聊了聊", by=head, at=timezone.now())
        add_referral(customer, name="孙女士", phone="13900139000", on=timezone.localdate(), by=head)
        return entry


def test_my_day_lists_my_acts_newest_first_with_whom_and_the_way_back(at, head_client, acts):
    rows = head_client.get(f"{at}/my-day/").context["acts"]

    assert [(str(row["what"]), row["whom"], row["way"]) for row in rows] == [("登记推荐", "", True),
            ("记一次往来", "周小满一家", True)]


def test_my_day_is_mine(school, at, acts, tang):
    assert signed_in(tang).get(f"{at}/my-day/").context["acts"] == []


def test_a_day_without_acts_says_so(at, head_client):
    assert head_client.get(f"{at}/my-day/").status_code == 200
    assert head_client.get(f"{at}/my-day/").context["acts"] == []


def test_an_act_is_undone_by_its_button_and_marked(school, at, head_client, acts):
    row = head_client.get(f"{at}/my-day/").context["acts"][1]
    page = head_client.post(f"{at}/my-day/{row['pk']}/undo/", follow=True)

    assert "已撤销：记一次往来" in page.content.decode()
    assert [(str(a["what"]), a["undone"], a["way"]) for a in page.context["acts"]][-1] == ("记一次往来", True, False)
    with tenant_scope(school):
        assert not TimelineEntry.objects.exists()


def test_the_last_act_is_undone_by_the_key_and_then_the_one_before(school, at, head_client, acts):
    found = []
    for _ in range(2):
        head_client.post(f"{at}/my-day/undo-last/")
        with tenant_scope(school):
            found.append((Referral.objects.count(), TimelineEntry.objects.count()))
    nothing_left = head_client.post(f"{at}/my-day/undo-last/")

    assert found == [(0, 1), (0, 0)]
    assert nothing_left.status_code == 409
    assert "今天没有可以撤销的事" in nothing_left.content.decode()


def test_a_colleagues_act_is_not_undone_by_its_number(school, at, acts, tang):
    with tenant_scope(school):
        number = Entry.objects.filter(verb="crm.contact_logged").get().pk

    assert signed_in(tang).post(f"{at}/my-day/{number}/undo/").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("head", 302), ("tang", 409)])
def test_an_entry_of_the_timeline_is_taken_back_by_who_wrote_it(school, at, head, tang, acts, who, status):
    client = signed_in({"head": head, "tang": tang}[who])

    assert client.post(f"{at}/timeline/{acts.pk}/undo/").status_code == status
    with tenant_scope(school):
        assert TimelineEntry.objects.exists() is (status == 409)


@pytest.mark.parametrize("place", ["my-day/1/undo/", "my-day/undo-last/", "timeline/1/undo/"])
def test_undoing_needs_a_post(at, head_client, place):
    assert head_client.get(f"{at}/{place}").status_code == 405


# -- lists -------------------------------------------------------------------------------------------------------------------
def test_every_list_of_the_archive_is_one_click_away_and_opens(at, head_client):
    page = head_client.get(f"{at}/lists/")
    links = {word.split('"')[0] for word in page.content.decode().split('href="')[1:]}
    lists = {link for link in links if "/admin/crm/" in link}

    assert len(lists) >= 14 and {head_client.get(link).status_code for link in lists} == {200}
