"""What people type into the archive: each field by itself, empty words in Chinese, refusals at their field."""
from datetime import date, timedelta

import pytest
from django.utils import timezone

from crm.acts import ACTS, QUESTIONS
from crm.forms import CONTACT_KINDS, SOURCES, ContactForm, EndEnrolmentForm, FamilyForm, PartnerForm, PaymentForm, UploadForm
from crm.models import Child, EntryKind, ExtraField, FeeKind
from tenancy.models import Campus
from tenancy.refusals import Refused
from tenancy.roles import RIGHTS
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("on_the_day")
TODAY = timezone.localdate(NOW)


@pytest.fixture
def miao(school):
    with tenant_scope(school):
        school.family = makers.family("周小满")
        yield school


def family_form(miao, **values):
    known = {"guardian": "罗女士", "phone": "13900139000", "relation": "mother", "campus": Campus.objects.get().pk}
    return FamilyForm(known | values, campuses=Campus.objects.all())


# -- a family ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("values", [{}, {"child": "周小树", "born_on": "2023-05-01"}, {"source": SOURCES[0]},
        {"address": "河畔里", "occupation": "护士"}])
def test_a_first_contact_may_say_little_or_much(miao, values):
    assert family_form(miao, **values).is_valid()


@pytest.mark.parametrize(("name", "value"), [
    ("guardian", ""), ("guardian", "   "), ("phone", ""), ("phone", "138001"), ("phone", "没有"), ("relation",
            "friend"), ("campus", ""), ("campus", "0"), ("born_on", "gestern"),
    ("born_on", str(TODAY + timedelta(days=1))), ("born_on", "1850-01-01"), ("source", "塔罗牌"), ("note",
            "长" * 2001), ("address", "长" * 201),
])
def test_each_slip_stands_at_its_field(miao, name, value):
    assert list(family_form(miao, **{name: value}).errors) == [name]


def test_all_slips_are_told_at_once(miao):
    form = family_form(miao, guardian="", phone="138001", born_on="2062-01-01")

    assert set(form.errors) == {"guardian", "phone", "born_on"}
    assert form.errors["phone"] == ["少了 5 位，手机号是 11 位"]


def test_a_phone_in_any_spelling_is_read_to_its_digits(miao):
    form = family_form(miao, phone="+86 139-0013-9000（妈妈）")

    assert form.is_valid() and form.cleaned_data["phone"] == "13900139000"


def test_where_there_is_one_type_of_family_nobody_is_asked(miao):
    assert "type" not in family_form(miao).fields


def test_a_name_is_cleaned_as_everywhere(miao):
    form = family_form(miao, guardian=" 罗  女士 ")

    assert form.is_valid() and form.cleaned_data["guardian"] == "罗女士"


@pytest.mark.parametrize(("field", "kept"), [("phone", "phone"), ("nonsense", "__all__"), (None, "__all__")])
def test_a_rules_refusal_stands_at_its_field_or_above(miao, field, kept):
    form = family_form(miao)
    form.is_valid()
    form.refuse(Refused("不行。", field))

    assert form.errors == {kept: ["不行。"]}


# -- contacts, leaving, money, uploads ---------------------------------------------------------------------------------------------
def test_what_the_product_writes_itself_is_not_offered():
    assert {EntryKind.TIER, EntryKind.ENROLMENT, EntryKind.PROMISE_BROKEN} & {kind for kind,
            _label in CONTACT_KINDS} == set()


@pytest.mark.parametrize(("values", "errors"), [
    ({"kind": "contact", "channel": "phone", "text": "x"}, []), ({"kind": "tier", "channel": "phone", "text": "x"},
            ["kind"]),
    ({"kind": "contact", "channel": "", "text": "x"}, ["channel"]), ({"kind": "contact", "channel": "phone",
            "text": ""}, ["text"]),
])
def test_a_contact_has_a_kind_a_channel_and_words(values, errors):
    assert list(ContactForm(values).errors) == errors


@pytest.mark.parametrize(("day", "errors"), [(TODAY, []), (TODAY + timedelta(days=30), []),
        (TODAY + timedelta(days=2000), ["until_on"]),
                                             (date(1980, 1, 1), ["until_on"]), ("", ["until_on"])])
