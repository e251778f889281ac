"""Asking the customer's full administrators by e-mail to sign a letter."""

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Membership
from lib.transitions import Refused
from notifications.outbox import post
from notifications.recipients import full_admins
from porting.letters.content import is_on_paper, why_no_letter
from porting.models import PortOrder, SignatureRequest

ASK_AGAIN = timedelta(days=1)


def ask_to_sign(order: PortOrder, *, by: Membership) -> SignatureRequest:
    """Ask the customer's full administrators by e-mail to sign; at most once a day."""
    with transaction.atomic():
        order.lock()
        if not order.is_editable or "loa" not in order.missing() or is_on_paper(order):
            raise Refused(_("The letter of %(order)s needs no signature now.") % {"order": order})
        if lack := why_no_letter(order):
            raise Refused(lack)
        last = order.signature_requests.first()
        if last and now() - last.at < ASK_AGAIN:
            raise Refused(_("They were asked within the last day. You can ask again tomorrow."))
        people = full_admins(order.org)
        if not people:
            raise Refused(_("%(customer)s has no full administrator yet.") % {"customer": order.org.name})
        asked: SignatureRequest = order.signature_requests.create(by=by.user, at=now())
        post(
            "signature_wanted",
            event=f"signature-request:{asked.pk}",
            org=order.org,
            to=people,
            context={"order": order, "by": by.user},
        )
        audit.record("letter.ask", order, after={"asked": [person.email for person in people]})
        return asked


def asked_sentence(order: PortOrder) -> str:
    names = ", ".join(str(person) for person in full_admins(order.org))
    return _("We asked %(people)s by e-mail to sign the letter.") % {"people": names}
