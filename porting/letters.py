"""The letter of agency of an order: what it says, who may sign it, and the evidence when somebody does."""

import hashlib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import acting, audit
from accounts.models import Membership, Right
from lib.documents import Letter, LetterRefused, Signature, letter_of_agency
from lib.transitions import Refused
from notifications.outbox import post
from notifications.recipients import full_admins
from porting.models import LetterSignature, PortDocument, PortOrder, SignatureRequest
from porting.models.gaps import ACCOUNT_FIELDS

# The words of the letter and of the consent are one versioned text: evidence refers to exactly these words.
CONSENT_VERSION = "2026-11"
CONSENT = (
    "By typing my name and choosing Sign, I sign this letter electronically. I agree that this has the same "
    "effect as a signature on paper, that the letter is kept and sent in electronic form, and that I am "
    "authorized to act for the subscriber named above."
)
CONSENT_LABEL = gettext_lazy("I have read the letter and agree to sign it electronically.")
SALT = "porting.letter"
ASK_AGAIN = timedelta(days=1)


def why_not_sign(membership: Membership, order: PortOrder) -> str:
    """The reason why this person cannot sign the order's letter, or "" if they may (PRODUCT section 1)."""
    if membership.may(Right.SIGN):
        return ""
    if membership.is_partner:
        return _("Waiting for %(customer)s. A partner cannot sign a letter of agency for a customer.") % {
            "customer": order.org.name
        }
    if membership.may(Right.SIGN_IF_NAMED):
        if _same_name(membership.user.name, order.authorized_name):
            return ""
        return _("Only %(name)s, whom the current carrier knows, or a full administrator can sign.") % {
            "name": order.authorized_name or _("the authorized person")
        }
    return _("A full administrator must sign the letter.")


def why_no_letter(order: PortOrder) -> str:
    """What the order lacks before there is a letter that somebody could sign, or ""."""
    if not order.numbers.all() or not all(getattr(order, name) for name in ACCOUNT_FIELDS):
        return _("The letter is written once the numbers and the account are filled in.")
    try:
        letter_of_agency(content(order))
    except LetterRefused as refusal:
        return str(refusal.sentence)
    return ""


def content(order: PortOrder, signature: Signature | None = None) -> Letter:
    """What the letter says, dated today where the numbers go."""
    lines = (order.address_line1, order.address_line2, f"{order.city}, {order.region} {order.postal_code}")
    return Letter(
        company=order.company_name,
        authorized_name=order.authorized_name,
        service_address=tuple(line for line in lines if line),
        btn=order.btn,
        account_number=order.account_number,
        losing_carrier=order.losing_carrier,
        gaining_provider=settings.GAINING_PROVIDER,
        numbers=tuple(row.e164 for row in order.numbers.all()),
        port_type="full" if order.full_port else "partial",
        dated=order.today,
        consent=CONSENT,
        consent_version=CONSENT_VERSION,
        reference=order.reference,
        signature=signature,
    )


def token(order: PortOrder) -> str:
    """A seal over the very bytes of the letter that is shown: a signature is for these and no others."""
    shown = hashlib.sha256(letter_of_agency(content(order))).hexdigest()
    return signing.dumps({"order": order.pk, "sha256": shown, "covers": order.covers()}, salt=SALT)


def sign(
    order: PortOrder, *, by: Membership, shown: str, first_name: str, last_name: str, title: str
) -> None:
    """Sign the letter whose token is `shown`. Refused if the person may not, or if it reads otherwise now."""
    with transaction.atomic():
        order.lock()
        if reason := why_not_sign(by, order) or why_no_letter(order):
            raise Refused(reason)
        if not order.is_editable:
            raise Refused(_("%(order)s was sent; its letter cannot be signed now.") % {"order": order})
        seen = _opened(shown)
        letter = content(order)
        sha256 = hashlib.sha256(letter_of_agency(letter)).hexdigest()
        if (seen.get("order"), seen.get("sha256")) != (order.pk, sha256):
            raise Refused(_("The letter has changed since you opened it. Read it again, then sign."))
        actor, moment = acting.current(), now()
        browser = actor.user_agent[:300].encode("ascii", "replace").decode()
        signature = Signature(
            first_name, last_name, title, moment, actor.ip or "", browser, sha256, by.user.email
        )
        try:
            signed = letter_of_agency(content(order, signature))
        except LetterRefused as refusal:
            raise Refused(str(refusal.sentence)) from None
        paper = _store(order, signed, by)
        LetterSignature(
            document=paper,
            first_name=first_name,
            last_name=last_name,
            title=title,
            by=by.user,
            signed_at=moment,
            ip=actor.ip,
            user_agent=actor.user_agent[:300],
            consent_version=CONSENT_VERSION,
            shown_sha256=sha256,
            covers=order.covers(),
        ).save()
        told = {
            "signer": f"{first_name} {last_name}, {title}",
            "sha256": paper.sha256,
            "shown_sha256": sha256,
        }
        audit.record("letter.sign", order, after=told)


def ask_to_sign(order: PortOrder, *, by: Membership) -> SignatureRequest:
    """Ask the customer's full administrators by e-mail to sign; at most once a day."""
    with transaction.atomic():
        order.lock()
        if not order.is_editable or "loa" not in order.missing():
            raise Refused(_("The letter of %(order)s needs no signature now.") % {"order": order})
        if lack := why_no_letter(order):
            raise Refused(lack)
        last = order.signature_requests.first()
        if last and now() - last.at < ASK_AGAIN:
            raise Refused(_("They were asked within the last day. You can ask again tomorrow."))
        people = full_admins(order.org)
        if not people:
            raise Refused(_("%(customer)s has no full administrator yet.") % {"customer": order.org.name})
        asked = order.signature_requests.create(by=by.user, at=now())
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


def _store(order: PortOrder, data: bytes, by: Membership) -> PortDocument:
    order.documents.filter(kind=PortDocument.Kind.LOA, superseded_at=None).update(superseded_at=now())
    return order.documents.create(
        kind=PortDocument.Kind.LOA,
        file=ContentFile(data, name="letter.pdf"),
        media_type="application/pdf",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        pages=1,
        uploaded_by=by.user,
    )


def _opened(shown: str) -> dict[str, Any]:
    try:
        opened: dict[str, Any] = signing.loads(shown, salt=SALT, max_age=ASK_AGAIN)
    except signing.BadSignature:
        return {}
    return opened


def _same_name(left: str, right: str) -> bool:
    return bool(left) and " ".join(left.split()).casefold() == " ".join(right.split()).casefold()
