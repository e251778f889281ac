"""Where a person lands after signing in, and their own preferences."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import PreferencesForm, zones
from accounts.http import OrgRequest


@require_GET
def home(request: OrgRequest) -> HttpResponse:
    """The first organization of this person; staff without one go to the case desk."""
    membership = request.user.memberships.select_related("org").order_by("org__name").first()
    if membership:
        return redirect(membership.org)
    return redirect("admin:index") if request.user.is_staff else render(request, "accounts/nowhere.html")


@require_GET
def organizations(request: OrgRequest) -> HttpResponse:
    """The organizations of this person, for the switcher of the navigation; or as a page."""
    names = request.user.memberships.order_by("org__name").values_list("org__slug", "org__name")
    context = {"organizations": names, "here": request.GET.get("here", "")}
    part = "accounts/organizations.html#choices" if request.htmx else "accounts/organizations.html"
    response = render(request, part, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
def time_zone(request: OrgRequest) -> HttpResponse:
    """A page of its own: the zones are too many for the menu of every page."""
    back = request.GET.get("next", "")
    context = {"zones": zones(), "back": back if _is_safe(request, back) else "/"}
    return render(request, "accounts/time_zone.html", context)


@require_POST
def preferences(request: OrgRequest) -> HttpResponse:
    """Save what was sent of theme, density and time zone, and go back to the page it was sent from."""
    form = PreferencesForm(request.POST, instance=request.user)
    if form.is_valid():
        form.save()
    back = request.POST.get("next", "")
    return redirect(back if _is_safe(request, back) else "accounts:home")


def _is_safe(request: OrgRequest, back: str) -> bool:
    """Whether an address that came with the request leads back into this console."""
    return url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
