"""Whether a file is a letter that was signed here: by its seal, and by what is kept of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts.models import Organization
from lib.documents.seal import Verdict
from porting.letters.sealing import our_seal
from porting.models import LetterSignature, PortDocument
from porting.models.papers import signed_letter


class Answer(StrEnum):
    """What a file is. KEPT has no seal of ours and is byte for byte a letter that is kept here: a scan, or a
    letter from before letters were sealed.
    """

    INTACT = "intact"
    KEPT = "kept"
    CHANGED = "changed"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Finding:
    """An answer; `document` is the letter's row, None if it is not among those that the asker may know."""

    answer: Answer
    sealed_at: datetime | None = None
    document: PortDocument | None = None

    @property
    def is_genuine(self) -> bool:
        return self.answer in (Answer.INTACT, Answer.KEPT)

    @property
    def signature(self) -> LetterSignature | None:
        return self.document.signature if self.document else None


def verify(data: bytes, org: Organization | None = None) -> Finding:
    """What a file is. With `org`, only this organization's letters are named. Raises SealBroken."""
    checked = our_seal().check(data)
    document = signed_letter(hashlib.sha256(data).hexdigest(), org)
    if checked.verdict == Verdict.INTACT:
        return Finding(Answer.INTACT, checked.sealed_at, document)
    if document is not None:
        return Finding(Answer.KEPT, None, document)
    return Finding(Answer(checked.verdict.value))
