"""Which numbers a request may reach: its organization's, within its person's locations."""

from django.shortcuts import get_object_or_404

from accounts.http import OrgRequest
from pstn.models import PhoneNumber

RELATED = (
    "org__port_out_guard",
    "port_out_guard",
    "location__connection",
    "location__emergency_address",
    "custom_address",
    "preparation__edited_by",
    "number_order__org",
)


def one_number(request: OrgRequest, e164: str) -> PhoneNumber:
    """A number with everything that its pages show, or 404."""
    numbers = request.org.phone_numbers.within(request.membership)
    number: PhoneNumber = get_object_or_404(numbers.select_related(*RELATED), e164=e164)
    return number
