"""One phone number typed into a field, and its readable forms."""

import pytest

from lib.phone import (
    Kind,
    Note,
    Phone,
    Reason,
    Verdict,
    extension_of,
    international,
    is_toll_free,
    key_of_extension,
    kind_of,
    national,
    parse,
)


@pytest.mark.parametrize(
    "text",
    [
        "4085550142",
        "(408) 555-0142",
        "+1 408.555.0142",
        "1-408-555-0142",
        "408/555-0142",
        "'4085550142",
        '="4085550142"',
        "408\u00a0555\u00a00142",
        "４０８－５５５－０１４２",
        "٤٠٨٥٥٥٠١٤٢",
        "\u202a+1 (408) 555\u20110142\u202c",
        "0014085550142",
        "4085550142.0",
        "4.085550142E+09",
        "4,085,550,142",
        "40 85 55 01 42",
        "tel:+14085550142",
        "<+14085550142>",
    ],
)
def test_every_usual_writing_is_the_same_number(text):
    phone = parse(text)
    assert isinstance(phone, Phone)
    assert (phone.e164, phone.region, phone.kind) == ("+14085550142", "US", Kind.LOCAL)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", Verdict.NOT_A_NUMBER),
        ("   ", Verdict.NOT_A_NUMBER),
        ("hello", Verdict.NOT_A_NUMBER),
        ("555-0142", Verdict.TOO_SHORT),
        ("408555014", Verdict.TOO_SHORT),
        ("408555014212", Verdict.TOO_LONG),
        ("108-555-0142", Verdict.NOT_ASSIGNABLE),
        ("911-555-0142", Verdict.NOT_ASSIGNABLE),
        ("408-111-0142", Verdict.NOT_ASSIGNABLE),
        ("408-411-0142", Verdict.NOT_ASSIGNABLE),
        ("+44 20 7946 0958", Verdict.WRONG_COUNTRY),
        ("011 44 20 7946 0958", Verdict.WRONG_COUNTRY),
        ("876-555-0142", Verdict.WRONG_COUNTRY),
        ("408-555-01xx", Verdict.LETTERS),
        ("408 Main Street", Verdict.LETTERS),
        ("4.08555E+09", Verdict.SPREADSHEET_DAMAGE),
        ("4,08555E+09", Verdict.SPREADSHEET_DAMAGE),
        ("ext 12", Verdict.EXTENSION_ALONE),
        ("4085550142 4085550143", Verdict.NOT_A_NUMBER),
        ("4085550142-49", Verdict.NOT_A_NUMBER),
    ],
)
def test_a_bad_number_is_explained_in_one_sentence(text, verdict):
    reason = parse(text)
    assert isinstance(reason, Reason)
    assert reason.verdict is verdict
    assert reason.sentence.endswith(".")
    assert "%(" not in reason.sentence


def test_two_numbers_in_one_field_are_too_many():
    assert parse("4085550142, 4085550143").sentence == "Write one phone number here."


def test_a_long_text_is_shortened_in_the_sentence():
    assert len(parse("x" * 5000).sentence) < 150


def test_an_extension_is_dropped_and_said():
    phone = parse("4085550144 ext 12")
    assert (phone.e164, phone.extension, phone.notes) == ("+14085550144", "12", (Note.EXTENSION_DROPPED,))


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("1-800-FLOWERS", "+18003569377"),
        ("800 GO FEDEX", "+18004633339"),
        ("1-800-MATTRESS", "+18006288737"),
        ("408-555-CALL", "+14085552255"),
    ],
)
def test_a_phone_word_is_read_as_on_a_keypad(text, e164):
    phone = parse(text)
    assert (phone.e164, phone.notes) == (e164, (Note.VANITY_CONVERTED,))


def test_canada_shares_the_code_and_gets_a_note():
    assert parse("416-555-0142").notes == (Note.OTHER_COUNTRY_SAME_CODE,)
    assert parse("416-555-0142", "CA").notes == ()
    assert parse("408-555-0142", "CA").notes == (Note.OTHER_COUNTRY_SAME_CODE,)
    assert parse("787-555-0142").notes == ()


def test_an_area_code_that_our_table_lacks_is_only_noted():
    phone = parse("555-555-0142")
    assert (phone.e164, phone.region, phone.notes) == ("+15555550142", "", (Note.UNKNOWN_AREA_CODE,))


@pytest.mark.parametrize("code", ["800", "833", "844", "855", "866", "877", "888"])
def test_toll_free_is_a_kind_of_its_own(code):
    phone = parse(f"{code}-555-0142")
    assert phone.kind is Kind.TOLL_FREE
    assert is_toll_free(phone.e164)
    assert phone.region == ""


def test_local_premium_and_foreign_numbers_are_not_toll_free():
    assert not is_toll_free("+14085550142")
    assert kind_of("+19005550142") is Kind.OTHER
    assert kind_of("+15225550142") is Kind.OTHER
    assert is_toll_free("+448001234567")
    assert kind_of("rubbish") is Kind.OTHER


@pytest.mark.parametrize(
    ("e164", "kind"),
    [
        ("+442079460991", Kind.LOCAL),
        ("+447400123456", Kind.MOBILE),
        ("+443301234567", Kind.NON_GEOGRAPHIC),
        ("+33912345678", Kind.NON_GEOGRAPHIC),
        ("+448001234567", Kind.TOLL_FREE),
        ("+449012345678", Kind.OTHER),
        ("+447012345678", Kind.OTHER),
    ],
)
def test_the_kind_follows_from_the_number(e164, kind):
    assert kind_of(e164) is kind


def test_other_countries_go_by_the_metadata():
    assert parse("0121 234 5678", "GB").e164 == "+441212345678"
    assert parse("01 23 45 67 89", "FR").e164 == "+33123456789"
    assert parse("0121 234 5678 ext 9", "GB").extension == "9"
    assert parse("02 1234 5678", "IT").e164 == "+390212345678"
    assert parse("408-555-0142", "GB").verdict is Verdict.NOT_A_NUMBER
    assert parse("0121 234 5678 9012", "GB").verdict is Verdict.TOO_LONG
    assert parse("+1 408 555 0142", "GB").verdict is Verdict.WRONG_COUNTRY


def test_readable_forms():
    assert national("+14085550142") == "(408) 555-0142"
    assert international("+14085550142") == "+1 408-555-0142"
    assert national("+441212345678") == "0121 234 5678"
    assert international("+441212345678") == "+44 121 234 5678"
    assert national("not a number") == international("not a number") == "not a number"


@pytest.mark.parametrize(
    ("key", "extension"), [("x4-4900", "4900"), ("+14085550142", ""), ("x4-", ""), ("", "")]
)
def test_what_is_only_an_extension(key, extension):
    assert extension_of(key) == extension
    if extension:
        assert key_of_extension(4, extension) == key
        assert national(key) == international(key) == f"Extension {extension}"
