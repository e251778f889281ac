"""Jobs that put numbers into service and take them out of it."""

from collections.abc import Sequence

from django.db.models import F, Q

from accounts.models import Organization
from pstn.jobs.base import UNDO_MINUTES, Params, register
from pstn.jobs.numbers import NumberKind, Refusals
from pstn.models import Job, PhoneNumber
from pstn.workflow import many

S, K = PhoneNumber.State, PhoneNumber.Kind

EXTENSION_ONLY = Q(kind=K.EXTENSION)
ON_THE_WAY = Q(state__in=[S.PENDING, S.PORTING])
IN_USE: Refusals = [("main", Q(location__main_number=F("pk"))), ("assigned", ~Q(assigned_to=""))]
TAKES_ADDRESS = ~Q(kind__in=[K.TOLL_FREE, K.EXTENSION])
# The emergency app is reached by its reverse relations.
OWN_ADDRESS = Q(custom_address__state="validated")
HAS_ADDRESS = OWN_ADDRESS | Q(location__emergency_address__state="validated")
LACKS_ADDRESS = TAKES_ADDRESS & ~HAS_ADDRESS

ACTIVATE: Refusals = [
    ("extension_only", EXTENSION_ONLY),
    ("pending", Q(state=S.PENDING)),
    ("porting", Q(state=S.PORTING)),
    ("terms", Q(waits_for_terms=True)),
    ("no_address", LACKS_ADDRESS),
]
DEACTIVATE: Refusals = [("extension_only", EXTENSION_ONLY), ("not_active", ~Q(state=S.ACTIVE)), *IN_USE]


@register
class Activate(NumberKind):
    slug = Job.Kind.ACTIVATE
    undo_minutes = UNDO_MINUTES

    def same(self, org: Organization, params: Params) -> Q:
        return Q(state=S.ACTIVE)

    def refusals(self, org: Organization, params: Params) -> Refusals:
        return ACTIVATE

    def change(self, job: Job, pks: Sequence[int]) -> None:
        many.set_state(job, pks, S.ACTIVE, "activated")

    def refusals_back(self, job: Job) -> Refusals:
        return DEACTIVATE

    def put_back(self, job: Job, before: str, pks: Sequence[int]) -> None:
        many.set_state(job, pks, before, "deactivated")


@register
class Deactivate(NumberKind):
    slug = Job.Kind.DEACTIVATE
    undo_minutes = UNDO_MINUTES

    def same(self, org: Organization, params: Params) -> Q:
        return Q(state=S.INACTIVE)

    def refusals(self, org: Organization, params: Params) -> Refusals:
        return DEACTIVATE

    def change(self, job: Job, pks: Sequence[int]) -> None:
        many.set_state(job, pks, S.INACTIVE, "deactivated")

    def refusals_back(self, job: Job) -> Refusals:
        return ACTIVATE

    def put_back(self, job: Job, before: str, pks: Sequence[int]) -> None:
        many.set_state(job, pks, before, "activated")
