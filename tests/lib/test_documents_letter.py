"""The letter of agency: what 47 CFR 64.1130 asks for is on it, it is the same every time, and it can be signed."""

import io
import re
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest

from lib.documents import Letter, LetterRefused, Signature, accept, letter_of_agency
from lib.documents.letter import sha256
from lib.documents.wording import read
from tests.files import drawing

TEXTS = Path(__file__).parents[2] / "porting" / "letter_texts"
US, GB, EUROPE = ((TEXTS / f"{name}.toml").read_text() for name in ("us", "gb", "europe"))
LETTER = Letter(
    wording=read(US),
    company="Acme Corporation",
    authorized_name="Ada Lovelace",
    service_address=("170 West Tasman Drive", "Floor 2", "San Jose, CA 95134"),
    btn="+14085550142",
    account_number="800-1234-5678",
    losing_carrier="Pacific Bell Telephone",
    gaining_provider="Calling Plan Incorporated",
    numbers=("+14085550142", "+14085550143"),
    port_type="partial",
    dated=date(2026, 11, 22),
    consent="By typing my name I sign this letter electronically.",
    consent_version="7",
    numbers_staying=("+14085550190",),
    reference="P-1042",
)
SIGNATURE = Signature(
    first_name="Ada",
    last_name="Lovelace",
    job_title="Chief Officer",
    signed_at=datetime(2026, 11, 22, 1, 30, 12, tzinfo=UTC),
    ip="203.0.113.7",
    user_agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0",
    letter_sha256=sha256(LETTER),
)
SIGNED = replace(LETTER, signature=SIGNATURE)


def pages(data):
    document = pypdfium2.PdfDocument(data)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def test_the_letter_says_what_the_rule_asks_for():
    (text,) = pages(letter_of_agency(LETTER))
    for words in (
        "November 22, 2026",
        "Acme Corporation",
        "170 West Tasman Drive",
        "San Jose, CA 95134",
        "800-1234-5678",
        "(408) 555-0142",
        "(408) 555-0143",
        "has decided to change the provider",
        "as its agent for this change",
        "Only one provider can be chosen",
        "whether a fee applies",
        "that stay with Pacific Bell Telephone (1)",
        "(408) 555-0190",
        "By typing my name",
        "Page 1 of 1",
    ):
        assert words in text


def test_the_same_letter_is_the_same_bytes():
    assert letter_of_agency(LETTER) == letter_of_agency(replace(LETTER))
    assert letter_of_agency(LETTER) != letter_of_agency(replace(LETTER, company="Acme Inc"))
    assert letter_of_agency(SIGNED) == letter_of_agency(replace(SIGNED))


def test_a_full_port_says_so():
    text = pages(letter_of_agency(replace(LETTER, port_type="full", numbers_staying=())))[0]
    assert "All telephone numbers of the account are transferred" in text
    assert "that stay" not in text


def test_a_billing_address_of_its_own():
    text = pages(letter_of_agency(replace(LETTER, billing_address=("PO Box 7", "Reno, NV 89501"))))[0]
    assert "PO Box 7" in text
    assert "Service address 170 West Tasman Drive" in text


def test_the_signed_letter_carries_its_evidence():
    first, evidence = pages(letter_of_agency(SIGNED))
    assert "Signed electronically by Ada Lovelace" in first
    assert "Chief Officer" in first
    for words in (
        "203.0.113.7",
        "Chrome/156",
        "November 22, 2026, 01:30:12 UTC",
        LETTER.wording.version,
        "Version 7",
    ):
        assert words in evidence
    assert SIGNATURE.letter_sha256 in evidence.replace(" ", "")
    assert re.search(r"Numbers covered 2\b", evidence)


@pytest.mark.parametrize(
    "change",
    [
        {"company": "Other"},
        {"numbers": ("+14085550142",)},
        {"consent": "Other"},
        {"dated": date(2026, 11, 23)},
    ],
)
def test_a_signature_does_not_fit_another_letter(change):
    with pytest.raises(LetterRefused, match="has changed since it was shown"):
        letter_of_agency(replace(SIGNED, **change))


def test_a_letter_without_numbers_is_refused():
    with pytest.raises(LetterRefused, match="no phone numbers"):
        letter_of_agency(replace(LETTER, numbers=()))


def test_the_evidence_page_says_who_agreed_to_what_and_from_where():
    person = replace(SIGNATURE, email="ada@acme.example", zone="America/Los_Angeles")
    _first, evidence = pages(letter_of_agency(replace(LETTER, signature=person)))
    for words in (
        "Order P-1042",
        "ada@acme.example Account of the console",
        "November 21, 2026, 17:30:12 PST",
        "November 22, 2026, 01:30:12 UTC",
        "Way of signing Name typed",
        "What the signer agreed to By typing my name I sign this letter electronically.",
        "sealed with a digital signature",
    ):
        assert words in evidence


def test_an_outsider_is_named_by_address_and_link():
    outsider = replace(SIGNATURE, email="bob@home.example", link=17)
    evidence = pages(letter_of_agency(replace(LETTER, signature=outsider)))[-1]
    assert "bob@home.example Link 17, after a one-time code sent to this address" in evidence


