"""Jobs over numbers: which can be done and why others cannot, asked of all at once; and slice by slice."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Case, CharField, Count, Max, Q, Value, When

from accounts.models import Membership, Organization
from lib.among import Among
from pstn.jobs.base import DryRun, JobKind, Params, Reason
from pstn.jobs.reasons import REASONS
from pstn.models import Job, JobError, NumberEvent
from pstn.models.numbers import PhoneNumberQuerySet
from pstn.selection import Selection

CAN, SAME, GONE, CHANGED, TORN = "", "same", "gone", "changed", "block"
Refusals = list[tuple[str, Q]]
EXAMPLES = 3  # numbers that a dry run names for each reason


@dataclass(frozen=True)
class Slice:
    """The numbers of one slice, locked in their order; keys that are there no more; and where it ends."""

    pks: list[int]
    missing: list[str]
    end: str
    is_last: bool


@dataclass(frozen=True)
class Verdict:
    """What becomes of one number: `code` is CAN, SAME, or why not."""

    pk: int
    e164: str
    code: str


class NumberKind(JobKind):
    """A kind that changes numbers. What it may do is said in questions that the database asks of all."""

    # Whether the numbers of a block stay together: all of them, or none.
    whole_blocks: ClassVar[bool] = False

    # --- What a kind says of itself

    def same(self, org: Organization, params: Params) -> Q | None:
        """Which numbers are as wished already."""
        return None

    def refusals(self, org: Organization, params: Params) -> Refusals:
        """What stands in the way, the first that applies: codes and order of pstn/models/number_rules.py."""
        return []

    def change(self, job: Job, pks: Sequence[int]) -> None:
        """Do it to these numbers, which are locked and may be changed. A fixed number of statements."""
        raise NotImplementedError

    def refusals_back(self, job: Job) -> Refusals:
        """What stands in the way of undoing it, beside a change since."""
        return []

    def block_mates(self, org: Organization, membership: Membership, e164s: Sequence[str]) -> list[str]:
        reached = org.phone_numbers.within(membership)
        blocks = reached.filter(e164__in=e164s).exclude(block=None).values("block")
        return list(reached.filter(block__in=blocks).order_by("e164").values_list("e164", flat=True))

    def refused_back(self, job: Job, before: str, pks: Sequence[int]) -> dict[int, str]:
        """Codes for those of these numbers that cannot go back to this `before`."""
        return {}

    def put_back(self, job: Job, before: str, pks: Sequence[int]) -> None:
        """Undo it for these numbers, whose event of the job has this `before`."""
        raise NotImplementedError

    def hold(self, job: Job) -> None:
        """Lock what the slice needs beside its numbers, before these."""

    def clashes(self, org: Organization, params: Params, pks: Sequence[int]) -> dict[int, str]:
        """Codes for numbers of one slice that cannot be done together with others of it."""
        return {}

    # --- The dry run

    def count(self, org: Organization, membership: Membership, selection: Selection) -> int:
        return len(selection.numbers) or selection.apply(org, membership).count()

    def check(
        self, org: Organization, membership: Membership, selection: Selection, params: Params
    ) -> DryRun:
        found = selection.apply(org, membership)
        judged = found.annotate(verdict=self._verdict(org, params))
        counted = judged.order_by().values_list("verdict").annotate(n=Count("pk"))
        counts = Counter({str(code): int(n) for code, n in counted})
        torn = self._torn(org, judged) if self.whole_blocks else {}
        if torn:
            counts[TORN] = sum(torn.values())
            counts[CAN] -= counts[TORN]
        if selection.numbers and (gone := len(selection.numbers) - counts.total()):
            counts[GONE] = gone
        refused = [
            Reason(code, self.sentence(code), n, self._examples(judged, code, torn))
            for code, n in counts.most_common()
            if n and code not in (CAN, SAME)
        ]
        return DryRun(counts[CAN], counts[SAME], tuple(refused))

    def refused(
        self, org: Organization, membership: Membership, selection: Selection, params: Params
    ) -> Iterator[tuple[str, str]]:
        """Each number that cannot be done and its code, in order of the number; a slice at a time."""
        job = Job(org=org, membership=membership, query=selection.query, numbers=sorted(selection.numbers))
        while True:
            part = self._take(job, lock=False)
            for verdict in self._judge(org, params, part.pks):
                if verdict.code not in (CAN, SAME):
                    yield verdict.e164, verdict.code
            yield from ((e164, GONE) for e164 in part.missing)
            if part.is_last:
                return
            job.cursor = part.end

    def sentence(self, code: str) -> str:
        return str(REASONS[code]) if code in REASONS else super().sentence(code)

    # --- The work

    def work(self, job: Job) -> bool:
        self.hold(job)
        part = self._take(job)
        if job.undoes_id:
            verdicts = self._undo(job, part.pks)
        else:
            verdicts = self._judge(job.org, job.params, part.pks)
            if pks := [verdict.pk for verdict in verdicts if verdict.code == CAN]:
                self.change(job, pks)
        refused = [
            JobError(job=job, e164=verdict.e164, code=verdict.code)
            for verdict in verdicts
            if verdict.code not in (CAN, SAME)
        ]
        refused += [JobError(job=job, e164=e164, code=GONE) for e164 in part.missing]
        JobError._base_manager.bulk_create(refused, batch_size=500)
        same = sum(verdict.code == SAME for verdict in verdicts)
        job.same += same
        job.failed += len(refused)
        job.done += len(verdicts) + len(part.missing) - same - len(refused)
        job.cursor = part.end or job.cursor
        return not part.is_last

    def _take(self, job: Job, *, lock: bool = True) -> Slice:
        """The next slice: a job over a query goes from number to number, another along its list."""
        size, keys = settings.JOB_SLICE, self._keys(job)
        assert job.membership, "a job without a person's reach does not run"
        reached: PhoneNumberQuerySet = job.org.phone_numbers.within(job.membership)
        if keys is None:
            reached = Selection(job.query).apply(job.org, job.membership)
            if job.last_pk:
                reached = reached.filter(pk__lte=job.last_pk)
            rows = _locked(reached.filter(e164__gt=job.cursor).order_by("e164"), lock)[:size]
            found = list(rows.values_list("pk", "e164"))
            is_last, end = len(found) < size, found[-1][1] if found else ""
            if not is_last and (stretched := self._end_of_block(job.org, end)) > end:
                rest = reached.filter(e164__gt=end, e164__lte=stretched).order_by("e164")
                found += _locked(rest, lock).values_list("pk", "e164")
                end = stretched
            return Slice([pk for pk, _e164 in found], [], end, is_last)
        wanted = keys[:size]
        if wanted and (stretched := self._end_of_block(job.org, wanted[-1])) > wanted[-1]:
            wanted = keys[: bisect_right(keys, stretched)]
        found = list(
            _locked(reached.filter(e164__in=wanted).order_by("e164"), lock).values_list("pk", "e164")
        )
        missing = sorted(set(wanted) - {e164 for _pk, e164 in found})
        end = wanted[-1] if wanted else ""
        return Slice([pk for pk, _e164 in found], missing, end, len(wanted) == len(keys))

    def _keys(self, job: Job) -> list[str] | None:
        """The next keys of a job that goes along a list, more than a slice; None for one over a query."""
        most = settings.JOB_SLICE + 101  # one block more, and one to know that there is more
        if job.undoes_id:
            assert job.undoes, "the job that is undone is there while this one is"
            listed = job.undoes.number_events.filter(e164__gt=job.cursor).order_by("e164")
            return list(listed.values_list("e164", flat=True)[:most])
        if job.retries_id:
            assert job.retries, "the job that is tried again is there while this one is"
            failed = job.retries.errors.filter(e164__gt=job.cursor).order_by("e164")
            return list(failed.values_list("e164", flat=True).distinct()[:most])
        named: list[str] = job.numbers
        return named[bisect_right(named, job.cursor) :] if named else None

    def _end_of_block(self, org: Organization, e164: str) -> str:
        """A slice never ends inside a block whose numbers stay together."""
        if not self.whole_blocks:
            return e164
        mine = org.phone_numbers.filter(e164=e164, block__isnull=False).values("block")
        last = org.phone_numbers.filter(block__in=mine).aggregate(last=Max("e164"))["last"]
        return max(e164, str(last or ""))

    # --- Verdicts

    def _verdict(self, org: Organization, params: Params) -> Case:
        """The first thing that applies to a number, as the database says it."""
        same = self.same(org, params)
        return first([*([(SAME, same)] if same is not None else []), *self.refusals(org, params)])

    def _judge(self, org: Organization, params: Params, pks: Sequence[int]) -> list[Verdict]:
        if not pks:
            return []
        rows = org.phone_numbers.filter(Among("pk", pks)).annotate(verdict=self._verdict(org, params))
        torn = set(self._torn(org, rows)) if self.whole_blocks else set()
        clashes = self.clashes(org, params, pks)
        verdicts = []
        for pk, e164, code, block in rows.order_by("e164").values_list("pk", "e164", "verdict", "block"):
            if code == CAN:
                code = TORN if block in torn else clashes.get(pk, CAN)
            verdicts.append(Verdict(pk, e164, code))
        return verdicts

    def _torn(self, org: Organization, judged: Any) -> dict[int, int]:
        """Blocks of which some numbers could be done but not all, and how many could."""
        blocks = judged.order_by().filter(block__isnull=False, verdict=CAN)
        could = dict(blocks.values_list("block").annotate(n=Count("pk")))
        if not could:
            return {}
        members = org.phone_numbers.filter(block__in=blocks.values("block")).order_by()
        whole = dict(members.values_list("block").annotate(n=Count("pk")))
        return {block: n for block, n in could.items() if n < whole[block]}

    def _examples(self, judged: Any, code: str, torn: dict[int, int]) -> tuple[str, ...]:
        if code == GONE:
            return ()
        rows = judged.filter(verdict=code)
        if code == TORN:
            rows = judged.filter(verdict=CAN, block__in=sorted(torn)[:EXAMPLES])
        return tuple(rows.order_by("e164").values_list("e164", flat=True)[:EXAMPLES])

    # --- The way back

    def _undo(self, job: Job, pks: Sequence[int]) -> list[Verdict]:
        """Put back each number whose newest event is the job's; the others have a life of their own since."""
        assert job.undoes, "the job that is undone is there while this one is"
        rows = job.org.phone_numbers.filter(Among("pk", pks))
        judged = rows.annotate(verdict=first(self.refusals_back(job)))
        found = list(judged.order_by("e164").values_list("pk", "e164", "verdict"))
        events = NumberEvent._base_manager.filter(org=job.org, e164__in=[e164 for _pk, e164, _c in found])
        mine = {
            e164: (pk, before)
            for e164, pk, before in events.filter(job=job.undoes).values_list("e164", "pk", "before")
        }
        newest = dict(events.order_by().values_list("e164").annotate(n=Max("pk")))
        codes, back = dict[int, str](), dict[str, list[int]]()
        for pk, e164, code in found:
            event, before = mine[e164]
            codes[pk] = CHANGED if newest[e164] != event else code
            if codes[pk] == CAN:
                back.setdefault(before, []).append(pk)
        for before, some in back.items():
            codes |= self.refused_back(job, before, some)
        if self.whole_blocks:
            left = rows.filter(Among("pk", [pk for pk, code in codes.items() if code == CAN]))
            torn = self._torn(job.org, left.annotate(verdict=Value(CAN)))
            codes |= dict.fromkeys(left.filter(block__in=torn).values_list("pk", flat=True), TORN)
        for before, some in sorted(back.items()):
            if pks := [pk for pk in some if codes[pk] == CAN]:
                self.put_back(job, before, pks)
        return [Verdict(pk, e164, codes[pk]) for pk, e164, _code in found]


def first(codes: Refusals) -> Case:
    """The code of the first of these that applies to a number."""
    return Case(
        *(When(question, then=Value(code)) for code, question in codes),
        default=Value(CAN),
        output_field=CharField(),
    )


def _locked(rows: PhoneNumberQuerySet, lock: bool) -> PhoneNumberQuerySet:
    return rows.select_for_update(of=("self",)) if lock else rows
