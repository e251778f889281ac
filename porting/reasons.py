"""What is known of each reason for a rejection: words, who must act, what opens, how it is sent again."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Actor(StrEnum):
    """Who must act before the order can go on."""

    CUSTOMER = "customer"
    CARRIER = "carrier"  # the customer calls the current carrier, which must do something
    US = "us"
    SUPPORT = "support"


class Resend(StrEnum):
    """How an order goes out again. A SUP is a supplement to the request that the carrier has: 1 cancels it,
    2 changes its date, 3 changes anything else."""

    CANCEL = "sup1"
    DATE = "sup2"
    OTHER = "sup3"
    NEW_ORDER = "new_order"  # the numbers concerned need a request of their own
    WAIT = "wait"  # nothing in it changes: the cause goes first, then it is sent again
    NONE = "none"  # there is nothing to send


ACTORS: dict[str, str | Promise] = {
    Actor.CUSTOMER: _("You, or whoever knows the account."),
    Actor.CARRIER: _("The current carrier. Call it: it talks to nobody but its own customer."),
    Actor.US: _("We do."),
    Actor.SUPPORT: _("PSTN support does."),
}
RESENDS: dict[str, str | Promise] = {
    Resend.CANCEL: _("The request is canceled at the carrier (SUP 1)."),
    Resend.DATE: _("Sent again as a change of the date of the same request (SUP 2)."),
    Resend.OTHER: _("Sent again as a correction of the same request (SUP 3)."),
    Resend.NEW_ORDER: _(
        "These numbers need a new order. What stays in this one is sent as a correction of the same request "
        "(SUP 3)."
    ),
    Resend.WAIT: _("Sent again unchanged once the cause is gone."),
    Resend.NONE: _("There is nothing for you to send."),
}


@dataclass(frozen=True)
class PortingError:
    """`step` and `field` name the wizard's step and its form field; an empty field opens the whole step.
    `support`: a person there must act. `aliases` are what carriers and other systems call the same reason."""

    code: str
    title: str | Promise
    fix: str | Promise
    step: str
    field: str
    who: Actor = Actor.CUSTOMER
    resend: Resend = Resend.OTHER
    support: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def acts(self) -> str | Promise:
        """Who must act, as a sentence."""
        return ACTORS[self.who]

    @property
    def sent_again(self) -> str | Promise:
        """What sending it again means, as a sentence."""
        return RESENDS[self.resend]
