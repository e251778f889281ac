"""The panel's pages of the stock: blocks that can be edited, and what was held, sold and returned."""

from django.contrib import admin

from simulator.admin.verbs import ReadOnly
from simulator.models import StockBlock, StockHold, StockNumber, StockOrder, StockReturn


@admin.register(StockBlock)
class StockBlockAdmin(admin.ModelAdmin[StockBlock]):
    list_display = ["thousand", "first", "last", "city", "state", "sold", "is_broken"]
    list_filter = ["state", "is_broken"]
    search_fields = ["thousand", "city"]
    show_full_result_count = False


@admin.register(StockNumber)
class StockNumberAdmin(ReadOnly, admin.ModelAdmin[StockNumber]):
    list_display = ["e164", "hold", "held_until", "order"]
    list_select_related = ["hold", "order"]
    search_fields = ["e164"]
    show_full_result_count = False


@admin.register(StockHold)
class StockHoldAdmin(ReadOnly, admin.ModelAdmin[StockHold]):
    list_display = ["reference", "key", "expires_at", "is_extended"]
    ordering = ["-pk"]


@admin.register(StockOrder)
class StockOrderAdmin(ReadOnly, admin.ModelAdmin[StockOrder]):
    list_display = ["reference", "key", "state", "created_at"]
    list_filter = ["state"]
    ordering = ["-pk"]


@admin.register(StockReturn)
class StockReturnAdmin(ReadOnly, admin.ModelAdmin[StockReturn]):
    list_display = ["key", "numbers", "created_at"]
    ordering = ["-pk"]
