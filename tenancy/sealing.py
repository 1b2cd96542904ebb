"""Encryption of personal data, one key a tenant (DESIGN §5).

A tenant's key is wrapped by the master key from the environment; erasing the tenant destroys its key.
Sealed values are ``key id (1 byte) | nonce (12) | AES-256-GCM``; the place of the value is authenticated
with it, so a value copied to another row, column or tenant does not open.
"""
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tenancy.scope import current_tenant

KEY_ID = b"\x01"
_NONCE = 12


def new_tenant_key(public_id: str) -> bytes:
    """A fresh tenant key, wrapped by the master key."""
    return _lock(_master(), os.urandom(32), f"tenant|{public_id}")


def seal(text: str, place: str) -> bytes:
    return seal_bytes(text.encode(), place)


def unseal(sealed: bytes, place: str) -> str:
    """Open a sealed value. Raises cryptography's InvalidTag when it does not belong to ``place``."""
    return unseal_bytes(sealed, place).decode()


def seal_bytes(content: bytes, place: str) -> bytes:
    return KEY_ID + _lock(_data_key(), content, place)


def unseal_bytes(sealed: bytes, place: str) -> bytes:
    return _open(_data_key(), bytes(sealed)[len(KEY_ID):], place)


def blind_index(value: str) -> str:
    """32 hex characters by which an encrypted value is found again: equal inside a tenant, unrelated across."""
    return hmac.new(_index_key(), value.encode(), hashlib.sha256).hexdigest()[:32]


def _lock(key: AESGCM, content: bytes, place: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + key.encrypt(nonce, content, place.encode())


def _open(key: AESGCM, sealed: bytes, place: str) -> bytes:
    return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())


def _master() -> AESGCM:
    return AESGCM(hashlib.sha256(settings.MIAOPU_MASTER_KEY.encode()).digest())


def _data_key() -> AESGCM:
    tenant = current_tenant()
    return _derived(bytes(tenant.wrapped_key), tenant.public_id)[0]


def _index_key() -> bytes:
    tenant = current_tenant()
    return _derived(bytes(tenant.wrapped_key), tenant.public_id)[1]


@lru_cache(maxsize=512)
def _derived(wrapped: bytes, public_id: str) -> tuple[AESGCM, bytes]:
    """Two keys from the tenant's one: for values and for blind indexes."""
    root = _open(_master(), wrapped, f"tenant|{public_id}")
    return AESGCM(_expand(root, b"values")), _expand(root, b"index")


def _expand(root: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=purpose).derive(root)
