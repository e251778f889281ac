"""Jobs that put words on numbers: tags and notes."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Value
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from lib.among import Among
from lib.transitions import Refused
from pstn.jobs.base import UNDO_MINUTES, Params, register
from pstn.jobs.numbers import NumberKind
from pstn.models import Job, JobWas, NumberTag, PhoneNumber, Tag
from pstn.workflow import many

LONGEST_NOTE = 200
LONGEST_TAG = 40
BETWEEN_TAGS = ",;|"  # as files and exports have them


@register
class TagNumbers(NumberKind):
    slug = Job.Kind.TAG
    undo_minutes = UNDO_MINUTES

    def clean(self, org: Organization, membership: Membership, params: Params) -> dict[str, Any]:
        name, remove = " ".join(str(params.get("tag", "")).split()), bool(params.get("remove"))
        if not name:
            raise Refused(_("Write the tag."))
        if len(name) > LONGEST_TAG:
            raise Refused(_("A tag has at most %(most)s characters.") % {"most": LONGEST_TAG})
        if set(name) & set(BETWEEN_TAGS):
            raise Refused(_("One tag at a time: commas, semicolons and bars stand between tags."))
        # As everywhere, a tag that is known in other letter case is that one; the very one comes first.
        alike = list(org.tags.filter(name__iexact=name).order_by("name").values_list("name", flat=True))
        if remove and not alike:
            raise Refused(_("There is no tag %(tag)s.") % {"tag": name})
        return {"tag": name if name in alike or not alike else alike[0], "remove": remove}

    def same(self, org: Organization, params: Params) -> Q:
        tagged = NumberTag._base_manager.filter(tag__org=org, tag__name=params["tag"], number=OuterRef("pk"))
        return ~Q(Exists(tagged)) if params["remove"] else Q(Exists(tagged))

    def change(self, job: Job, pks: Sequence[int]) -> None:
        _mark(job, pks, remove=job.params["remove"])

    def put_back(self, job: Job, before: str, pks: Sequence[int]) -> None:
        _mark(job, pks, remove=not job.params["remove"])


def _mark(job: Job, pks: Sequence[int], *, remove: bool) -> None:
    tag, _is_new = Tag._base_manager.get_or_create(org=job.org, name=job.params["tag"])
    if remove:
        tag.taggings.filter(Among("number", pks)).delete()
    else:
        # Somebody may have tagged one by hand since it was put back.
        numbers = job.org.phone_numbers.filter(Among("pk", pks)).exclude(taggings__tag=tag)
        many.insert_from(NumberTag, numbers, number=F("pk"), tag=Value(tag.pk))
    many.tell(job, pks, "untagged" if remove else "tagged", note=tag.name)


@register
class Note(NumberKind):
    slug = Job.Kind.NOTE
    undo_minutes = UNDO_MINUTES

    def clean(self, org: Organization, membership: Membership, params: Params) -> dict[str, Any]:
        note = str(params.get("note", "")).strip()
        if len(note) > LONGEST_NOTE:
            raise Refused(_("A note has at most %(most)s characters.") % {"most": LONGEST_NOTE})
        return {"note": note}

    def same(self, org: Organization, params: Params) -> Q:
        return Q(note=params["note"])

    def change(self, job: Job, pks: Sequence[int]) -> None:
        rows = job.org.phone_numbers.filter(Among("pk", pks)).values_list("e164", "note")
        befores = [JobWas(job=job, e164=e164, was={"note": note}) for e164, note in rows]
        JobWas._base_manager.bulk_create(befores, batch_size=500)
        note = job.params["note"]
        many.set_fields(job, pks, "noted", {"note": note}, note=note)

    def put_back(self, job: Job, before: str, pks: Sequence[int]) -> None:
        assert job.undoes, "this undoes a job"
        rows = PhoneNumber._base_manager.filter(Among("pk", pks))
        notes = dict(job.undoes.befores.filter(e164__in=rows.values("e164")).values_list("e164", "was"))
        found = list(rows.only("pk", "e164"))
        for number in found:
            number.note = notes[number.e164]["note"]
        many.tell(job, pks, "noted")
        PhoneNumber._base_manager.bulk_update(found, ["note"], batch_size=500)
