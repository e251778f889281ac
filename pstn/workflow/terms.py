"""The acceptance of the terms of service: by a full administrator of the customer, and what it sets free."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import acting, audit
from accounts.models import Membership, Organization, Right, User
from lib.queue import later
from lib.transitions import Refused
from pstn import terms_text
from pstn.models import TermsAcceptance, TermsRequest
from pstn.workflow import numbers

# How long somebody who asked for the acceptance waits before asking again.
ASK_EVERY = timedelta(days=1)


def acceptance(org: Organization) -> TermsAcceptance | None:
    """Who accepted the terms that are in force, or None."""
    return org.terms_acceptances.filter(version=terms_text.current().version).select_related("by").first()


def last_request(org: Organization) -> TermsRequest | None:
    return org.terms_requests.select_related("by").order_by("-pk").first()


def lock(org: Organization) -> None:
    """Take turns on an organization: acceptance, provisioning and the trial's limit look at the same rows.

    Take it before the lock of an order. The weaker lock lets others insert rows of the organization.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=org.pk)


def accept(membership: Membership, *, sha256: str) -> int:
    """Accept the text with this digest; answers how many numbers became active. Twice is once.

    Refused when the text changed since it was shown, or when the person's role does not carry the right.
    """
    org, terms = membership.org, terms_text.current()
    if not membership.may(Right.ACCEPT):
        raise Refused(_("Only a full administrator of the customer can accept the terms."))
    if sha256 != terms.sha256:
        raise Refused(_("The terms changed since you opened this page. Read the new version, then accept."))
    with transaction.atomic():
        lock(org)
        if acceptance(org):
            return 0
        actor = acting.current()
        accepted = org.terms_acceptances.create(
            version=terms.version,
            sha256=terms.sha256,
            by=membership.user,
            role=membership.role,
            ip=actor.ip,
            user_agent=actor.user_agent[:300],
        )
        audit.record("terms.accept", accepted, after={"version": terms.version, "sha256": terms.sha256})
        return _set_free(org, by=membership.user)


def request(org: Organization, *, by: User) -> TermsRequest:
    """Ask the customer's full administrators for the acceptance. Refused within a day of the last request."""
    with transaction.atomic():
        lock(org)
        if acceptance(org):
            raise Refused(_("The terms are accepted already."))
        last = last_request(org)
        if last and last.at > timezone.now() - ASK_EVERY:
            raise Refused(_("A request was sent within the last day. It can be sent again tomorrow."))
        asked: TermsRequest = org.terms_requests.create(by=by)
        audit.record("terms.request", asked)
        _tell(asked)
    return asked


def _set_free(org: Organization, *, by: User) -> int:
    """Numbers that waited become active, and their orders wait no more."""
    now, count = timezone.now(), numbers.release_from_terms(org, by=by)
    for order in org.number_orders.filter(waits_for_terms=True).select_for_update().order_by("pk"):
        order.waits_for_terms = False
        order.save(update_fields=["waits_for_terms", "updated_at"])
        order.events.create(
            before=order.state, after=order.state, by=by, code="terms_accepted", handled_at=now
        )
    return count


def _tell(asked: TermsRequest) -> None:
    from pstn import tasks  # tasks call back into this package

    later(tasks.handle_terms_request, asked.pk)
