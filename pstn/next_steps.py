"""What happens next with an order for new numbers: one sentence, who acts, by when."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pstn.models import NumberOrder
from pstn.models.orders import Next

S = NumberOrder.State


def what_next(order: NumberOrder) -> Next:
    """The one sentence that an order always has."""
    if order.only_waits_for_terms:
        return Next(
            _("The numbers are yours. They become active once a full administrator accepts the terms."),
            who="customer",
        )
    match order.state:
        case S.DRAFT if order.is_assisted:
            return Next(_("Finish the steps and send the request to PSTN support."), "you")
        case S.DRAFT:
            return Next(
                _("Finish the steps and place the order. Numbers are held for a short time only."), "you"
            )
        case S.REQUESTED:
            return Next(
                _("PSTN support looks for numbers, and asks or makes an offer. You get an e-mail."), "us"
            )
        case S.ASKED:
            return Next(_("PSTN support has a question. Answer it below, and it goes on."), "you")
        case S.OFFERED:
            return Next(
                _("PSTN support offers you numbers. Accept or decline the offer."), "you", _valid(order)
            )
        case S.PENDING:
            return Next(
                _("The carrier provides the numbers, usually within a minute. You get an e-mail."), "carrier"
            )
        case S.CANCEL_REQUESTED:
            return Next(
                _("The carrier is asked to cancel what has not come yet. Wait for its answer."), "carrier"
            )
        case S.BACK_ORDERED:
            return Next(_waiting(order), "carrier")
        case S.PARTLY:
            return Next(
                _("Some numbers could not be provided. Find others like them, or close the order."), "you"
            )
        case S.ERROR if order.is_assisted and not order.carrier_ref:
            return Next(_("Nothing was ordered and nothing is charged. Send another request."), "you")
        case S.ERROR:
            return Next(
                _("Nothing was ordered and nothing is charged. Find other numbers like these."), "you"
            )
        case S.CANCELED:
            return Next(_("Nothing. This order is closed."))
        case _state:
            return Next(_("Nothing. The numbers are in your inventory and ready to use."))


def _waiting(order: NumberOrder) -> str:
    left = order.open_back_order.left if order.open_back_order else 0
    return ngettext(
        "%(n)s number is still to come: it is yours as soon as the carrier has one. "
        "It can be canceled any time.",
        "%(n)s numbers are still to come: each is yours as soon as the carrier has it. "
        "They can be canceled any time.",
        left,
    ) % {"n": left}


def _valid(order: NumberOrder) -> datetime | None:
    offer = order.offers.filter(outcome="").first()
    return offer.valid_until if offer else None
