"""Two texts, character by character: nothing is lost, nothing is made up, and a swap reads as a swap."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.differ import LONGEST, Span, count, spans


def told(old, new):
    marks = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}
    return "".join(marks[span.kind].format(span.text) for span in spans(old, new))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("", "", ""),
        ("Acme", "Acme", "Acme"),
        ("", "Acme", "[+Acme+]"),
        ("Acme", "", "[-Acme-]"),
        ("Acme, Inc", "Acme, Incorporated", "Acme, Inc[+orporated+]"),
        ("HL-447190", "HL-447109", "HL-4471[-90-][+09+]"),
        ("2200 Alder Street", "2200 Alder Street, Suite 400", "2200 Alder Street[+, Suite 400+]"),
        ("95112", "95113", "9511[-2-][+3+]"),
        ("Zoë", "Zoe", "Zo[-ë-][+e+]"),
    ],
)
def test_what_is_shown(old, new, shown):
    assert told(old, new) == shown


@given(st.text(max_size=40), st.text(max_size=40))
def test_both_texts_can_be_read_out_of_the_spans(old, new):
    found = spans(old, new)
    assert "".join(span.text for span in found if span.kind != "new") == old
    assert "".join(span.text for span in found if span.kind != "gone") == new
    assert all(span.text for span in found)
    assert all(one.kind != two.kind for one, two in zip(found, found[1:], strict=False))
    assert (count(found) == 0) == (old == new)


def test_how_many_characters_differ():
    assert count(spans("HL-447190", "HL-447109")) == 2
    assert count(spans("Acme, Inc", "Acme, Incorporated")) == 9
    assert count(spans("Acme", "")) == 4


def test_long_texts_are_compared_as_wholes_and_at_once():
    old, new = "ab" * 50_000, "ba" * 50_000
    began = time.perf_counter()
    assert spans(old, new) == (Span("gone", old), Span("new", new))
    assert time.perf_counter() - began < 0.5
    assert [span.kind for span in spans("a" * LONGEST, "a" * (LONGEST - 1) + "b")] == ["same", "gone", "new"]
