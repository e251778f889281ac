"""What must be known about numbers before they are ordered: each rule with where it is from, or as ours."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from countries.papers import Text

CALLING_PLAN = _("calling plan documentation")


@dataclass(frozen=True, slots=True)
class NumberRule:
    """One rule, for orders of these `kinds` (as in NumberOrder.kind; none means all).

    `source` names who made it; "" marks a rule of this console.
    """

    text: Text
    source: Text = ""
    kinds: tuple[str, ...] = ()

    def is_about(self, kind: str) -> bool:
        """Whether it holds for orders of this kind."""
        return not self.kinds or kind in self.kinds


WHOLE_BLOCK = NumberRule(
    _("Numbers of a block stay together: you can only release the whole block."), CALLING_PLAN, ("block",)
)
TOLL_FREE = (
    NumberRule(
        _(
            "Toll-free numbers are for features such as an auto attendant or a call queue, never for a user, "
            "a workspace or a virtual line."
        ),
        CALLING_PLAN,
        ("toll_free",),
    ),
    NumberRule(
        _(
            "A toll-free number may be a main number, but no emergency address belongs to it: choose another "
            "number for emergency callbacks."
        ),
        CALLING_PLAN,
        ("toll_free",),
    ),
)
ADDRESS_FITS_AREA_CODE = NumberRule(
    _("The emergency address must lie in the area that the area code belongs to."),
    CALLING_PLAN,
    ("standard", "block", "assisted"),
)
DISPATCHABLE_US = NumberRule(
    _("Where help is sent must be known before a number is given to somebody."), "47 CFR 9.11"
)
DISPATCHABLE_CA = NumberRule(
    _("Where help is sent must be known before a number is given to somebody."), "CRTC 2005-21"
)
ADDRESS_FIRST = NumberRule(_("The location needs a validated emergency address before numbers are ordered."))
