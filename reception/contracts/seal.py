"""盖章: a PDF sealed with the school's key (pyHanko), so that a changed byte shows in every reader.

The certificate is the school's own, made when it is first needed; it proves that nothing was changed since, not who the
school is. A certificate of an authority (CA) takes its place once the school has one.
"""
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

T = TypeVar("T")
YEARS = 20
FIELD = "School"


@dataclass(frozen=True)
class Seal:
    """A private key and its certificate, as PEM."""

    key: str
    certificate: str


def new_seal(name: str, at: datetime) -> Seal:
    """A fresh P-256 key with a certificate in the school's name."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, _short(name))])
    usage = x509.KeyUsage(digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
                          key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False)
    made = (x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(at - timedelta(days=1))
            .not_valid_after(at + timedelta(days=365 * YEARS)).add_extension(usage, critical=True).sign(key, hashes.SHA256()))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Seal(private.decode(), made.public_bytes(serialization.Encoding.PEM).decode())


def sealed(pdf: bytes, seal: Seal, *, reason: str) -> bytes:
    key = serialization.load_pem_private_key(seal.key.encode(), None)
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signer = signers.SimpleSigner(signing_cert=_certificate(seal), signing_key=asn1_keys.PrivateKeyInfo.load(der),
                                  cert_registry=SimpleCertificateStore())
    meta = signers.PdfSignatureMetadata(field_name=FIELD, reason=reason)
    return _apart(lambda: bytes(signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer=signer).getvalue()))


def is_whole(pdf: bytes, certificate: str) -> bool:
    """Whether the file is, byte by byte, what was sealed with the key of this certificate."""
    try:
        signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
        trusted = ValidationContext(trust_roots=[_certificate(Seal("", certificate))], allow_fetching=False)
        covers = signature.byte_range[2] + signature.byte_range[3] == len(pdf)  # nothing was added behind it
        return covers and _apart(lambda: bool(validate_pdf_signature(signature, trusted).bottom_line))
    except Exception:  # noqa: BLE001  (whatever a broken file does to a reader, it is not whole)
        return False


def _apart(work: Callable[[], T]) -> T:
    """pyHanko runs an event loop of its own: in a thread where no other can be running."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(work).result()


def _short(name: str) -> str:
    """A certificate's name has at most 64 bytes; no character is cut through."""
    return name.encode()[:64].decode(errors="ignore")


def _certificate(seal: Seal) -> asn1_x509.Certificate:
    loaded = x509.load_pem_x509_certificate(seal.certificate.encode())
    return asn1_x509.Certificate.load(loaded.public_bytes(serialization.Encoding.DER))
