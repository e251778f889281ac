"""The simulated carrier's records: clock, stock of numbers, other carriers' accounts, ports, events."""

from simulator.models.clock import Appointment, Clock
from simulator.models.csr import SimRecordRequest
from simulator.models.events import CarrierEvent, Feed
from simulator.models.port_outs import GuardChange, NumberGuard, SimPortOut
from simulator.models.ports import SimAttempt, SimBatch, SimPort
from simulator.models.records import ServiceAccount, ServiceLine, UnknownStreet
from simulator.models.stock import StockBlock, StockHold, StockNumber, StockOrder, StockReturn

__all__ = [
    "Appointment",
    "CarrierEvent",
    "Clock",
    "Feed",
    "GuardChange",
    "NumberGuard",
    "ServiceAccount",
    "ServiceLine",
    "SimAttempt",
    "SimBatch",
    "SimPort",
    "SimPortOut",
    "SimRecordRequest",
    "StockBlock",
    "StockHold",
    "StockNumber",
    "StockOrder",
    "StockReturn",
    "UnknownStreet",
]
