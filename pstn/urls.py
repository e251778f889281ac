"""/<org_slug>/: overview, locations, numbers, orders for new numbers, terms."""

from django.urls import path, register_converter

from pstn.converters import E164Converter
from pstn.views import connections, locations, number_orders, numbers, orders, overview, preparations, terms

app_name = "pstn"
register_converter(E164Converter, "e164")

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("locations/", locations.location_list, name="location_list"),
    path("locations/new/", locations.location_create, name="location_create"),
    path("locations/<int:pk>/", locations.location_detail, name="location_detail"),
    path("locations/<int:pk>/edit/", locations.location_edit, name="location_edit"),
    path("locations/<int:pk>/pstn/", locations.location_pstn, name="location_pstn"),
    path("locations/<int:pk>/main-number/", locations.location_main_number, name="location_main_number"),
    path("locations/<int:pk>/pstn/connection/", connections.connection_start, name="connection_start"),
    path(
        "locations/<int:pk>/pstn/connection/connect/",
        connections.connection_connect,
        name="connection_connect",
    ),
    path("locations/<int:pk>/pstn/connection/done/", connections.connection_done, name="connection_done"),
    path(
        "locations/<int:pk>/pstn/connection/<slug:slug>/", connections.connection_step, name="connection_step"
    ),
    path("numbers/", numbers.number_list, name="number_list"),
    path("numbers/start/", numbers.number_start, name="number_start"),
    path("numbers/add/", numbers.number_add, name="number_add"),
    path("numbers/add/verdicts/", numbers.number_verdicts, name="number_verdicts"),
    path("numbers/prepare/", preparations.number_prepare_many, name="number_prepare_many"),
    path("numbers/<e164:e164>/", numbers.number_detail, name="number_detail"),
    path("numbers/<e164:e164>/prepare/", preparations.number_prepare, name="number_prepare"),
    path("numbers/<e164:e164>/assign/", preparations.number_assign, name="number_assign"),
    path("numbers/<e164:e164>/settle/", preparations.number_settle, name="number_settle"),
    path("numbers/<e164:e164>/activate/", numbers.number_activate, name="number_activate"),
    path("numbers/<e164:e164>/deactivate/", numbers.number_deactivate, name="number_deactivate"),
    path("numbers/<e164:e164>/delete/", numbers.number_delete, name="number_delete"),
    path("orders/", orders.order_list, name="order_list"),
    path("orders/new/numbers/", number_orders.number_order_create, name="number_order_create"),
    path("orders/N-<int:pk>/", number_orders.number_order_detail, name="number_order_detail"),
    path("orders/N-<int:pk>/edit/<slug:slug>/", number_orders.number_order_step, name="number_order_step"),
    path("orders/N-<int:pk>/places/", number_orders.number_order_places, name="number_order_places"),
    path("orders/N-<int:pk>/search/", number_orders.number_order_search, name="number_order_search"),
    path("orders/N-<int:pk>/extend/", number_orders.number_order_extend, name="number_order_extend"),
    path("orders/N-<int:pk>/place/", number_orders.number_order_place, name="number_order_place"),
    path("orders/N-<int:pk>/discard/", number_orders.number_order_discard, name="number_order_discard"),
    path("terms/", terms.terms_detail, name="terms_detail"),
    path("terms/accept/", terms.terms_accept, name="terms_accept"),
    path("terms/request/", terms.terms_request, name="terms_request"),
]
