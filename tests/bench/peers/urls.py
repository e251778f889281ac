"""Django's admin with one model; the floor, fifty rows of an organization by key; and 2,000 rows as JSON."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from pstn.models import PhoneNumber

COLUMNS = ("e164", "state", "kind", "location__name", "extension", "assigned_to")
site = admin.AdminSite("peer")


@admin.register(PhoneNumber, site=site)
class NumberAdmin(admin.ModelAdmin):
    """Six columns, fifty rows, a search for what a number begins with."""

    list_display = ("e164", "state", "kind", "location", "extension", "assigned_to")
    list_select_related = ("location",)
    list_per_page = 50
    search_fields = ("^e164",)


def by_key(request: HttpRequest, org: int, size: int) -> QuerySet[PhoneNumber, dict[str, Any]]:
    rows = PhoneNumber.unscoped.filter(org=org, e164__gt=request.GET.get("after", ""))
    return rows.order_by("e164").values(*COLUMNS)[:size]


@login_required
def bare_list(request: HttpRequest, org: int) -> HttpResponse:
    return render(request, "floor.html", {"rows": by_key(request, org, 50)})


@login_required
def bare_json(request: HttpRequest, org: int) -> HttpResponse:
    return JsonResponse(list(by_key(request, org, 2_000)), safe=False)


urlpatterns = [
    path("admin/", site.urls),
    path("<int:org>/list/", bare_list),
    path("<int:org>/json/", bare_json),
]
