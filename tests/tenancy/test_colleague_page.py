"""同事: everybody may look up the colleague named on a record; names of accounts and changing are for who runs the school."""
import pytest

from tenancy.models import Membership, SignInLink
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in


@pytest.fixture
def place(school):
    return f"/s/{school.slug}/admin/tenancy/membership/"


@pytest.fixture
def desk(school):
    return signed_in(make_member(school, "frontdesk"))


def test_a_colleague_is_looked_up_without_accounts_or_invitations(place, head, desk):
    listed, one = desk.get(place).content.decode(), desk.get(f"{place}{head.pk}/change/")

    assert one.status_code == 200 and "head" in listed
    assert head.user.username not in listed and "邀请同事" not in listed and "交接" not in listed


def test_who_runs_the_school_sees_accounts_and_invites(place, head, head_client):
    listed = head_client.get(place).content.decode()

    assert head.user.username in listed and "邀请同事" in listed and "交接" in listed


def test_looking_up_is_not_changing(school, place, head, desk):
    answer = desk.post(f"{place}{head.pk}/change/", {"name": "别人", "role": "teacher"})

    with tenant_scope(school):
        assert answer.status_code == 403 and Membership.objects.get(pk=head.pk).name == "head"


def test_nobody_else_makes_a_sign_in_link(school, place, head, desk):
    desk.post(place, {"action": "make_link", "_selected_action": [head.pk]})

    with tenant_scope(school):
        assert not SignInLink.objects.exists()
