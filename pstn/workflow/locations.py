"""What happens to a location: it is added, edited, given a main number; all of it audited."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Organization
from lib.transitions import Refused, lock
from pstn.models import Location, PhoneNumber


def add(org: Organization, values: dict[str, Any]) -> Location:
    """A new location. Raises Refused when somebody took its name a moment ago."""
    try:
        with transaction.atomic():
            location: Location = org.locations.create(**values)
            audit.record("location.add", location, after=values)
    except IntegrityError:
        raise Refused(_("Another location has this name.")) from None
    return location


def edit(location: Location, values: dict[str, Any]) -> None:
    """Change what differs. Raises Refused when somebody took the name a moment ago."""
    try:
        with transaction.atomic():
            lock(location)
            before = {
                name: getattr(location, name)
                for name, value in values.items()
                if getattr(location, name) != value
            }
            if not before:
                return
            if "country" in before and location.is_country_fixed:
                raise Refused(_("The country is fixed: the PSTN connection or the numbers follow it."))
            after = {name: values[name] for name in before}
            for name, value in after.items():
                setattr(location, name, value)
            location.save(update_fields=[*after, "updated_at"])
            audit.record("location.edit", location, before=before, after=after)
    except IntegrityError:
        raise Refused(_("Another location has this name.")) from None


@transaction.atomic
def set_main_number(location: Location, number: PhoneNumber) -> None:
    """The number that the location shows, and is called back on. It must be active and at the location."""
    lock(location)
    held = location.phone_numbers.select_for_update().filter(pk=number.pk).first()
    if held is None or held.state != PhoneNumber.State.ACTIVE:
        raise Refused(
            _("%(number)s is not an active number of %(location)s.")
            % {"number": number, "location": location}
        )
    before = location.main_number
    if before == held:
        return
    location.main_number = held
    location.save(update_fields=["main_number", "updated_at"])
    audit.record(
        "location.set_main_number",
        location,
        before={"main_number": before.e164 if before else ""},
        after={"main_number": held.e164},
    )
