"""The names of the papers that go with ports; which of them a port may need is in the country's pack."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise  # a translatable word, resolved when it is shown

# A kind is stored in PortDocument.kind and sent to the carrier as carrier.ports.Document.kind.
DOCUMENT_LABELS: dict[str, Text] = {
    "bill": _("Bill from the previous carrier"),
    "loa": _("Letter of agency"),
    "csr": _("Customer service record (CSR)"),
    "id_copy": _("Copy of the signer's identity document"),
    "register_extract": _("Extract from the company register"),
    "trade_license": _("Trade license"),
    "proof_of_address": _("Proof of address"),
    "power_of_attorney": _("Power of attorney"),
    "porting_form": _("Porting form of the country"),
    "ownership_letter": _("Letter that proves ownership of the number"),
    "account_page": _("Screenshot of the account page with name and numbers"),
    "other": _("Another document"),
}


def document_label(kind: str) -> Text:
    """The name of a kind of paper; a kind that only the carrier knows is shown as it wrote it."""
    return DOCUMENT_LABELS.get(kind) or kind.replace("_", " ").capitalize()
