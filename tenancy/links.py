"""链接: addresses that open something without a sign-in. A token is ``<school>_<secret>``: the first part opens the scope,
the second is checked inside it against the hash that the table holds.

The secret is 128 bits of an HMAC under the school's key, so that a message can name a link again although nobody keeps it.
"""
from tenancy.actions import hash_secret
from tenancy.scope import current_tenant
from tenancy.sealing import blind_index


def token_for(what: str) -> str:
    """The token of what is named: kind, number and serial, since the next serial is the next link."""
    return f"{current_tenant().public_id}_{blind_index(what)}"


def token_hash(token: str) -> str:
    """What a table keeps of a token, and finds it by."""
    return hash_secret(token.partition("_")[2])
