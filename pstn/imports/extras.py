"""What stands beside a number's row: its tags and its own emergency address, for the rows of one slice."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.models import Organization
from pstn.models import Job, NumberImport, NumberTag, PhoneNumber

# The columns of an emergency address that are taken over from the one whose ID the file has.
COPIED = ("line1", "line2", "city", "state_code", "postal_code", "state", "checked_at")


def complete(it: NumberImport, job: Job, first: int, last: int, plan: str, columns: Iterable[str]) -> None:
    """Tags and addresses of the rows of this plan, whose numbers are there (and locked) by now."""
    columns = set(columns)
    rows = it.lines.filter(line__gte=first, line__lte=last, plan=plan).order_by()
    if "tags" in columns:
        wished: dict[str, Any] = dict(rows.exclude(tags=None).values_list("e164", "tags"))
        _tag(it.org, _keys(it.org, wished), wished)
    if "emergency_address_id" in columns:
        addressed: dict[str, Any] = dict(rows.exclude(address_id=None).values_list("e164", "address_id"))
        _address(it.org, _keys(it.org, addressed), addressed, job)


def _keys(org: Organization, e164s: Iterable[str]) -> dict[str, int]:
    wanted = list(e164s)
    return dict(org.phone_numbers.filter(e164__in=wanted).values_list("e164", "pk")) if wanted else {}


def _tag(org: Organization, numbers: dict[str, int], wished: dict[str, str]) -> None:
    """Exactly these tags on each number. A tag that is known in other letter case is that one."""
    if not numbers:
        return
    names = {name for text in wished.values() for name in text.split("\n") if name}
    known = {tag.name.casefold(): tag.pk for tag in org.tags.all()}
    for name in sorted(names):
        if name.casefold() not in known:
            known[name.casefold()] = org.tags.get_or_create(name=name)[0].pk
    wanted = {
        (numbers[e164], known[name.casefold()])
        for e164, text in wished.items()
        if e164 in numbers
        for name in text.split("\n")
        if name
    }
    there = NumberTag._base_manager.filter(number__in=numbers.values())
    kept = {(number, tag): pk for pk, number, tag in there.values_list("pk", "number", "tag")}
    there.filter(pk__in=[pk for pair, pk in kept.items() if pair not in wanted]).delete()
    fresh: list[Any] = [
        NumberTag(number_id=number, tag_id=tag) for number, tag in sorted(wanted - kept.keys())
    ]
    NumberTag._base_manager.bulk_create(fresh, batch_size=1000, ignore_conflicts=True)


def _address(org: Organization, numbers: dict[str, int], wished: dict[str, int], job: Job) -> None:
    """Own addresses, copied from validated ones of the organization; 0 takes the own one away.

    The emergency service has confirmed these very fields already, so it is not asked once more.
    """
    if not numbers:
        return
    addresses: Any = org.emergency_addresses  # type: ignore[attr-defined]
    sources = addresses.filter(state="validated").in_bulk({pk for pk in wished.values() if pk})
    own = {one.number_id: one for one in addresses.filter(number__in=numbers.values()).select_for_update()}
    homes = dict(PhoneNumber._base_manager.filter(pk__in=numbers.values()).values_list("pk", "location"))
    taken_away = []
    for e164, source_pk in wished.items():
        number = numbers.get(e164)
        source = sources.get(source_pk)
        if number is None or (source is not None and source.location_id == homes[number]):
            source = None if number is not None else source
        if number is None:
            continue
        if source is None:
            if number in own:
                taken_away.append(own[number].pk)
            continue
        given = {name: getattr(source, name) for name in COPIED}
        address, is_new = addresses.update_or_create(
            number_id=number,
            defaults={**given, "suggestion": {}, "reasons": [], "checked_at": timezone.now()},
        )
        before = "" if is_new else own[number].state
        address.events.create(before=before, after=address.state, text=str(source), by=job.created_by)
    addresses.filter(pk__in=taken_away).delete()
