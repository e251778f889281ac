"""Selling numbers: finding free ones, holding them for a while, ordering them. Nobody else's number, ever.

How it holds under load: which numbers of a thousand are free is written in that thousand's row. Whoever
takes numbers or gives some back locks the rows of their thousands first, in the order of their digits,
reads the maps of the rows it has locked, and writes rows and maps in one statement each, whatever the
count. So of many buyers of one number one gets it, and two buyers of overlapping lists take turns instead
of waiting for each other. A hold, an order and a back-order are locked before any thousand.

`search` finds, `ledger` knows what is free, `holding` and `selling` take and give back, `waiting` is the
queue of back-orders.
"""

from simulator.stock.holding import extend, forget_lapsed_holds, hold, release
from simulator.stock.ledger import blocks_of, differences, in_service
from simulator.stock.search import find, find_blocks, places
from simulator.stock.selling import give_back, order, take_back
from simulator.stock.waiting import back_order, queue_place, serve

__all__ = [
    "back_order",
    "blocks_of",
    "differences",
    "extend",
    "find",
    "find_blocks",
    "forget_lapsed_holds",
    "give_back",
    "hold",
    "in_service",
    "order",
    "places",
    "queue_place",
    "release",
    "serve",
    "take_back",
]
