"""Canada: its provinces and territories."""

from django.utils.translation import gettext_lazy as _

from countries import number_rules
from countries.base import AddressLabels, Country, DocumentRule, Region
from countries.papers import Text


def _region(code: str, name: Text, zone: str, area_codes: str) -> Region:
    return Region(code, name, zone, tuple(area_codes.split()))


# Area codes: those the North American plan has in service. Zone: the one most of the region keeps.
_PLACES = (
    _region("AB", _("Alberta"), "America/Edmonton", "368 403 587 780 825"),
    _region("BC", _("British Columbia"), "America/Vancouver", "236 250 257 604 672 778"),
    _region("MB", _("Manitoba"), "America/Winnipeg", "204 431 584"),
    _region("NB", _("New Brunswick"), "America/Moncton", "428 506"),
    _region("NL", _("Newfoundland and Labrador"), "America/St_Johns", "709 879"),
    _region("NT", _("Northwest Territories"), "America/Yellowknife", "867"),
    _region("NS", _("Nova Scotia"), "America/Halifax", "782 902"),
    _region("NU", _("Nunavut"), "America/Iqaluit", "867"),
    _region(
        "ON",
        _("Ontario"),
        "America/Toronto",
        "226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 807 905 942",
    ),
    _region("PE", _("Prince Edward Island"), "America/Halifax", "782 902"),
    _region("QC", _("Quebec"), "America/Toronto", "263 273 354 367 418 438 450 468 514 579 581 819 873"),
    _region("SK", _("Saskatchewan"), "America/Regina", "306 474 639"),
    _region("YT", _("Yukon"), "America/Whitehorse", "867"),
)

CANADA = Country(
    iso="CA",
    name=_("Canada"),
    calling_code="1",
    template="A",
    labels=AddressLabels(
        line1=_("Street address"),
        line2=_("Floor, suite, unit"),
        city=_("City"),
        region=_("Province"),
        postal_code=_("Postal code"),
    ),
    places=_PLACES,
    # Letters that the post does not use: D F I O Q U anywhere, W and Z in the first place.
    postal_code_pattern=r"([ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z])[- ]?([0-9][ABCEGHJ-NPRSTV-Z][0-9])",
    postal_code_example="K1A 0B1",
    postal_code_sentence=_("A postal code looks like K1A 0B1."),
    emergency_numbers=("911", "112"),
    holidays="CA",
    toll_free=True,
    moves_messaging=True,
    documents=(DocumentRule("csr", for_projects=True),),
    own_number_rules=(number_rules.DISPATCHABLE_CA,),
)
