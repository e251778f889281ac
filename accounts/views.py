"""Where a person lands after signing in, and their own preferences."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import PreferencesForm
from accounts.http import OrgRequest


@require_GET
def home(request: OrgRequest) -> HttpResponse:
    """The first organization of this person; staff without one go to the case desk."""
    membership = request.user.memberships.select_related("org").order_by("org__name").first()
    if membership:
        return redirect(membership.org)
    return redirect("admin:index") if request.user.is_staff else render(request, "accounts/nowhere.html")


@require_POST
def preferences(request: OrgRequest) -> HttpResponse:
    """Save what was sent of theme, density and time zone, and go back to the page it was sent from."""
    form = PreferencesForm(request.POST, instance=request.user)
    if form.is_valid():
        form.save()
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "accounts:home")
