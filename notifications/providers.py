"""短信服务商的请求模板: how each provider wants to be asked. The signing of 阿里云 and 腾讯云 is tested against their own examples."""
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notifications.gateways import Provider, Step

JSON = "application/json; charset=utf-8"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
ALIYUN_SIGNED = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
# 签名机制 ACS3-HMAC-SHA256
ALIYUN_STEPS = (
    Step("digest", "sha256", "{body}"),
    Step("canonical", "sha256", "POST\n/\n{query}\nhost:{host}\nx-acs-action:{action}\nx-acs-content-sha256:{digest}\nx-acs-date:{utc}\n"
         "x-acs-signature-nonce:{nonce}\nx-acs-version:{api}\n\n" + ALIYUN_SIGNED + "\n{digest}"),
    Step("signed", "hmac-sha256", "ACS3-HMAC-SHA256\n{canonical}", "{secret}"),
)
# 签名方法 v3 (TC3-HMAC-SHA256)
TENCENT_STEPS = (
    Step("digest", "sha256", "{body}"),
    Step("canonical", "sha256", f"POST\n/\n\ncontent-type:{JSON}\nhost:{{host}}\n\ncontent-type;host\n{{digest}}"),
    Step("key_day", "hmac-sha256", "{day}", "TC3{secret}"),
    Step("key_service", "hmac-sha256", "{service}", "hex:{key_day}"),
    Step("key", "hmac-sha256", "tc3_request", "hex:{key_service}"),
    Step("signed", "hmac-sha256", "TC3-HMAC-SHA256\n{stamp}\n{day}/{service}/tc3_request\n{canonical}", "hex:{key}"),
)


def aliyun(host: str, action: str, api: str, query: dict[str, str]) -> Provider:
    known = {"host": host, "action": action, "api": api}
    return Provider(
        str(_("阿里云短信")), f"https://{host}/", query=query,
        steps=_knowing(ALIYUN_STEPS, known), by_template=True, accepted=(("Code",), "OK"),
        headers={"Host": host, "x-acs-action": action, "x-acs-version": api, "x-acs-date": "{utc}", "x-acs-signature-nonce": "{nonce}",
                 "x-acs-content-sha256": "{digest}", "Authorization": "ACS3-HMAC-SHA256 Credential={account},SignedHeaders="
                 + ALIYUN_SIGNED + ",Signature={signed}"})


def tencent(service: str, action: str, api: str, region: str, body: object) -> Provider:
    host = f"{service}.tencentcloudapi.com"
    return Provider(
        str(_("腾讯云短信")), f"https://{host}/", json=body, by_template=True,
        accepted=(("Response", "SendStatusSet", 0, "Code"), "Ok"),
        steps=_knowing(TENCENT_STEPS, {"host": host, "service": service}),
        headers={"Content-Type": JSON, "Host": host, "X-TC-Action": action, "X-TC-Version": api, "X-TC-Region": region,
                 "X-TC-Timestamp": "{stamp}", "Authorization": f"TC3-HMAC-SHA256 Credential={{account}}/{{day}}/{service}/tc3_request, "
                 "SignedHeaders=content-type;host, Signature={signed}"})


def signed(url: str) -> Provider:
    """通用签名接口: for a gateway of one's own; HMAC-SHA256 over time, nonce and body."""
    return Provider(
        str(_("通用签名接口")), url, accepted=(("code",), 0),
        steps=(Step("signed", "hmac-sha256", "{stamp}\n{nonce}\n{body}", "{secret}"),),
        json={"phone": "{phone}", "text": "【{signature}】{text}", "template": "{template}", "params": "{params}"},
        headers={"Content-Type": JSON, "X-Account": "{account}", "X-Timestamp": "{stamp}", "X-Nonce": "{nonce}", "X-Signature": "{signed}"})


def providers() -> dict[str, Provider]:
    """What a school may choose from; one's own gateway only where the operator has named its address."""
    known = {
        "aliyun": aliyun("dysmsapi.aliyuncs.com", "SendSms", "2017-05-25", {
            "PhoneNumbers": "{phone}", "SignName": "{signature}", "TemplateCode": "{template}", "TemplateParam": "{params}"}),
        "tencent": tencent("sms", "SendSms", "2021-01-11", "ap-guangzhou", {
            "PhoneNumberSet": ["+86{phone}"], "SmsSdkAppId": "{app}", "SignName": "{signature}", "TemplateId": "{template}",
            "TemplateParamSet": "{values}"}),
        "yunpian": Provider(str(_("云片")), "https://sms.yunpian.com/v2/sms/single_send.json", headers={"Content-Type": FORM},
                            form={"apikey": "{secret}", "mobile": "{phone}", "text": "【{signature}】{text}"}),
    }
    return known | ({"signed": signed(settings.MIAOPU_SMS_URL)} if settings.MIAOPU_SMS_URL else {})


def _knowing(steps: tuple[Step, ...], known: dict[str, str]) -> tuple[Step, ...]:
    """The steps with what never differs already in place."""
    def put(text: str) -> str:
        for name, value in known.items():
            text = text.replace(f"{{{name}}}", value)
        return text
    return tuple(Step(step.name, step.how, put(step.text), put(step.key)) for step in steps)
