"""Which e-mails a move of a number order, or a message about a request, writes: to whom, and each once."""

from typing import Any

from django.urls import reverse

from accounts.models import Organization, User
from notifications import outbox
from notifications.recipients import followers, full_admins, support
from pstn.models import NumberOrder, NumberOrderEvent, NumberOrderLine, NumberOrderMessage, order_rule
from pstn.workflow import terms

S = NumberOrder.State
# To the customer's people: by the verb; or by where a verb of the carrier's has left the order.
BY_VERB = {
    "place": "order_placed",
    "accept": "order_placed",
    "submit": "order_requested",
    "offer": "order_offered",
    "withdraw_offer": "order_offer_closed",
    "expire_offer": "order_offer_closed",
    "turn_down": "order_turned_down",
    "deliver": "order_partly",
}
BY_STATE = {
    S.PROVISIONED: "order_provisioned",
    S.PARTLY: "order_partly",
    S.BACK_ORDERED: "order_partly",
    S.ERROR: "order_failed",
    S.CANCELED: "order_canceled",
}
OF_CARRIER = {"provision", "deliver", "fail", "confirm_cancel", "refuse_cancel"}
COME = ("provision", "deliver")
# To support.
FOR_SUPPORT = {
    "submit": "request_received",
    "accept": "request_answered",
    "decline": "request_answered",
}


def write(event: NumberOrderEvent) -> None:
    """The e-mails of one event, in the transaction that notes it as handled."""
    order, key = event.order, f"number-order-event:{event.pk}"
    context: dict[str, Any] = {"order": order, "event": event, "detail": order.error}
    if kind := _kind(event):
        if kind == "order_provisioned":
            context["came"] = order.lines.filter(state=NumberOrderLine.State.PROVISIONED).count()
        if kind == "order_offered":
            context["offer"] = order.offers.order_by("-pk").first()
        people = followers(order.org, order.created_by)
        outbox.post(kind, event=key, org=order.org, to=people, context=context)
    if kind := _kind_for_support(event):
        desk = reverse("admin:pstn_numberorder_change", args=[order.pk])
        outbox.post(kind, event=key, org=order.org, to=support(), context={**context, "url": desk})
    if order.waits_for_terms and event.code in COME and not _has_asked(event):
        ask_for_acceptance(key, order.org)


def _has_asked(event: NumberOrderEvent) -> bool:
    """Whether the acceptance was asked for when other numbers of the order came, a short while ago."""
    earlier = event.order.events.filter(pk__lt=event.pk, code__in=COME, at__gt=event.at - terms.ASK_EVERY)
    return bool(earlier.exists())


def _kind(event: NumberOrderEvent) -> str:
    if event.code in OF_CARRIER and event.before != event.after and event.after in BY_STATE:
        return BY_STATE[S(event.after)]
    if event.code == "cancel" and event.after == S.CANCELED:
        return "order_canceled"
    return BY_VERB.get(event.code, "")


def _kind_for_support(event: NumberOrderEvent) -> str:
    withdrawn = event.code == "cancel" and event.before in order_rule.REQUEST
    return "request_answered" if withdrawn else FOR_SUPPORT.get(event.code, "")


def tell(message: NumberOrderMessage) -> None:
    """The e-mails of one message: to the customer's people, or to support. They never quote it."""
    order, event = message.order, f"number-order-message:{message.pk}"
    context: dict[str, Any] = {"order": order, "message": message}
    if message.side == NumberOrderMessage.Side.SUPPORT:
        people = followers(order.org, order.created_by)
        outbox.post("request_question", event=event, org=order.org, to=people, context=context)
        return
    context["url"] = reverse("admin:pstn_numberorder_change", args=[order.pk])
    outbox.post("request_message", event=event, org=order.org, to=support(), context=context)


def ask_for_acceptance(event: str, org: Organization, by: User | None = None) -> None:
    """Ask the full administrators to accept the terms."""
    context = {"url": reverse("pstn:terms_detail", args=[org.slug]), "by": by}
    outbox.post("terms_waiting", event=event, org=org, to=full_admins(org), context=context)
