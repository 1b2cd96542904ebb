"""The one adapter: signed as the providers' own examples are, asked once, every answer understood."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from notifications.gateways import Account, Facts, Provider, Sms, Step, ask, found_at, prepared
from notifications.providers import ALIYUN_STEPS, aliyun, providers, signed, tencent
from tests.notifications.gateway import standing

AT = datetime(2026, 11, 27, 5, 4, 3, tzinfo=UTC)
WHO = Account("AK", "s3cret", "苗圃", "1400001")
SMS = Sms("13800138000", "罗女士您好", "SMS_1", (("guardian", "罗女士"), ("day", "11月30日 周一")))


@pytest.fixture
def gateway():
    with standing() as server:
        yield server


def header(request, name: str) -> str:
    value = request.headers[name]
    return value.decode() if isinstance(value, bytes) else value


def test_the_signature_of_aliyun_is_that_of_its_own_example():
    """阿里云《V3 版本请求体&签名机制》: RunInstances with fixed time and nonce."""
    provider = aliyun(
        "ecs.cn-shanghai.aliyuncs.com",
        "RunInstances",
        "2014-05-26",
        {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"},
    )
    at = datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC)

    request = prepared(
        provider,
        Account("YourAccessKeyId", "YourAccessKeySecret", ""),
        Sms("", ""),
        at=at,
        nonce="3156853299f313e23d1673dc12e1703d",
    )

    assert header(request, "Authorization").endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )
    assert (
        request.url
        == "https://ecs.cn-shanghai.aliyuncs.com/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    )


def test_the_signature_of_tencent_is_that_of_its_own_example():
    """腾讯云《签名方法 v3》: DescribeInstances, whose body and key are fixed."""
    provider = tencent("cvm", "DescribeInstances", "2017-03-12", "ap-guangzhou", {})
    body = '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    told = {
        "body": body,
        "stamp": "1551113065",
        "day": "2019-02-25",
        "secret": "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
        "account": "x",
    }

    facts = Facts(provider, told, [])

    assert facts["canonical"] == "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031"
    assert facts["signed"] == "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"


def test_what_aliyun_is_sent():
    request = prepared(providers()["aliyun"], WHO, SMS, at=AT, nonce="n1")

    asked = dict(parse_qsl(urlsplit(request.url).query))
    assert json.loads(asked.pop("TemplateParam")) == {"guardian": "罗女士", "day": "11月30日 周一"}
    assert asked == {"PhoneNumbers": "13800138000", "SignName": "苗圃", "TemplateCode": "SMS_1"}
    assert (header(request, "x-acs-action"), header(request, "x-acs-date"), header(request, "Host")) == (
        "SendSms",
        "2026-11-27T05:04:03Z",
        "dysmsapi.aliyuncs.com",
    )
    assert "+" not in urlsplit(request.url).query  # a space is %20, or the signature is another


def test_what_tencent_is_sent():
    request = prepared(providers()["tencent"], WHO, SMS, at=AT, nonce="n1")

    assert json.loads(request.body) == {
        "PhoneNumberSet": ["+8613800138000"],
        "SmsSdkAppId": "1400001",
        "SignName": "苗圃",
        "TemplateId": "SMS_1",
        "TemplateParamSet": ["罗女士", "11月30日 周一"],
    }
    assert header(request, "X-TC-Timestamp") == str(
        int(AT.timestamp())
    ) and "Credential=AK/2026-11-27/sms/tc3_request" in header(request, "Authorization")


def test_what_yunpian_is_sent():
    request = prepared(providers()["yunpian"], WHO, SMS, at=AT, nonce="n1")

    assert parse_qs(request.body.decode()) == {
        "apikey": ["s3cret"],
        "mobile": ["13800138000"],
        "text": ["【苗圃】罗女士您好"],
    }


def test_a_gateway_of_ones_own_can_check_who_asks():
    request = prepared(signed("http://127.0.0.1:1/sms"), WHO, SMS, at=AT, nonce="n1")

    expected = hmac.new(
        b"s3cret", f"{int(AT.timestamp())}\nn1\n{request.body.decode()}".encode(), hashlib.sha256
    ).hexdigest()
    assert (
        header(request, "X-Signature") == expected
        and "s3cret" not in str(request.headers) + request.body.decode()
    )


def test_a_gateway_of_ones_own_is_offered_only_where_the_operator_has_named_it(settings):
    settings.MIAOPU_SMS_URL = ""
    without = set(providers())
    settings.MIAOPU_SMS_URL = "http://127.0.0.1:1/sms"

    assert (without, set(providers()) - without) == ({"aliyun", "tencent", "yunpian"}, {"signed"})


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"code": 0}', (True, "0")),
        (200, b'{"code": 22, "msg": "no balance"}', (False, "22")),
        (200, b"{}", (False, "None")),
        (200, b"[]", (False, "None")),
        (200, b"<html>", (None, "unreadable")),
        (400, b'{"code": 0}', (False, "400")),
        (403, b"", (False, "403")),
        (302, b"", (False, "302")),
        (500, b'{"code": 0}', (None, "500")),
        (504, b"", (None, "504")),
    ],
)
def test_every_answer_is_understood(gateway, status, body, outcome):
    gateway.status, gateway.body = status, body

    assert ask(signed(gateway.url), WHO, SMS, at=AT) == outcome
    assert len(gateway.asked) == 1


def test_a_gateway_that_hangs_up_leaves_an_unknown_outcome(gateway):
    gateway.status = 0

    taken, said = ask(signed(gateway.url), WHO, SMS, at=AT)

    assert taken is None
    assert said in ("ConnectionError", "ChunkedEncodingError")
    assert len(gateway.asked) == 1


def test_where_nobody_listens_nothing_was_sent():
    with standing() as gone:
        url = gone.url

    assert ask(signed(url), WHO, SMS, at=AT) == (False, "connect")


def test_a_proxy_of_the_environment_is_not_asked(gateway, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    assert ask(signed(gateway.url), WHO, SMS, at=AT)[0] is True


@pytest.mark.parametrize(
    ("told", "path", "found"),
    [
        ({"a": [{"b": "Ok"}]}, ("a", 0, "b"), "Ok"),
        ({"a": []}, ("a", 0, "b"), None),
        ({"a": None}, ("a", 0), None),
        ([], ("a",), None),
        ("x", ("a",), None),
    ],
)
def test_an_answer_is_looked_through_without_a_fall(told, path, found):
    assert found_at(told, path) == found


@pytest.mark.parametrize(
    ("how", "text", "key", "expected"),
    [
        ("md5", "a{phone}", "", hashlib.md5(b"a13800138000").hexdigest()),  # noqa: S324
        ("base64", "a:b", "", "YTpi"),
        ("sha256", "{body}", "", hashlib.sha256(b"").hexdigest()),
        ("hmac-sha256", "x", "hex:00ff", hmac.new(b"\x00\xff", b"x", hashlib.sha256).hexdigest()),
    ],
)
def test_each_way_of_computing_a_fact(how, text, key, expected):
    provider = Provider("x", "http://x", steps=(Step("one", how, text, key), Step("two", "md5", "{one}")))

    facts = Facts(provider, {"phone": "13800138000"}, [])

    assert facts["two"] == hashlib.md5(expected.encode()).hexdigest()
    assert facts["one"] == expected  # noqa: S324


def test_a_text_with_quotes_and_braces_cannot_break_out_of_the_body(gateway):
    sms = Sms("13800138000", '"},{"x":"{secret}', "", (("guardian", '"}{secret}&mobile=1'),))

    ask(signed(gateway.url), WHO, sms, at=AT)
    form = prepared(providers()["yunpian"], WHO, Sms("13800138000", "a&mobile=1"), at=AT, nonce="n")

    told = json.loads(gateway.asked[0][2])
    assert told["text"] == '【苗圃】"},{"x":"{secret}' and json.loads(told["params"]) == {
        "guardian": '"}{secret}&mobile=1'
    }
    assert parse_qs(form.body.decode())["mobile"] == ["13800138000"]


def test_the_steps_of_aliyun_name_nothing_that_is_not_computed():
    assert [step.name for step in ALIYUN_STEPS] == ["digest", "canonical", "signed"]
