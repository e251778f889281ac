"""Where two short texts differ, character by character, as spans that a page can mark."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "gone", "new"]
#: Longer texts are compared as wholes: finding the common parts takes time with the square of the length.
LONGEST = 300
#: A common run this short between two changes is part of the change: "09" for "90" is one swap, not three.
SHORTEST = 1


@dataclass(frozen=True)
class Span:
    """A part of a text: in both ("same"), only in the first ("gone"), only in the second ("new")."""

    kind: Kind
    text: str


def spans(old: str, new: str) -> tuple[Span, ...]:
    """How `old` becomes `new`.

    The "same" and "gone" spans together are `old`, the "same" and "new" ones are `new`; no span is empty, no
    two neighbors have one kind, and of a change "gone" comes before "new".
    """
    return tuple(_joined(_parts(old, new)))


def count(of: tuple[Span, ...]) -> int:
    """How many characters differ: of each change the longer side."""
    changed, at = 0, 0
    while at < len(of):
        span = of[at]
        after = of[at + 1] if at + 1 < len(of) else None
        if span.kind == "gone" and after is not None and after.kind == "new":
            changed += max(len(span.text), len(after.text))
            at += 1
        elif span.kind != "same":
            changed += len(span.text)
        at += 1
    return changed


def _parts(old: str, new: str) -> list[tuple[str, str]]:
    """Pairs of what stands in `old` and in `new` at the same place; a pair of equals is common."""
    if max(len(old), len(new)) > LONGEST:
        return [(old, new)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    pairs = [(old[a:b], new[c:d]) for _kind, a, b, c, d in matcher.get_opcodes()]
    merged: list[tuple[str, str]] = []
    for at, (gone, came) in enumerate(pairs):
        inside = 0 < at < len(pairs) - 1
        is_change = gone != came or (inside and len(gone) <= SHORTEST)
        if is_change and merged and merged[-1][0] != merged[-1][1]:
            merged[-1] = (merged[-1][0] + gone, merged[-1][1] + came)
        else:
            merged.append((gone, came))
    return merged


def _joined(pairs: list[tuple[str, str]]) -> Iterator[Span]:
    for gone, came in pairs:
        if gone == came:
            if gone:
                yield Span("same", gone)
            continue
        if gone:
            yield Span("gone", gone)
        if came:
            yield Span("new", came)
