"""Port orders, the papers that go with them, and what happened to them."""

from porting.models.events import PortEvent, StuckEvent
from porting.models.orders import PortedNumber, PortOrder
from porting.models.papers import (
    LetterSignature,
    PortDocument,
    SignatureRequest,
    private_name,
    private_storage,
)

__all__ = [
    "LetterSignature",
    "PortDocument",
    "PortEvent",
    "PortOrder",
    "PortedNumber",
    "SignatureRequest",
    "StuckEvent",
    "private_name",
    "private_storage",
]
