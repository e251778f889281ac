"""Extensions: unique at their location, with a telephone number or alone."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from lib.phone import key_of_extension
from lib.transitions import Refused
from pstn.models import Location, Owner, PhoneNumber
from pstn.workflow import number_rows as rows


def add(
    location: Location, extension: str, *, owner: Owner | None = None, note: str = "", by: User
) -> PhoneNumber:
    """A row that has only an extension. Refused when the extension is taken at this location."""
    with transaction.atomic():
        _lock(location.pk)
        if reason := why_not_extension(location, extension):
            raise Refused(reason)
        row: PhoneNumber = location.org.phone_numbers.create(
            e164=key_of_extension(location.pk, extension),
            location=location,
            state=PhoneNumber.State.NOT_APPLICABLE,
            kind=PhoneNumber.Kind.EXTENSION,
            extension=extension,
            owner=owner,
            assigned_to=owner.name if owner else "",
            note=note,
        )
        rows.tell(row.org, [row.e164], "added", after=row.state, by=by, note=row.assigned_to)
        after = {"extension": extension, "owner": owner.pk if owner else None}
        audit.record("number.add_extension", location, after=after)
    return row


def claim(number: PhoneNumber, extension: str | None) -> None:
    """Before a number is given this extension, in the same transaction: Refused when it is taken there.

    Holds the location, so that two who want the same extension take turns.
    """
    if not extension or extension == number.extension:
        return
    if number.is_extension_only:
        raise Refused(_("Its extension is all it has. Delete it and add another."))
    _lock(number.location_id)
    if reason := why_not_extension(number.location, extension, but=number):
        raise Refused(reason)


def why_not_extension(location: Location, extension: str, but: PhoneNumber | None = None) -> str:
    """The reason why nothing more can have this extension at this location, or ""."""
    holders = location.phone_numbers.filter(extension=extension)
    holder = (holders.exclude(pk=but.pk) if but else holders).first()
    if holder is None:
        return ""
    who = holder.assigned_to or holder.international
    return _("Extension %(extension)s is taken at %(location)s: %(who)s.") % {
        "extension": extension,
        "location": location,
        "who": who,
    }


def _lock(location_pk: int) -> None:
    list(Location._base_manager.select_for_update().filter(pk=location_pk))
