"""What stands in the way of an act on a number: the code of the first reason that applies, and its sentence.

Background jobs ask the same of many numbers at once, with these codes in this order (pstn/jobs). A new reason
belongs in both; a test compares them number by number.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from lib import phone
from pstn.models.locations import Location

if TYPE_CHECKING:
    from pstn.models.numbers import PhoneNumber
    from pstn.models.owners import Owner

# Where a number is given to somebody only if help can be sent to them: 47 CFR 9.11; CRTC 2005-21.
ADDRESS_BEFORE_ASSIGNMENT = frozenset({"US", "CA"})
# The types that people choose between. The others follow from the digits, or from having none.
CHOSEN_KINDS = ("standard", "service", "contact_center", "reserved", "elin")
FIXED_BY_DIGITS = frozenset({phone.Kind.TOLL_FREE, phone.Kind.MOBILE, phone.Kind.NON_GEOGRAPHIC})
# Kept from people: nobody is given one.
KEPT_KINDS = frozenset({"reserved", "elin"})
# For queues, menus and the like; never somebody's telephone (help.webex.com g1gtsdb).
FEATURE_KINDS = frozenset({"toll_free", "contact_center"})
ON_THE_WAY = frozenset({"pending", "porting"})

SENTENCES: dict[str, Any] = {
    "extension_only": _("It has only an extension and is not in the telephone network."),
    "active_already": _("It is active already."),
    "pending": _("The carrier is still providing it."),
    "porting": _("It is still at the other carrier until the port completes."),
    "porting_order": _("Part of a port. Cancel the port order instead."),
    "not_here": _("It is not in service here yet."),
    "terms": _("The terms of service must be accepted first."),
    # 47 CFR 9.11: where help is sent must be known before the service starts.
    "no_address": _("%(location)s has no validated emergency address."),
    "nobody_safe": _(
        "Nobody would know where to send help: neither the number nor %(location)s has a validated "
        "emergency address."
    ),
    "not_active": _("It is not active."),
    "inactive": _("It is inactive. Activate it first."),
    "main": _("Main number of %(location)s."),
    "assigned": _("Assigned to %(owner)s. Unassign it first."),
    "unassigned": _("Nobody has it."),
    "block": _("Part of block %(block)s. A block can only be released as a whole."),
    "block_moves": _("Part of block %(block)s. A block can only be moved as a whole."),
    "reserved": _("It is reserved. Change its type first."),
    "elin": _("It answers emergency calls of telephones without a number (ELIN)."),
    "toll_free_line": _("Toll-free numbers are for features, not for a user, a workspace or a virtual line."),
    "contact_center_line": _(
        "Contact center numbers are for features, not for a user, a workspace or a virtual line."
    ),
    "toll_free": _("Toll-free numbers have no emergency address."),
    "fixed_kind": _("%(kind)s follows from the number itself."),
    "kind_not_chosen": _("This type follows from the number itself and cannot be chosen."),
    "there_already": _("It is already at %(to)s."),
    "other_country": _("%(to)s is in another country."),
    "not_connected": _("%(to)s has no PSTN connection yet."),
    "other_provider": _("%(to)s has another kind of PSTN connection."),
    "no_address_there": _("%(to)s has no validated emergency address."),
    "extension_there": _("Extension %(extension)s is taken at %(to)s."),
}


def kind_by_digits(e164: str, asked: str = "standard") -> str:
    """The type of a number: what its digits say goes before what somebody asks for."""
    kind = phone.kind_of(e164)
    return kind.value if kind in FIXED_BY_DIGITS else asked


def sentence(code: str, number: "PhoneNumber", to: Location | None = None) -> str:
    """The reason in words, of this number; "" for no reason."""
    if not code:
        return ""
    facts = {
        "location": number.location,
        "owner": number.assigned_to,
        "block": number.block if code.startswith("block") else "",
        "kind": number.get_kind_display(),
        "extension": number.extension,
        "to": to,
    }
    return str(SENTENCES[code]) % facts


def against_activate(number: "PhoneNumber") -> str:
    if number.is_extension_only:
        return "extension_only"
    if number.state == "active":
        return "active_already"
    if number.state in ON_THE_WAY:
        return number.state
    if number.waits_for_terms:
        return "terms"
    return "no_address" if number.lacks_address else ""


def against_deactivate(number: "PhoneNumber") -> str:
    if number.is_extension_only:
        return "extension_only"
    return "not_active" if number.state != "active" else _in_use(number)


def against_delete(number: "PhoneNumber", *, in_whole_block: bool = False) -> str:
    """`in_whole_block`: all numbers of its block go with it."""
    if reason := _in_use(number):
        return reason
    if number.state == "pending":
        return "pending"
    if number.state == "porting":
        return "porting_order"
    return "block" if number.block_id and not in_whole_block else ""


def against_assign(number: "PhoneNumber", owner: "Owner | None" = None) -> str:
    """Without `owner`: whether anybody can be given it."""
    if number.state in ON_THE_WAY:
        return "not_here"
    if number.kind in KEPT_KINDS:
        return number.kind
    if owner and owner.is_line and number.kind in FEATURE_KINDS:
        return f"{number.kind}_line"
    country = number.location.country
    return "nobody_safe" if country in ADDRESS_BEFORE_ASSIGNMENT and number.lacks_address else ""


def against_address(number: "PhoneNumber") -> str:
    """Against an emergency address of its own."""
    if number.is_extension_only:
        return "extension_only"
    return "" if number.takes_address else "toll_free"


def against_unassign(number: "PhoneNumber") -> str:
    return "" if number.is_assigned else "unassigned"


def against_retype(number: "PhoneNumber", to: str = "") -> str:
    """Without `to`: whether its type can be changed at all."""
    if number.is_extension_only:
        return "extension_only"
    if number.kind not in CHOSEN_KINDS:
        return "fixed_kind"
    if number.state in ON_THE_WAY:
        return "not_here"
    return _in_use(number) or ("kind_not_chosen" if to and to not in CHOSEN_KINDS else "")


def against_move(number: "PhoneNumber", to: Location | None = None, *, in_whole_block: bool = False) -> str:
    """Without `to`: whether it can leave its location at all. `in_whole_block`: all of its block go along."""
    if number.is_extension_only:
        return "extension_only"
    if to and to.pk == number.location_id:
        return "there_already"
    if number.state in ON_THE_WAY:
        return "not_here"
    if number.state != "active":
        return "inactive"
    if reason := _in_use(number):
        return reason
    if number.block_id and not in_whole_block:
        return "block_moves"
    return against_place(number, to) if to else ""


def against_place(number: "PhoneNumber", to: Location, *, ask: bool = True) -> str:
    """What speaks against this target, whatever the number's own state. Without `ask` it costs no query, and
    whether the extension is taken there stays open."""
    here, there = getattr(number.location, "connection", None), to.ready_connection
    if to.country != number.location.country:
        return "other_country"
    if there is None:
        return "not_connected"
    if here is None or here.kind != there.kind:
        return "other_provider"
    own = number.own_address
    if number.takes_address and not to.has_valid_emergency_address and not (own and own.is_validated):
        return "no_address_there"
    taken = ask and number.extension and to.phone_numbers.filter(extension=number.extension).exists()
    return "extension_there" if taken else ""


def _in_use(number: "PhoneNumber") -> str:
    if number.is_main:
        return "main"
    return "assigned" if number.is_assigned else ""
