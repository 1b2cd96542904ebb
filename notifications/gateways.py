"""短信网关: one adapter for every provider; what differs between them is data (DESIGN §10).

A request is a template. Facts in braces are those of the message (phone, text, template, params), of the account (account,
secret, signature, app), of the moment (stamp, day, utc, nonce), and whatever the provider's steps compute from them, its body
and its query string. Addresses come from the settings and this table, never from a school, so that nobody can have the server
call an address of their choice.
"""
import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import requests
from urllib3.exceptions import NewConnectionError

from notifications.wording import BLANK

TIMEOUT = (5, 15)  # seconds to connect, to answer


@dataclass(frozen=True)
class Step:
    """One computed fact: ``how`` of the filled text, for an HMAC under the filled key (``hex:`` before one in hexadecimals)."""

    name: str
    how: str
    text: str
    key: str = ""


@dataclass(frozen=True)
class Provider:
    """短信服务商. ``accepted`` is where its answer says whether it took the message: a path and the value that means yes."""

    name: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    steps: Sequence[Step] = ()
    accepted: tuple[tuple[str | int, ...], Any] = (("code",), 0)
    by_template: bool = False  # it sends texts it has approved beforehand, named by a number


HOW: dict[str, Callable[[bytes, bytes], str]] = {
    "sha256": lambda text, key: hashlib.sha256(text).hexdigest(),
    "md5": lambda text, key: hashlib.md5(text).hexdigest(),  # noqa: S324  (some providers sign so)
    "base64": lambda text, key: base64.b64encode(text).decode(),
    "hmac-sha256": lambda text, key: hmac.new(key, text, hashlib.sha256).hexdigest(),
}


class Facts(dict[str, str]):
    """The facts of one request; those of the steps, the body and the query are computed when first named."""

    def __init__(self, provider: Provider, told: Mapping[str, str], values: Sequence[str]) -> None:
        super().__init__(told)
        self.provider, self.values_in_order = provider, list(values)
        self.steps = {step.name: step for step in provider.steps}

    def __missing__(self, name: str) -> str:
        if name == "body":
            self[name] = self._body()
        elif name == "query":
            self[name] = urlencode(sorted((k, self.fill(v)) for k, v in self.provider.query.items()), quote_via=quote, safe="-_.~")
        else:
            step = self.steps[name]
            self[name] = HOW[step.how](self.fill(step.text).encode(), _key(self.fill(step.key)))
        return self[name]

    def fill(self, text: str) -> str:
        return BLANK.sub(lambda blank: self[blank[1]], text)

    def deep(self, shape: Any) -> Any:
        """A JSON shape with every text filled; ``{values}`` alone becomes the list of the message's facts in order."""
        if isinstance(shape, str):
            return self.values_in_order if shape == "{values}" else self.fill(shape)
        if isinstance(shape, Mapping):
            return {name: self.deep(value) for name, value in shape.items()}
        return [self.deep(value) for value in shape]

    def _body(self) -> str:
        if self.provider.json is not None:
            return json.dumps(self.deep(self.provider.json), ensure_ascii=False)
        return urlencode({name: self.fill(value) for name, value in self.provider.form.items()})


@dataclass(frozen=True)
class Account:
    """The school's account at a provider."""

    account: str
    secret: str
    signature: str  # 短信签名, which stands in 【】 before the text
    app: str = ""


@dataclass(frozen=True)
class Sms:
    phone: str
    text: str
    template: str = ""
    params: tuple[tuple[str, str], ...] = ()


def prepared(provider: Provider, account: Account, sms: Sms, *, at: datetime, nonce: str) -> requests.PreparedRequest:
    """The signed request. ``at`` and ``nonce`` are passed in, so that the same message signs the same."""
    now = at.astimezone(UTC)
    facts = Facts(provider, {
        "phone": sms.phone, "text": sms.text, "template": sms.template, "params": json.dumps(dict(sms.params), ensure_ascii=False),
        "account": account.account, "secret": account.secret, "signature": account.signature, "app": account.app,
        "stamp": str(int(now.timestamp())), "day": f"{now:%Y-%m-%d}", "utc": f"{now:%Y-%m-%dT%H:%M:%SZ}", "nonce": nonce,
    }, [value for _name, value in sms.params])
    url = f"{provider.url}?{facts['query']}" if provider.query else provider.url
    headers = {name: facts.fill(value) for name, value in provider.headers.items()}
    return requests.Request("POST", url, headers=headers, data=facts["body"].encode()).prepare()


def ask(provider: Provider, account: Account, sms: Sms, *, at: datetime) -> tuple[bool | None, str]:
    """Ask once. True: taken; False: refused; None: nobody knows, as after a time-out. With what the provider said."""
    request = prepared(provider, account, sms, at=at, nonce=secrets.token_hex(16))
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.send(request, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        return (False, "connect") if _never_left(error) else (None, type(error).__name__)
    if answer.status_code >= 500:
        return None, str(answer.status_code)
    if answer.status_code != 200:
        return False, str(answer.status_code)
    try:
        found = found_at(answer.json(), provider.accepted[0])
    except ValueError:
        return None, "unreadable"
    return found == provider.accepted[1], str(found)[:40]


def _never_left(error: requests.RequestException) -> bool:
    """No connection came about, so nobody can have taken the message."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError)


def found_at(told: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        try:
            told = told[step]
        except (KeyError, IndexError, TypeError):
            return None
    return told


def _key(key: str) -> bytes:
    return bytes.fromhex(key.removeprefix("hex:")) if key.startswith("hex:") else key.encode()
