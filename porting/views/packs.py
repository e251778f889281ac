"""An order on paper."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.http import OrgRequest
from porting import port_pack
from porting.views.reach import whole_order


@require_GET
def order_pack(request: OrgRequest, pk: int) -> HttpResponse:
    """The port pack: no PIN and no account number stand in it."""
    order = whole_order(request, pk)
    headers = {
        "Content-Disposition": f'inline; filename="{order.reference}-port-pack.pdf"',
        "X-Content-Type-Options": "nosniff",
    }
    content = port_pack.pdf(order)
    return HttpResponse(content, content_type="application/pdf", headers=headers)
