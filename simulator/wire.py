"""A port request as JSON, kept until its answer falls due; of papers only the facts, not the pages."""

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from carrier.base import Address, Document, PortRequest, Signature


def to_json(request: PortRequest) -> dict[str, Any]:
    """Everything that was said in a request, without the content of its documents."""
    bare = replace(request, documents=tuple(replace(paper, data=b"") for paper in request.documents))
    sent = asdict(bare)
    sent["requested_date"] = request.requested_date.isoformat()
    for paper in sent["documents"]:
        del paper["data"]
        paper["dated"] = paper["dated"] and paper["dated"].isoformat()
    if request.signature:
        sent["signature"]["signed_at"] = request.signature.signed_at.isoformat()
    return sent


def from_json(sent: dict[str, Any]) -> PortRequest:
    """The request that `to_json` wrote down."""
    signature = sent["signature"]
    return PortRequest(
        **{
            **sent,
            "numbers": tuple(sent["numbers"]),
            "address": Address(**sent["address"]),
            "requested_date": date.fromisoformat(sent["requested_date"]),
            "documents": tuple(_paper(paper) for paper in sent["documents"]),
            "signature": signature
            and Signature(**{**signature, "signed_at": datetime.fromisoformat(signature["signed_at"])}),
        }
    )


def _paper(sent: dict[str, Any]) -> Document:
    dated = sent["dated"]
    return Document(**{**sent, "data": b"", "dated": dated and date.fromisoformat(dated)})
