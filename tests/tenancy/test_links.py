"""链接: a token opens its own school, is named again without being kept, and the next serial is another link."""
from tenancy.links import token_for, token_hash
from tenancy.scope import tenant_scope


def test_a_token_begins_with_its_school_and_can_be_named_again(school):
    with tenant_scope(school):
        first, again, next_one = token_for("contract|HT-1|1"), token_for("contract|HT-1|1"), token_for("contract|HT-1|2")

    assert first == again != next_one and first.startswith(f"{school.public_id}_")
    assert len(first.partition("_")[2]) == 32


def test_two_schools_never_share_a_link(school, other_school):
    tokens = []
    for tenant in (school, other_school):
        with tenant_scope(tenant):
            tokens.append(token_for("contract|HT-1|1").partition("_")[2])

    assert tokens[0] != tokens[1]


def test_two_kinds_of_one_number_are_two_links(school):
    with tenant_scope(school):
        assert token_for("link|K7|0") != token_for("contract|K7|0")


def test_the_table_keeps_a_hash_of_the_secret_alone(school):
    with tenant_scope(school):
        token = token_for("contract|HT-1|1")

    secret = token.partition("_")[2]
    assert token_hash(token) == token_hash(f"somebody_{secret}") != token_hash(f"{token}x")
    assert secret not in token_hash(token)