def test_a_drawn_signature_is_on_the_letter_and_named_in_the_evidence():
    data = letter_of_agency(replace(LETTER, signature=replace(SIGNATURE, drawing=drawing())))
    first, *_rest = pypdfium2.PdfDocument(data)
    kinds = [item.type for item in first.get_objects()]
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE in kinds
    assert "Name typed and signature drawn" in pages(data)[-1]
    assert "data" not in repr(replace(SIGNATURE, drawing=b"data"))


@pytest.mark.parametrize(
    ("remaining", "new_btn", "words"),
    [
        ("keep", "+14085550190", "stay in service with Pacific Bell Telephone. From the transfer on"),
        ("keep", "", "stay in service with Pacific Bell Telephone."),
        ("disconnect", "+14085550190", "are to be disconnected by Pacific Bell Telephone once"),
    ],
)
def test_a_partial_port_says_what_becomes_of_the_rest(remaining, new_btn, words):
    text = pages(letter_of_agency(replace(LETTER, remaining=remaining, new_btn=new_btn)))[0]
    assert words in text
    assert ("of what stays is (408) 555-0190" in text) is (remaining == "keep" and bool(new_btn))


def test_a_company_that_ends_in_a_period_ends_its_sentence_once():
    paper = replace(LETTER, wording=read(EUROPE), company="Acme, Inc.", consent="")
    text = " ".join(pages(letter_of_agency(paper)))
    assert "authorized to sign for Acme, Inc. 2." in text


def test_toll_free_numbers_name_the_responsible_organization():
    free = replace(LETTER, numbers=("+18005550142",), extra=(("Current RespOrg", "ABC01"),))
    text = pages(letter_of_agency(free))[0]
    assert "responsible organization (RespOrg), in place of Pacific Bell" in text
    assert "Current RespOrg ABC01" in text
    assert "RespOrg" not in pages(letter_of_agency(LETTER))[0]


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        (GB, ["22 November 2026", "+44 121 234 5678", "every page", "sign and date each of them"]),
        (EUROPE, ["22-11-2026", "+44 121 234 5678", "Company stamp", "Place and date"]),
    ],
)
def test_a_letter_for_paper_has_lines_and_no_consent(toml, words):
    paper = replace(LETTER, wording=read(toml), numbers=("+441212345678",), consent="", consent_version="")
    data = letter_of_agency(paper)
    text = " ".join(pages(data))
    assert all(each in text for each in words)
    assert "By typing" not in text
    assert pypdfium2.PdfDocument(data)[0].get_size() == pytest.approx((595.3, 841.9), abs=0.1)


@pytest.mark.parametrize(
    "broken",
    [
        US.replace("version =", "edition ="),
        US.replace("{company}", "{firm}"),
        US.replace('keep = "', 'keep = "{who}'),
    ],
)
def test_a_text_with_something_missing_or_unknown_is_refused(broken):
    with pytest.raises(ValueError, match="not complete"):
        read(broken)


def test_three_hundred_numbers_are_all_there_and_quick():
    numbers = tuple(f"+1408555{n:04d}" for n in range(300))
    letter_of_agency(LETTER)  # fonts are read once a process
    began = time.process_time()
    data = letter_of_agency(replace(LETTER, numbers=numbers))
    assert time.process_time() - began < 0.5
    text = " ".join(pages(data))
    assert all(f"(408) 555-{n:04d}" in text for n in range(300))
    assert "Page 3 of 3" in text


def test_a_thousand_numbers_and_long_names_stay_on_the_paper():
    long = replace(
        LETTER,
        company="Acme " * 60,
        authorized_name="A" * 300,
        account_number="9" * 200,
        numbers=tuple(f"+1408{n:07d}" for n in range(5550000, 5551000)),
        consent="word " * 800,
    )
    document = pypdfium2.PdfDocument(letter_of_agency(long))
    for page in document:
        words = page.get_textpage()
        boxes = [words.get_charbox(i) for i in range(words.count_chars())]
        assert all(
            left >= 70 and right <= 544 and bottom > 20 and top < 760 for left, bottom, right, top in boxes
        )


@pytest.mark.parametrize(
    "company",
    [
        "北京长城电子有限公司",
        "株式会社テレコムひかり",
        "서울특별시통신",
        "Zażółć Gęślą",
        "Łódź & Söhne",
        "ООО Телеком",
    ],
)
def test_names_in_other_scripts_can_be_read_again(company):
    text = pages(letter_of_agency(replace(LETTER, company=company)))[0]
    assert company.replace(" ", "") in text.replace(" ", "")


def test_a_character_without_a_font_is_named():
    with pytest.raises(LetterRefused, match=r"U\+12000"):
        letter_of_agency(replace(LETTER, company="Acme \U00012000"))


def test_markup_and_control_characters_are_only_text():
    text = pages(letter_of_agency(replace(LETTER, company="A <b>&amp; B</b>\x00\r\nTo: you (x) \\")))[0]
    assert "A <b>&amp; B</b> To: you (x) \\" in text


def test_the_letter_passes_its_own_upload_check():
    assert accept(letter_of_agency(SIGNED), "letter.pdf").pages == 2
    assert b"/JavaScript" not in letter_of_agency(SIGNED)
    assert io.BytesIO(letter_of_agency(SIGNED)).read(5) == b"%PDF-"
