"""The life of ports and number orders at the carrier: every change of their state is one function here.

A port waits for the losing carrier's answer, is confirmed or rejected, and a confirmed one is worked on its
FOC date. A supplement takes the place of the attempt before it, which is not answered any more. Every verb
locks the port first, then claims lines, then writes its events last: always in this order, so that two of
them never wait for each other.

`requests` takes in what the customer sends, `answers` is the losing carrier's word, `activation` the FOC day,
`afterwards` messaging, test calls and the way back, `desk` what support staff may force, `orders` the numbers
that are bought. What is out of the ordinary comes from the account's scenario, never by chance.
"""

from simulator.workflow.activation import activate, begin, complete, finish
from simulator.workflow.afterwards import (
    answer_snap_back,
    move_messaging,
    place_test_calls,
    request_snap_back,
    request_test_calls,
    settle,
)
from simulator.workflow.answers import answer, answer_cancel, answer_date, drop, lose_date, reject_late
from simulator.workflow.desk import (
    answer_now,
    ask_document,
    complete_now,
    force_confirm,
    force_reject,
    release_messaging,
    write_note,
)
from simulator.workflow.orders import answer_order_cancel, provision, request_order_cancel
from simulator.workflow.requests import (
    delay,
    request_cancel,
    request_date,
    send_documents,
    submit,
    supplement,
)

__all__ = [
    "activate",
    "answer",
    "answer_cancel",
    "answer_date",
    "answer_now",
    "answer_order_cancel",
    "answer_snap_back",
    "ask_document",
    "begin",
    "complete",
    "complete_now",
    "delay",
    "drop",
    "finish",
    "force_confirm",
    "force_reject",
    "lose_date",
    "move_messaging",
    "place_test_calls",
    "provision",
    "reject_late",
    "release_messaging",
    "request_cancel",
    "request_date",
    "request_order_cancel",
    "request_snap_back",
    "request_test_calls",
    "send_documents",
    "settle",
    "submit",
    "supplement",
    "write_note",
]
