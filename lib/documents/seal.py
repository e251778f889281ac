"""The digital seal on a signed letter: put on by us, and read back without believing anything in the file.

A seal is a PAdES signature (ETSI EN 319 142-1) that certifies the document and allows no change after it
(ISO 32000-1 section 12.8.2.2), made by pyHanko. Reading back does not parse the PDF at all: the one byte
range that the seal names must be the whole file but for the seal itself, and the seal must be made with our
key over exactly these bytes. So no hostile file meets a PDF parser here.
"""

import asyncio
import contextlib
import hashlib
import io
import os
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, Final

MAX_BYTES: Final = 12 * 1024 * 1024  # of a file that is checked; no letter comes near it
RESERVED: Final = 12_288  # hexadecimal digits for the seal: room for an RSA-4096 certificate
YEARS: Final = 20  # that a self-made certificate is valid

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]")
_HEX = re.compile(rb"[0-9A-F]+\Z")


class SealBroken(Exception):
    """The key or the certificate cannot be used; the text says why and names no content of theirs."""


class Verdict(StrEnum):
    """What a file is to us."""

    INTACT = "intact"  # sealed by us, and not one byte differs
    CHANGED = "changed"  # sealed by us, and changed afterwards
    FOREIGN = "foreign"  # not sealed by us, or not at all


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict; of an intact file also when it was sealed (aware, by our clock) and why."""

    verdict: Verdict
    sealed_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """A key with its certificate, and older certificates whose seals still count as ours.

    The key is asn1crypto's PrivateKeyInfo, certificates are DER.
    """

    key: Any
    certificate: bytes
    older: tuple[bytes, ...] = ()
    is_self_made: bool = False

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as 64 hexadecimal digits."""
        return hashlib.sha256(self.certificate).hexdigest()

    def put_on(self, pdf: bytes, *, reason: str, at: datetime) -> bytes:
        """The PDF with the seal on it. `reason` is shown by PDF readers; `at` is aware. Raises SealBroken."""
        # pyHanko needs an event loop of its own, and a thread that runs one already would refuse a second.
        with ThreadPoolExecutor(max_workers=1) as aside:
            return aside.submit(asyncio.run, self._put_on(pdf, reason, at)).result()

    async def _put_on(self, pdf: bytes, reason: str, at: datetime) -> bytes:
        # pyHanko is large; only who seals loads it.
        from asn1crypto import x509
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        certificate = x509.Certificate.load(self.certificate)
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        signer = signers.SimpleSigner(certificate, self.key, store)
        facts = signers.PdfSignatureMetadata(
            field_name="Seal",
            md_algorithm="sha256",
            certify=True,
            subfilter=fields.SigSeedSubFilter.PADES,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            reason=reason,
        )
        out = io.BytesIO()
        try:
            await signers.PdfSigner(facts, signer).async_sign_pdf(
                IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out, bytes_reserved=RESERVED
            )
        except (ValueError, TypeError) as error:  # a key that does not fit, or of a kind nobody knows
            raise SealBroken(type(error).__name__) from error
        return out.getvalue()

    def check(self, data: bytes) -> Checked:
        """What a file is to us. Never raises on bad input, and parses nothing of it but its seal."""
        # Ours have exactly one; a few are looked at, so that a file full of them costs nothing.
        seals = list(islice(_RANGE.finditer(data), 4)) if len(data) <= MAX_BYTES else []
        for certificate in (self.certificate, *self.older):
            found = {_one(data, seal, certificate) for seal in seals}
            if Verdict.INTACT in found and len(seals) == 1:
                return _described(data)
            if found - {Verdict.FOREIGN} or _names(data, certificate):
                return Checked(Verdict.CHANGED)
        return Checked(Verdict.FOREIGN)


