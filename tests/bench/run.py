"""One run: which rows, in which order, on which data; then the table, the JSON and the page."""

import logging
import os
import platform
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from tests.bench import machine, table
from tests.bench.servers import ROOT
from tests.bench.stage import WORDS, Stage
from tests.bench.table import Row

Measure = Callable[[Stage], Iterator[Row]]
# What is measured where: a module of this folder, whose `measure` yields rows.
PLAN = {
    "B1": "first_page",
    "B2": "growth",
    "B3": "searches",
    "B4": "counters",
    "B5": "imports",
    "B6": "exports",
    "B7": "buyers",
    "B8": "blocks",
    "B9": "pipeline",
    "B10": "changes",
    "B11": "weight",
    "B12": "statements",
    "B13": "busy",
    "B14": "as_json",
    "P1": "paste",
    "P2": "ports",
}


def run(results: Path) -> int:
    chosen = [name for name in os.environ.get("ONLY", "").upper().replace(",", " ").split() if name]
    if unknown := [name for name in chosen if name not in PLAN]:
        print(f"No such row: {', '.join(unknown)}. There are {', '.join(PLAN)}.", file=sys.stderr)
        return 2
    is_full = os.environ.get("FULL", "") not in ("", "0")
    sizes = tuple(int(size) for size in os.environ.get("SIZES", "").replace(",", " ").split()) or (
        (10_000, 1_000_000, 10_000_000) if is_full else (10_000, 1_000_000)
    )
    seconds = float(os.environ.get("SECONDS", "") or (4 if is_full else 2))
    stage = Stage(sizes, int(os.environ.get("ROUNDS", "") or 5), seconds, is_full)
    call_command("collectstatic", interactive=False, verbosity=0)
    say(f"Making {', '.join(said(size) for size in sizes)} numbers…")
    stage.prepare()
    # Nobody waits for a page of ours in this process: what it refuses (405, 404) is no news.
    logging.disable(logging.WARNING)
    told = about(stage)
    result: dict[str, Any] = {"about": told, "rows": []}
    results.mkdir(parents=True, exist_ok=True)
    for name in chosen or PLAN:
        result["rows"] += [{**row.as_json(), "revision": told["revision"]} for row in taken(name, stage)]
        result["about"] = about(stage)
        table.write(result, results)  # so far: a run that is broken off leaves what it has
    print(table.as_text(result["rows"]), flush=True)
    if is_full:
        table.publish(result, ROOT / "docs", is_whole=not chosen)
    return 0


def taken(name: str, stage: Stage) -> list[Row]:
    """The rows of one measurement. What breaks is a row that is short; the others go on."""
    began = time.monotonic()
    rows: list[Row] = []
    try:
        rows.extend(import_module(f"tests.bench.{PLAN[name]}").measure(stage))
    except Exception as error:
        traceback.print_exc()
        rows.append(
            table.failed(name, PLAN[name].replace("_", " "), f"{type(error).__name__}: {error}"[:300])
        )
    say(f"{name} took {time.monotonic() - began:.0f} s")
    return rows


def about(stage: Stage) -> dict[str, Any]:
    """What the figures depend on."""
    versions = {name: metadata.version(name) for name in ("Django", "psycopg", "granian", "celery")}
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        versions["PostgreSQL"] = cursor.fetchone()[0].split()[0]
    foreign = f"up to {max(stage.foreign):.0%} of the machine" if stage.foreign else ""
    return {
        "date": date.today().isoformat(),
        "revision": revision(),
        "sizes": [said(size) for size in stage.sizes],
        "rows": list(stage.sizes),
        "rounds": stage.rounds,
        "machine": {
            **machine.described(),
            "system": f"{platform.system()} {platform.release()}",
            "versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
            **({"other work meanwhile": foreign} if foreign else {}),
        },
    }


def revision() -> str:
    """The commit that was measured, with a plus when files differ from it."""
    commit = _git("rev-parse", "--short", "HEAD")
    return (
        commit + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
        if commit
        else "unknown"
    )


def said(size: int) -> str:
    return WORDS.get(size, f"{size:,}")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _git(*words: str) -> str:
    found = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip() if found.returncode == 0 else ""
