"""A port request beside the customer service record, and how they differ."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from carrier.base import Document, PortRequest
from simulator.models import ServiceAccount, ServiceLine, SimPort


@dataclass(frozen=True)
class Difference:
    """Why a request is rejected: one of the 19 codes, the carrier's words, the numbers if not all."""

    code: str
    detail: str
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """A request beside the record. `lines` are those of the request that are on any record, by number."""

    request: PortRequest
    received_at: datetime
    port: SimPort
    account: ServiceAccount
    lines: dict[str, ServiceLine]

    @property
    def own(self) -> list[ServiceLine]:
        """The request's lines that are on the account."""
        return [line for line in self.lines.values() if line.account_id == self.account.pk]

    @cached_property
    def staying(self) -> set[str]:
        """Lines under the BTN that the request leaves on the account."""
        under = self.account.lines.on_account().filter(btn=self.request.btn)
        return set(under.values_list("e164", flat=True)) - set(self.request.numbers)

    def paper(self, kind: str) -> Document | None:
        return next((paper for paper in self.request.documents if paper.kind == kind), None)
