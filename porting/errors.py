"""Every reason for which a port is rejected, as data: the 19 that all carriers have, and the rarer ones."""

from django.utils.translation import gettext_lazy as _

from porting.rarer_reasons import RARER
from porting.reasons import Actor, PortingError, Resend

__all__ = ["CATALOGUE", "ERRORS", "PortingError", "error"]

ERRORS: dict[str, PortingError] = {
    error.code: error
    for error in [
        PortingError(
            "account_number_mismatch",
            _("The account number differs from the carrier's record"),
            _("Compare it with the bill. With some carriers it is the billing number itself."),
            "carrier",
            "account_number",
            aliases=("invalid_account_number",),
        ),
        PortingError(
            "account_number_required",
            _("The carrier needs an account number"),
            _("Enter the account number as the bill shows it."),
            "carrier",
            "account_number",
        ),
        PortingError(
            "account_name_mismatch",
            _("The person authorizing is not the one on the record"),
            _("Enter the name of the person whom the current carrier knows as authorized on the account."),
            "carrier",
            "authorized_name",
            aliases=("auth_person_mismatch",),
        ),
        PortingError(
            "btn_mismatch",
            _("The billing number differs from the carrier's record"),
            _("Enter the billing telephone number (BTN) of the account that these numbers are on."),
            "carrier",
            "btn",
            aliases=("btn_atn_mismatch",),
        ),
        PortingError(
            "company_name_mismatch",
            _("The company name differs from the carrier's record"),
            _("Write the name exactly as on the bill, with Inc. or LLC as it stands there."),
            "carrier",
            "company_name",
            aliases=("name_mismatch", "company_mismatch", "entity_name_mismatch", "invalid_end_user_name"),
        ),
        PortingError(
            "multiple_btns",
            _("These numbers belong to several billing numbers"),
            _("Keep the numbers of one billing number in this order, and make another order for the rest."),
            "numbers",
            "numbers",
            resend=Resend.NEW_ORDER,
            aliases=("multiple_btn",),
        ),
        PortingError(
            "foc_rejected",
            _("The carrier cannot do that date"),
            _("Choose a later date."),
            "date",
            "requested_date",
            who=Actor.US,
            resend=Resend.DATE,
        ),
        PortingError(
            "invalid_pin",
            _("The PIN is not right"),
            _("Ask the current carrier for the port-out PIN. Wireless numbers always need it."),
            "carrier",
            "pin",
            aliases=("pin_invalid", "pin_required", "passcode_pin_invalid"),
        ),
        PortingError(
            "pending_order",
            _("Another request is open at the carrier for some of these numbers"),
            _("Take these numbers out, or wait until the other request has ended and send the order again."),
            "numbers",
            "numbers",
            who=Actor.CARRIER,
            resend=Resend.WAIT,
        ),
        PortingError(
            "pending_main_btn",
            _("The billing number is in the list, but other numbers stay on its account"),
            _("Take the billing number out, or say what happens to the rest and name its new BTN."),
            "carrier",
            "new_btn",
            aliases=("btn_porting_needs_new", "main_btn_porting", "porting_main_btn_follow"),
        ),
        PortingError(
            "service_address_mismatch",
            _("The service address differs from the carrier's record"),
            _("Enter the address where the service is installed, not the one where the bill is sent."),
            "carrier",
            "address_line1",
            aliases=("address_mismatch", "location_mismatch", "invalid_address"),
        ),
        PortingError(
            "zip_mismatch",
            _("The postal code differs from the carrier's record"),
            _("Compare the postal code of the service address with the bill."),
            "carrier",
            "postal_code",
            aliases=("postal_code_mismatch",),
        ),
        PortingError(
            "tn_special_feature",
            _("Some numbers carry a feature that must go first"),
            _("Have the current carrier remove it (remote forwarding, an alarm line), or take them out."),
            "numbers",
            "numbers",
            who=Actor.CARRIER,
            resend=Resend.WAIT,
            aliases=("special_feature", "phone_number_has_special_feature"),
        ),
        PortingError(
            "tn_mismatch",
            _("Some numbers are not on this account"),
            _("Take them out, or port them with the account that they are on."),
            "numbers",
            "numbers",
            resend=Resend.NEW_ORDER,
            aliases=("number_not_on_account", "phone_number_mismatch"),
        ),
        PortingError(
            "tn_not_portable",
            _("Some numbers are inactive or cannot leave the account"),
            _("Only working numbers can be ported. Take them out, or have them restored first."),
            "numbers",
            "numbers",
            who=Actor.CARRIER,
            resend=Resend.WAIT,
            aliases=("number_inactive", "number_not_portable"),
        ),
        PortingError(
            "unsupported_rate_center",
            _("Some numbers are in a rate center that cannot be ported"),
            _("Take them out and order new numbers for that area instead."),
            "numbers",
            "numbers",
            who=Actor.US,
            aliases=("rate_center", "rate_centre"),
        ),
        PortingError(
            "bill_invalid",
            _("The bill was not accepted"),
            _("Upload the whole latest bill: readable, not older than 30 days, of this account."),
            "bill",
            "bill",
            aliases=("bill_outdated",),
        ),
        PortingError(
            "loa_invalid",
            _("The letter of agency was not accepted"),
            _("A person whom the current carrier knows as authorized must sign, with that person's title."),
            "loa",
            "title",
            aliases=("loa_required",),
        ),
        PortingError(
            "unknown",
            _("The carrier gave no reason"),
            _("Ask PSTN support: they can call the carrier."),
            "review",
            "",
            who=Actor.SUPPORT,
            resend=Resend.WAIT,
            support=True,
        ),
    ]
}

# Every reason by its code, and by what others call it.
CATALOGUE: dict[str, PortingError] = {
    name: known for known in (*ERRORS.values(), *RARER) for name in (known.code, *known.aliases)
}


def error(code: str) -> PortingError:
    """The error of a code, however it is written; one that we do not know is the unknown error, no crash."""
    return CATALOGUE.get(code.lower(), ERRORS["unknown"])
