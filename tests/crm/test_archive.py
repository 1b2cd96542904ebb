"""Verbs that screens and imports share: titles, tokens, numbers with their masks, what a school starts with."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.archive import FEES, TYPES, add_tokens, family_title, furnish, refresh_search, search_tokens, set_phone
from crm.models import Child, Customer, CustomerType, FeeKind, Guardian, SearchToken
from tenancy.models import Kind
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_school


@pytest.mark.parametrize(("children", "guardian", "title"), [
    (["周小满"], "", "周小满一家"), (["周小满", "周小树"], "", "周小满、周小树一家"), (["甲", "乙", "丙"], "",
            "甲、乙、丙一家"), (["甲", "乙", "丙", "丁"], "", "甲、乙、丙等一家"),
    ([], "罗女士", "罗女士一家"), ([], "", "一家"),
])
def test_a_family_is_called_by_its_children_or_its_guardian(children, guardian, title):
    assert family_title(children, guardian) == title


@given(st.lists(st.text(min_size=1, max_size=40), max_size=6), st.text(max_size=40))
def test_a_title_always_fits_its_column(children, guardian):
    assert 0 < len(family_title(children, guardian)) <= 80


def test_tokens_are_of_names_reference_and_numbers():
    found = search_tokens("F-0001", ["周小满"], [("0123abcd", "8000"), ("", "")])

    assert {"f-0001", "周小满", "小满", "zxm", "#0123abcd", "8000"} <= found
    assert "" not in found
    assert "#" not in found


@given(st.lists(st.text(max_size=40), max_size=3))
def test_no_token_is_empty_or_too_long(names):
    assert all(0 < len(token) <= 64 for token in search_tokens("F-1", names, []))


@pytest.mark.parametrize(("digits", "tail", "mask"), [("13800138000", "8000", "138****8000"), ("057188001234", "1234",
        "057****1234"), ("", "", "")])
def test_a_number_is_kept_with_what_finds_and_shows_it(miao, digits, tail, mask):
    guardian = Guardian(family=makers.family().family, name="x")
    set_phone(guardian, digits)

    assert (guardian.phone, guardian.phone_tail, guardian.phone_mask, bool(guardian.phone_index)) == (digits, tail,
            mask, bool(digits))


def test_the_search_follows_a_changed_name(miao):
    customer = makers.family("周小满")
    Child.objects.update(name="李大海")
    Customer.objects.update(name="李大海一家")
    customer.refresh_from_db()
    refresh_search([customer])
    tokens = set(SearchToken.objects.values_list("token", flat=True))

    assert "ldh" in tokens and "zxm" not in tokens


@pytest.mark.parametrize("field", ["deleted_at", "erased_at"])
def test_who_is_gone_has_no_tokens(miao, now, field):
    customer = makers.family("周小满")
    setattr(customer, field, now)
    refresh_search([customer])

    assert not SearchToken.objects.exists()


def test_refreshing_twice_or_nobody_changes_nothing(miao):
    customer = makers.family("周小满")
    before = set(SearchToken.objects.values_list("token", flat=True))
    refresh_search([customer])
    refresh_search([])
    add_tokens({})

    assert set(SearchToken.objects.values_list("token", flat=True)) == before


def test_nicknames_are_found_too(miao):
    customer = makers.family("周小满")
    Child.objects.update(nickname="豆豆")
    refresh_search([customer])

    assert SearchToken.objects.filter(token="dd").exists()


@pytest.mark.parametrize("kind", Kind.values)
def test_a_school_is_furnished_once(db, kind):
    tenant = make_school("neu", kind)
    with tenant_scope(tenant):
        furnish(tenant)

        assert sorted(CustomerType.objects.values_list("code", "name", "half")) == sorted(TYPES[kind])
        assert sorted(FeeKind.objects.values_list("name", "group", "warning")) == sorted(FEES[kind])


def test_what_a_school_changed_is_not_furnished_over(miao):
    FeeKind.objects.filter(name="保教费").update(warning="我们自己的提醒")
    furnish(miao)

    assert FeeKind.objects.get(name="保教费").warning == "我们自己的提醒"


@pytest.mark.parametrize("kind", Kind.values)
def test_every_trade_has_families_and_partners_and_a_tuition(kind):
    assert {half for _code, _name, half in TYPES[kind]} == {"family", "partner"}
    assert "tuition" in {group for _name, group, _why in FEES[kind]}
