"""What the data of the demonstration consists of: accounts, their lines, what to rehearse with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.models import ServiceAccount, ServiceLine

Scenario = ServiceAccount.Scenario
RecordAnswer = ServiceAccount.RecordAnswer


def story_numbers(area_code: str, first: int, count: int) -> tuple[str, ...]:
    """Numbers of the range 555-0100 to 555-0199, which belongs to nobody and is kept for stories."""
    return tuple(f"+1{area_code}555{number:04}" for number in range(first, first + count))


@dataclass(frozen=True)
class DemoLine:
    """A line as it is on the record, where it differs from an ordinary one."""

    e164: str
    btn: str = ""  # empty: the account's
    status: ServiceLine.Status = ServiceLine.Status.ACTIVE
    feature: str = ""
    other_request: str = ""
    rate_center: str = ""  # empty: the city
    is_supported: bool = True
    registry_status: str = ""  # empty: not toll-free
    resp_org: str = ""


@dataclass(frozen=True)
class DemoAccount:
    """A customer service record. The first number is the BTN; `odd` lines take the place of theirs."""

    company: str
    carrier: str
    account_number: str
    authorized: str
    line1: str
    city: str
    postal_code: str
    numbers: tuple[str, ...]
    line2: str = ""
    state: str = "CA"
    country: str = "US"
    pin: str = ""
    is_wireless: bool = False
    odd: tuple[DemoLine, ...] = ()
    left_out: tuple[str, ...] = ()  # lines that are not to be entered in an order
    bill_cycle_day: int | None = None
    accepted_titles: str = ""
    minimum_lead_days: int = 3
    is_frozen: bool = False
    scenario: Scenario = Scenario.AS_USUAL
    wanted_document: str = ""
    csr_answer: RecordAnswer = RecordAnswer.BY_SHARE
    identifiers: Mapping[str, str] = field(default_factory=dict)

    @property
    def btn(self) -> str:
        return self.numbers[0]

    @property
    def lines(self) -> tuple[DemoLine, ...]:
        odd = {line.e164: line for line in self.odd}
        return tuple(odd.get(number, DemoLine(number)) for number in self.numbers)

    @property
    def enter(self) -> tuple[str, ...]:
        """The numbers to put in an order."""
        return tuple(number for number in self.numbers if number not in self.left_out)


@dataclass(frozen=True)
class Rehearsal:
    """How to see one of the 19 errors, and how to get out of it."""

    code: str
    account: DemoAccount
    provoke: str
    fix: str


@dataclass(frozen=True)
class Story:
    """What an account's scenario does to a port in which everything is true, and how it goes on."""

    account: DemoAccount
    happens: str
    goes_on: str

    @property
    def code(self) -> str:
        return str(self.account.scenario)
