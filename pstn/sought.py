"""What an order for new numbers looks for, in words, and what else to look for when there is too little."""

from django.utils.translation import gettext as _

import countries
from countries.papers import document_label
from lib import phone
from pstn.models import NumberOrder

Kind = NumberOrder.Kind
PLACELESS = frozenset({Kind.TOLL_FREE, Kind.NON_GEOGRAPHIC})


def criteria(order: NumberOrder) -> list[tuple[str, str]]:
    """Labels and values, as in the form; only those that the carrier was asked for."""
    rows: list[tuple[str, str | None]]
    if order.is_assisted:
        rows = [
            (_("Type of number"), order.get_number_type_display()),
            (_("How many"), str(order.quantity)),
            (_("Preferred area"), order.area),
            (_("Documents at hand"), ", ".join(str(document_label(kind)) for kind in order.papers)),
            (_("Details"), order.details),
        ]
    elif order.wanted:
        return []  # certain numbers, and each of them stands on the order
    elif order.like:
        rows = [(_("Similar to"), phone.international(order.like))]
    else:
        rows = [*_place(order), (order.get_pattern_at_display(), order.pattern.lstrip("* "))]
        rows.append((_("Size of the block"), str(order.block_size or "")))
    return [(label, value) for label, value in rows if value]


def _place(order: NumberOrder) -> list[tuple[str, str | None]]:
    if order.kind == Kind.NON_GEOGRAPHIC:
        return []
    if order.kind == Kind.TOLL_FREE:
        return [(_("Prefix"), order.area_code or _("Any prefix"))]
    place = order.area_code or order.city or _("Anywhere")
    return [
        (_region_label(order), _region(order)),
        (_("Area code or city"), f"{place} {order.prefix}".strip()),
    ]


def elsewhere(order: NumberOrder) -> str:
    """What to change so that the carrier has more: one sentence about what was asked."""
    if order.wanted:
        return _("Look for numbers similar to them instead.")
    if order.like:
        return _("Look for numbers similar to another one, or by place.")
    if order.pattern:
        return _("Try fewer digits, or the same ones elsewhere.")
    if order.prefix:
        return _("Try it without the prefix, or another area code.")
    if order.kind in PLACELESS:
        return _("Try another prefix.") if order.area_code else _("Try again later.")
    if order.area_code or order.city:
        return _("Try another area code, a city nearby, or anywhere.")
    if region := _region(order):
        return _("Try outside %(region)s.") % {"region": region}
    return _("Try again later.")


def _country(order: NumberOrder) -> countries.Country:
    return countries.get(order.location.country if order.location else "US")


def _region(order: NumberOrder) -> str:
    found = _country(order).region(order.region)
    return str(found.name) if found else order.region


def _region_label(order: NumberOrder) -> str:
    return str(_country(order).labels.region)
