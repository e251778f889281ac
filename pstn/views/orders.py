"""The one list of all orders, whatever they order. The panel of each kind is in its own module."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.http import OrgRequest
from lib.htmx import page_or_part, wants_part
from pstn.alerts import port_out_alerts, waiting_port_outs
from pstn.order_list import SEGMENTS, OrderFilters, ages


@require_GET
def order_list(request: OrgRequest) -> HttpResponse:
    filters = OrderFilters(
        request.GET,
        org=request.org,
        membership=request.membership,
        is_shown=not wants_part(request, "orders"),
    )
    page, [numbers] = filters.page(beside=[waiting_port_outs(request.org, request.membership)])
    context = {
        "filters": filters,
        "segments": SEGMENTS,
        "page": page,
        "rows": [(order, *ages(order)) for order in page.rows],
        "is_asked": request.htmx and request.htmx.trigger != "orders-poll",
        "is_moving": any(order.is_moving for order in page.rows),
        "alerts": port_out_alerts(request.org, numbers),
    }
    return page_or_part(request, "pstn/order_list.html", "orders", context)
