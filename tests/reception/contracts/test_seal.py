"""盖章: a sealed file is whole; with one byte changed, cut short, added to or under another key it is not."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import typst
from cryptography import x509

from reception.contracts.seal import YEARS, Seal, is_whole, new_seal, sealed

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def seal() -> Seal:
    return new_seal("苗苗幼儿园", AT)


@pytest.fixture(scope="module")
def paper(tmp_path_factory) -> bytes:
    source = tmp_path_factory.mktemp("typ") / "x.typ"
    source.write_text("= Contract\n" + "text " * 400)
    return bytes(typst.compile(str(source)))


@pytest.fixture(scope="module")
def file(paper, seal) -> bytes:
    return sealed(paper, seal, reason="HT-2026-0001")


def test_the_certificate_names_the_school_and_lasts(seal):
    made = x509.load_pem_x509_certificate(seal.certificate.encode())

    assert "苗苗幼儿园" in made.subject.rfc4514_string()
    assert made.not_valid_before_utc < AT and (made.not_valid_after_utc - AT).days == 365 * YEARS


def test_a_long_name_still_makes_a_seal():
    assert "CERTIFICATE" in new_seal("很长很长的名字" * 20, AT).certificate


def test_a_sealed_file_is_whole_and_still_holds_the_paper(file, paper, seal):
    assert is_whole(file, seal.certificate) and file.startswith(paper)


def test_the_unsealed_paper_is_not_taken_for_sealed(paper, seal):
    assert not is_whole(paper, seal.certificate)


@pytest.mark.parametrize("place", [0.02, 0.25, 0.5, 0.75])
def test_one_changed_byte_shows(file, paper, seal, place):
    broken = bytearray(file)
    broken[int(len(paper) * place)] ^= 1

    assert not is_whole(bytes(broken), seal.certificate)


@pytest.mark.parametrize(
    "change", [lambda f: f[:-40], lambda f: f + b"\n% more", lambda f: b"", lambda f: b"%PDF-1.7 nonsense"]
)
def test_cut_short_or_added_to_shows(file, seal, change):
    assert not is_whole(change(file), seal.certificate)


def test_another_school_s_seal_is_not_ours(file):
    assert not is_whole(file, new_seal("另一所幼儿园", AT).certificate)


def test_it_is_sealed_and_checked_beside_a_running_loop(paper, seal):
    async def beside() -> bool:
        return is_whole(sealed(paper, seal, reason="HT-2026-0002"), seal.certificate)

    with ThreadPoolExecutor(1) as apart:  # a browser test before this one may have left its loop running here
        whole = apart.submit(lambda: asyncio.run(beside())).result()

    assert whole
