"""Numbers of every sort: one for each thing that may stand in the way, and for each that may not."""

from pstn.models import NumberBlock, Owner
from tests.factories import make_connected_location, make_location, make_number, make_own_address


def fill(org):
    """Locations and some forty numbers of an organization; answers the locations by name."""
    places = {
        "hq": make_connected_location(org),
        "branch": make_connected_location(org, name="Branch"),
        "gateway": make_connected_location(org, "premises", name="Gateway"),
        "london": make_connected_location(org, name="London", country="GB"),
        "bare": make_location(org, name="Bare"),
        "homeless": make_connected_location(org, name="Homeless"),
    }
    places["homeless"].emergency_address.delete()
    digits = iter(range(100, 999))

    def number(place, **fields):
        fields.setdefault("e164", f"+1408555{next(digits):04}")
        return make_number(places[place], **fields)

    ada = Owner.unscoped.create(org=org, name="Ada Park")
    queue = Owner.unscoped.create(org=org, name="Sales", kind="call_queue")
    for place in places:
        number(place)
        number(place, state="inactive")
        number(place, owner=ada, assigned_to="Ada Park")
        number(place, extension="4001")
    for state in ("pending", "porting"):
        number("hq", state=state)
        number("branch", state=state, kind="service")
    number("hq", state="inactive", waits_for_terms=True)
    for kind in ("mobile", "service", "non_geographic", "reserved", "elin"):
        number("hq", kind=kind)
    number("hq", kind="contact_center", sessions=5)
    number("homeless", kind="toll_free", e164="+18885550100")
    number("homeless", kind="toll_free", e164="+18885550101", state="inactive")
    number("hq", kind="extension", state="na", extension="7001", e164=f"x{places['hq'].pk}-7001")
    number("hq", owner=queue, assigned_to="Sales", kind="service")
    for place, kind in (("branch", "standard"), ("gateway", "service")):
        places[place].main_number = number(place, kind=kind)
        places[place].save()
    own = number("homeless", state="inactive")
    make_own_address(own)
    block = NumberBlock.unscoped.create(org=org, first="+14085557000", last="+14085557009", size=10)
    for last in range(10):
        number("hq", e164=f"+1408555700{last}", block=block)
    return places
