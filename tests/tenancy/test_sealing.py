"""Personal data rests sealed: it opens only in its place, in its school, and with its key."""
import pytest
from cryptography.exceptions import InvalidTag

from tenancy.scope import NoTenant, tenant_scope
from tenancy.sealing import KEY_ID, blind_index, new_tenant_key, seal, seal_bytes, unseal, unseal_bytes
from tests.conftest import make_school

PLACE = "crm.guardian|phone|7"


@pytest.mark.parametrize("text", ["13800138000", "", "河畔里 12 号", "👧🏻", "x" * 10_000])
def test_what_was_sealed_opens_in_its_place(school, text):
    with tenant_scope(school):
        assert unseal(seal(text, PLACE), PLACE) == text


@pytest.mark.parametrize("place", ["crm.guardian|phone|8", "crm.guardian|address|7", "crm.child|phone|7", ""])
def test_a_value_copied_to_another_row_or_column_does_not_open(school, place):
    with tenant_scope(school):
        sealed = seal("13800138000", PLACE)
        with pytest.raises(InvalidTag):
            unseal(sealed, place)


def test_a_value_copied_to_another_school_does_not_open(school, other_school):
    with tenant_scope(school):
        sealed = seal("13800138000", PLACE)
    with tenant_scope(other_school), pytest.raises(InvalidTag):
        unseal(sealed, PLACE)


@pytest.mark.parametrize("at", [1, 5, 13, -1])
def test_a_single_changed_byte_is_noticed(school, at):
    with tenant_scope(school):
        sealed = bytearray(seal("13800138000", PLACE))
        sealed[at] ^= 1
        with pytest.raises(InvalidTag):
            unseal(bytes(sealed), PLACE)


def test_the_same_text_never_looks_the_same_and_never_shows(school):
    with tenant_scope(school):
        one, other = (seal("13800138000", PLACE) for _ in range(2))

    assert one != other and b"13800138000" not in one and one[:1] == KEY_ID


def test_a_number_is_found_again_inside_a_school_and_means_nothing_in_another(school, other_school):
    with tenant_scope(school):
        here = blind_index("13800138000"), blind_index("13800138000"), blind_index("13800138001")
    with tenant_scope(other_school):
        there = blind_index("13800138000")

    assert here[0] == here[1] != here[2] and there not in here and len(there) == 32


def test_without_a_school_nothing_is_sealed_or_looked_up(db):
    for act in (lambda: seal("x", PLACE), lambda: blind_index("x")):
        with pytest.raises(NoTenant):
            act()


def test_each_school_has_a_key_of_its_own(db):
    one, other = make_school("a-school"), make_school("b-school")

    assert bytes(one.wrapped_key) != bytes(other.wrapped_key)
    assert new_tenant_key("x") != new_tenant_key("x")


def test_a_wrapped_key_belongs_to_its_school(school, other_school):
    school.wrapped_key = other_school.wrapped_key
    with tenant_scope(school), pytest.raises(InvalidTag):
        seal("x", PLACE)


@pytest.mark.parametrize("content", [b"\x00\xff", b"", b"%PDF-" + b"\x00" * 100_000])
def test_the_content_of_a_file_opens_in_its_place_and_nowhere_else(school, content):
    with tenant_scope(school):
        sealed = seal_bytes(content, PLACE)

        assert unseal_bytes(sealed, PLACE) == content
        with pytest.raises(InvalidTag):
            unseal_bytes(sealed, "crm.guardian|phone|8")
