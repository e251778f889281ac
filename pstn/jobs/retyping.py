"""Jobs that change what numbers are: standard, service, contact center, reserved, ELIN."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from lib.among import Among
from lib.transitions import Refused
from pstn.jobs.activating import EXTENSION_ONLY, IN_USE, ON_THE_WAY
from pstn.jobs.base import UNDO_MINUTES, Params, register
from pstn.jobs.numbers import NumberKind, Refusals
from pstn.models import Job, JobWas, PhoneNumber
from pstn.models.number_rules import CHOSEN_KINDS
from pstn.models.numbers import MOST_SESSIONS
from pstn.workflow import many

CONTACT_CENTER = PhoneNumber.Kind.CONTACT_CENTER.value


@register
class Retype(NumberKind):
    slug = Job.Kind.RETYPE
    undo_minutes = UNDO_MINUTES

    def clean(self, org: Organization, membership: Membership, params: Params) -> dict[str, Any]:
        kind, sessions = params.get("kind"), params.get("sessions")
        if kind not in CHOSEN_KINDS:
            raise Refused(_("Choose the new type."))
        if kind != CONTACT_CENTER:
            return {"kind": kind, "sessions": None}
        if not isinstance(sessions, int) or not 1 <= sessions <= MOST_SESSIONS:
            raise Refused(
                _("Say how many calls at once each number takes: 1 to %(most)s.") % {"most": MOST_SESSIONS}
            )
        return {"kind": kind, "sessions": sessions}

    def same(self, org: Organization, params: Params) -> Q:
        if params["sessions"] is None:
            return Q(kind=params["kind"])
        return Q(kind=params["kind"], sessions=params["sessions"])

    def refusals(self, org: Organization, params: Params) -> Refusals:
        return [
            ("extension_only", EXTENSION_ONLY),
            ("fixed_kind", ~Q(kind__in=CHOSEN_KINDS)),
            ("not_here", ON_THE_WAY),
            *IN_USE,
        ]

    def change(self, job: Job, pks: Sequence[int]) -> None:
        # The way back needs the sessions too; an event holds the type only.
        rows = job.org.phone_numbers.filter(Among("pk", pks), kind=CONTACT_CENTER).values_list(
            "e164", "sessions"
        )
        befores = [JobWas(job=job, e164=e164, was={"sessions": sessions}) for e164, sessions in rows]
        JobWas._base_manager.bulk_create(befores, batch_size=500)
        many.set_fields(job, pks, "retyped", dict(job.params), of="kind")

    def refusals_back(self, job: Job) -> Refusals:
        return list(IN_USE)

    def put_back(self, job: Job, before: str, pks: Sequence[int]) -> None:
        assert job.undoes, "this undoes a job"
        many.set_fields(job, pks, "retyped", {"kind": before, "sessions": None}, of="kind")
        if before == CONTACT_CENTER:
            rows = job.org.phone_numbers.filter(Among("pk", pks))
            calls = dict(job.undoes.befores.filter(e164__in=rows.values("e164")).values_list("e164", "was"))
            found = list(rows.only("pk", "e164"))
            for number in found:
                number.sessions = calls[number.e164]["sessions"]
            job.org.phone_numbers.bulk_update(found, ["sessions"], batch_size=500)
