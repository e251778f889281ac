"""Scripts on paper: the order and the forms of right-to-left letters, and where lines may break."""

import unicodedata

import pytest

from lib.documents.script import clean, in_visual_order, pieces, runs


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Acme 12", "Acme 12"),
        ("שלום", "םולש"),
        ("שלום 12", "12 םולש"),
        ("קומה (3)", "(3) המוק"),
        ("רחוב 12-14 א", "א 12-14 בוחר"),
        ("Acme שלום Ltd", "Acme םולש Ltd"),
        ("שלום Acme Ltd עולם", "םלוע Acme Ltd םולש"),
    ],
)
def test_right_to_left_words_are_turned_and_the_rest_is_not(typed, drawn):
    assert in_visual_order(typed) == drawn


def test_arabic_letters_are_joined():
    # The second letter joins only to its right, so the third begins anew.
    drawn = in_visual_order("شركة")
    names = [unicodedata.name(char) for char in reversed(drawn)]
    assert [name.rsplit(" ", 2)[-2] for name in names] == ["INITIAL", "FINAL", "INITIAL", "FINAL"]


def test_lam_and_alef_are_one_letter():
    (char,) = in_visual_order("لا")
    assert "LIGATURE LAM WITH ALEF ISOLATED" in unicodedata.name(char)
    assert "FINAL" in unicodedata.name(in_visual_order("بلا")[0])


def test_a_letter_that_joins_only_to_the_right_ends_the_word():
    names = [unicodedata.name(char) for char in reversed(in_visual_order("دار"))]
    assert [name.rsplit(" ", 2)[-2] for name in names] == ["ISOLATED", "ISOLATED", "ISOLATED"]


def test_latin_is_one_run_of_the_main_font():
    (run,) = runs("Acme & Söhne, 12 Main Street")
    assert run.font == "HubSans"
    assert runs("Acme", bold=True)[0].font == "HubSansBold"


def test_a_text_of_two_scripts_is_two_runs_in_order():
    found = runs("Acme 北京")
    assert "".join(run.text for run in found) == "Acme 北京"
    assert len({run.font for run in found}) == 2


def test_cleaning():
    assert clean("  A\tB\r\n\u202eC\x00 e\u0301 ") == "A B C é"


def test_lines_break_between_words_and_between_characters():
    assert list(pieces("one two北京 x")) == ["one ", "two", "北", "京", " ", "x"]
