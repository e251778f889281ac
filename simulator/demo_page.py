"""The tables of docs/rehearsal.md, made from the demonstration's data so that page and records agree."""

from collections.abc import Iterable, Sequence

from lib.phone import international
from simulator import csr, demo
from simulator.demo_shapes import DemoAccount
from simulator.models import ServiceAccount

ACCOUNT_HEADS = (
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


def tables() -> dict[str, str]:
    """Markdown tables by their names, in the order of the page."""
    return {
        "errors": _errors(),
        "scenarios": _scenarios(),
        "records": _records(),
        "toll-free": _registry(),
        "mixed list": _mixed_list(),
        "abroad": _abroad(),
        "accounts": _accounts(),
    }


def numbers(run: Sequence[str]) -> str:
    """Numbers as they can be pasted into the console: North American ones, which follow each other, as a
    range.
    """
    first, last = run[0], run[-1]
    if not first.startswith("+1"):
        return ", ".join(international(e164) for e164 in run)
    return f"{_national(first)} - {last[8:]}" if len(run) > 1 else _national(first)


def _errors() -> str:
    rows = [
        (f"`{r.code}`", r.account.company, r.provoke, r.fix)
        for r in sorted(demo.REHEARSALS, key=lambda r: r.code)
    ]
    return _table(("Error", "Account", "To provoke it", "To fix it"), rows)


def _scenarios() -> str:
    rows = [
        (f"`{s.code}`", s.account.company, s.happens, s.goes_on)
        for s in sorted(demo.SCENARIOS, key=lambda s: s.code)
    ]
    return _table(("Scenario", "Account", "What happens", "How it goes on"), rows)


def _records() -> str:
    rows = []
    for account in demo.RECORDS:
        row = ServiceAccount(carrier_name=account.carrier, account_number=account.account_number)
        when = {
            account.csr_answer.AT_ONCE: "At once.",
            account.csr_answer.AFTER_WAIT: f"After {csr.waiting_days(row)} business days.",
            account.csr_answer.NEVER: "Never.",
        }
        rows.append((f"`{account.csr_answer.value}`", account.company, when[account.csr_answer]))
    return _table(("Answer", "Account", "When the record comes"), rows)


def _registry() -> str:
    meaning = {
        "": "Can be ported",
        "disconnected": "May be sent; somebody must look at it",
        "transitional": "May be sent; somebody must look at it",
        "spare": "Can not be ported: nobody has it",
        "unavailable": "Can not be ported: the registry gives it to nobody",
        "99": "Can not be ported: a RespOrg ending in 99 lets nothing go",
    }
    rows = []
    for line in demo.TOLL_FREE.lines:
        case = "99" if line.resp_org.endswith("99") else line.registry_status
        rows.append(
            (
                _national(line.e164),
                line.registry_status,
                line.resp_org,
                meaning.get(case, meaning[""]),
            )
        )
    return _table(("Number", "In the registry", "RespOrg", "What that means"), rows)


def _mixed_list() -> str:
    return "\n".join(("```text", *demo.MIXED_LIST, "```"))


def _abroad() -> str:
    rows = [
        (
            account.country,
            account.company,
            account.carrier,
            numbers(account.enter),
            account.account_number,
            account.authorized,
            ", ".join((account.line1, account.city)),
            account.postal_code,
            ", ".join(f"{name}: {value}" for name, value in account.identifiers.items()),
        )
        for account in demo.ABROAD
    ]
    heads = ("Country", "Company", "Carrier", "Numbers", "Account number", "Authorized name")
    return _table((*heads, "Service address", "Postal code", "Identifiers"), rows)


def _accounts() -> str:
    accounts = [
        account for account in demo.ACCOUNTS if account.country == "US" and account is not demo.NEIGHBOR
    ]
    return _table(
        ACCOUNT_HEADS,
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


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
