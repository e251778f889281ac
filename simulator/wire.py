"""A port request as JSON, kept until its answer falls due; of papers only the facts, not the pages."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, datetime, time
from typing import Any

from carrier.base import Address, Document, PortRequest, Signature


def to_json(request: PortRequest) -> dict[str, Any]:
    """Everything that was said in a request, without the content of its documents."""
    plain = replace(
        request, documents=(), line_kinds=dict(request.line_kinds), identifiers=dict(request.identifiers)
    )
    sent = asdict(plain) | {"documents": papers_to_json(request.documents)}
    sent["requested_date"] = request.requested_date.isoformat()
    if request.requested_time:
        sent["requested_time"] = request.requested_time.isoformat()
    if request.signature:
        sent["signature"]["signed_at"] = request.signature.signed_at.isoformat()
    return sent


def from_json(sent: dict[str, Any]) -> PortRequest:
    """The request that `to_json` wrote down, also one from before a field was there."""
    signature, hour = sent["signature"], sent.get("requested_time")
    return PortRequest(
        **{
            **sent,
            "numbers": tuple(sent["numbers"]),
            "address": Address(**sent["address"]),
            "requested_date": date.fromisoformat(sent["requested_date"]),
            "requested_time": hour and time.fromisoformat(hour),
            "documents": papers_from_json(sent["documents"]),
            "signature": signature
            and Signature(**{**signature, "signed_at": datetime.fromisoformat(signature["signed_at"])}),
        }
    )


def papers_to_json(papers: Iterable[Document]) -> list[dict[str, Any]]:
    """Kind, digest, type and date of papers."""
    return [
        {
            "kind": paper.kind,
            "sha256": paper.sha256,
            "media_type": paper.media_type,
            "dated": paper.dated and paper.dated.isoformat(),
        }
        for paper in papers
    ]


def papers_from_json(sent: Iterable[dict[str, Any]]) -> tuple[Document, ...]:
    """The papers that `papers_to_json` wrote down, without their pages."""
    return tuple(
        Document(**{**paper, "data": b"", "dated": paper["dated"] and date.fromisoformat(paper["dated"])})
        for paper in sent
    )
