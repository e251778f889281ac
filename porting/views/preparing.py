"""The table in which an order's numbers are prepared, fifty at a time."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from porting.day import preparing
from porting.views.reach import whole_order
from pstn import suggestions


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT)
def order_prepare(request: OrgRequest, pk: int) -> HttpResponse:
    order = whole_order(request, pk)
    if order.location is None or not preparing.is_waiting(order):
        messages.info(request, _("No number of %(order)s is on its way here.") % {"order": order})
        return redirect(order)
    posted = request.POST if request.method == "POST" else None
    table = preparing.table(order, request.GET, posted)
    if posted is not None:
        count = preparing.save(order, table, by=request.user)
        if count is not None:
            text = ngettext("%(n)s number is saved.", "%(n)s numbers are saved.", count) % {"n": count}
            messages.success(request, text)
            on = f"?after={table.page.next}" if posted.get("then") == "next" and table.page.next else ""
            return redirect(f"{request.path}{on}" if on else request.get_full_path())
    context = {
        "order": order,
        "table": table,
        "page": table.page,
        "summary": preparing.summary(order),
        **suggestions.of(request.org, [order.location]),
    }
    return render(request, "porting/order_prepare.html", context, status=422 if table.errors else 200)
