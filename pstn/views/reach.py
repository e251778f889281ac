"""Which numbers a request may reach: its organization's, within its person's locations."""

from django.http import QueryDict
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
    "owner",
    "block",
    "number_order__org",
)


def posted(request: OrgRequest) -> QueryDict | None:
    """What a form was sent with; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def one_number(request: OrgRequest, e164: str) -> PhoneNumber:
    """A number with everything that its pages show, or 404."""
    numbers = request.org.phone_numbers.within(request.membership)
    number: PhoneNumber = get_object_or_404(numbers.select_related(*RELATED), e164=e164)
    # What leads back to the organization need not ask for it again.
    for part in (number.location, number.owner, number.block):
        if part is not None:
            part.org = number.org
    return number
