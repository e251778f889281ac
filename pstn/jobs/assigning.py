"""Jobs that say whom numbers are for, and take them back."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from lib.transitions import Refused
from pstn.jobs.activating import LACKS_ADDRESS, ON_THE_WAY
from pstn.jobs.base import UNDO_MINUTES, Params, register
from pstn.jobs.numbers import NumberKind, Refusals
from pstn.models import Job, Owner
from pstn.models.number_rules import ADDRESS_BEFORE_ASSIGNMENT, FEATURE_KINDS, KEPT_KINDS
from pstn.workflow import many

NOBODY = {"owner_id": None, "assigned_to": ""}


def against_assign(owner: Owner | None) -> Refusals:
    """What stands in the way of giving numbers to this owner, or to anybody."""
    refusals: Refusals = [("not_here", ON_THE_WAY)]
    refusals += [(kind, Q(kind=kind)) for kind in sorted(KEPT_KINDS)]
    if owner is not None and owner.is_line:
        refusals += [(f"{kind}_line", Q(kind=kind)) for kind in sorted(FEATURE_KINDS)]
    unsafe = Q(location__country__in=ADDRESS_BEFORE_ASSIGNMENT) & LACKS_ADDRESS
    return [*refusals, ("nobody_safe", unsafe)]


class _Owning(NumberKind):
    """What assigning and taking back share: both ways back give a number to whom it was."""

    undo_minutes = UNDO_MINUTES

    def hold(self, job: Job) -> None:
        """An owner is not renamed while its name is written into its numbers."""
        if pk := job.params.get("owner"):
            list(job.org.owners.select_for_update().filter(pk=pk).values_list("pk"))

    def put_back(self, job: Job, before: str, pks: Sequence[int]) -> None:
        owner = job.org.owners.filter(pk=int(before)).first() if before else None
        if owner is None:
            many.set_fields(job, pks, "unassigned", NOBODY, of="owner_id")
        else:
            _give(job, pks, owner)


@register
class Assign(_Owning):
    slug = Job.Kind.ASSIGN

    def clean(self, org: Organization, membership: Membership, params: Params) -> dict[str, Any]:
        given = str(params.get("owner", ""))
        owners = org.owners.within(membership)
        if not (given.isascii() and given.isdigit()) or not owners.filter(pk=int(given[:18])).exists():
            raise Refused(_("Choose whom the numbers are for."))
        return {"owner": int(given)}

    def same(self, org: Organization, params: Params) -> Q:
        return Q(owner=params["owner"])

    def refusals(self, org: Organization, params: Params) -> Refusals:
        owner = org.owners.filter(pk=params["owner"]).first()
        if owner is None:
            return [("no_such_owner", Q(pk__isnull=False))]
        return against_assign(owner)

    def change(self, job: Job, pks: Sequence[int]) -> None:
        _give(job, pks, job.org.owners.get(pk=job.params["owner"]))


@register
class Unassign(_Owning):
    slug = Job.Kind.UNASSIGN

    def same(self, org: Organization, params: Params) -> Q:
        return Q(assigned_to="")

    def change(self, job: Job, pks: Sequence[int]) -> None:
        many.set_fields(job, pks, "unassigned", NOBODY, of="owner_id")

    def refusals_back(self, job: Job) -> Refusals:
        return against_assign(None)


def _give(job: Job, pks: Sequence[int], owner: Owner) -> None:
    fields = {"owner_id": owner.pk, "assigned_to": owner.name}
    many.set_fields(job, pks, "assigned", fields, of="owner_id", note=owner.name)
