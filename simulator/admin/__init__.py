"""The simulator's panel for support staff: records, stock, ports, port-outs, the clock. What happened can be
read; what is to happen can be forced by verbs.
"""

from simulator.admin import port_outs, ports, records, stock, time

__all__ = ["port_outs", "ports", "records", "stock", "time"]
