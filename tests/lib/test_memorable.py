"""What makes a number easy to remember, and letters on the keypad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.memorable import digits_of, score, why


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("4085550000", "zeros"),
        ("4085555555", "repeats"),
        ("4083071234", "run_up"),
        ("4081629876", "run_down"),
        ("4083914747", "pairs"),
        ("4083127127", "pairs"),
        ("4089471221", "mirror"),
        ("4089461900", "zeros"),
        ("4081811718", "few"),
        ("4083719264", ""),
        ("", ""),
        ("7", ""),
    ],
)
def test_the_strongest_pattern(number, code):
    assert why(number) == code
    assert (score(number) > 0) == bool(code)


def test_what_is_easier_has_more_points():
    ladder = [
        "4083719264",
        "4083719266",
        "4083719200",
        "4083719222",
        "4083712222",
        "4085552222",
        "4085555555",
    ]
    assert [score(number) for number in ladder] == sorted({score(number) for number in ladder})
    assert score(ladder[0]) == 0
    assert score(ladder[-1]) == 100


def test_only_the_end_counts_and_signs_do_not():
    assert score("(408) 555-1212") == score("4085551212") == score("9165551212") == score("5551212")


@given(st.text(max_size=14), st.text(alphabet="0123456789", max_size=14))
def test_every_text_has_a_score(text, digits):
    for number in (text, digits):
        assert 0 <= score(number) <= 100
        assert bool(why(number)) == (score(number) > 0)


@pytest.mark.parametrize(
    ("letters", "digits"),
    [
        ("555-TAXI", "5558294"),
        ("1-800-Flowers", "18003569377"),
        ("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999"),
        ("Ärzte 24²", "798324"),
        ("", ""),
    ],
)
def test_letters_on_the_keypad(letters, digits):
    assert digits_of(letters) == digits
