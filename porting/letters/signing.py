"""Signing an order's letter in the console: who may, what exactly was shown, and the evidence of it."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import acting, audit
from accounts.models import Membership, Right, User
from lib.documents import LetterRefused, Signature, letter_of_agency
from lib.documents.seal import SealBroken
from lib.transitions import Refused
from porting import papers
from porting.letters.content import CONSENT_VERSION, content, is_on_paper, unsigned, why_no_letter
from porting.letters.sealing import our_seal
from porting.models import LetterSignature, PortDocument, PortOrder

SALT = "porting.letter"
SHOWN_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Outsider:
    """Somebody without an account who signs by a link: its recipient, and the number of the link."""

    email: str
    name: str
    link_pk: int


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


def token(order: PortOrder) -> str:
    """A mark of the very bytes of the letter that is shown: a signature is for these and no others."""
    shown = hashlib.sha256(unsigned(order)).hexdigest()
    return signing.dumps({"order": order.pk, "sha256": shown, "covers": order.covers()}, salt=SALT)


def sign(
    order: PortOrder,
    *,
    by: Membership | Outsider,
    shown: str,
    first_name: str,
    last_name: str,
    title: str,
    drawn: bytes | None = None,
) -> PortDocument:
    """Sign the letter whose token is `shown`. Refused if the person may not, or if it reads otherwise now.

    `drawn` is the PNG of a drawn signature, made anew by lib.documents.drawing; the name is typed all the
    same. What an outsider's link permits is for the caller to have asked.
    """
    with transaction.atomic():
        order.lock()
        if reason := _why_not(order, by):
            raise Refused(reason)
        seen, sha256 = _opened(shown), hashlib.sha256(unsigned(order)).hexdigest()
        if (seen.get("order"), seen.get("sha256")) != (order.pk, sha256):
            raise Refused(_("The letter has changed since you opened it. Read it again, then sign."))
        actor, moment = acting.current(), now()
        outsider = by if isinstance(by, Outsider) else None
        user = by.user if isinstance(by, Membership) else None
        signature = Signature(
            first_name,
            last_name,
            title,
            moment,
            actor.ip or "",
            actor.user_agent[:300].encode("ascii", "replace").decode(),
            sha256,
            email=outsider.email if outsider else user.email if user else "",
            link=outsider.link_pk if outsider else 0,
            zone=order.zone,
            drawing=drawn or b"",
        )
        invited = outsider.email if outsider else ""
        paper = _keep(order, _sealed(order, signature), by=user, outsider_email=invited)
        ways = LetterSignature.Way
        evidence = LetterSignature(
            document=paper,
            way=ways.DRAWN if drawn else ways.TYPED,
            first_name=first_name,
            last_name=last_name,
            title=title,
            by=user,
            outsider_email=invited,
            link=outsider.link_pk if outsider else None,
            signed_at=moment,
            ip=actor.ip,
            user_agent=actor.user_agent[:300],
            text_version=content(order).wording.version,
            consent_version=CONSENT_VERSION,
            shown_sha256=sha256,
            covers=order.covers(),
            said=order.letter_says(),
        )
        evidence.save()
        told = {"signer": str(evidence), "sha256": paper.sha256, "shown_sha256": sha256}
        audit.record("letter.sign", order, after=told)
        return paper


def _why_not(order: PortOrder, by: Membership | Outsider) -> str:
    """The first reason against signing now, or ""."""
    if is_on_paper(order):
        return _("In %(country)s this letter is signed on paper.") % {"country": order.pack.name}
    reason = why_not_sign(by, order) if isinstance(by, Membership) else ""
    if not reason and not order.takes_letter:
        reason = _("%(order)s was sent; its letter cannot be signed now.") % {"order": order}
    return reason or why_no_letter(order)


def _sealed(order: PortOrder, signature: Signature) -> bytes:
    """The signed letter with its evidence page, under our seal."""
    try:
        signed = letter_of_agency(content(order, signature))
        reason = f"Letter of agency {order.reference}, signed electronically by {signature.name}"
        return our_seal().put_on(signed, reason=reason, at=signature.signed_at)
    except LetterRefused as refusal:
        raise Refused(str(refusal.sentence)) from None
    except SealBroken:
        raise Refused(
            _("The letter cannot be sealed at the moment, so it is not signed. Tell who runs the console.")
        ) from None


def _keep(order: PortOrder, data: bytes, *, by: User | None, outsider_email: str) -> PortDocument:
    """Store a sealed letter in place of the former. The file carries its own evidence."""
    papers.supersede(order, PortDocument.Kind.LOA)
    paper: PortDocument = order.documents.create(
        kind=PortDocument.Kind.LOA,
        file=ContentFile(data, name="letter.pdf"),
        media_type="application/pdf",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        pages=page_count(data),
        uploaded_by=by,
        outsider_email=outsider_email,
    )
    return paper


def page_count(pdf: bytes) -> int:
    """Pages of a PDF that we made ourselves."""
    import pypdfium2

    return len(pypdfium2.PdfDocument(pdf))


def _opened(shown: str) -> dict[str, Any]:
    try:
        opened: dict[str, Any] = signing.loads(shown, salt=SALT, max_age=SHOWN_FOR)
    except signing.BadSignature:
        return {}
    return opened


def _same_name(left: str, right: str) -> bool:
    return bool(left) and " ".join(left.split()).casefold() == " ".join(right.split()).casefold()
