"""Writing to parents: once for each key, asked at most once, and handed to a colleague where no gateway reaches them."""

import json
import logging
import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from audit.models import Entry
from notifications import parents
from notifications.models import MessageTemplate, Outbox, ParentMessage, SmsAccount
from notifications.parents import About, Recipient
from notifications.settings import keep_account
from notifications.tasks import consume_row, give_up_all
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school
from tests.notifications.gateway import standing

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "13800138000"
FACTS = {"school": "苗圃园", "time": "09:30"}


@pytest.fixture
def quiet(settings):
    """A school in earnest: no console, no mail, no gateway."""
    settings.MIAOPU_CHANNELS, settings.MIAOPU_MAIL, settings.MIAOPU_SMS_URL = [], False, ""
    return settings


@pytest.fixture
def tenant(quiet):
    return make_school("miao")


@pytest.fixture
def gateway(tenant, quiet):
    with standing() as server:
        quiet.MIAOPU_SMS_URL = server.url
        by = make_member(tenant, "head")
        with tenant_scope(tenant):
            keep_account(SmsAccount(provider="signed", account="AK", signature="苗圃"), "s3cret", by=by)
        yield server


class Mailbox:
    """A mail server that stands on loopback; ``answer`` is what it says to the recipient."""

    def __init__(self) -> None:
        self.letters, self.answer = [], "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server, session, envelope):
        self.letters.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture
def mailbox(quiet):
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    quiet.EMAIL_BACKEND, quiet.MIAOPU_MAIL = "django.core.mail.backends.smtp.EmailBackend", True
    quiet.EMAIL_HOST, quiet.EMAIL_PORT = "127.0.0.1", port
    yield box
    server.stop()


def written(tenant, key: str = "k", **words) -> tuple[int, int]:
    """A message and its outbox row."""
    to = words.pop("to", Recipient(PHONE))
    about = words.pop("about", About("booking-1", "visits/1/"))
    with tenant_scope(tenant):
        row = parents.write(
            "notifications.test", to, FACTS, about, key=key, at=words.pop("at", timezone.now())
        )
        return row.pk, Outbox.objects.get(topic=parents.SEND, payload={"message": row.pk}).pk


def now_is(tenant, pk: int) -> tuple[str, str, str]:
    with tenant_scope(tenant):
        row = ParentMessage.objects.get(pk=pk)
        return row.state, row.way, row.said


# -- writing ---------------------------------------------------------------------------------------------------------------
def test_a_message_holds_the_filled_text_and_nothing_can_be_read_from_the_table(tenant):
    pk, outbox = written(tenant)

    with tenant_scope(tenant):
        row, waits = ParentMessage.objects.get(pk=pk), Outbox.objects.get(pk=outbox)
        assert (row.text, row.phone, row.phone_tail, json.loads(row.facts)) == (
            "苗圃园的短信账号可以用，09:30 发出。",
            PHONE,
            "8000",
            FACTS,
        )
        assert PHONE.encode() not in bytes(row.phone_sealed) and "苗圃园".encode() not in bytes(
            row.text_sealed
        )
        assert waits.payload == {"message": pk}


def test_a_key_is_written_once(tenant):
    written(tenant)

    with tenant_scope(tenant):
        again = parents.write(
            "notifications.test", Recipient(PHONE), FACTS, About("x"), key="k", at=timezone.now()
        )
        assert (again, ParentMessage.objects.count(), Outbox.objects.filter(topic=parents.SEND).count()) == (
            None,
            1,
            1,
        )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "苗圃园 can send short messages. Sent at 09:30."),
        ("zh-hant", "苗圃园的簡訊帳號可以使用，09:30 發出。"),
    ],
)
def test_a_parent_is_written_to_in_their_language(tenant, language, text):
    pk, _outbox = written(tenant, to=Recipient(PHONE, language=language))

    with tenant_scope(tenant):
        assert ParentMessage.objects.get(pk=pk).text == text


def test_the_schools_own_words_are_used_and_only_in_their_language(tenant):
    with tenant_scope(tenant):
        MessageTemplate.objects.create(kind="notifications.test", language="zh-hans", text="{time} 好")

    own, _ = written(tenant, "a")
    english, _ = written(tenant, "b", to=Recipient(PHONE, language="en"))

    with tenant_scope(tenant):
        assert [ParentMessage.objects.get(pk=pk).text for pk in (own, english)] == [
            "09:30 好",
            "苗圃园 can send short messages. Sent at 09:30.",
        ]


# -- through a gateway -------------------------------------------------------------------------------------------------------
def test_a_gateway_is_asked_once_and_its_answer_kept(tenant, gateway):
    pk, outbox = written(tenant)

    consume_row(tenant.pk, outbox)
    consume_row(tenant.pk, outbox)

    assert now_is(tenant, pk) == ("sent", "sms", "0") and len(gateway.asked) == 1
    assert json.loads(gateway.asked[0][2])["text"] == "【苗圃】苗圃园的短信账号可以用，09:30 发出。"


