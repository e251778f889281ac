"""The kind of background job that gives many numbers an emergency address of their own, or takes it away."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from emergency import many as addresses
from emergency import validation
from emergency.models import ADDRESS_FIELDS, EmergencyAddress
from lib.among import Among
from lib.transitions import Refused
from pstn.jobs.activating import EXTENSION_ONLY, OWN_ADDRESS
from pstn.jobs.base import UNDO_MINUTES, Params, register
from pstn.jobs.numbers import NumberKind, Refusals
from pstn.models import Job, JobWas, PhoneNumber
from pstn.workflow import many

NO_PLACE_BEHIND = Q(state=PhoneNumber.State.ACTIVE) & ~Q(location__emergency_address__state="validated")


@register
class Address(NumberKind):
    slug = Job.Kind.ADDRESS
    undo_minutes = UNDO_MINUTES

    def clean(self, org: Organization, membership: Membership, params: Params) -> dict[str, Any]:
        """The address as the service knows it. One that it does not know is refused, its own wording said."""
        if params.get("clear"):
            return {"clear": True}
        if "address" in params:
            return _copy(org, membership, params["address"])
        typed = {name: " ".join(str(params.get(name, "")).split()) for name in ADDRESS_FIELDS}
        country = str(params.get("country", ""))
        # Addresses of some countries name no region; where they do, the form asks for it.
        if not country or not all(typed[name] for name in ("line1", "city", "postal_code")):
            raise Refused(_("Fill in the whole address."))
        _ask(typed, country)
        return {**typed, "country": country}

    def same(self, org: Organization, params: Params) -> Q:
        if params.get("clear"):
            return Q(custom_address__isnull=True)
        fields = {f"custom_address__{name}": params[name] for name in ADDRESS_FIELDS}
        return OWN_ADDRESS & Q(**fields)

    def refusals(self, org: Organization, params: Params) -> Refusals:
        if params.get("clear"):
            return [("no_address_here", OWN_ADDRESS & NO_PLACE_BEHIND)]
        return [
            ("toll_free", Q(kind=PhoneNumber.Kind.TOLL_FREE)),
            ("extension_only", EXTENSION_ONLY),
            ("address_country", ~Q(location__country=params["country"])),
        ]

    def change(self, job: Job, pks: Sequence[int]) -> None:
        was = addresses.befores(job.org, pks)
        kept = [JobWas(job=job, e164=e164, was=fields) for e164, fields in was.items()]
        JobWas._base_manager.bulk_create(kept, batch_size=500)
        if job.params.get("clear"):
            addresses.take_away(job.org, pks)
            many.tell(job, pks, "address_cleared")
        else:
            fields = {name: job.params[name] for name in ADDRESS_FIELDS}
            words = addresses.give(job.org, pks, fields, by=job.created_by)
            many.tell(job, pks, "address_set", note=words)

    def refusals_back(self, job: Job) -> Refusals:
        kept = JobWas._base_manager.filter(job=job.undoes, e164=OuterRef("e164"))
        return [("no_address_here", OWN_ADDRESS & NO_PLACE_BEHIND & ~Q(Exists(kept)))]

    def put_back(self, job: Job, before: str, pks: Sequence[int]) -> None:
        assert job.undoes, "this undoes a job"
        rows = job.org.phone_numbers.filter(Among("pk", pks))
        was = dict(job.undoes.befores.filter(e164__in=rows.values("e164")).values_list("e164", "was"))
        addresses.put_back(job.org, pks, was, by=job.created_by)
        many.tell(job, pks, "address_set" if job.params.get("clear") else "address_cleared")


def _copy(org: Organization, membership: Membership, key: Any) -> dict[str, Any]:
    """The fields of an address that the organization has and that the service knows."""
    given = str(key)
    known = org.emergency_addresses.within(membership).filter(state=EmergencyAddress.State.VALIDATED)
    rows = known.select_related("location", "number__location").distinct()
    found = (
        rows.filter(pk=int(given)).first()
        if given.isascii() and given.isdigit() and len(given) < 19
        else None
    )
    if found is None:
        raise Refused(_("Choose a validated address."))
    return {**found.fields, "country": found.home.country}


def _ask(typed: dict[str, str], country: str) -> None:
    answer = validation.ask(typed, country)
    if answer.outcome == "valid":
        return
    if answer.outcome == "no_answer":
        raise Refused(_("The emergency service does not answer now. Try again in a few minutes."))
    if answer.outcome == "suggested":
        words = ", ".join(value for value in answer.found.values() if value)
        raise Refused(
            _("The emergency service knows this address as: %(address)s. Write it so.") % {"address": words}
        )
    reasons = " ".join(validation.problems(answer.reasons))
    raise Refused(_("The emergency service does not know this address.") + (f" {reasons}" if reasons else ""))
