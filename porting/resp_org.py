"""The words of toll-free ports: their numbers change RespOrg in the registry instead of their carrier.

The states are those of every port; only what the customer reads differs.
"""

from django.utils.translation import gettext as _

from porting.models import PortOrder

S = PortOrder.State


def sentence(order: PortOrder) -> str:
    """What happens next with a toll-free order, where the words differ; "" for the usual words."""
    words = _WORDS.get(S(order.state))
    return words() if words and order.is_toll_free else ""


_WORDS = {
    S.SUBMITTED: lambda: _(
        "The toll-free registry has the request, and the current RespOrg must agree to let the numbers go."
    ),
    S.FOC_RECEIVED: lambda: _(
        "The RespOrg of the numbers changes on the confirmed date. Keep the old service running until then."
    ),
    S.ACTIVATING: lambda: _("The registry changes the RespOrg now. Keep the old service running."),
    S.CANCEL_REQUESTED: lambda: _("The current RespOrg must agree to cancel."),
}
