"""The 19 reasons for which a port is rejected, as data: what people read, how to fix it, what opens."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class PortingError:
    """`step` and `field` name the wizard's step and its form field; `support`: a person there must act."""

    code: str
    title: str | Promise
    fix: str | Promise
    step: str
    field: str
    support: bool = False


ERRORS: dict[str, PortingError] = {
    error.code: error
    for error in [
        PortingError(
            "account_number_mismatch",
            _("The account number differs from the carrier's record"),
            _("Compare it with the bill. With some carriers it is the billing number itself."),
            "carrier",
            "account_number",
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
        ),
        PortingError(
            "btn_mismatch",
            _("The billing number differs from the carrier's record"),
            _("Enter the billing telephone number (BTN) of the account that these numbers are on."),
            "carrier",
            "btn",
        ),
        PortingError(
            "company_name_mismatch",
            _("The company name differs from the carrier's record"),
            _("Write the name exactly as on the bill, with Inc. or LLC as it stands there."),
            "carrier",
            "company_name",
        ),
        PortingError(
            "multiple_btns",
            _("These numbers belong to several billing numbers"),
            _("Keep the numbers of one billing number in this order, and make another order for the rest."),
            "numbers",
            "numbers",
        ),
        PortingError(
            "foc_rejected",
            _("The carrier cannot do that date"),
            _("Choose a later date."),
            "date",
            "requested_date",
        ),
        PortingError(
            "invalid_pin",
            _("The PIN is not right"),
            _("Ask the current carrier for the port-out PIN. Wireless numbers always need it."),
            "carrier",
            "pin",
        ),
        PortingError(
            "pending_order",
            _("Another request is open at the carrier for some of these numbers"),
            _("Take these numbers out, or wait until the other request has ended and send the order again."),
            "numbers",
            "numbers",
        ),
        PortingError(
            "pending_main_btn",
            _("The billing number is in the list, but other numbers stay on its account"),
            _("Take the billing number out, or say what happens to the rest and name its new BTN."),
            "carrier",
            "new_btn",
        ),
        PortingError(
            "service_address_mismatch",
            _("The service address differs from the carrier's record"),
            _("Enter the address where the service is installed, not the one where the bill is sent."),
            "carrier",
            "address_line1",
        ),
        PortingError(
            "zip_mismatch",
            _("The postal code differs from the carrier's record"),
            _("Compare the postal code of the service address with the bill."),
            "carrier",
            "postal_code",
        ),
        PortingError(
            "tn_special_feature",
            _("Some numbers carry a feature that must go first"),
            _("Have the current carrier remove it (remote forwarding, an alarm line), or take them out."),
            "numbers",
            "numbers",
        ),
        PortingError(
            "tn_mismatch",
            _("Some numbers are not on this account"),
            _("Take them out, or port them with the account that they are on."),
            "numbers",
            "numbers",
        ),
        PortingError(
            "tn_not_portable",
            _("Some numbers are inactive or cannot leave the account"),
            _("Only working numbers can be ported. Take them out, or have them restored first."),
            "numbers",
            "numbers",
        ),
        PortingError(
            "unsupported_rate_center",
            _("Some numbers are in a rate center that cannot be ported"),
            _("Take them out and order new numbers for that area instead."),
            "numbers",
            "numbers",
        ),
        PortingError(
            "bill_invalid",
            _("The bill was not accepted"),
            _("Upload the whole latest bill: readable, not older than 30 days, of this account."),
            "bill",
            "bill",
        ),
        PortingError(
            "loa_invalid",
            _("The letter of agency was not accepted"),
            _("A person whom the current carrier knows as authorized must sign, with that person's title."),
            "loa",
            "title",
        ),
        PortingError(
            "unknown",
            _("The carrier gave no reason"),
            _("Ask PSTN support: they can call the carrier."),
            "review",
            "",
            support=True,
        ),
    ]
}


def error(code: str) -> PortingError:
    """The error of a code; a code that we do not know is the unknown error, never a crash."""
    return ERRORS.get(code, ERRORS["unknown"])
