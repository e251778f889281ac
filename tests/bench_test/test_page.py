"""docs/performance.md is what its JSON says."""

import json

from tests.bench import table
from tests.bench.servers import ROOT


def test_the_page_in_the_docs_is_that_of_the_json_beside_it():
    docs = ROOT / "docs"
    kept = json.loads((docs / "performance.json").read_text())
    assert (docs / "performance.md").read_text() == table.as_page(kept)
