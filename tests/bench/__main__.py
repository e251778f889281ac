"""`make bench`: FULL=1 for ten million numbers too, ONLY=B1,B4 for some rows, ROUNDS=9 for more rounds."""

import os
import signal
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import django


def _leave(number: int, frame: object) -> None:
    """SIGTERM becomes an exception, so that the servers and workers of the run end with it."""
    raise SystemExit(128 + number)


def main() -> int:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        print("The bench needs PostgreSQL and Redis: make bench starts them.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _leave)
    results = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parents[2] / "var")
    with tempfile.TemporaryDirectory(prefix="pstnhub-bench-") as folder:
        # The console's own data folder stays as it is; every process of the run has this one.
        os.environ.update(VAR_DIR=folder, LOG_LEVEL="ERROR", DEBUG="0")
        # A database of the broker that nobody else has: it is emptied again and again.
        os.environ["REDIS_URL"] = urlsplit(os.environ["REDIS_URL"])._replace(path="/9").geturl()
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        from tests.bench.run import run

        return run(results)


if __name__ == "__main__":
    sys.exit(main())
