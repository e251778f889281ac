"""Locations and their connection, telephone numbers, orders for new ones, and the terms that let them
work."""

from pstn.models.feeds import CarrierFeed, StuckEvent
from pstn.models.locations import Connection, ConnectionEvent, Location, LocationAdmin
from pstn.models.numbers import NumberEvent, PhoneNumber, ReturnedNumber
from pstn.models.orders import NumberOrder, NumberOrderEvent, NumberOrderLine, Order, OrderEvent
from pstn.models.preparations import Preparation
from pstn.models.terms import TermsAcceptance, TermsRequest

__all__ = [
    "CarrierFeed",
    "Connection",
    "ConnectionEvent",
    "Location",
    "LocationAdmin",
    "NumberEvent",
    "NumberOrder",
    "NumberOrderEvent",
    "NumberOrderLine",
    "Order",
    "OrderEvent",
    "PhoneNumber",
    "Preparation",
    "ReturnedNumber",
    "StuckEvent",
    "TermsAcceptance",
    "TermsRequest",
]
