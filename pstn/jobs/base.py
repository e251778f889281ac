"""What a kind of job is: its questions before it begins, a slice of its work; and which kinds there are.

`params` of a job, by kind:

- activate, deactivate, unassign, delete, restore: {}
- move: {"location": key of the target}
- retype: {"kind": PhoneNumber.Kind, "sessions": calls at once, or None}
- assign: {"owner": key}
- tag: {"tag": name, "remove": bool}
- note: {"note": text; "" clears}
- address: {"address": key of a validated emergency address to copy}, or {"line1", "line2", "city",
  "state_code", "postal_code", "country"}, or {"clear": True}
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from pstn.models import Job
from pstn.selection import Selection

Params = Mapping[str, Any]
UNDO_MINUTES = 10


@dataclass(frozen=True)
class Reason:
    """Why some numbers cannot be done: `count` of them, and the first few."""

    code: str
    sentence: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class DryRun:
    """What a job would do now: `can` it changes, `same` are as wished already, and why others are refused."""

    can: int
    same: int
    refused: tuple[Reason, ...] = ()

    @property
    def cannot(self) -> int:
        return sum(reason.count for reason in self.refused)

    @property
    def total(self) -> int:
        return self.can + self.same + self.cannot


class JobKind:
    """A kind of job. One over numbers is a `pstn.jobs.numbers.NumberKind`; another writes `work` itself."""

    slug: ClassVar[str]
    # How long what it did can be undone; 0: not at all.
    undo_minutes: ClassVar[int] = 0
    # Whether what failed may be tried again by a new job.
    can_retry: ClassVar[bool] = True
    # The sentence of each code of an error, for a person.
    sentences: ClassVar[Mapping[str, Any]] = {}

    def clean(self, org: Organization, membership: Membership, params: Params) -> dict[str, Any]:
        """The parameters as they are kept; `lib.transitions.Refused` says what is wrong with them.

        Called before the transaction of `start`, so it may ask the outside world.
        """
        return dict(params)

    def check(
        self, org: Organization, membership: Membership, selection: Selection, params: Params
    ) -> DryRun:
        """What would happen now to each number, counted. Changes nothing. A fixed number of statements."""
        raise NotImplementedError

    def count(self, org: Organization, membership: Membership, selection: Selection) -> int:
        """Over how many numbers (or lines) it goes."""
        raise NotImplementedError

    def block_mates(self, org: Organization, membership: Membership, e164s: Sequence[str]) -> list[str]:
        """The numbers within reach that belong to a block with one of these, and themselves if they do."""
        return []

    def lane(self, org: Organization, membership: Membership, selection: Selection, params: Params) -> str:
        """Jobs in one lane of an organization run one after the other; "" runs beside any."""
        return ""

    def rivals(self, lane: str) -> Q:
        """Which lanes are the same road, `lane` itself among them; a question about jobs, both ways alike."""
        return Q(lane=lane)

    def work(self, job: Job) -> bool:
        """Do the next slice; True while there may be more.

        Called in a transaction that holds the job's row: what it changes, its errors (`job.errors`), what it
        adds to `job.done`, `job.same` and `job.failed` and where it got to (`job.cursor`) are kept together
        or not at all, so that after a worker's death another goes on from the cursor. The caller saves the
        job. It changes what the job's membership may reach and nothing else.
        """
        raise NotImplementedError

    def is_within_reach(self, job: Job) -> bool:
        """Whether what it names beside its numbers is still its person's to use. Asked before each slice."""
        return True

    def begun(self, job: Job) -> None:
        """Once, in the transaction that starts the job running."""

    def ended(self, job: Job) -> None:
        """Once, in the transaction in which the job is over, however it ended."""

    def sentence(self, code: str) -> str:
        """Why a number could not be done, in words; the code itself for one that nobody knows."""
        return str(self.sentences.get(code) or _COMMON.get(code, lambda: code)())


# What may stand in the way of any kind.
_COMMON: dict[str, Any] = {
    "gone": lambda: _("It is not in the inventory any more, or not at a location of yours."),
    "changed": lambda: _("It was changed again since."),
}
_KINDS: dict[str, JobKind] = {}


def register(kind: type[JobKind]) -> type[JobKind]:
    """Make a kind known, as a class decorator. Its module is imported when its app is ready."""
    _KINDS[kind.slug] = kind()
    return kind


def kind_of(slug: str) -> JobKind:
    """The kind of this name. KeyError for one that does not exist."""
    return _KINDS[slug]


def sentence_of(job: Job, code: str) -> str:
    """Why a number of this job could not be done, in words."""
    return kind_of(job.kind).sentence(code)


def known() -> Sequence[str]:
    """The names of all kinds."""
    return sorted(_KINDS)
