"""What people change about one number beside its state: its type, its location, its note and its tags."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.models import Organization, User
from lib.transitions import Refused, lock
from pstn.models import Location, NumberTag, PhoneNumber, Tag
from pstn.models.numbers import MOST_SESSIONS
from pstn.workflow import number_rows as rows

K = PhoneNumber.Kind


def retype(number: PhoneNumber, kind: str, *, sessions: int | None = None, by: User) -> None:
    """Another type; `sessions`, how many calls at once, is for a contact center's numbers only."""
    wanted = sessions if kind == K.CONTACT_CENTER else None
    if kind == K.CONTACT_CENTER and not 1 <= (wanted or 0) <= MOST_SESSIONS:
        raise Refused(_("Say how many calls at once: from 1 to %(most)s.") % {"most": f"{MOST_SESSIONS:,}"})
    with transaction.atomic():
        lock(number)
        if reason := number.why_not_retype(kind):
            raise Refused(reason)
        before = {"kind": number.kind, "sessions": number.sessions}
        after = {"kind": kind, "sessions": wanted}
        if before == after:
            return
        number.kind, number.sessions = kind, wanted
        number.save(update_fields=["kind", "sessions", "updated_at"])
        told = {"before": str(before["kind"]), "after": kind, "note": calls_at_once(wanted) if wanted else ""}
        rows.tell(number.org, [number.e164], "retyped", by=by, **told)
        audit.record("number.retype", number, before=before, after=after)


def calls_at_once(sessions: int) -> str:
    return ngettext("%(n)s call at once", "%(n)s calls at once", sessions) % {"n": f"{sessions:,}"}


def move(number: PhoneNumber, to: Location, *, by: User) -> None:
    """To another location of the same country and kind of connection."""
    with transaction.atomic():
        # The target first, as everywhere: nobody gives its extensions away meanwhile.
        places = Location._base_manager.select_related("connection", "emergency_address")
        to = places.select_for_update(of=("self",)).get(pk=to.pk)
        lock(number)
        if reason := number.why_not_move(to):
            raise Refused(reason)
        left, number.location = number.location, to
        number.save(update_fields=["location", "updated_at"])
        told = {"before": str(left.pk), "after": str(to.pk), "note": to.name}
        rows.tell(number.org, [number.e164], "moved", by=by, **told)
        audit.record("number.move", number, before={"location": left}, after={"location": to})


def describe(number: PhoneNumber, *, note: str, tags: Iterable[str], by: User) -> None:
    """Its note, and exactly these tags. A tag that is known in other letter case is that one."""
    with transaction.atomic():
        lock(number)
        if number.note != note:
            before, number.note = number.note, note
            number.save(update_fields=["note", "updated_at"])
            rows.tell(number.org, [number.e164], "noted", by=by, note=note)
            audit.record("number.note", number, before={"note": before}, after={"note": note})
        _retag(number, tags, by)


def _retag(number: PhoneNumber, names: Iterable[str], by: User) -> None:
    wanted = tags_named(number.org, names)
    had = {row.tag_id: row for row in number.taggings.select_related("tag")}
    new = [tag for tag in wanted if tag.pk not in had]
    gone = [row for pk, row in had.items() if pk not in {tag.pk for tag in wanted}]
    if not new and not gone:
        return
    NumberTag._base_manager.bulk_create([NumberTag(number=number, tag=tag) for tag in new])
    NumberTag._base_manager.filter(pk__in=[row.pk for row in gone]).delete()
    if new:
        rows.tell(number.org, [number.e164], "tagged", by=by, note=_words(new))
    if gone:
        rows.tell(number.org, [number.e164], "untagged", by=by, note=_words(row.tag for row in gone))
    before = sorted(row.tag.name for row in had.values())
    audit.record("number.tag", number, before={"tags": before}, after={"tags": sorted(map(str, wanted))})


def tags_named(org: Organization, names: Iterable[str]) -> list[Tag]:
    """The organization's tags of these names; those that it has not are made."""
    asked = {name.casefold(): name for name in names}
    known = {tag.name.casefold(): tag for tag in org.tags.all()}
    new = [Tag(org=org, name=name) for key, name in asked.items() if key not in known]
    if new:
        Tag._base_manager.bulk_create(new, ignore_conflicts=True)
        known |= {tag.name.casefold(): tag for tag in org.tags.filter(name__in=[tag.name for tag in new])}
    return [known[key] for key in asked]


def _words(tags: Iterable[Tag]) -> str:
    return ", ".join(sorted(tag.name for tag in tags))[:200]
