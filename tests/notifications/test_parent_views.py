"""家长消息 in the browser: the list, one message with everything at hand, the words, the account."""

import re

import pytest
from django.utils import timezone

from audit.models import Entry
from notifications import parents
from notifications.models import MessageTemplate, Outbox, ParentMessage, SmsAccount
from notifications.parents import About, Recipient
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in

FACTS = {"school": "苗圃园", "time": "09:30"}


@pytest.fixture
def desk(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def client(desk):
    return signed_in(desk)


def by_hand(
    school,
    key: str = "k",
    phone: str = "13800138000",
    campus=None,
    kind: str = "notifications.test",
    **fields,
) -> int:
    with tenant_scope(school):
        row = parents.write(
            kind, Recipient(phone), FACTS, About("booking-1", "visits/1/", campus), key=key, at=timezone.now()
        )
        ParentMessage.objects.filter(pk=row.pk).update(**({"state": "by_hand", "way": "hand"} | fields))
        return row.pk


def read(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_list_begins_with_what_waits_for_a_colleague(school, client):
    by_hand(school, "a")
    by_hand(school, "b", "13800138001", state="sent")

    todo, sent = read(client.get("/s/miao/messages/")), read(client.get("/s/miao/messages/?state=sent"))

    assert "1 条消息等您告诉家长" in todo and "8000" in todo and "8001" not in todo
    assert "8001" in sent and ">8000<" not in sent


def test_the_list_shows_no_number_and_no_words(school, client):
    by_hand(school)

    page = read(client.get("/s/miao/messages/"))

    assert "13800138000" not in page and "可以用" not in page


@pytest.mark.parametrize(("tail", "found"), [
    ("8000", True),
    ("8001", False),
    ("", True),
    ("80", False),
])
def test_a_message_is_found_by_the_end_of_the_number(school, client, tail, found):
    by_hand(school)

    assert ("data-row href" in read(client.get(f"/s/miao/messages/?q={tail}"))) is found


def test_nothing_to_do_is_said(school, client):
    page = read(client.get("/s/miao/messages/"))

    assert "家长消息都发出去了" in page and "这里没有消息" in page


def test_one_message_has_everything_at_hand_and_the_look_is_kept(school, client, desk):
    pk = by_hand(school)

    page = read(client.get(f"/s/miao/messages/{pk}/"))

    assert (
        "苗圃园的短信账号可以用，09:30 发出。" in page
        and 'href="tel:13800138000"' in page
        and "<svg" in page
        and "已告诉家长" in page
    )
    with tenant_scope(school):
        assert (
            Entry.objects.filter(verb="notifications.message_viewed", object_id=pk, actor=desk).count() == 1
        )


@pytest.mark.parametrize(("state", "word"), [("unknown", "家长也许已经收到"), ("refused", "再发一次")])
def test_what_a_gateway_said_helps_to_decide(school, client, state, word):
    pk = by_hand(school, state=state, said="500")

    page = read(client.get(f"/s/miao/messages/{pk}/"))

    assert word in page and "网关说：500" in page


def test_a_message_that_was_sent_offers_nothing_to_do(school, client):
    pk = by_hand(school, state="sent")

    page = read(client.get(f"/s/miao/messages/{pk}/"))

    assert "已告诉家长" not in page and "smsto" not in page


def test_told_by_hand_it_leaves_the_list(school, client):
    pk = by_hand(school)

    answer = client.post(f"/s/miao/messages/{pk}/done/", follow=True)

    assert "记下了：已人工告知" in read(answer) and "家长消息都发出去了" in read(answer)


def test_who_comes_second_sees_what_it_is_now(school, client):
    pk = by_hand(school, state="done")

    answer = client.post(f"/s/miao/messages/{pk}/again/")

    assert answer.status_code == 409 and "现在是“已人工告知”" in read(answer)


def test_an_unknown_verb_is_refused(school, client):
    pk = by_hand(school)

    assert client.post(f"/s/miao/messages/{pk}/erase/").status_code in (409, 422)
    with tenant_scope(school):
        assert ParentMessage.objects.get(pk=pk).state == "by_hand"


def test_a_colleague_sees_the_messages_of_their_campus_only(school):
    with tenant_scope(school):
        from_here = makers.campus()
        there = type(from_here).objects.create(code="x", name="西园")
    member = make_member(school, "frontdesk", "西老师", campuses=[there])
    pk = by_hand(school, campus=from_here)
    client = signed_in(member)

    assert client.get(f"/s/miao/messages/{pk}/").status_code == 404
    assert "家长消息都发出去了" in read(client.get("/s/miao/messages/"))


def test_a_code_is_shown_to_nobody(school, client):
    pk = by_hand(school, kind="reception.code", state="refused")

    assert client.get(f"/s/miao/messages/{pk}/").status_code == 404
    assert "家长消息都发出去了" in read(client.get("/s/miao/messages/"))


# -- the words ---------------------------------------------------------------------------------------------------------------
def test_every_kind_is_listed_with_its_words(school, head_client):
    page = read(head_client.get("/s/miao/message-templates/"))

    assert "预约确认" in page
    assert "约好了：{日期} {时间}" in page
    assert "已改" not in page.split("<main")[-1]


URL = "/s/miao/message-templates/reception.soon/zh-hans/"


def test_a_school_words_a_message_itself(school, head_client):
    answer = head_client.post(URL, {"text": " {家长称呼}，{时间} 见！ ", "provider_code": "SMS_7"})

    assert answer.status_code == 302
    with tenant_scope(school):
        row = MessageTemplate.objects.get()
        assert (row.kind, row.language, row.text, row.provider_code) == (
            "reception.soon",
            "zh-hans",
            "{guardian}，{time} 见！",
            "SMS_7",
        )


def test_the_words_can_be_looked_at_before_they_are_kept(school, head_client):
    page = read(head_client.post(URL, {"text": "{guardian}，{time} 见！", "look": "1"}))

    assert "罗女士，09:30 见！" in page and "12 个字，按 1 条短信计费" in page
    with tenant_scope(school):
        assert MessageTemplate.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{名字}好", "“名字”填不出来"),
        ("{名字}好", "这类消息能用：{机构}、{家长称呼}"),
        ("好{", "“{”填不出来"),
        ("", "必填"),
        ("好" * 501, "500"),
    ],
)
def test_words_that_cannot_be_filled_are_refused_and_kept_on_the_page(school, head_client, text, word):
    answer = head_client.post(URL, {"text": text})

    assert answer.status_code == 422 and word in read(answer) and text[:20] in read(answer)


