"""The simulated carrier's records: clock, stock of numbers, other carriers' accounts, ports, events."""

from simulator.models.clock import Appointment, Clock
from simulator.models.events import CarrierEvent, Feed
from simulator.models.ports import SimAttempt, SimPort
from simulator.models.records import ServiceAccount, ServiceLine, UnknownStreet
from simulator.models.stock import StockBlock, StockHold, StockNumber, StockOrder, StockReturn

__all__ = [
    "Appointment",
    "CarrierEvent",
    "Clock",
    "Feed",
    "ServiceAccount",
    "ServiceLine",
    "SimAttempt",
    "SimPort",
    "StockBlock",
    "StockHold",
    "StockNumber",
    "StockOrder",
    "StockReturn",
    "UnknownStreet",
]
