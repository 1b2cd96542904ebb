"""Pages that say no say what to do, in the reader's language, and give nothing away."""
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in


def test_a_stranger_is_asked_to_sign_in_and_comes_back(school, client):
    answer = client.get(f"/s/{school.slug}/families/?q=x")

    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next=/s/{school.slug}/families/%3Fq%3Dx"


def test_a_school_that_is_not_there_and_one_that_is_not_mine_look_the_same(school, other_school, head_client):
    missing = head_client.get("/s/nowhere/families/")
    foreign = head_client.get(f"/s/{other_school.slug}/families/")

    assert (missing.status_code, foreign.status_code) == (404, 404)
    assert "没有找到这一页" in missing.content.decode()
    assert other_school.name not in foreign.content.decode()


def test_a_closed_school_is_gone_for_everybody(school, head_client):
    Tenant.objects.filter(pk=school.pk).update(is_active=False)

    assert head_client.get(f"/s/{school.slug}/").status_code == 404


def test_a_missing_right_is_a_403_that_names_the_role_and_the_way_out(school):
    answer = signed_in(make_member(school, "teacher")).get(f"/s/{school.slug}/imports/")

    assert answer.status_code == 403 and "您的角色（教师）没有这项权限" in answer.content.decode()


def test_ten_wrong_passwords_lock_the_name_and_say_for_how_long(school, head, client):
    for _ in range(10):
        client.post("/accounts/login/", {"login": head.user.username, "password": "wrong"})
    locked = client.post("/accounts/login/", {"login": head.user.username, "password": "correct-horse-9"})

    assert locked.status_code == 429 and "锁 15 分钟" in locked.content.decode()


def test_nobody_can_sign_themselves_up(client, db):
    assert "signup" not in client.get("/accounts/login/").content.decode()
    assert client.post("/accounts/signup/", {"username": "x", "password1": "correct-horse-9"}).status_code == 200
    assert client.get("/", follow=True).request["PATH_INFO"] == "/accounts/login/"


def test_logs_and_addresses_hold_no_phone(school, head_client, caplog):
    with tenant_scope(school):
        customer = makers.family(phone="13812345678")
    head_client.get(f"/s/{school.slug}/families/{customer.pk}/")
    head_client.post(f"/s/{school.slug}/families/{customer.pk}/pay/", {"amount": "x"})

    assert "13812345678" not in caplog.text
