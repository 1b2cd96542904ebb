"""手机验证码: drawn, sealed, sent once a minute, good once for one phone; and shown where the demo shows what parents receive."""
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import parents
from notifications.models import Outbox, ParentMessage, SmsAccount
from notifications.settings import keep_account
from notifications.tasks import consume_row
from reception.codes import LIFE, TRIES, CodeRefused, can_send, check_code
from reception.codes import send_code as send_code_in
from reception.models import BookingRules, PhoneCode
from reception.public.limits import Knock, is_code_wanted, once_a_minute
from tenancy.refusals import TooMany
from tenancy.scope import tenant_scope
from tests.conftest import make_school
from tests.reception.makers import NOW

PHONE, OTHER = "13800138000", "13800138001"


def send_code(phone: str, at=NOW, language: str = "zh-hans") -> PhoneCode:
    return send_code_in(phone, language=language, at=at)


def refused(phone: str, typed: str, at=NOW) -> str:
    with pytest.raises(CodeRefused) as refusal:
        check_code(phone, typed, at=at)
    return refusal.value.more["fields"]["code"][0]["code"]


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_has_six_digits_and_nothing_of_it_can_be_read_from_the_table(miao):
    row = send_code(PHONE, at=NOW)

    assert len(row.code) == 6 and row.code.isdecimal() and row.expires_at == NOW + LIFE
    assert PHONE.encode() not in bytes(row.phone_sealed)
    assert row.code.encode() not in bytes(row.code_sealed)


def test_what_waits_in_the_outbox_holds_no_number_and_no_code(miao):
    send_code(PHONE, at=NOW)

    assert Outbox.objects.get().payload == {"message": ParentMessage.objects.get().pk}


def test_a_code_is_right_once(miao):
    row = send_code(PHONE, at=NOW)

    check_code(PHONE, f" {row.code} ", at=NOW)

    assert refused(PHONE, row.code) == "expired" and PhoneCode.objects.get().used_at == NOW


@pytest.mark.parametrize("typed", ["", "  "])
def test_no_code_is_asked_for(miao, typed):
    send_code(PHONE, at=NOW)

    assert refused(PHONE, typed) == "required"


def test_the_code_of_another_phone_is_none(miao):
    row = send_code(OTHER, at=NOW)

    assert refused(PHONE, row.code) == "expired"


def test_only_the_newest_code_is_right(miao):
    first = send_code(PHONE, at=NOW)
    second = send_code(PHONE, at=NOW + timedelta(minutes=1))

    if first.code != second.code:
        assert refused(PHONE, first.code, NOW + timedelta(minutes=1)) == "wrong"
    check_code(PHONE, second.code, at=NOW + timedelta(minutes=1))


@pytest.mark.parametrize(("later", "good"), [(LIFE - timedelta(seconds=1), True), (LIFE, False)])
def test_a_code_lasts_ten_minutes(miao, later, good):
    row = send_code(PHONE, at=NOW)

    if good:
        check_code(PHONE, row.code, at=NOW + later)
    else:
        assert refused(PHONE, row.code, NOW + later) == "expired"


def test_after_five_guesses_a_new_code_must_be_sent(miao):
    row = send_code(PHONE, at=NOW)
    guesses = [refused(PHONE, other_than(row.code)) for _ in range(TRIES)]
    after = refused(PHONE, row.code)
    fresh = send_code(PHONE, at=NOW)

    check_code(PHONE, fresh.code, at=NOW)
    assert guesses == ["wrong"] * TRIES and after == "expired"


@pytest.mark.parametrize("typed", ["١٢٣٤٥٦", "😀", "1" * 12, "abcdef"])
def test_odd_codes_are_wrong(miao, typed):
    send_code(PHONE, at=NOW)

    assert refused(PHONE, typed) == "wrong"


def test_a_code_of_another_school_is_none(school, other_school):
    with tenant_scope(other_school):
        code = send_code(PHONE, at=NOW).code

    with tenant_scope(school):
        assert refused(PHONE, code) == "expired"


@pytest.mark.parametrize(("language", "begins"), [("zh-hans", "验证码 "), ("en", "Your code is ")])
def test_a_code_is_written_in_the_parents_language_and_is_of_no_use_afterwards(miao, language, begins):
    row = send_code(PHONE, language=language)

    message = ParentMessage.objects.get()
    assert message.text.startswith(f"{begins}{row.code}")
    assert message.until == row.expires_at
    assert message.phone == PHONE


@pytest.mark.django_db(transaction=True)
def test_what_was_sent_of_a_code_is_not_kept():
    tenant = make_school("miao")
    with tenant_scope(tenant):
        send_code(PHONE, at=timezone.now())
        outbox = Outbox.objects.get().pk

    consume_row(tenant.pk, outbox)

    with tenant_scope(tenant):
        message = ParentMessage.objects.get()
        assert (message.state, message.way, message.text, message.facts) == ("sent", "console", "", "")


@pytest.mark.parametrize(("channels", "sends"), [(["console"], True), (["wecombot"], False), ([], False)])
def test_a_code_is_sent_only_where_it_reaches_parents(miao, settings, channels, sends):
    settings.MIAOPU_CHANNELS = channels

    assert can_send() is sends


def test_a_gateway_reaches_parents(miao, head, settings):
    settings.MIAOPU_CHANNELS = []
    keep_account(SmsAccount(provider="yunpian", signature="苗圃"), "s3cret", by=head)

    assert can_send() is True and parents.reaches_phones("reception.code") is True


@pytest.mark.parametrize(
    ("code", "address", "school_", "wanted"),
    [
        ("never", 99, 999, False),
        ("always", 0, 0, True),
        ("doubt", 10, 200, False),
        ("doubt", 11, 0, True),
        ("doubt", 0, 201, True),
    ],
)
def test_when_a_code_is_wanted(miao, code, address, school_, wanted):
    assert is_code_wanted(BookingRules(code=code), address, school_) is wanted


def test_without_a_channel_no_code_is_wanted_of_anybody(miao, settings):
    settings.MIAOPU_CHANNELS = []

    assert is_code_wanted(BookingRules(code="always"), 99, 999) is False


def test_a_code_is_sent_once_a_minute_to_a_phone(miao):
    knock = Knock(PHONE, "10.0.0.1", NOW)
    once_a_minute(knock, BookingRules())

    with pytest.raises(TooMany) as refusal:
        once_a_minute(knock, BookingRules())
    once_a_minute(Knock(OTHER, "10.0.0.1", NOW), BookingRules())

    assert refusal.value.wait == 60


def test_an_address_cannot_have_codes_sent_to_everybody(miao):
    rules = BookingRules(address_most=3)
    for n in range(3):
        once_a_minute(Knock(f"1380013{n:04d}", "10.0.0.1", NOW), rules)

    with pytest.raises(TooMany):
        once_a_minute(Knock("13800139999", "10.0.0.1", NOW), rules)
    once_a_minute(Knock("13800139998", "10.0.0.2", NOW), rules)