def load(key_path: Path, certificate_path: Path) -> Seal:
    """The seal of a PEM key without passphrase and a PEM file of certificates: the key's own, then older
    ones. Raises SealBroken.
    """
    from asn1crypto import keys, pem, x509

    try:
        _name, _headers, key = pem.unarmor(key_path.read_bytes())
        blocks = pem.unarmor(certificate_path.read_bytes(), multiple=True)
        found = [der for name, _headers, der in blocks if name == "CERTIFICATE"]
        for der in found:
            x509.Certificate.load(der).native  # noqa: B018 - reads it to its end
        private = _private(keys, _name, key)
    except OSError as error:
        raise SealBroken(f"{error.filename}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError):
        raise SealBroken("the key or the certificate is not in PEM form") from None
    if not found:
        raise SealBroken("there is no certificate in the file")
    own = x509.Certificate.load(found[0])
    is_self_made = own.self_signed != "no" and own.subject.native.get("organizational_unit_name") == SELF_MADE
    return Seal(private, found[0], tuple(found[1:]), is_self_made)


SELF_MADE: Final = "Self-made seal"


def self_made(path: Path, name: str) -> Seal:
    """The seal in one file of ours; made now, readable by its owner alone, if there is none yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=".seal-")  # 0600 from the beginning
        with os.fdopen(descriptor, "wb") as file:
            file.write(_new_pem(name))
        # Two processes may be the first: one of them wins, and both use what is there then.
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        os.unlink(made)
    return load(path, path)


def _new_pem(name: str) -> bytes:
    """A P-256 key and a certificate that vouches for itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, name[:60]),
            x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, SELF_MADE),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{name[:45]} letters"),
        ]
    )
    today = datetime.now(UTC)
    unused = (
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    usage = dict.fromkeys(unused, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def _private(keys: Any, name: str, der: bytes) -> Any:
    if name == "EC PRIVATE KEY":
        return keys.PrivateKeyInfo.wrap(keys.ECPrivateKey.load(der), "ec")
    if name == "RSA PRIVATE KEY":
        return keys.PrivateKeyInfo.wrap(keys.RSAPrivateKey.load(der), "rsa")
    if name != "PRIVATE KEY":
        raise ValueError(name)
    return keys.PrivateKeyInfo.load(der)


def _one(data: bytes, seal: re.Match[bytes], certificate: bytes) -> Verdict:
    """What one byte range and the seal in its gap say, for one certificate of ours."""
    begin, before, behind, length = (int(part) for part in seal.groups())
    gap = data[before:behind]
    if begin or not before < behind <= len(data) or gap[:1] + gap[-1:] != b"<>":
        return Verdict.FOREIGN
    digits = gap[1:-1]
    if len(digits) % 2 or not _HEX.match(digits):
        return Verdict.FOREIGN
    digest = hashlib.sha256(data[:before] + data[behind : behind + length]).digest()
    ours, fits = _read(bytes.fromhex(digits.decode()), digest, certificate)
    if ours and fits and behind + length == len(data):
        return Verdict.INTACT
    return Verdict.CHANGED if ours else Verdict.FOREIGN


def _names(data: bytes, certificate: bytes) -> bool:
    """Whether a broken seal still holds one half of our public key: somebody changed the seal itself."""
    from asn1crypto import x509

    tail = x509.Certificate.load(certificate).public_key.dump()[-64:]
    return any(half.hex().upper().encode() in data for half in (tail[:32], tail[32:]))


def _read(padded: bytes, digest: bytes, certificate: bytes) -> tuple[bool, bool]:
    """Whether a seal is made with the key of a certificate, and whether it is of these very bytes.

    Everything in it that its own signature does not cover must stand as we write it.
    """
    from asn1crypto import cms, x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    try:
        content = cms.ContentInfo.load(padded)
        der = content.dump()
        signed = content["content"]
        (info,) = signed["signer_infos"]
        own = x509.Certificate.load(certificate)
        intact, valid = validate_sig_integrity(info, own, "data", digest)
        written = (
            not padded[len(der) :].strip(b"\0")
            and content.dump(force=True) == der
            and content["content_type"].native == "signed_data"
            and _bare(signed, info)
            and certificate in {one.chosen.dump() for one in signed["certificates"]}
            and info["sid"].chosen["serial_number"].native == own.serial_number
            and info["sid"].chosen["issuer"].dump() == own.issuer.dump()
        )
    # What asn1crypto and the checks raise on bytes that are no seal, or one of a kind that we never make.
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        OverflowError,
        RuntimeError,
        UnsupportedAlgorithm,
    ):
        return False, False
    return bool(valid), bool(intact and written)


def _bare(signed: Any, info: Any) -> bool:
    """Whether the parts around the signature are those that we write, and no more."""
    return (
        signed["version"].native == info["version"].native == "v1"
        and [one["algorithm"].native for one in signed["digest_algorithms"]] == ["sha256"]
        and info["digest_algorithm"]["algorithm"].native == "sha256"
        and signed["encap_content_info"]["content_type"].native == "data"
        and signed["encap_content_info"]["content"].native is None
        and not signed["crls"].native
        and not info["unsigned_attrs"].native
    )


def _described(data: bytes) -> Checked:
    """When and why we sealed a file that is certainly as we made it, so that it may be parsed."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        facts = next(field["/V"] for field in pdf.Root["/AcroForm"]["/Fields"] if field.get("/FT") == "/Sig")
        moment = str(facts["/M"])
        reason = str(facts.get("/Reason", ""))
    stamp = re.match(r"D:(\d{14})(?:Z|([+-])(\d\d)'(\d\d))?", moment)
    if stamp is None:
        return Checked(Verdict.INTACT, None, reason)
    at = datetime.strptime(stamp[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    if stamp[2]:
        ahead = timedelta(hours=int(stamp[3]), minutes=int(stamp[4]))
        at = at - ahead if stamp[2] == "+" else at + ahead
    return Checked(Verdict.INTACT, at, reason)