@pytest.mark.parametrize(
    ("status", "body", "state", "said"),
    [
        (200, b'{"code": 22}', "refused", "22"),
        (403, b"", "refused", "403"),
        (500, b"", "unknown", "500"),
        (504, b"", "unknown", "504"),
        (200, b"?", "unknown", "unreadable"),
    ],
)
def test_what_a_gateway_refuses_or_leaves_open_is_kept_for_a_colleague_and_never_sent_again_by_itself(
    tenant, gateway, status, body, state, said
):
    gateway.status, gateway.body = status, body
    pk, outbox = written(tenant)
    consume_row(tenant.pk, outbox)
    gateway.status, gateway.body = 200, b'{"code": 0}'

    consume_row(tenant.pk, outbox)
    give_up_all()

    assert now_is(tenant, pk) == (state, "sms", said) and len(gateway.asked) == 1


def test_who_dies_while_sending_leaves_an_unknown_outcome(tenant, gateway):
    pk, outbox = written(tenant)
    with tenant_scope(tenant):
        parents.claim(pk, at=timezone.now())  # committed; the worker dies before it asks
        ParentMessage.objects.update(at=timezone.now() - timedelta(minutes=6))

    give_up_all()
    consume_row(tenant.pk, outbox)

    assert now_is(tenant, pk)[0] == "unknown" and gateway.asked == []


def test_what_has_just_begun_is_not_given_up(tenant, gateway):
    pk, _outbox = written(tenant)
    with tenant_scope(tenant):
        parents.claim(pk, at=timezone.now())

    give_up_all()

    assert now_is(tenant, pk)[0] == "sending"


def test_an_account_that_was_switched_off_is_not_asked(tenant, gateway):
    with tenant_scope(tenant):
        SmsAccount.objects.update(is_on=False)
    pk, outbox = written(tenant)

    consume_row(tenant.pk, outbox)

    assert now_is(tenant, pk) == ("by_hand", "hand", "") and gateway.asked == []


def test_the_account_of_another_school_is_not_used(tenant, gateway):
    other = make_school("hua")
    pk, outbox = written(other)

    consume_row(other.pk, outbox)

    assert now_is(other, pk)[0] == "by_hand" and gateway.asked == []


@pytest.mark.parametrize(("code", "ready"), [("", False), ("SMS_1", True)])
def test_a_provider_that_sends_approved_texts_only_needs_their_number(tenant, code, ready):
    by = make_member(tenant, "head")
    with tenant_scope(tenant):
        keep_account(SmsAccount(provider="aliyun", account="AK", signature="苗圃"), "s", by=by)
        MessageTemplate.objects.create(
            kind="notifications.test", language="zh-hans", text="{time}", provider_code=code
        )

        assert parents.reaches_phones("notifications.test") is ready


def test_the_secret_of_an_account_is_sealed(tenant, gateway):
    with tenant_scope(tenant):
        row = SmsAccount.objects.get()
        assert row.secret == "s3cret" and b"s3cret" not in bytes(row.secret_sealed)
        assert Entry.objects.get(verb="notifications.sms_account_kept").data == {}


# -- by mail -----------------------------------------------------------------------------------------------------------------
def test_without_a_gateway_a_parent_with_an_address_gets_a_letter(tenant, mailbox):
    pk, outbox = written(tenant, to=Recipient(PHONE, "luo@example.com"))

    consume_row(tenant.pk, outbox)
    consume_row(tenant.pk, outbox)

    assert now_is(tenant, pk) == ("sent", "email", "") and [to for to, _content in mailbox.letters] == [
        ["luo@example.com"]
    ]


def test_a_parent_without_an_address_is_left_to_a_colleague(tenant, mailbox):
    pk, outbox = written(tenant)

    consume_row(tenant.pk, outbox)

    assert now_is(tenant, pk) == ("by_hand", "hand", "") and mailbox.letters == []


@pytest.mark.parametrize(("answer", "said"), [("550 no such user", "550"), ("452 full", "452")])
def test_a_mail_server_that_refuses_is_understood(tenant, mailbox, answer, said):
    mailbox.answer = answer
    pk, outbox = written(tenant, to=Recipient(PHONE, "luo@example.com"))

    consume_row(tenant.pk, outbox)

    assert now_is(tenant, pk) == ("refused", "email", said) and mailbox.letters == []


def test_a_mail_server_that_is_away_took_nothing(tenant, mailbox, quiet):
    with standing() as gone:
        quiet.EMAIL_PORT = gone.server_port
    pk, outbox = written(tenant, to=Recipient(PHONE, "luo@example.com"))

    consume_row(tenant.pk, outbox)

    assert now_is(tenant, pk) == ("refused", "email", "connect")


