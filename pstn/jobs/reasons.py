"""Why numbers could not be done by a job, in words that are true of one and of many."""

from typing import Any

from django.utils.translation import gettext_lazy as _

# The codes of pstn/models/number_rules.py, and those that only jobs have.
REASONS: dict[str, Any] = {
    "extension_only": _("Only an extension, which is not in the telephone network."),
    "pending": _("Still being provided by the carrier."),
    "porting": _("Still at the other carrier until the port completes."),
    "porting_order": _("Part of a port. Cancel the port order instead."),
    "not_here": _("Not in service here yet."),
    "terms": _("The terms of service must be accepted first."),
    "no_address": _("No validated emergency address, neither its own nor the location's."),
    "nobody_safe": _(
        "Nobody would know where to send help: no validated emergency address, neither its own nor the "
        "location's."
    ),
    "not_active": _("Not active."),
    "inactive": _("Inactive. Activate first."),
    "main": _("Main number of a location."),
    "assigned": _("Assigned. Unassign first."),
    "block": _("Part of a block that cannot be done as a whole. Its numbers stay together."),
    "reserved": _("Reserved. Change the type first."),
    "elin": _("Kept for emergency calls of telephones without a number (ELIN)."),
    "toll_free_line": _("Toll-free numbers are for features, not for a user, a workspace or a virtual line."),
    "contact_center_line": _(
        "Contact center numbers are for features, not for a user, a workspace or a virtual line."
    ),
    "fixed_kind": _("The type follows from the number itself."),
    "kind_not_chosen": _("This type follows from the number itself and cannot be chosen."),
    "other_country": _("In another country than the target."),
    "not_connected": _("The target has no PSTN connection yet."),
    "other_provider": _("The location has another kind of PSTN connection than the target."),
    "no_address_there": _("The target has no validated emergency address."),
    "extension_there": _("The extension is taken at the target."),
    "toll_free": _("Toll-free numbers have no emergency address."),
    "no_such_owner": _("The former owner is not there any more."),
    "no_address_here": _("The location has no validated emergency address that could take its place."),
    "not_resting": _("Not among the deleted numbers any more."),
    "taken": _("In the console again already, here or elsewhere."),
    "address_country": _("In another country than the address."),
    "reach": _("The person who started this may not change numbers here any more."),
    "broken": _("Something broke on our side several times. What was done until then stays."),
}
