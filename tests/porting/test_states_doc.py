"""docs/states.md says of every state machine exactly what its table says."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from emergency import workflow as emergency
from emergency.models import EmergencyAddress
from porting.models import PortOrder, PortOut
from porting.models import numbers as ported_numbers
from porting.workflow import orders as porting
from porting.workflow import port_outs
from pstn.models import Connection, Job, NumberImport, NumberOrder, PhoneNumber
from pstn.workflow import connections, imports, jobs, number_orders, numbers

MACHINES = {
    "porting/workflow/moves.py": (porting.ALLOWED, PortOrder.State),
    "porting/models/numbers.py": (ported_numbers.ALLOWED, ported_numbers.NumberState),
    "porting/workflow/port_outs.py": (port_outs.ALLOWED, PortOut.State),
    "pstn/workflow/number_orders.py": (number_orders.ALLOWED, NumberOrder.State),
    "pstn/workflow/numbers.py": (numbers.ALLOWED, PhoneNumber.State),
    "pstn/workflow/jobs.py": (jobs.ALLOWED, Job.State),
    "pstn/workflow/imports.py": (imports.ALLOWED, NumberImport.State),
    "pstn/workflow/connections.py": (connections.ALLOWED, Connection.State),
    "emergency/workflow.py": (emergency.ALLOWED, EmergencyAddress.State),
}


def documented(module):
    """The rows of a module's table: state, the word that people see, where it leads."""
    text = (settings.BASE_DIR / "docs" / "states.md").read_text()
    (section,) = [part for part in re.split(r"^## ", text, flags=re.M)[1:] if f"`{module}`" in part]
    states = section.split("| Verb |")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", states, flags=re.M)
    return {state: (word.strip(), set(re.findall(r"`(\w+)`", leads))) for state, word, leads in rows}


@pytest.mark.parametrize("module", MACHINES)
def test_the_page_says_what_the_table_says(module):
    allowed, states = MACHINES[module]
    said = documented(module)
    assert {state: leads for state, (_word, leads) in said.items()} == {
        str(state): {str(to) for to in leads} for state, leads in allowed.items()
    }
    assert {state: word for state, (word, _leads) in said.items()} == {
        state.value: str(state.label) for state in states
    }


def test_no_machine_is_left_out():
    tables = {
        str(path.relative_to(settings.BASE_DIR))
        for app in ("accounts", "pstn", "porting", "emergency", "notifications")
        for path in Path(settings.BASE_DIR / app).rglob("*.py")
        if re.search(r"^ALLOWED\b", path.read_text(), flags=re.M)
    }
    assert tables == set(MACHINES)
