"""The last page of a signed letter: who signed what, when, from where, and what they agreed to."""

from typing import TYPE_CHECKING

from lib.documents.sheet import Sheet

if TYPE_CHECKING:
    from lib.documents.letter import Letter, Signature


def evidence(sheet: Sheet, letter: "Letter", signature: "Signature") -> None:
    """Draw the page. It says nothing but what `letter` and `signature` hold, so it is the same each time."""
    from lib.documents.letter import moments

    sheet.new_page()
    sheet.text("Signature evidence", size=20, bold=True, leading=26)
    sheet.text(
        "Added when the letter was signed; not part of the authorization", size=11, grey=True, leading=18
    )
    sheet.rule(before=4, after=12)
    rows: list[tuple[str, tuple[str, ...]]] = []
    if letter.reference:
        rows.append(("Order", (letter.reference,)))
    rows += [("Signer", (signature.name,)), ("Job title", (signature.job_title,))]
    if signature.link:
        way = f"Link {signature.link}, after a one-time code sent to this address"
        rows.append(("Signed as", (signature.email, way)))
    elif signature.email:
        rows.append(("Signed as", (signature.email, "Account of the console")))
    rows += [
        ("Signed", moments(signature)),
        ("Way of signing", ("Name typed and signature drawn" if signature.drawing else "Name typed",)),
        ("IP address", (signature.ip,)),
        ("Browser", (signature.user_agent,)),
        ("Numbers covered", (str(len(letter.numbers)),)),
        ("Letter template", (letter.wording.version,)),
        ("Consent text", (f"Version {letter.consent_version}",)),
        ("SHA-256 of the letter shown", (signature.letter_sha256[:32], signature.letter_sha256[32:])),
    ]
    sheet.pairs(rows)
    sheet.heading("What the signer agreed to")
    sheet.paragraph(letter.consent)
    sheet.space(10)
    sheet.paragraph(
        "The SHA-256 value is that of the unsigned letter, byte for byte as it was shown to the signer. "
        "The pages before this one repeat that letter with the signature filled in. The whole document, "
        "this page included, is sealed with a digital signature: any change made afterwards can be detected."
    )
