"""The tables of docs/rehearsal.md, made from demo.py so that page and records cannot drift apart."""

from collections.abc import Iterable, Sequence

from simulator import demo
from simulator.demo_shapes import DemoAccount


def tables() -> str:
    """Markdown: how to provoke each error, and the accounts."""
    return f"{_errors()}\n\n### The accounts\n\n{_accounts()}"


def _errors() -> str:
    rows = [
        (f"`{r.code}`", r.account.company, r.provoke, r.fix)
        for r in sorted(demo.REHEARSALS, key=lambda r: r.code)
    ]
    return _table(("Error", "Account", "To provoke it", "To fix it"), rows)


def _accounts() -> str:
    heads = (
        "Company",
        "Carrier",
        "Numbers to enter",
        "BTN",
        "Account number",
        "PIN",
        "Authorized name",
        "Service address",
        "ZIP",
        "Billed on day",
    )
    accounts = [*demo.GOOD, *(r.account for r in demo.REHEARSALS)]
    return _table(
        heads,
        [
            (
                account.company,
                account.carrier,
                numbers(account.enter),
                _national(account.btn),
                account.account_number,
                account.pin or "none",
                account.authorized,
                _address(account),
                account.postal_code,
                str(account.bill_cycle_day or "any"),
            )
            for account in accounts
        ],
    )


def _address(account: DemoAccount) -> str:
    return ", ".join(part for part in (account.line1, account.line2, account.city, account.state) if part)


def _national(e164: str) -> str:
    return f"({e164[2:5]}) {e164[5:8]}-{e164[8:]}"


def numbers(run: Sequence[str]) -> str:
    """Consecutive numbers as a range that can be pasted into the console."""
    first, last = run[0], run[-1]
    return f"{_national(first)} - {last[8:]}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
