"""The simulated carrier as the console meets it: an adapter like any other, whose records are rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db import OperationalError

from carrier.base import (
    Address,
    AddressVerdict,
    AvailableBlock,
    AvailableNumber,
    CallWish,
    CarrierRefused,
    CarrierUnavailable,
    Document,
    Event,
    Hold,
    NumberSearch,
    Places,
    Portability,
    PortRequest,
    QueuePlace,
    RecordAnswer,
    RecordRequest,
    Topic,
)
from lib import prepared
from simulator import addresses, csr, events, guards, port_outs, portability, stock, workflow
from simulator.models import Clock

P = ParamSpec("P")
R = TypeVar("R")


def answers(
    method: "Callable[Concatenate[SimulatedCarrier, P], R]",
) -> "Callable[Concatenate[SimulatedCarrier, P], R]":
    """The line to the carrier: it may be down, and a busy database is a carrier that does not answer."""

    @wraps(method)
    def on_the_line(self: "SimulatedCarrier", /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with prepared.statements():
                if Clock.line_is_down():
                    raise CarrierUnavailable("The line to the simulated carrier is down.")
                return method(self, *args, **kwargs)
        except OperationalError as error:
            raise CarrierUnavailable("The simulated carrier's records can not be reached now.") from error

    return on_the_line


class SimulatedCarrier:
    """Implements carrier.base.Carrier. It keeps no state of its own, so one object serves a whole process."""

    name = "Simulated carrier"

    @answers
    def places(self, country: str, state: str) -> Places:
        return stock.places(country, state)

    @answers
    def find_numbers(self, search: NumberSearch) -> tuple[AvailableNumber, ...]:
        return stock.find(search)

    @answers
    def find_blocks(self, search: NumberSearch, size: int, quantity: int = 10) -> tuple[AvailableBlock, ...]:
        return stock.find_blocks(search, size, quantity)

    @answers
    def hold(self, key: str, numbers: Sequence[str], seconds: int) -> Hold:
        return stock.hold(key, numbers, seconds)

    @answers
    def extend_hold(self, hold_id: str, seconds: int) -> Hold:
        return stock.extend(hold_id, seconds)

    @answers
    def release_hold(self, hold_id: str, numbers: Sequence[str] = ()) -> None:
        stock.release(hold_id, numbers)

    @answers
    def check_portability(self, country: str, numbers: Sequence[str]) -> tuple[Portability, ...]:
        return portability.check(country, numbers)

    @answers
    def queue_place(self, carrier_ref: str) -> QueuePlace:
        return stock.queue_place(carrier_ref)

    @answers
    def csr(self, reference: str) -> RecordAnswer:
        return csr.read(reference)

    @answers
    def check_address(self, address: Address) -> AddressVerdict:
        return addresses.check(address)

    @answers
    def order_numbers(self, key: str, numbers: Sequence[str], hold_id: str) -> str:
        return stock.order(key, numbers, hold_id)

    @answers
    def back_order(self, key: str, search: NumberSearch) -> str:
        return stock.back_order(key, search)

    @answers
    def cancel_numbers(self, carrier_ref: str, key: str) -> None:
        workflow.request_order_cancel(carrier_ref, key)

    @answers
    def return_numbers(self, key: str, numbers: Sequence[str]) -> None:
        stock.take_back(key, numbers)

    @answers
    def submit_port(self, request: PortRequest) -> str:
        return workflow.submit(request)

    @answers
    def supplement_port(self, carrier_ref: str, request: PortRequest) -> None:
        workflow.supplement(carrier_ref, request)

    @answers
    def cancel_port(self, carrier_ref: str, key: str) -> None:
        workflow.request_cancel(carrier_ref, key)

    @answers
    def change_port_date(self, carrier_ref: str, key: str, day: date) -> None:
        workflow.request_date(carrier_ref, key, day)

    @answers
    def delay_port(self, carrier_ref: str, key: str) -> None:
        workflow.delay(carrier_ref, key)

    @answers
    def activate_port(self, carrier_ref: str, key: str, numbers: Sequence[str]) -> None:
        workflow.activate(carrier_ref, key, numbers)

    @answers
    def send_documents(self, carrier_ref: str, key: str, documents: Sequence[Document]) -> None:
        workflow.send_documents(carrier_ref, key, documents)

    @answers
    def test_calls(self, wishes: Sequence[CallWish]) -> Mapping[str, CarrierRefused]:
        return workflow.request_test_calls(wishes)

    @answers
    def snap_back(self, carrier_ref: str, key: str, numbers: Sequence[str]) -> None:
        workflow.request_snap_back(carrier_ref, key, numbers)

    @answers
    def request_csr(self, key: str, request: RecordRequest) -> str:
        return csr.request(key, request)

    @answers
    def answer_port_out(self, carrier_ref: str, key: str, accept: bool, reason: str = "") -> None:
        port_outs.answer(carrier_ref, key, accept, reason)

    @answers
    def dispute_port_out(self, carrier_ref: str, key: str, reason: str) -> None:
        port_outs.dispute(carrier_ref, key, reason)

    @answers
    def guard_numbers(self, key: str, numbers: Sequence[str], pin: str, locked: bool) -> None:
        guards.change(key, numbers, pin, locked)

    @answers
    def events(self, topic: Topic, after: str, limit: int = 200) -> tuple[Event, ...]:
        return events.read(topic, after, limit)
