"""The panel's pages of the stock: blocks and what is free in them, who has numbers, who waits for some."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from simulator import thousands
from simulator.admin.verbs import ReadOnly
from simulator.models import (
    BackOrder,
    StockBlock,
    StockCancel,
    StockHold,
    StockOrder,
    StockReturn,
    StockTake,
)


@admin.register(StockBlock)
class StockBlockAdmin(admin.ModelAdmin[StockBlock]):
    list_display = [
        "thousand",
        "first",
        "last",
        "kind",
        "country",
        "state",
        "city",
        "free",
        "longest",
        "largest",
        "is_broken",
    ]
    list_filter = ["kind", "country", "is_broken", "state"]
    search_fields = ["thousand", "city"]
    readonly_fields = ["free", "longest", "largest", "free_runs"]
    show_full_result_count = False

    @admin.display(description=_("Free numbers"))
    def free_runs(self, obj: StockBlock) -> str:
        """The last three digits of each free run."""
        if not obj.pk:
            return "–"
        runs = [
            f"{start:03}" if length == 1 else f"{start:03}–{start + length - 1:03}"
            for start, length in thousands.runs(obj.bits)
        ]
        return ", ".join(runs) or str(_("None"))


@admin.register(StockTake)
class StockTakeAdmin(ReadOnly, admin.ModelAdmin[StockTake]):
    list_display = ["block", "how_many", "hold", "held_until", "order"]
    list_select_related = ["block", "hold", "order"]
    search_fields = ["block__thousand"]
    fields = ["block", "hold", "held_until", "order", "which"]
    readonly_fields = ["block", "hold", "held_until", "order", "which"]
    ordering = ["-pk"]
    show_full_result_count = False

    @admin.display(description=_("Numbers"))
    def how_many(self, obj: StockTake) -> int:
        return thousands.unpacked(obj.bits).bit_count()

    @admin.display(description=_("Numbers"))
    def which(self, obj: StockTake) -> str:
        return ", ".join(obj.numbers)


@admin.register(StockHold)
class StockHoldAdmin(ReadOnly, admin.ModelAdmin[StockHold]):
    list_display = ["reference", "key", "expires_at", "is_extended"]
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(StockOrder)
class StockOrderAdmin(ReadOnly, admin.ModelAdmin[StockOrder]):
    list_display = ["reference", "key", "state", "back_order", "created_at"]
    list_filter = ["state"]
    list_select_related = ["back_order"]
    search_fields = ["key", "asked_for"]
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(BackOrder)
class BackOrderAdmin(ReadOnly, admin.ModelAdmin[BackOrder]):
    """The queue, from its head; those that have ended come after those that wait."""

    list_display = ["reference", "key", "state", "country", "area", "quantity", "missing", "created_at"]
    list_filter = ["state", "kind", "country"]
    search_fields = ["key"]
    readonly_fields = ["place"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[BackOrder]:
        return (
            super().get_queryset(request).order_by("-state", "pk")
        )  # of the three words "waiting" is the last

    @admin.display(description=_("Place in the queue"))
    def place(self, obj: BackOrder) -> int:
        return obj.place

    @admin.display(description=_("Where"))
    def area(self, obj: BackOrder) -> str:
        return " ".join(filter(None, [obj.region, obj.area_code, obj.prefix, obj.town])) or "–"


@admin.register(StockCancel)
class StockCancelAdmin(ReadOnly, admin.ModelAdmin[StockCancel]):
    list_display = ["key", "order", "back_order", "created_at"]
    list_select_related = ["order", "back_order"]
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(StockReturn)
class StockReturnAdmin(ReadOnly, admin.ModelAdmin[StockReturn]):
    list_display = ["key", "numbers", "created_at"]
    ordering = ["-pk"]
    show_full_result_count = False
