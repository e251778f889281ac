"""Keeping a checked paper of an order in place of the former one of its kind, which stays as history."""

from typing import Any

from django.core.files.base import ContentFile
from django.utils.timezone import now

from accounts.models import User
from lib.documents import Accepted
from porting.models import PortDocument, PortOrder


def keep(
    order: PortOrder, kind: str, accepted: Accepted, *, name: str, by: User | None, **facts: Any
) -> PortDocument:
    """Store what a check made anew of an upload. `name` is what the person called it: text, never a path."""
    supersede(order, kind)
    paper: PortDocument = order.documents.create(
        kind=kind,
        file=ContentFile(accepted.data, name=f"{kind}.{accepted.kind}"),
        preview=ContentFile(accepted.preview, name="preview.png"),
        media_type=accepted.content_type,
        original_name=name[-200:],
        sha256=accepted.sha256,
        size=len(accepted.data),
        pages=accepted.pages,
        uploaded_by=by,
        **facts,
    )
    return paper


def supersede(order: PortOrder, kind: str) -> None:
    """The paper of a kind that counts does not count any more."""
    order.documents.current().filter(kind=kind).update(superseded_at=now())