# -- the demo ------------------------------------------------------------------------------------------------------------------
def test_the_demo_shows_what_a_parent_would_receive_and_only_the_end_of_the_number(tenant, quiet, caplog):
    quiet.MIAOPU_CHANNELS = ["console"]
    pk, outbox = written(tenant)

    with caplog.at_level(logging.WARNING, "miaopu.console"):
        consume_row(tenant.pk, outbox)

    assert [r.getMessage() for r in caplog.records if r.name == "miaopu.console"] == [
        "miao机构 → ****8000：苗圃园的短信账号可以用，09:30 发出。"
    ]
    assert now_is(tenant, pk) == ("sent", "console", "") and PHONE not in caplog.text


# -- not any more ------------------------------------------------------------------------------------------------------------
def test_what_was_dropped_is_not_sent(tenant, gateway):
    pk, outbox = written(tenant)
    with tenant_scope(tenant):
        parents.drop("booking-1", at=timezone.now())

    consume_row(tenant.pk, outbox)

    assert now_is(tenant, pk)[0] == "dropped" and gateway.asked == []


def test_only_what_it_was_about_is_dropped_and_what_was_sent_stays_sent(tenant, gateway):
    sent, first = written(tenant, "a")
    other, _second = written(tenant, "b", about=About("booking-11"))
    consume_row(tenant.pk, first)

    with tenant_scope(tenant):
        parents.drop("booking-1", at=timezone.now())

    assert (now_is(tenant, sent)[0], now_is(tenant, other)[0]) == ("sent", "waiting")


def test_a_message_that_comes_too_late_is_not_sent(tenant, gateway):
    pk, outbox = written(tenant, about=About("x", until=timezone.now() - timedelta(seconds=1)))

    consume_row(tenant.pk, outbox)

    assert now_is(tenant, pk)[0] == "dropped" and gateway.asked == []


def test_what_waits_for_a_colleague_leaves_their_list_when_it_is_of_no_use_any_more(tenant):
    late, first = written(tenant, "a", about=About("x", until=timezone.now() + timedelta(hours=1)))
    stays, second = written(tenant, "b")
    consume_row(tenant.pk, first)
    consume_row(tenant.pk, second)

    with tenant_scope(tenant):
        parents.give_up(timezone.now() + timedelta(hours=2))

    assert (now_is(tenant, late)[0], now_is(tenant, stays)[0]) == ("dropped", "by_hand")


# -- by a colleague ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("verb", "state"), [
    ("done", "done"),
    ("dropped", "dropped"),
    ("again", "waiting"),
])
def test_a_colleague_settles_what_waits(tenant, verb, state):
    pk, outbox = written(tenant)
    member = make_member(tenant, "frontdesk")
    consume_row(tenant.pk, outbox)

    with tenant_scope(tenant):
        parents.settle(ParentMessage.objects.get(pk=pk), verb, by=member, at=timezone.now())
        row = ParentMessage.objects.get(pk=pk)
        assert (row.state, row.by, row.ended_at is None) == (state, member, verb == "again")
        assert Entry.objects.filter(verb=f"notifications.message_{verb}", object_id=pk).count() == 1


def test_sent_again_by_a_colleague_it_goes_through_the_gateway_that_is_there_now(tenant, quiet):
    pk, outbox = written(tenant)
    member = make_member(tenant, "frontdesk")
    consume_row(tenant.pk, outbox)
    quiet.MIAOPU_CHANNELS = ["console"]
    with tenant_scope(tenant):
        parents.settle(ParentMessage.objects.get(pk=pk), "again", by=member, at=timezone.now())
        second = Outbox.objects.filter(topic=parents.SEND, done_at=None).get().pk

    consume_row(tenant.pk, second)

    assert now_is(tenant, pk) == ("sent", "console", "")


def test_two_colleagues_do_not_settle_the_same_message(tenant):
    pk, outbox = written(tenant)
    first, second = make_member(tenant, "frontdesk", "一"), make_member(tenant, "agent", "二")
    consume_row(tenant.pk, outbox)
    with tenant_scope(tenant):
        row = ParentMessage.objects.get(pk=pk)
        parents.settle(row, "done", by=first, at=timezone.now())

    with tenant_scope(tenant), pytest.raises(Refused, match="已人工告知"):
        parents.settle(row, "again", by=second, at=timezone.now())


def test_what_was_sent_cannot_be_sent_again(tenant, gateway):
    pk, outbox = written(tenant)
    member = make_member(tenant, "frontdesk")
    consume_row(tenant.pk, outbox)

    with tenant_scope(tenant), pytest.raises(Refused):
        parents.settle(ParentMessage.objects.get(pk=pk), "again", by=member, at=timezone.now())

    assert len(gateway.asked) == 1
