"""Adding a paper that an order's country may need, or that somebody asked for."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.transitions import Refused
from porting import documents_wanted, wizard
from porting.forms.documents import DocumentForm
from porting.models import PortOrder
from porting.views.reach import whole_order


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def document_add(request: OrgRequest, pk: int, kind: str) -> HttpResponse:
    order = whole_order(request, pk)
    paper = documents_wanted.one_wanted(order, kind)
    if paper is None:
        raise Http404(f"{order} does not want {kind}")
    sent = request.method == "POST"
    form = DocumentForm(request.POST, request.FILES) if sent else DocumentForm()
    if sent and form.is_valid():
        try:
            documents_wanted.add(
                order, kind, form.cleaned_data["paper"], name=form.file_name, by=request.user
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Added: %(paper)s.") % {"paper": paper.label})
        return redirect(_way_back(order))
    context = {"order": order, "wanted": paper, "form": form, "back_url": _way_back(order)}
    return render(request, "porting/document_add.html", context, status=422 if sent else 200)


def _way_back(order: PortOrder) -> str:
    return wizard.step_url(order, "bill") if order.is_draft else order.get_absolute_url()