def test_a_last_day_may_lie_ahead_but_not_years(day, errors):
    assert list(EndEnrolmentForm({"until_on": str(day), "outcome": "moved"}).errors) == errors


@pytest.mark.parametrize(("amount", "fen"), [("1200", 120_000), ("1,200.50", 120_050), ("￥1200", 120_000), ("一千",
        None), ("", None)])
def test_an_amount_is_typed_in_yuan(miao, amount, fen):
    values = {"fee_kind": FeeKind.objects.first().pk, "amount": amount, "paid_on": str(TODAY), "method": "微信"}
    form = PaymentForm(values, customer=miao.family)

    assert (form.cleaned_data["amount"] if form.is_valid() else None) == fen


@pytest.mark.parametrize(("children", "asked"), [(1, False), (2, True)])
def test_the_child_is_asked_for_only_where_there_are_several(miao, children, asked):
    for n in range(children - 1):
        Child.objects.create(family=miao.family.family, name=f"弟弟{n}")

    assert ("child" in PaymentForm(customer=miao.family).fields) is asked


def test_an_upload_needs_a_kind_a_campus_and_a_file(miao):
    assert set(UploadForm({}, {}, campuses=Campus.objects.all()).errors) == {"kind", "campus", "file"}


def test_a_partner_begins_on_a_day_that_was(miao):
    form = PartnerForm({"name": "x", "type": "", "campus": "", "since": str(TODAY + timedelta(days=1))},
            campuses=Campus.objects.all())

    assert set(form.errors) == {"type", "campus", "since"}


# -- the small forms ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("what", sorted(ACTS))
def test_every_small_form_has_a_title_a_known_right_and_opens_for_a_family(miao, what):
    act = ACTS[what]
    form = act.form(customer=miao.family)

    assert str(act.title) and act.right in set().union(*RIGHTS.values()) and "<" in form.as_p() or what == "extras"


@pytest.mark.parametrize("what", ["child", "guardian", "enrol", "class", "refund", "referral", "intent", "assess",
        "consent", "lessons", "use", "withdraw"])
def test_nothing_typed_is_told_at_the_fields_that_are_needed(miao, what):
    form = ACTS[what].form({"x": "1"}, customer=miao.family)

    assert form.errors
    assert all(messages and all(ord(m[0]) > 127 for m in messages) for messages in form.errors.values())


@pytest.mark.parametrize("what", sorted(ACTS))
def test_dates_are_typed_as_a_browser_speaks_them(miao, what):
    form = ACTS[what].form(customer=miao.family)
    dates = [field for field in form.fields.values() if field.__class__.__name__ == "DateField"]

    assert all(field.widget.input_type == "date" for field in dates)


@pytest.mark.parametrize("what", ["refund", "use", "consent", "enrol", "class"])
def test_pickers_offer_this_familys_rows_only(miao, what):
    other = makers.family("别家", "13900139000")
    makers.payment(other, 100, date(2026, 9, 1))
    form = ACTS[what].form(customer=miao.family)
    offered = [str(row) for name in ("child", "guardian", "payment",
            "package") if name in form.fields for row in form.fields[name].queryset]

    assert not [name for name in offered if "别家" in name]
    assert all(form.fields[n].queryset.model for n in ("child",) if n in form.fields)


def test_the_rating_asks_its_five_questions(miao):
    assert set(QUESTIONS) < set(ACTS["intent"].form(customer=miao.family).fields)


@pytest.mark.parametrize(("kind", "value", "valid"), [("text", "x", True), ("date", "2026-09-01", True), ("date",
        "gestern", False), ("choice", "有", True),
                                                      ("choice", "也许", False), ("date", "", True), ("choice", "", True)])
def test_an_extra_field_takes_what_its_kind_takes(miao, kind, value, valid):
    extra = ExtraField.objects.create(name="过敏", kind=kind, choices="有、无")
    form = ACTS["extras"].form({f"extra-{extra.pk}": value}, customer=miao.family)

    assert form.is_valid() is valid
    assert not valid or form.cleaned_data["values"] == {extra.pk: value}
