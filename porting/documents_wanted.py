"""Papers beside the bill and the letter: those a country may need, and those that somebody asked for."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

import countries
from accounts import audit
from accounts.models import Membership, User
from countries import Text
from lib.documents import Accepted
from lib.queue import later
from lib.transitions import Refused
from porting import papers
from porting.models import DocumentRequest, PortDocument, PortOrder
from porting.workflow import orders as workflow


@dataclass(frozen=True)
class Wanted:
    """One paper as the page lists it. `why` is who asked and for what; `is_due` holds the order back."""

    kind: str
    label: Text
    why: str = ""
    who: str = ""
    is_due: bool = False
    paper: PortDocument | None = None


def wanted(order: PortOrder) -> list[Wanted]:
    """What was asked for first, then what the order's country may need. One query, if papers wait."""
    asked = list(order.document_requests.open()) if order.wants_documents else []
    found = [Wanted(one.kind, one.label, one.detail, one.get_source_display(), is_due=True) for one in asked]
    named = {one.kind for one in asked}
    if not order.is_editable:
        return found
    for rule in order.pack.documents:
        if rule.kind not in named and (order.is_project or not rule.for_projects):
            found.append(Wanted(rule.kind, rule.label, paper=order.paper(rule.kind)))
    return found


def facts(order: PortOrder, membership: Membership) -> dict[str, Any] | None:
    """What the order's card shows, or None when no paper is wanted."""
    papers = wanted(order)
    if not papers:
        return None
    return {"wanted": papers, "is_due": any(one.is_due for one in papers), "may_add": membership.may_edit}


def one_wanted(order: PortOrder, kind: str) -> Wanted | None:
    """The wanted paper of a kind, or None: nothing else can be added to an order."""
    return next((one for one in wanted(order) if one.kind == kind), None)


def ask(
    order: PortOrder,
    *,
    kind: str,
    detail: str = "",
    carrier_event: str | None = None,
    by: User | None = None,
) -> DocumentRequest:
    """The carrier, or with `by` support, wants one more paper. Refused for an order that takes none."""
    from porting.tasks import documents as tasks  # tasks call back into this module

    source = DocumentRequest.Source.SUPPORT if by else DocumentRequest.Source.CARRIER
    with transaction.atomic():
        workflow.want_documents(
            order, kind=kind, detail=detail, source=source, by=by, carrier_event=carrier_event
        )
        request: DocumentRequest = order.document_requests.create(
            kind=kind, detail=detail[:300], source=source, by=by
        )
        later(tasks.tell_request, request.pk)
    return request


def add(order: PortOrder, kind: str, accepted: Accepted, *, name: str, by: User) -> PortDocument:
    """Store a checked paper in place of a former one of its kind. What was asked for goes to the carrier."""
    from porting.tasks import documents as tasks  # tasks call back into this module

    with transaction.atomic():
        order.lock()
        if one_wanted(order, kind) is None:
            raise Refused(_not_wanted(order, kind))
        paper = papers.keep(order, kind, accepted, name=name, by=by)
        audit.record("port_order.add_document", order, after={"kind": kind, "sha256": paper.sha256})
        answered = list(order.document_requests.open().filter(kind=kind))
        for request in answered:
            request.document, request.fulfilled_at, request.remind_at = paper, now(), None
            request.save(update_fields=["document", "fulfilled_at", "remind_at"])
            later(tasks.send_paper, request.pk)
        if order.wants_documents and not order.document_requests.open().exists():
            workflow.have_documents(order, by=by)
    return paper


def _not_wanted(order: PortOrder, kind: str) -> str:
    words = {"order": order, "paper": countries.document_label(kind)}
    return _("%(order)s does not wait for this any more: %(paper)s.") % words
