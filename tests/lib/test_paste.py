"""A paste of many numbers: every piece has a verdict, nothing is lost, and it is fast."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.paste import RANGE_LIMIT, read_paste
from lib.phone import Note, Verdict
from lib.typed import parts_of


def verdicts(text, **options):
    return [piece.verdict for piece in read_paste(text, **options).pieces]


def test_the_paste_of_the_issue():
    text = """(408) 555-0142
    +1 408.555.0143\t4085550144 ext 12; 408-555-0150 - 59
    4085550142, 1-800-FLOWERS"""
    paste = read_paste(text)
    assert paste.numbers[:3] == ("+14085550142", "+14085550143", "+14085550144")
    assert paste.numbers[3:13] == tuple(f"+140855501{n}" for n in range(50, 60))
    assert paste.numbers[13:] == ("+18003569377",)
    assert [(p.line, p.verdict.value) for p in paste.refused] == [(3, "duplicate")]


@pytest.mark.parametrize(
    "text",
    [
        "408-555-0150 - 59",
        "408-555-0150-0159",
        "408-555-0150 – 0159",
        "+14085550150..+14085550159",
        "4085550150…4085550159",
        "408-555-0150 to 408-555-0159",
        "408-555-0150 - 555-0159",
        "4085550150 thru 59",
        "(408) 555-0150~59",
        "408-555-0150 -> 0159",
    ],
)
def test_ranges_in_every_usual_writing(text):
    (piece,) = read_paste(text).pieces
    assert (piece.first, piece.last, len(piece.numbers)) == ("+14085550150", "+14085550159", 10)
    assert piece.is_range


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("408-555-0150 - 0140", Verdict.RANGE_BACKWARDS),
        ("408-555-0000 - 408-556-9999", Verdict.RANGE_TOO_LONG),
        ("408-410-9990 - 408-411-0005", Verdict.NOT_ASSIGNABLE),
        ("…0100-0149", Verdict.RANGE_UNCLEAR),
    ],
)
def test_bad_ranges_are_explained(text, verdict):
    (piece,) = read_paste(text).pieces
    assert (piece.verdict, piece.numbers) == (verdict, ())
    assert "%(" not in piece.sentence


def test_the_longest_range_is_a_thousand():
    assert len(read_paste("408-555-0000-0999").numbers) == RANGE_LIMIT
    assert verdicts("408-555-0000 - 408-555-1000") == [Verdict.RANGE_TOO_LONG]


def test_what_follows_a_range_badly_is_not_lost():
    paste = read_paste("4085550150-12345")
    assert paste.numbers == ("+14085550150",)
    assert [(p.verdict, "12345" in p.text) for p in paste.refused] == [(Verdict.TOO_SHORT, True)]


def test_a_range_over_known_numbers_gives_only_the_new_ones():
    piece = read_paste("4085550151\n408-555-0150-0152").pieces[1]
    assert piece.numbers == ("+14085550150", "+14085550152")
    assert piece.notes == (Note.SOME_ALREADY_LISTED,)
    assert piece.sentence == "1 of these numbers are already in the list."


@pytest.mark.parametrize(
    "text",
    [
        "4085550142 4085550143",
        "408-555-0142 / 408-555-0143",
        "4085550142 or 4085550143",
        "1 408 555 0142 1 408 555 0143",
        "+14085550142+14085550143",
        "(408) 555-0142 (408) 555-0143",
        "4085550142|4085550143",
        "4085550142，4085550143",
        "1. 408-555-0142\n2. 408-555-0143",
        '"4085550142","","4085550143"',
    ],
)
def test_several_numbers_however_they_are_separated(text):
    paste = read_paste(text)
    assert paste.numbers == ("+14085550142", "+14085550143")
    assert paste.refused == ()


def test_words_beside_a_number_are_left_out_and_said():
    (piece,) = read_paste("Front desk: (408) 555-0142").pieces
    assert (piece.verdict, piece.notes) == (Verdict.READY, (Note.WORDS_LEFT_OUT,))


def test_digits_beside_a_number_get_their_own_verdict():
    assert verdicts("Room 12: 408-555-0142") == [Verdict.LETTERS, Verdict.READY]


def test_a_spreadsheet_with_names_and_a_heading():
    paste = read_paste("Name\tPhone\nAda Lovelace\t(408) 555-0142\nTotal\t\t\n")
    assert paste.numbers == ("+14085550142",)
    assert [(p.text, p.line) for p in paste.refused] == [
        ("Name", 1),
        ("Phone", 1),
        ("Ada Lovelace", 2),
        ("Total", 3),
    ]


def test_the_limit_stops_taking_but_not_answering():
    paste = read_paste("4085550142 4085550143 4085550142 408-555-0100-0120", limit=1)
    assert [p.verdict.value for p in paste.pieces] == ["ready", "too_many", "duplicate", "too_many"]
    assert paste.numbers == ("+14085550142",)


def test_text_and_line_are_as_typed():
    (piece,) = read_paste("\n\n  '408.555.0142  \n").pieces
    assert (piece.text, piece.line) == ("  '408.555.0142  ", 3)


@pytest.mark.parametrize("text", ["", " \n\t ", '""', ",;\n,", "\u200b\u202a", "\ufeff"])
def test_blank_text_has_no_pieces(text):
    assert read_paste(text).pieces == ()


def in_time(text, seconds, **options):
    began = time.process_time()
    paste = read_paste(text, **options)
    assert [piece.sentence for piece in paste.pieces]
    assert time.process_time() - began < seconds
    return paste


def test_five_thousand_lines_are_all_read():
    lines = "\n".join(f"(408) 555-{n:04d}" for n in range(5000))
    assert len(read_paste(lines).numbers) == 5000


def test_one_line_of_twelve_thousand_characters_is_read():
    text = " ".join(f"408-555-{n:04d}" for n in range(930))[:12_000]
    assert len(read_paste(text).numbers) > 900


@pytest.mark.parametrize("part", ["1 ", "(", "+1", "a1 ", "408-555-", "é1", "4,085,", "x1 ", "011 ", "5-"])
def test_a_megabyte_of_nonsense_does_not_hang(part):
    in_time(part * (1_000_000 // len(part)), 15)


def test_a_megabyte_of_overlapping_ranges_does_not_hang():
    ranges = "\n".join(f"{200 + n % 700}-555-{n % 1000:04d}-{n % 1000 + 999:04d}" for n in range(40_000))
    assert len(in_time(ranges, 15).numbers) <= 5_000


def test_time_grows_with_length_and_not_faster():
    def seconds(size):
        text = "408-555-01 (" * (size // 12)
        return min(_cost(text) for _ in range(3))

    assert seconds(400_000) < 12 * max(seconds(100_000), 0.005)


def _cost(text):
    began = time.process_time()
    read_paste(text)
    return time.process_time() - began


PIECES = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"[+(]?[0-9]{1,4}[ .()\-/]{0,3}[0-9]{0,4}[ \-.x,;]{0,2}[0-9A-Z]{0,8}", fullmatch=True),
    st.integers(min_value=0, max_value=10**12).map(str),
)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(PIECES, max_size=12),
    st.sampled_from(["\n", ", ", "\t", ";", " "]),
    st.sampled_from(["US", "CA", "GB"]),
)
def test_nothing_is_silently_lost(pieces, between, country):
    text = between.join(pieces)
    paste = read_paste(text, country)
    for number, row in enumerate(text.splitlines(), start=1):
        seen = [piece for piece in paste.pieces if piece.line == number]
        assert len(seen) >= len(list(parts_of(row)))
    for piece in paste.pieces:
        assert bool(piece.numbers) is piece.is_ready
        assert piece.sentence
    assert len(set(paste.numbers)) == len(paste.numbers)


@settings(max_examples=300, deadline=None)
@given(
    st.from_regex(r"[2-9](?!11)[0-9]{2}[2-9](?!11)[0-9]{6}", fullmatch=True).filter(
        lambda d: read_paste(d).numbers != ()
    ),
    st.sampled_from(
        ["{}{}{}", "({}) {}-{}", "+1 {} {} {}", "1-{}-{}-{}", "{}.{}.{}", "+1{}{}{}", "({}){}{}"]
    ),
)
def test_every_number_is_read_in_every_shape(digits, shape):
    text = shape.format(digits[:3], digits[3:6], digits[6:])
    assert read_paste(text).numbers == (f"+1{digits}",)


@pytest.mark.parametrize(
    ("country", "text", "first", "count"),
    [
        ("GB", "020 7946 0100 - 03", "+442079460100", 4),
        ("GB", "020 7946 0100-19", "+442079460100", 20),
        ("GB", "020 7946 0100–19", "+442079460100", 20),
        ("GB", "+44 20 7946 0100 to 0105", "+442079460100", 6),
        ("DE", "030 12345678 bis 80", "+493012345678", 3),
        ("DE", "030 12345678..80", "+493012345678", 3),
        # One number, because hyphens group digits as well.
        ("DE", "030 - 12345678", "+493012345678", 1),
        ("DE", "030-12345678", "+493012345678", 1),
        ("DE", "+49 30 12345 - 0", "+4930123450", 1),
        ("SE", "08-12 34 56", "+468123456", 1),
    ],
)
def test_ranges_of_other_countries(country, text, first, count):
    (piece,) = read_paste(text, country).pieces
    assert (piece.verdict, piece.first, len(piece.numbers)) == (Verdict.READY, first, count)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("020 7946 0105 - 03", Verdict.RANGE_BACKWARDS),
        ("020 7946 0000 - 946 9999", Verdict.TOO_LONG),
        ("020 7946 0000 - 469999", Verdict.RANGE_TOO_LONG),
    ],
)
def test_ranges_of_other_countries_that_are_none(text, verdict):
    (piece,) = read_paste(text, "GB").pieces
    assert (piece.verdict, piece.numbers) == (verdict, ())
    assert piece.sentence


def test_a_plus_sign_begins_a_number_elsewhere():
    paste = read_paste("+49 40 66969202 +49 40 66969203\n+49 40 66969204 +49 4", "DE")
    assert paste.numbers == ("+494066969202", "+494066969203", "+494066969204")
    assert [piece.text for piece in paste.pieces][-2:] == ["+49 40 66969204", "+49 4"]
    assert not paste.pieces[-1].is_ready


def test_a_range_elsewhere_takes_what_is_new():
    first, second = read_paste("020 7946 0101\n020 7946 0100 - 03", "GB").pieces
    assert second.numbers == ("+442079460100", "+442079460102", "+442079460103")
    assert "already" in second.sentence or second.notes
    assert first.numbers == ("+442079460101",)
    assert [len(p.numbers) for p in read_paste("020 7946 0100 - 03", "GB", limit=3).pieces] == [0]
