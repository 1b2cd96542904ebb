"""Through a colleague's channel: asked at most once, whatever the gateway answers; a real gateway stands on loopback."""
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from notifications import channels
from notifications.actions import consume, tell
from notifications.models import Address, Delivery, Message, Outbox
from notifications.tasks import consume_row, give_up_all
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


class Gateway(HTTPServer):
    """Answers with ``status`` and keeps what it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.status, self.told = 200, []


class Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_) -> None:
        """Quiet."""


@pytest.fixture
def gateway(settings):
    settings.MIAOPU_CHANNELS = ["wecombot", "dingtalk", "feishu", "console", "json"]
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def told(gateway):
    """A colleague with a channel, and a message on its way: (tenant, member, outbox id)."""
    tenant = make_school("miao")
    member = make_member(tenant, "relations")
    with tenant_scope(tenant):
        channels.choose(member, f"json://127.0.0.1:{gateway.server_port}/")
        tell([member], "2026 Q3 定级：您负责的 5 户等级有变", key="batch-1")
    with tenant_scope(tenant):
        row = Outbox.objects.get()
    return tenant, member, row.pk


def states(tenant):
    with tenant_scope(tenant):
        return list(Delivery.objects.values_list("state", flat=True))


def test_a_message_goes_to_the_inbox_and_through_the_channel(told, gateway):
    tenant, member, row = told

    consume_row(tenant.pk, row)

    assert [(t["title"], t["message"]) for t in gateway.told] == [("miao机构", "2026 Q3 定级：您负责的 5 户等级有变")]
    assert states(tenant) == ["sent"]


def test_delivered_twice_by_the_broker_it_is_sent_once(told, gateway):
    tenant, _member, row = told

    consume_row(tenant.pk, row)
    consume_row(tenant.pk, row)

    assert len(gateway.told) == 1


def test_a_gateway_that_refuses_is_noted_and_not_asked_again(told, gateway):
    tenant, _member, row = told
    gateway.status = 500

    consume_row(tenant.pk, row)
    gateway.status = 200
    consume_row(tenant.pk, row)

    assert (len(gateway.told), states(tenant)) == (1, ["refused"])


def test_who_dies_while_sending_leaves_an_unknown_outcome_that_is_never_resent(told, gateway):
    tenant, _member, row = told
    with tenant_scope(tenant):
        consume(row)  # claimed and committed; the worker dies before it asks the gateway
    with tenant_scope(tenant):
        Delivery.objects.update(at=timezone.now() - timedelta(minutes=6))

    give_up_all()
    consume_row(tenant.pk, row)

    assert (gateway.told, states(tenant)) == ([], ["unknown"])


def test_a_delivery_that_has_just_begun_is_not_given_up(told):
    tenant, _member, row = told
    with tenant_scope(tenant):
        consume(row)

    give_up_all()

    assert states(tenant) == ["sending"]


def test_a_message_of_one_key_is_told_and_sent_once(told, gateway):
    tenant, member, row = told
    with tenant_scope(tenant):
        tell([member], "再说一遍", key="batch-1")

    with tenant_scope(tenant):
        assert Message.objects.count() == 1 and Outbox.objects.count() == 1


def test_who_has_no_channel_has_the_inbox(gateway):
    tenant = make_school("miao")
    member = make_member(tenant, "teacher")
    with tenant_scope(tenant):
        tell([member], "好了", key="k")
    with tenant_scope(tenant):
        row = Outbox.objects.get().pk

    consume_row(tenant.pk, row)

    assert (gateway.told, states(tenant)) == ([], [])


def test_the_address_is_a_key_and_is_sealed(told):
    tenant, member, _row = told

    with tenant_scope(tenant):
        address = Address.objects.get()
        assert b"127.0.0.1" not in bytes(address.url_sealed)
        assert address.url.startswith("json://127.0.0.1")


@pytest.mark.parametrize("url,why", [
    ("http://10.0.0.1/", "只能用这些渠道"),
    ("mailto://x@y.cn", "只能用这些渠道"),
    ("file:///etc/passwd", "只能用这些渠道"),
    ("随便写的", "只能用这些渠道"),
    ("wecombot://", "不完整"),
])
def test_only_the_channels_of_the_setting_are_taken(settings, url, why):
    settings.MIAOPU_CHANNELS = ["wecombot", "dingtalk", "feishu"]
    tenant = make_school("miao")
    member = make_member(tenant, "head")

    with tenant_scope(tenant), pytest.raises(Refused, match=why):
        channels.choose(member, url)


def test_the_page_of_the_inbox_sets_and_ends_the_channel_and_says_what_is_wrong(settings):
    settings.MIAOPU_CHANNELS = ["console"]
    tenant = make_school("miao")
    member = make_member(tenant, "head")
    client = signed_in(member)
    wrong = client.post("/s/miao/inbox/address/", {"url": "ftp://x"})
    client.post("/s/miao/inbox/address/", {"url": "console://"})
    shown = client.get("/s/miao/inbox/").content.decode()
    client.post("/s/miao/inbox/address/", {"url": ""})

    with tenant_scope(tenant):
        assert (wrong.status_code, Address.objects.count()) == (422, 0)
    assert "消息同时发到 console" in shown


def test_the_console_writes_the_line_and_nothing_about_a_person(settings, caplog):
    settings.MIAOPU_CHANNELS = ["console"]
    tenant = make_school("miao")
    member = make_member(tenant, "head")
    with tenant_scope(tenant):
        channels.choose(member, "console://")
        tell([member], "导入好了", key="k")
    with tenant_scope(tenant):
        row = Outbox.objects.get().pk

    consume_row(tenant.pk, row)

    assert [r.getMessage() for r in caplog.records if r.name == "miaopu.console"] == ["miao机构：导入好了"]
    assert states(tenant) == ["sent"]
