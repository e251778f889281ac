"""Customer service records: who asks for one is answered at once, after some days, or never.

Which it is stands on the record (`csr_answer`), or falls to it by its account number: of a hundred accounts
forty answer at once, thirty after one to three business days and thirty never, always the same ones. A
record is found by its billing number or by the numbers, at the carrier that was asked; where there is none
nobody answers.
"""

from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from carrier.base import (
    Address,
    CustomerRecord,
    EventKind,
    RecordAnswer,
    RecordRequest,
    RecordStatus,
    Topic,
)
from lib.spelling import plain_words
from simulator import deadlines
from simulator.events import emit
from simulator.models import ServiceAccount, ServiceLine, SimRecordRequest

Answer = ServiceAccount.RecordAnswer
State = SimRecordRequest.State
#: Of a hundred accounts so many answer at once, and so many more after a wait.
AT_ONCE, AFTER_WAIT = 40, 30
LONGEST_WAIT = 3


def request(key: str, wish: RecordRequest) -> str:
    """Take in a wish for a record; its reference. The same key again: the same wish, nothing else."""
    known = SimRecordRequest.objects.filter(key=key).first()
    if known is not None:
        return known.reference
    try:
        with transaction.atomic():
            row = SimRecordRequest.objects.create(
                key=key,
                country=wish.country,
                losing_carrier=wish.losing_carrier,
                btn=wish.btn,
                numbers=list(wish.numbers),
            )
            _receive(row)
    except IntegrityError:
        # The same key at the same moment: the other one has just been committed.
        row = SimRecordRequest.objects.get(key=key)
    return row.reference


def read(reference: str) -> RecordAnswer:
    """The record as it is now, once it was given; an unknown reference has none."""
    row = SimRecordRequest.objects.filter(pk=SimRecordRequest.pk_of(reference)).first()
    if row is None or row.state == State.SILENT:
        return RecordAnswer(RecordStatus.NONE)
    if row.state == State.WAITING:
        return RecordAnswer(RecordStatus.WAITING)
    account = _account(row)
    if account is None:
        return RecordAnswer(RecordStatus.NONE)
    return RecordAnswer(RecordStatus.READY, _record(account))


def answer(row: SimRecordRequest) -> None:
    """The wait is over: the record is given, unless it has gone or its owner answers nobody any more."""
    account = _account(row)
    if account is None or answers(account) == Answer.NEVER:
        row.state = State.SILENT
        row.save(update_fields=["state"])
    else:
        _give(row)


@transaction.atomic
def answer_now(row: SimRecordRequest) -> bool:
    """Support staff have a record given, whatever was planned. False when there is none to give."""
    row = SimRecordRequest.objects.select_for_update().get(pk=row.pk)
    if row.state == State.ANSWERED or _account(row) is None:
        return False
    deadlines.withdraw(row)
    _give(row)
    return True


def answers(account: ServiceAccount) -> Answer:
    """How an account answers who asks for its record: AT_ONCE, AFTER_WAIT or NEVER."""
    chosen = Answer(account.csr_answer)
    if chosen is not Answer.BY_SHARE:
        return chosen
    lot = _lot(account) % 100
    if lot < AT_ONCE:
        return Answer.AT_ONCE
    return Answer.AFTER_WAIT if lot < AT_ONCE + AFTER_WAIT else Answer.NEVER


def waiting_days(account: ServiceAccount) -> int:
    """How many business days an account that answers after a wait takes: one to three, always the same."""
    return 1 + _lot(account) // 100 % LONGEST_WAIT


# --- Inside -------------------------------------------------------------------------------------------------


def _lot(account: ServiceAccount) -> int:
    """A number that looks drawn and is not: the same account has the same one on every machine."""
    return int(sha256(f"{account.carrier_name}|{account.account_number}".encode()).hexdigest()[:12], 16)


def _receive(row: SimRecordRequest) -> None:
    account = _account(row)
    how = answers(account) if account else Answer.NEVER
    if account is not None and how is Answer.AFTER_WAIT:
        deadlines.of_record(row, waiting_days(account))
    elif how is Answer.AT_ONCE:
        _give(row)
    else:
        row.state = State.SILENT
        row.save(update_fields=["state"])


def _give(row: SimRecordRequest) -> None:
    row.state, row.answered_at = State.ANSWERED, timezone.now()
    row.save(update_fields=["state", "answered_at"])
    emit(Topic.RECORDS, EventKind.RECORD_ANSWERED, row.key)


def _account(row: SimRecordRequest) -> ServiceAccount | None:
    """The account at this carrier that the billing number names, else the one most of the numbers are on."""
    wanted = [*row.numbers, row.btn] if row.btn else row.numbers
    found = ServiceLine.objects.on_account().filter(Q(e164__in=wanted) | Q(btn=row.btn, btn__gt=""))
    lines = [
        line
        for line in found.filter(account__country=row.country).select_related("account").order_by("pk")
        if plain_words(line.account.carrier_name) == plain_words(row.losing_carrier)
    ]
    named = next((line.account for line in lines if line.account.btn == row.btn), None)
    named = named or next((line.account for line in lines if line.btn == row.btn), None)
    if named is not None:
        return named
    accounts = {line.account_id: line.account for line in lines}
    counts = {pk: sum(line.account_id == pk for line in lines) for pk in sorted(accounts)}
    return accounts[max(counts, key=counts.__getitem__)] if counts else None


def _record(account: ServiceAccount) -> CustomerRecord:
    lines = list(account.lines.on_account())
    return CustomerRecord(
        account_number=account.account_number,
        btn=account.btn,
        company_name=account.company_name,
        authorized_names=tuple(filter(None, map(str.strip, account.authorized_names.splitlines()))),
        address=Address(
            account.line1,
            account.city,
            account.state,
            account.postal_code,
            country=account.country,
            line2=account.line2,
        ),
        numbers=tuple(line.e164 for line in lines),
        needs_pin=bool(account.pin),
        features={line.e164: line.feature for line in lines if line.feature},
        btns={line.e164: line.btn for line in lines},
    )
