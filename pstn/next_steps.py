"""What happens next with an order for new numbers: one sentence, who acts, by when."""

from django.utils.translation import gettext as _

from pstn.models import NumberOrder
from pstn.models.orders import Next

S = NumberOrder.State


def what_next(order: NumberOrder) -> Next:
    """The one sentence that an order always has."""
    if order.waits_for_terms:
        return Next(
            _("The numbers are yours. They become active once a full administrator accepts the terms."),
            who="customer",
        )
    match order.state:
        case S.DRAFT:
            return Next(
                _("Finish the steps and place the order. Numbers are held for a short time only."), "you"
            )
        case S.PENDING:
            return Next(
                _("The carrier provides the numbers, usually within a minute. You get an e-mail."), "carrier"
            )
        case S.ERROR:
            return Next(
                _("Nothing was ordered and nothing is charged. Start a new order with other numbers."), "you"
            )
        case S.CANCELED:
            return Next(_("Nothing. This order is closed."))
        case _state:
            return Next(_("Nothing. The numbers are in your inventory and ready to use."))
