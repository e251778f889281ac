"""The quick reader says what lib.phone says, of everything."""

import random

from hypothesis import example, given
from hypothesis import strategies as st

from lib import phone
from lib.quick_phone import QuickReader

SHAPES = [
    "{0}{1}{2}", "+1{0}{1}{2}", "1{0}{1}{2}", "({0}) {1}-{2}", "'+1{0}{1}{2}", '="+1{0}{1}{2}"', "{0}.{1}.{2}",
    "+1 ({0}) {1}-{2}", "1-{0}-{1}-{2}", " {0} {1} {2} ", "+{0}{1}{2}", "{0}-{1}-{2} x5", "{0}{1}-{2}-", '"{0}{1}{2}',
    "={0}{1}{2}", "+1{0}){1}{2}", "({0}{1}{2}", "+1.{0}.{1}.{2}", "00 1 {0} {1} {2}", "{0}{1}{2}0", "{0}{1}",
    "+44 20 7946 {2}", "+49 30 {0}{2}", "020 7946 {2}", "1,{0},{1},{2}", "1.{0}{1}{2}E+10", "{0}-{1}-{2} - 59", "tel {0}{1}{2}",
]  # fmt: skip
READERS = {country: QuickReader(country) for country in ("US", "CA", "GB", "DE")}


def same(text, country="US"):
    quick, slow = READERS[country].read(text), phone.parse(text, country)
    if isinstance(quick, tuple):
        assert isinstance(slow, phone.Phone), text
        assert quick == (slow.e164, slow.kind), text
    else:
        assert quick == slow, text


def test_the_verdicts_are_equal_on_twenty_thousand_mixed_cells():
    chance = random.Random(4)
    for _n in range(20_000):
        digits = f"{chance.randrange(10**10):010}"
        text = chance.choice(SHAPES).format(digits[:3], digits[3:6], digits[6:])
        same(text, chance.choices(list(READERS), [12, 4, 2, 2])[0])


def test_every_area_code_has_the_verdict_and_the_kind_of_the_library():
    for code in range(200, 1000):
        same(f"+1{code}5550142")


@given(st.text(alphabet="0123456789+()-. '\"=x", max_size=18))
@example("408555-0142-")
@example("40855501-42")
@example("+14085550142'")
def test_anything_with_digits_has_the_same_verdict(text):
    same(text)


@given(st.text(max_size=12))
def test_any_text_has_the_same_verdict(text):
    same(text)
