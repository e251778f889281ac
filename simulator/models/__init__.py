"""The simulated carrier's records: clock, stock of numbers, other carriers' accounts, ports, events."""

from simulator.models.clock import Appointment, Clock
from simulator.models.csr import SimRecordRequest
from simulator.models.events import CarrierEvent, Feed
from simulator.models.port_outs import GuardChange, NumberGuard, SimPortOut
from simulator.models.ports import SimAttempt, SimBatch, SimPort
from simulator.models.records import ServiceAccount, ServiceLine, UnknownStreet
from simulator.models.sales import StockCancel, StockHold, StockOrder, StockReturn, StockTake
from simulator.models.stock import StockBlock
from simulator.models.waiting import BackOrder

__all__ = [
    "Appointment",
    "BackOrder",
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
    "StockCancel",
    "StockHold",
    "StockOrder",
    "StockReturn",
    "StockTake",
    "UnknownStreet",
]
