"""The seal: put on as other readers expect it, and read back so that no changed byte goes unnoticed."""

import asyncio
import io
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pikepdf
import pytest

from lib.documents.seal import SealBroken, Verdict, load, self_made
from tests.files import bill_pdf

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def aside(work):
    """In a thread of its own: this one may run the event loop of a browser."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work).result()


@pytest.fixture(scope="module")
def seal(tmp_path_factory):
    return self_made(tmp_path_factory.mktemp("seal") / "seal.pem", "PSTN Hub")


@pytest.fixture(scope="module")
def sealed(seal):
    return seal.put_on(bill_pdf(), reason="Letter of agency P-1, signed by Łódź", at=AT)


def test_an_untouched_letter_is_intact(seal, sealed):
    found = seal.check(sealed)
    assert found.verdict == Verdict.INTACT
    assert found.reason == "Letter of agency P-1, signed by Łódź"
    assert abs((datetime.now(UTC) - found.sealed_at).total_seconds()) < 60


def test_other_readers_find_the_seal_valid_and_final(seal, sealed):
    from asn1crypto import x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    (found,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    trust = ValidationContext(trust_roots=[x509.Certificate.load(seal.certificate)], allow_fetching=False)
    status = aside(lambda: validate_pdf_signature(found, trust))
    assert status.bottom_line
    assert (status.coverage.name, status.modification_level.name) == ("ENTIRE_FILE", "NONE")
    assert found.docmdp_level.name == "NO_CHANGES"


def test_no_changed_byte_goes_unnoticed(seal, sealed):
    """Bytes of the text, of the seal itself, of what stands around it, and of its padding."""
    gap = sealed.index(b"/Contents <3") + len(b"/Contents <")
    places = {0, 9, 200, len(sealed) - 1, len(sealed) - 300, gap - 3, sealed.index(b"/ByteRange") + 13}
    places |= {gap + offset for offset in (0, 5, 6, 8, 30, 60, 83, 84, 400, 700, 1238, 1500, 1700, 11_000)}
    for at in places:
        for flip in (1, 0x20):
            changed = bytearray(sealed)
            changed[at] ^= flip
            assert seal.check(bytes(changed)).verdict != Verdict.INTACT, at


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"\n",
        lambda data: data[:-1],
        lambda data: b" " + data,
        lambda data: data.replace(b"%%EOF", b"%%EOE", 1),
        lambda data: data + data,
        lambda data: data + b"/ByteRange [0 1 2 3]",
    ],
)
def test_what_is_added_or_cut_off_is_noticed(seal, sealed, change):
    assert seal.check(change(sealed)).verdict == Verdict.CHANGED


def test_a_page_added_by_a_program_is_noticed(seal, sealed):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    assert seal.check(out.getvalue()).verdict != Verdict.INTACT


def test_the_seal_of_one_letter_does_not_fit_another(seal, sealed):
    other = seal.put_on(bill_pdf(account="80019999"), reason="Letter of agency P-1, signed by Łódź", at=AT)
    gap = slice(sealed.index(b"/Contents <3"), sealed.index(b">\n/ByteRange"))
    there = slice(other.index(b"/Contents <3"), other.index(b">\n/ByteRange"))
    moved = other[: there.start] + sealed[gap] + other[there.stop :]
    assert len(moved) == len(other)
    assert seal.check(moved).verdict == Verdict.CHANGED


@pytest.mark.parametrize("data", [b"", b"hello", bill_pdf(), b"/ByteRange [0 1 2 3] <AB>" * 50])
def test_what_we_never_sealed_is_foreign(seal, data):
    assert seal.check(data).verdict == Verdict.FOREIGN


def test_the_seal_of_another_console_is_foreign(sealed, tmp_path):
    other = self_made(tmp_path / "seal.pem", "PSTN Hub")
    assert other.check(sealed).verdict == Verdict.FOREIGN


def test_the_self_made_key_is_made_once_and_for_its_owner_alone(tmp_path):
    first = self_made(tmp_path / "new" / "seal.pem", "Hub " * 30)
    again = self_made(tmp_path / "new" / "seal.pem", "Other name")
    assert first.fingerprint == again.fingerprint
    assert again.is_self_made
    assert stat.S_IMODE(os.stat(tmp_path / "new" / "seal.pem").st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["seal.pem"]


def test_letters_under_an_older_certificate_stay_ours(seal, sealed, tmp_path):
    new, old = tmp_path / "new.pem", tmp_path / "old.pem"
    self_made(new, "New")
    self_made(old, "Old")
    older = load(old, old)
    letter = older.put_on(bill_pdf(), reason="x", at=AT)
    certificates = tmp_path / "both.pem"
    blocks = [text[text.index(b"-----BEGIN CERT") :] for text in (new.read_bytes(), old.read_bytes())]
    certificates.write_bytes(b"".join(blocks))
    both = load(new, certificates)
    assert both.check(letter).verdict == Verdict.INTACT
    assert both.check(letter[:-1] + b" ").verdict == Verdict.CHANGED
    assert both.check(sealed).verdict == Verdict.FOREIGN


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_key_of_ones_own_seals_too(tmp_path, kind):
    from cryptography.hazmat.primitives import serialization

    key, certificate = own_pair(kind)
    traditional = serialization.PrivateFormat.TraditionalOpenSSL
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, traditional, serialization.NoEncryption())
    )
    (tmp_path / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    own = load(tmp_path / "key.pem", tmp_path / "cert.pem")
    assert not own.is_self_made
    assert own.check(own.put_on(bill_pdf(), reason="x", at=AT)).verdict == Verdict.INTACT


@pytest.mark.parametrize(
    "text", ["", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_files_that_are_no_key_are_refused(tmp_path, text):
    (tmp_path / "key.pem").write_text(text)
    with pytest.raises(SealBroken):
        load(tmp_path / "key.pem", tmp_path / "key.pem")
    with pytest.raises(SealBroken, match="No such file"):
        load(tmp_path / "none.pem", tmp_path / "key.pem")


def own_pair(kind):
    from datetime import timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Acme Trust")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    return key, made


def test_a_thread_that_runs_an_event_loop_can_seal_too(seal):
    async def inside():
        return seal.put_on(bill_pdf(), reason="Letter", at=datetime(2026, 11, 20, tzinfo=UTC))

    assert seal.check(aside(lambda: asyncio.run(inside()))).verdict == Verdict.INTACT
