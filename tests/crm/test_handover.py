"""A leaver's families never hang in the air; a stand-in sees them; my day lists what I did with the way back."""
import pytest

from crm.handover import hand_over, let_go, looked_after_by, stand_in
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


# -- by its verbs ------------------------------------------------------------------------------------------------------------
def test_only_present_families_are_handed_over(school, head, chen, now):
    with tenant_scope(school):
        before = Customer.objects.filter(owner=chen).count()
        gone = makers.family("已删", "13700137000", owner=chen)
        Customer.objects.filter(pk=gone.pk).update(deleted_at=now)

        assert hand_over(chen, head, by=head) == before
        assert Customer.objects.get(pk=gone.pk).owner_id == chen.pk


@pytest.mark.parametrize("to", ["self", "inactive"])
def test_somebody_on_duty_takes_over(school, head, chen, to):
    with tenant_scope(school):
        if to == "inactive":
            type(head).objects.filter(pk=head.pk).update(is_active=False)
            head.is_active = False
        with pytest.raises(Refused, match="在岗的同事") as refusal:
            hand_over(chen, chen if to == "self" else head, by=head)

    assert refusal.value.field == "to"


@pytest.mark.parametrize("cover", ["self", "inactive"])
def test_somebody_on_duty_stands_in(school, head, chen, cover):
    with tenant_scope(school):
        head.is_active = cover != "inactive"
        with pytest.raises(Refused, match="在岗的同事代班"):
            stand_in(chen, chen if cover == "self" else head, by=head)


def test_one_looks_after_ones_own_and_those_one_covers(school, head, chen):
    with tenant_scope(school):
        before = looked_after_by(head)
        stand_in(chen, head, by=head)
        during = looked_after_by(head)
        stand_in(chen, None, by=head)

        assert (before, sorted(during), looked_after_by(head)) == ([head.pk], sorted([head.pk, chen.pk]), [head.pk])


def test_who_left_is_covered_no_more(school, head, chen):
    with tenant_scope(school):
        stand_in(chen, head, by=head)
        type(chen).objects.filter(pk=chen.pk).update(is_active=False)

        assert looked_after_by(head) == [head.pk]
