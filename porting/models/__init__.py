"""Port orders, the papers that go with them, and what happened to them."""

from porting.models.cutover import Activation, CutoverDay, TestCall, TestRun
from porting.models.events import PortEvent
from porting.models.feeds import CalendarFeed
from porting.models.fees import FeeBand
from porting.models.groups import GroupEvent, PortGroup
from porting.models.guards import GuardChange, NumberGuard, OrganizationGuard
from porting.models.links import TaskLink, TaskLinkEvent
from porting.models.numbers import PortedNumber
from porting.models.orders import PortOrder
from porting.models.papers import (
    LetterReminder,
    LetterSignature,
    PortDocument,
    SignatureRequest,
    private_name,
    private_storage,
)
from porting.models.port_out_rows import PortOutEvent, PortOutNumber
from porting.models.port_outs import PortOut
from porting.models.readings import BillReading
from porting.models.records import CsrRequest, PreflightOverride
from porting.models.reminders import PortWarning
from porting.models.thread import PortMessage
from porting.models.wanted import DocumentRequest

__all__ = [
    "Activation",
    "BillReading",
    "CalendarFeed",
    "CsrRequest",
    "CutoverDay",
    "DocumentRequest",
    "FeeBand",
    "GroupEvent",
    "GuardChange",
    "LetterReminder",
    "LetterSignature",
    "NumberGuard",
    "OrganizationGuard",
    "PortDocument",
    "PortEvent",
    "PortGroup",
    "PortMessage",
    "PortOrder",
    "PortOut",
    "PortOutEvent",
    "PortOutNumber",
    "PortWarning",
    "PortedNumber",
    "PreflightOverride",
    "SignatureRequest",
    "TaskLink",
    "TaskLinkEvent",
    "TestCall",
    "TestRun",
    "private_name",
    "private_storage",
]
