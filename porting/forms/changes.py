"""Changing one's mind about a sent order: another date, or none at all, with what it costs accepted first."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from porting import deadlines
from porting.forms.date_grid import DateGrid
from porting.models import FeeBand, PortOrder


class AcceptedFee(forms.Form):
    """`fee` carries what the page showed. When the hours since then made it dearer, the form asks again with
    the new amount; it never takes more than somebody has seen and accepted.
    """

    kind: str
    fee = forms.CharField(required=False, widget=forms.HiddenInput)
    accepted = forms.BooleanField(required=False)

    def __init__(self, *args: Any, order: PortOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.quote = deadlines.quote(order, self.kind)

    @property
    def must_accept(self) -> bool:
        """Whether the box must be ticked: it costs something."""
        return self.quote.total > 0

    @property
    def fee_now(self) -> str:
        """What the page shows, for its hidden field."""
        return str(self.quote.total)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        shown = _amount(cleaned.get("fee", ""))
        if self.quote.total > shown:
            self.add_error(
                None,
                _(
                    "It costs more than this page showed, because less time is left: US$ %(now)s instead of "
                    "US$ %(shown)s. Nothing was sent. Confirm again if you agree."
                )
                % {"now": self.quote.total, "shown": shown},
            )
            self._untick()
        elif self.must_accept and not cleaned.get("accepted"):
            self.add_error("accepted", self.unticked)
        return cleaned

    unticked = gettext_lazy("Accept the amount first.")

    def _untick(self) -> None:
        """What was accepted was another amount."""
        kept = {name: value for name, value in self.data.items() if name != "accepted"}
        self.data = kept  # type: ignore[assignment]


class CancelForm(AcceptedFee):
    kind = FeeBand.Kind.CANCEL


class DateChangeForm(AcceptedFee):
    kind = FeeBand.Kind.CHANGE
    day = forms.TypedChoiceField(
        label=gettext_lazy("New date"),
        coerce=date.fromisoformat,
        error_messages={
            "required": gettext_lazy("Choose a date."),
            "invalid_choice": gettext_lazy("Choose one of the dates offered."),
        },
    )

    unticked = gettext_lazy("Say that you have read this first.")

    def __init__(self, *args: Any, order: PortOrder, **kwargs: Any) -> None:
        super().__init__(*args, order=order, **kwargs)
        self.lead = order.lead_time
        grid = DateGrid(self.lead.dates(), taken=order.foc_date)
        field: Any = self.fields["day"]
        field.widget = grid
        field.choices = grid.choices
        # The amount and its box have a place of their own on the page.
        self.helper = FormHelper()
        self.helper.layout = Layout("day")

    @property
    def must_accept(self) -> bool:
        """So little time is left that the old date may happen all the same, or it costs something."""
        return super().must_accept or self.quote.is_best_effort


def _amount(text: str) -> Decimal:
    """The amount that a hidden field carries; what is none counts as nothing shown."""
    try:
        amount = Decimal(text or "0")
    except InvalidOperation:
        return Decimal(0)
    return amount if amount.is_finite() and amount >= 0 else Decimal(0)
