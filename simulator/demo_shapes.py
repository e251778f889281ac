"""What the data of the demonstration consists of: accounts, their lines, and how to rehearse an error."""

from dataclasses import dataclass

from simulator.models import ServiceLine


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
    pin: str = ""
    is_wireless: bool = False
    odd: tuple[DemoLine, ...] = ()
    left_out: tuple[str, ...] = ()  # lines that are not to be entered in an order
    bill_cycle_day: int | None = None
    accepted_titles: str = ""
    minimum_lead_days: int = 3
    is_frozen: bool = False

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
