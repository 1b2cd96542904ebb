"""A leaver's families never hang in the air; a stand-in sees them; my day lists what I did with the way back."""
import pytest

from crm.handover import let_go, looked_after_by, stand_in
from crm.models import Customer
from tenancy.models import Membership
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in


@pytest.fixture
def chen(school):
    member = make_member(school, "relations")
    with tenant_scope(school):
        makers.family(owner=member)
    return member


def test_a_leaver_with_families_needs_somebody_to_take_over(school, head, chen, now):
    with tenant_scope(school):
        with pytest.raises(Refused, match="名下还有家庭"):
            let_go(chen, None, on=now.date(), by=head)
        moved = let_go(chen, head, on=now.date(), by=head)

        assert (moved, Customer.objects.get().owner, Membership.objects.get(pk=chen.pk).is_active) == (1, head, False)


def test_a_stand_in_sees_the_families_among_their_own(school, head, chen):
    agent = make_member(school, "agent")
    with tenant_scope(school):
        stand_in(chen, agent, by=head)
        covered = looked_after_by(agent)
    page = signed_in(agent).get(f"/s/{school.slug}/families/?owner=me").content.decode()
    with tenant_scope(school):
        stand_in(Membership.objects.get(pk=chen.pk), None, by=head)

        assert covered == [agent.pk, chen.pk] and looked_after_by(agent) == [agent.pk]
    assert "周小满" in page


def test_nobody_lets_themselves_go(school, head, now):
    with tenant_scope(school), pytest.raises(Refused, match="不能给自己"):
        let_go(head, None, on=now.date(), by=head)


def test_the_page_hands_over_and_says_how_many(school, head_client, head, chen):
    answer = head_client.post(f"/s/{school.slug}/members/{chen.pk}/", {"verb": "leave", "to": head.pk}, follow=True)

    assert "1 户交给了接手的同事" in answer.content.decode()


def test_my_day_lists_my_acts_with_the_way_back(school, head_client, chen):
    with tenant_scope(school):
        customer = Customer.objects.get()
    head_client.post(f"/s/{school.slug}/families/{customer.pk}/log/", {"kind": "contact", "channel": "phone", "text": "x"})
    page = head_client.get(f"/s/{school.slug}/my-day/").content.decode()

    assert "记一次往来" in page and f"/s/{school.slug}/families/{customer.pk}/" in page