def test_the_preview_comes_while_one_types(school, head_client):
    good = read(head_client.post(f"{URL}preview/", {"text": "{guardian}好"}))
    odd = read(head_client.post(f"{URL}preview/", {"text": "{x}好"}))

    assert (
        "罗女士好" in good
        and "“x”填不出来" in odd
        and "<script>" not in read(head_client.post(f"{URL}preview/", {"text": "<script>"}))
    )


def test_the_first_words_come_back(school, head_client):
    head_client.post(URL, {"text": "{time}"})

    page = read(head_client.post(URL, {"reset": "1"}, follow=True))

    assert "已换回原来的措辞" in page and "路上注意安全" in page
    with tenant_scope(school):
        assert (
            MessageTemplate.objects.count() == 0
            and Entry.objects.filter(verb="notifications.template_reset").count() == 1
        )


@pytest.mark.parametrize("path", ["reception.soon/fr/", "nothing/zh-hans/", "nothing/zh-hans/preview/"])
def test_what_is_no_kind_or_no_language_is_not_found(school, head_client, path):
    url = f"/s/miao/message-templates/{path}"

    assert (head_client.post(url) if "preview" in path else head_client.get(url)).status_code == 404


# -- the account -------------------------------------------------------------------------------------------------------------
ACCOUNT = {
    "provider": "aliyun",
    "account": "AK",
    "secret": "s3cret",
    "signature": "【苗圃】",
    "app": "",
    "is_on": "on",
}


def test_an_account_is_kept_and_its_secret_never_shown(school, head_client):
    assert "还没有短信账号" in read(head_client.get("/s/miao/sms/"))
    head_client.post("/s/miao/sms/", ACCOUNT)

    page = read(head_client.get("/s/miao/sms/"))

    assert "短信由网关发给家长" in page and "s3cret" not in page and "已保存，不再显示" in page
    with tenant_scope(school):
        row = SmsAccount.objects.get()
        assert (row.provider, row.signature, row.secret) == ("aliyun", "苗圃", "s3cret")


def test_a_secret_that_is_left_empty_stays(school, head_client):
    head_client.post("/s/miao/sms/", ACCOUNT)
    head_client.post("/s/miao/sms/", ACCOUNT | {"secret": "", "account": "AK2"})

    with tenant_scope(school):
        assert [(row.account, row.secret) for row in SmsAccount.objects.all()] == [("AK2", "s3cret")]


@pytest.mark.parametrize(
    ("change", "word"),
    [
    ({"secret": ""}, "请填写服务商给的密钥"),
    ({"signature": ""}, "必填"),
    ({"provider": "x"}, "x"),
],
)
def test_half_an_account_is_refused(school, head_client, change, word):
    answer = head_client.post("/s/miao/sms/", ACCOUNT | change)

    assert answer.status_code == 422 and word in read(answer)
    with tenant_scope(school):
        assert SmsAccount.objects.count() == 0


def test_a_test_message_goes_to_ones_own_number(school, head_client):
    answer = head_client.post("/s/miao/sms/test/", {"phone": "+86 138-0013-8000"})

    with tenant_scope(school):
        row = ParentMessage.objects.get()
        assert (row.phone, row.kind, answer.url) == (
            "13800138000",
            "notifications.test",
            f"/s/miao/messages/{row.pk}/",
        )
        assert Outbox.objects.filter(topic=parents.SEND).count() == 1


@pytest.mark.parametrize("phone", ["", "123", "abc"])
def test_a_number_that_is_none_is_refused(school, head_client, phone):
    assert head_client.post("/s/miao/sms/test/", {"phone": phone}).status_code in (409, 422)


@pytest.mark.parametrize(
    "path", ["messages/", "message-templates/", "message-templates/reception.soon/en/", "sms/"]
)
def test_who_does_not_write_to_parents_does_not_come_in(school, path):
    teacher = signed_in(make_member(school, "teacher"))

    assert teacher.get(f"/s/miao/{path}").status_code == 403


@pytest.mark.parametrize("path", ["message-templates/", "sms/"])
def test_the_desk_does_not_change_the_words(school, client, path):
    assert client.get(f"/s/miao/{path}").status_code == 403
