"""What the harness reads: the addresses in a page, the kernel's account of a process."""

import os

from tests.bench import machine
from tests.bench.run import PLAN
from tests.bench.servers import ROOT
from tests.bench.weight import fetched

PAGE = """
<link rel="icon" href="/icon.svg"><link rel='stylesheet' href='/a.css'><link rel="alternate" href="/feed">
<script type="module" src="b.js"></script><script>inline()</script><img src="data:image/png;base64,AA">
<script src="/a.js"></script><script src="/a.js"></script>
"""


def test_what_a_browser_fetches_by_itself():
    assert fetched(PAGE, "/acme/numbers/") == ["/a.css", "/acme/numbers/b.js", "/a.js"]
    assert fetched(PAGE, "/acme/numbers/", icons=True) == ["/icon.svg"]


def test_the_account_of_this_process():
    before = machine.cpu(os.getpid())
    assert sum(range(200_000))
    assert before <= machine.cpu(os.getpid()) <= machine.busy()
    assert os.getpid() in machine.family(machine.parent(os.getpid()))
    assert machine.memory(os.getpid()) > 1_000_000


def test_every_row_of_the_plan_has_its_module():
    for name, module in PLAN.items():
        source = (ROOT / "tests" / "bench" / f"{module}.py").read_text()
        assert f'"""{name}:' in source
        assert "\ndef measure(stage: Stage) -> Iterator[Row]:" in source
