"""Locations and their connection, telephone numbers, orders for new ones, and the terms that let them
work."""

from pstn.models.assisted import NumberOffer, NumberOrderMessage
from pstn.models.blocks import NumberBlock
from pstn.models.feeds import CarrierFeed, StuckEvent
from pstn.models.imports import ImportLine, NumberExport, NumberImport
from pstn.models.jobs import Job, JobError, JobWas
from pstn.models.locations import Connection, ConnectionEvent, Location, LocationAdmin
from pstn.models.number_events import NumberEvent, ReturnedNumber
from pstn.models.number_orders import BackOrder, NumberOrder, NumberOrderEvent, NumberOrderLine
from pstn.models.numbers import PhoneNumber
from pstn.models.orders import Order, OrderEvent
from pstn.models.owners import Owner, OwnerWord
from pstn.models.preparations import Preparation
from pstn.models.quarantine import RestingNumber
from pstn.models.tags import NumberTag, Tag
from pstn.models.tallies import NumberTally, ThousandTally
from pstn.models.terms import TermsAcceptance, TermsRequest
from pstn.models.views import SavedView, UsualView

__all__ = [
    "BackOrder",
    "CarrierFeed",
    "Connection",
    "ConnectionEvent",
    "ImportLine",
    "Job",
    "JobError",
    "JobWas",
    "Location",
    "LocationAdmin",
    "NumberBlock",
    "NumberEvent",
    "NumberExport",
    "NumberImport",
    "NumberOffer",
    "NumberOrder",
    "NumberOrderEvent",
    "NumberOrderLine",
    "NumberOrderMessage",
    "NumberTag",
    "NumberTally",
    "Order",
    "OrderEvent",
    "Owner",
    "OwnerWord",
    "PhoneNumber",
    "Preparation",
    "RestingNumber",
    "ReturnedNumber",
    "SavedView",
    "StuckEvent",
    "Tag",
    "TermsAcceptance",
    "TermsRequest",
    "ThousandTally",
    "UsualView",
]
