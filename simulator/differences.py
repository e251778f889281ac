"""How a port request differs from the customer service record: the 19 reasons for which a port is rejected.

The record is read when the answer falls due, so what support staff change meanwhile counts. Checks run in
the order of CHECKS and the first difference is the answer, as with real carriers, so a request with three
mistakes takes three rounds:

1. `unknown`: the account is frozen. No reason is given.
2. `account_number_required`, `account_number_mismatch`. Case, spaces and hyphens do not matter. Where the
   record does not insist, no number is fine, and so is the BTN.
3. `invalid_pin`: asked for where the record has one; compared to the letter.
4. `btn_mismatch`: not a billing number of the account, or not the one of these numbers.
5. `company_name_mismatch`, 6. `account_name_mismatch`. Case, spaces, commas and periods do not matter; every
   word does: "Inc" is not "Incorporated", "&" is not "and", a middle initial counts.
7. `service_address_mismatch`: street with floor or suite, city, state. Case, spaces, punctuation and the
   post office's abbreviations do not matter ("100 N. Main St., Ste 5" is "100 North Main Street Suite 5").
8. `zip_mismatch`: the first five digits of a ZIP code, all of a Canadian postal code.
9. `tn_mismatch`: numbers of another account, or on no record.
10. `tn_not_portable`: lines that are suspended, disconnected or gone.
11. `unsupported_rate_center`. 12. `tn_special_feature`.
13. `pending_order`: another request is open on the line, perhaps another port of ours.
14. `multiple_btns`: numbers of several sub-accounts. 15. `pending_main_btn`: see below.
16. `bill_invalid`: none, undated, from the future, older than 30 days on arrival, or not dated on the
    account's bill cycle day.
17. `loa_invalid`: none, not signed, or by somebody whose title or name the record does not accept.
18. `foc_rejected`: not a business day, sooner than the record's lead time after arrival, or a closed date.

Outside North America a number may have no BTN, a state may have no part in an address, a bill may be three
months old, and a letter is signed by hand. The country's own identifiers are compared like the account
number, where both sides have them. Toll-free numbers are asked for at their registry, which knows only of the
holder's name, the letter, the date, and whether the number is free to move: see TOLL_FREE_CHECKS. A request
that has both kinds is rejected as `tn_mismatch`.

A port that takes the BTN must say what becomes of the lines that stay under it. A full port leaves none, so
one that leaves lines is `pending_main_btn`; so is a partial port that keeps them without a new BTN, or with
one that is not among them. A partial port that keeps nothing has them disconnected. A "full" port that leaves
the BTN itself behind is treated as a partial one: the account lives on, and nothing else on it is touched.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from carrier.base import PortRequest
from lib.calendar import is_business_day
from lib.spelling import letters_only, plain_words, postal_code, spoken
from simulator.accounts import (
    NORTH_AMERICA,
    account_among,
    are_toll_free,
    closed_dates,
    earliest_date,
    lines_of,
)
from simulator.clock import ZONE
from simulator.comparison import Comparison, Difference
from simulator.geography import state_code
from simulator.models import ServiceAccount, ServiceLine, SimPort

BILL_DAYS, BILL_DAYS_ELSEWHERE = timedelta(days=30), timedelta(days=90)


def first_difference(request: PortRequest, received_at: datetime, port: SimPort) -> Difference | None:
    """What a request of `port` that arrived at `received_at` is rejected for, or None when all is well."""
    lines = lines_of(request)
    account = account_among(request, list(lines.values()))
    if account is None:
        return Difference("tn_mismatch", "These telephone numbers are not on our records.", request.numbers)
    comparison = Comparison(request, received_at, port, account, lines)
    checks = TOLL_FREE_CHECKS if are_toll_free(lines) else CHECKS
    return next((difference for check in checks if (difference := check(comparison))), None)


# --- The account --------------------------------------------------------------------------------------------


def _frozen(it: Comparison) -> Difference | None:
    return Difference("unknown", "Request denied.") if it.account.is_frozen else None


def _account_number(it: Comparison) -> Difference | None:
    typed, known = letters_only(it.request.account_number), letters_only(it.account.account_number)
    if typed == known:
        return None
    if it.account.requires_account_number:
        if not typed:
            return Difference("account_number_required", "An account number is required for this account.")
    elif not typed or typed in (letters_only(it.account.btn), letters_only(it.account.btn[2:])):
        return None
    return Difference("account_number_mismatch", "The account number does not match our record.")


def _identifiers(it: Comparison) -> Difference | None:
    for name, typed in it.request.identifiers.items():
        known = it.account.identifiers.get(name)
        if known and letters_only(typed) != letters_only(str(known)):
            return Difference("account_number_mismatch", "An identifier does not match our record.")
    return None


def _pin(it: Comparison) -> Difference | None:
    if not it.account.pin or it.request.pin.strip() == it.account.pin:
        return None
    detail = "The port-out PIN is not valid." if it.request.pin.strip() else "A port-out PIN is required."
    return Difference("invalid_pin", detail)


def _btn(it: Comparison) -> Difference | None:
    if not it.request.btn and it.account.country not in NORTH_AMERICA:
        return None
    ours = {line.btn for line in it.own}
    if it.request.btn in ours or (it.request.btn == it.account.btn and len(ours) != 1):
        return None
    return Difference("btn_mismatch", "The billing telephone number is not the one of these numbers.")


def _company(it: Comparison) -> Difference | None:
    if plain_words(it.request.company_name) == plain_words(it.account.company_name):
        return None
    return Difference("company_name_mismatch", "The end user name does not match the name on the account.")


def _authorized_name(it: Comparison) -> Difference | None:
    if plain_words(it.request.authorized_name) in _authorized(it.account):
        return None
    return Difference("account_name_mismatch", "This person is not an authorized user of the account.")


def _service_address(it: Comparison) -> Difference | None:
    typed, known = it.request.address, it.account
    wrong = []
    if spoken(f"{typed.line1} {typed.line2}") != spoken(f"{known.line1} {known.line2}"):
        wrong.append("street")
    if plain_words(typed.city) != plain_words(known.city):
        wrong.append("city")
    if known.state and state_code(typed.state, typed.country).upper() != known.state.upper():
        wrong.append("state")
    if not wrong:
        return None
    return Difference(
        "service_address_mismatch", f"The service address does not match our record: {', '.join(wrong)}."
    )


def _postal_code(it: Comparison) -> Difference | None:
    country = it.account.country
    if postal_code(it.request.address.postal_code, country) == postal_code(it.account.postal_code, country):
        return None
    return Difference("zip_mismatch", "The ZIP code of the service address does not match our record.")


# --- The numbers --------------------------------------------------------------------------------------------


def _numbers(code: str, detail: str, about: Sequence[str]) -> Difference | None:
    return Difference(code, detail, tuple(about)) if about else None


def _other_account(it: Comparison) -> Difference | None:
    own = {line.e164 for line in it.own}
    foreign = [number for number in it.request.numbers if number not in own]
    return _numbers("tn_mismatch", "These telephone numbers are not on this account.", foreign)


def _both_kinds(it: Comparison) -> Difference | None:
    toll_free = [line.e164 for line in it.own if line.is_toll_free]
    detail = "Toll-free numbers move through their registry, with a request of their own."
    return _numbers("tn_mismatch", detail, toll_free)


def _registry(it: Comparison) -> Difference | None:
    held = ("spare", "unavailable")
    free = [n for n in it.own if n.registry_status in held or n.resp_org.endswith("99")]
    states = ", ".join(sorted({str(line.registry_status) for line in free}))
    detail = f"The registry does not let these numbers move: {states}."
    return _numbers("tn_not_portable", detail, [line.e164 for line in free])


def _inactive(it: Comparison) -> Difference | None:
    idle = [line for line in it.own if line.status != ServiceLine.Status.ACTIVE]
    states = ", ".join(sorted({str(line.status) for line in idle}))
    return _numbers("tn_not_portable", f"These lines are not in service: {states}.", [n.e164 for n in idle])


def _rate_center(it: Comparison) -> Difference | None:
    out = [line for line in it.own if not line.is_supported]
    centers = ", ".join(sorted({line.rate_center for line in out}))
    detail = f"There is no porting agreement for rate center {centers}."
    return _numbers("unsupported_rate_center", detail[:300], [line.e164 for line in out])


def _feature(it: Comparison) -> Difference | None:
    special = [line for line in it.own if line.feature]
    features = ", ".join(sorted({line.feature for line in special}))
    detail = f"These lines carry a feature that must be removed first: {features}."
    return _numbers("tn_special_feature", detail[:300], [line.e164 for line in special])


def _other_request(it: Comparison) -> Difference | None:
    busy = [n for n in it.own if n.port_id not in (None, it.port.pk) or n.has_other_request()]
    kinds = ", ".join(sorted({line.other_request or "port request" for line in busy}))
    detail = f"Another request is open on these lines: {kinds}."
    return _numbers("pending_order", detail[:300], [line.e164 for line in busy])


def _several_btns(it: Comparison) -> Difference | None:
    others = [line.e164 for line in it.own if it.request.btn and line.btn != it.request.btn]
    return _numbers("multiple_btns", "These lines are billed under another billing number.", others)


def _lines_that_stay(it: Comparison) -> Difference | None:
    request = it.request
    if request.btn not in request.numbers or not it.staying:
        return None
    if request.full_port:
        detail = f"This is not a full port: {len(it.staying)} more lines are billed under the main number."
    elif not request.keep_remaining or request.new_btn in it.staying:
        return None
    elif request.new_btn:
        detail = "The new billing number is not one of the lines that stay."
    else:
        detail = "The lines that stay need a new billing number."
    return Difference("pending_main_btn", detail, (request.btn,))


# --- The papers and the date --------------------------------------------------------------------------------


def _bill(it: Comparison) -> Difference | None:
    bill, arrived = it.paper("bill"), it.received_at.astimezone(ZONE).date()
    if bill is None:
        return Difference("bill_invalid", "No bill came with the request.")
    if bill.dated is None:
        return Difference("bill_invalid", "The bill shows no date.")
    # A day of grace: west of us it may be yesterday, and in the east it is tomorrow already.
    age = BILL_DAYS if it.account.country in NORTH_AMERICA else BILL_DAYS_ELSEWHERE
    if bill.dated > arrived + timedelta(days=1) or bill.dated < arrived - age - timedelta(days=1):
        return Difference("bill_invalid", f"The bill is not from the last {age.days} days.")
    if it.account.bill_cycle_day and bill.dated.day != it.account.bill_cycle_day:
        return Difference("bill_invalid", "This account was not billed on the date of the bill.")
    return None


def _letter(it: Comparison) -> Difference | None:
    signature, account = it.request.signature, it.account
    letter = it.paper("loa")
    if letter is not None and signature is None and account.country not in NORTH_AMERICA:
        return None  # signed by hand; who signed is on the paper
    if letter is None or signature is None:
        return Difference("loa_invalid", "There is no signed letter of agency.")
    titles = {plain_words(title) for title in account.accepted_titles.splitlines() if title.strip()}
    if titles and plain_words(signature.title) not in titles:
        return Difference("loa_invalid", "A person with this title may not sign for the account.")
    signer = plain_words(f"{signature.first_name} {signature.last_name}")
    if account.signer_rule == ServiceAccount.SignerRule.AUTHORIZED and signer not in _authorized(account):
        return Difference("loa_invalid", "The letter is not signed by an authorized user of the account.")
    return None


def _date(it: Comparison) -> Difference | None:
    day, country = it.request.requested_date, it.request.country
    earliest = earliest_date(it.account, it.received_at, country)
    if day < earliest:
        return Difference("foc_rejected", f"The earliest possible date is {earliest.isoformat()}.")
    if not is_business_day(day, country) or day in closed_dates(it.account):
        return Difference("foc_rejected", f"No ports are worked on {day.isoformat()}.")
    return None


def _authorized(account: ServiceAccount) -> set[str]:
    return {plain_words(name) for name in account.authorized_names.splitlines() if name.strip()}


CHECKS: tuple[Callable[[Comparison], Difference | None], ...] = (
    _frozen,
    _account_number,
    _identifiers,
    _pin,
    _btn,
    _company,
    _authorized_name,
    _service_address,
    _postal_code,
    _other_account,
    _both_kinds,
    _inactive,
    _rate_center,
    _feature,
    _other_request,
    _several_btns,
    _lines_that_stay,
    _bill,
    _letter,
    _date,
)
TOLL_FREE_CHECKS: tuple[Callable[[Comparison], Difference | None], ...] = (
    _frozen,
    _company,
    _other_account,
    _registry,
    _inactive,
    _other_request,
    _letter,
    _date,
)
