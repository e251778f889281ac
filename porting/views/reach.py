"""Which port orders a request may reach: its organization's, within its person's locations."""

from django.shortcuts import get_object_or_404

from accounts.http import OrgRequest
from porting.models import PortOrder


def whole_order(request: OrgRequest, pk: int) -> PortOrder:
    """An order with everything that its pages show, or 404."""
    orders = request.org.port_orders.within(request.membership)
    order: PortOrder = get_object_or_404(orders.whole(), pk=pk)
    return order
