"""Writing to PSTN support about an order."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import OrgRequest
from porting import thread
from porting.forms.thread import MessageForm
from porting.views.orders import show
from porting.views.reach import whole_order


@require_POST
def message_create(request: OrgRequest, pk: int) -> HttpResponse:
    order = whole_order(request, pk)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return show(request, order, message_form=form, status=422)
    thread.say(order, text=form.cleaned_data["text"], by=request.membership)
    messages.success(request, _("Your message is with PSTN support."))
    return redirect(order)
