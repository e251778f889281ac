"""Why numbers could not be done by a job, in words that are true of many at once."""

from typing import Any

from django.utils.translation import gettext_lazy as _

# The codes of pstn/models/number_rules.py, and those that only jobs have.
REASONS: dict[str, Any] = {
    "extension_only": _("They have only an extension and are not in the telephone network."),
    "pending": _("The carrier is still providing them."),
    "porting": _("They are still at the other carrier until the port completes."),
    "porting_order": _("Part of a port. Cancel the port order instead."),
    "not_here": _("They are not in service here yet."),
    "terms": _("The terms of service must be accepted first."),
    "no_address": _("Neither they nor their location have a validated emergency address."),
    "nobody_safe": _(
        "Nobody would know where to send help: neither they nor their location have a validated emergency "
        "address."
    ),
    "not_active": _("They are not active."),
    "inactive": _("They are inactive. Activate them first."),
    "main": _("Main numbers of their locations."),
    "assigned": _("Assigned. Unassign them first."),
    "block": _("Part of a block that cannot be done as a whole. Its numbers stay together."),
    "reserved": _("They are reserved. Change their type first."),
    "elin": _("They answer emergency calls of telephones without a number (ELIN)."),
    "toll_free_line": _("Toll-free numbers are for features, not for a user, a workspace or a virtual line."),
    "contact_center_line": _(
        "Contact center numbers are for features, not for a user, a workspace or a virtual line."
    ),
    "fixed_kind": _("Their type follows from the numbers themselves."),
    "kind_not_chosen": _("This type follows from the number itself and cannot be chosen."),
    "other_country": _("They are in another country than the target."),
    "not_connected": _("The target has no PSTN connection yet."),
    "other_provider": _("Their location has another kind of PSTN connection than the target."),
    "no_address_there": _("The target has no validated emergency address."),
    "extension_there": _("Their extension is taken at the target."),
    "toll_free": _("Toll-free numbers have no emergency address."),
    "no_such_owner": _("Whoever they were assigned to is not there any more."),
    "no_address_here": _("Their location has no validated emergency address that could take its place."),
    "not_resting": _("They are not among the deleted numbers any more."),
    "taken": _("They are in the console again already, here or elsewhere."),
    "address_country": _("They are in another country than the address."),
    "reach": _("The person who started this may not change numbers here any more."),
    "broken": _("Something broke on our side several times. What was done until then stays."),
}
