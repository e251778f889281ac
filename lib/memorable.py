"""How easily a telephone number is remembered, and which digits the letters of a word stand for.

The rule is this house's own. It looks at the last seven digits (what people learn after the area code). What
is longer or nearer to the end counts more:

- repeats: a digit two or more times in a row (5550007)
- runs: digits that go up or down by one, three or more (1234, 9876)
- pairs: two or three digits said twice (4545, 127127)
- mirror: the last digits read the same backwards (1221, 35753)
- zeros: a round ending, 00 or more
- few: only one, two or three different digits in all

Patterns add to each other up to 100; a number with none has 0. Words on a keypad are not scored: which words
people know is a matter of language.
"""

from functools import lru_cache
from itertools import groupby

#: How many digits at the end are looked at.
LEARNED = 7
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
#: Points for a row of so many equal digits, and for one of so many that go up or down.
_REPEATS = {2: 6, 3: 24, 4: 45, 5: 60, 6: 75, 7: 90}
_RUNS = {3: 10, 4: 30, 5: 45, 6: 60, 7: 80}
_ZEROS = {2: 15, 3: 30, 4: 45, 5: 55, 6: 65, 7: 70}
_FEW = {1: 20, 2: 18, 3: 8}
#: Points for what the last digits do.
_MIRRORS = {7: 40, 6: 34, 5: 22, 4: 14}


def score(national_digits: str) -> int:
    """From 0 (nothing to hold on to) to 100, the same for the same digits always.

    Takes the digits of a national number, with or without area code; other signs are left out.
    """
    return min(100, sum(points for points, _code in _patterns(_end(national_digits))))


def why(national_digits: str) -> str:
    """The strongest pattern as a code: "repeats", "run_up", "run_down", "pairs", "mirror", "zeros" or "few";
    "" when there is none.
    """
    return max(_patterns(_end(national_digits)), default=(0, ""))[1]


def digits_of(letters: str) -> str:
    """The digits of a text on a telephone's keys (ITU-T E.161): "555-TAXI" is "5558294".

    Letters A to Z become digits, digits stay, and every other sign is left out.
    """
    return "".join(sign for sign in letters.upper().translate(_KEYS) if sign in "0123456789")


def _end(text: str) -> str:
    return "".join(sign for sign in text if sign in "0123456789")[-LEARNED:]


@lru_cache(maxsize=4096)
def _patterns(end: str) -> tuple[tuple[int, str], ...]:
    """Points and code of each pattern that is there."""
    equal = max((len(list(group)) for _digit, group in groupby(end)), default=0)
    zeros = len(end) - len(end.rstrip("0"))
    points = [
        (_REPEATS.get(equal, 0), "repeats"),
        (_RUNS.get(_longest_run(end, 1), 0), "run_up"),
        (_RUNS.get(_longest_run(end, -1), 0), "run_down"),
        (_said_twice(end), "pairs"),
        (_mirrored(end), "mirror"),
        (_ZEROS.get(zeros, 0), "zeros"),
        (_FEW.get(len(set(end)), 0) if len(end) == LEARNED else 0, "few"),
    ]
    return tuple(pattern for pattern in points if pattern[0])


def _longest_run(end: str, step: int) -> int:
    best = length = min(1, len(end))
    for before, after in zip(end, end[1:], strict=False):
        length = length + 1 if int(after) - int(before) == step else 1
        best = max(best, length)
    return best


def _said_twice(end: str) -> int:
    """ABCABC at the end counts most, then ABAB there, then ABAB anywhere. All digits the same is no pair."""
    if len(end) >= 6 and end[-3:] == end[-6:-3] and len(set(end[-3:])) > 1:
        return 45
    pairs = [
        start
        for start in range(len(end) - 3)
        if end[start : start + 2] == end[start + 2 : start + 4] and end[start] != end[start + 1]
    ]
    if not pairs:
        return 0
    return 30 if pairs[-1] == len(end) - 4 else 18


def _mirrored(end: str) -> int:
    for length, points in _MIRRORS.items():
        part = end[-length:]
        if len(part) == length and part == part[::-1] and len(set(part)) > 1:
            return points
    return 0
