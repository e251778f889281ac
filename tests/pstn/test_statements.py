"""How many statements the lists cost: the same with one row and with many, and few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pstn.models import NumberTag
from tests.factories import make_connected_location, make_number, make_number_order
from tests.porting.outs.factories import make_port_out

FEW = 5  # session, person, membership with its organization, what is listed, what is counted
# The address of each list, and how many statements it may cost: more than FEW is said, not hidden.
LISTS = {
    "/acme/numbers/": FEW,
    "/acme/numbers/?state=active&type=standard&location={place}": FEW,
    "/acme/numbers/?q=%2B1408": FEW,
    "/acme/numbers/?q=5550": FEW,
    "/acme/numbers/?q=85550": FEW,
    "/acme/numbers/?q=person": FEW,
    "/acme/numbers/?tag=VIP&emergency=location&sort=-changed": FEW,
    "/acme/numbers/?columns=number,location,assigned,status,provider,emergency,order,block,tags,note": FEW,
    "/acme/numbers/?last=1": FEW,
    "/acme/numbers/count/?q=5550": FEW,
    "/acme/numbers/views/": FEW,
    "/acme/numbers/deleted/": FEW,
    "/acme/tasks/": FEW,
    "/acme/owners/": FEW,
    "/acme/locations/": FEW,
    "/acme/emergency/": FEW,
    "/acme/port-calendar/": FEW,
    "/acme/orders/": FEW,
    "/acme/orders/?show=action&q=5550&location={place}": FEW,
}


def fill(acme, ada, first, count):
    """So many of everything that the lists show."""
    location = make_connected_location(acme, name=f"Hall {first}")
    tag, _is_new = acme.tags.get_or_create(name="VIP")
    for n in range(first, first + count):
        owner = acme.owners.create(name=f"Person {n}")
        number = make_number(location, f"+1408555{n:04}", owner=owner, assigned_to=owner.name)
        NumberTag.unscoped.create(number=number, tag=tag)
        make_number_order(location, (f"+1408556{n:04}",))
        acme.port_orders.create(location=location, created_by=ada, group=acme.port_groups.create())
        make_port_out(location, numbers=(f"+1408557{n:04}",))
        make_connected_location(acme, name=f"Place {n}")
        acme.saved_views.create(name=f"View {n}")
        acme.jobs.create(kind="activate", state="done", key=f"key-{n}", created_by=ada, total=1, done=1)
    return location


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_however_long(client, acme, ada, address):
    place = fill(acme, ada, 0, 1)
    client.force_login(ada)
    counts = []
    for more in (0, 60):
        fill(acme, ada, 100, more) if more else None
        url = address.format(place=place.pk)
        client.get(url)  # what is asked once a session, or once a process
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        counts.append(len(asked))
    one, many = counts
    assert many == one, "\n".join(query["sql"][:200] for query in asked)
    assert many <= LISTS[address], "\n".join(query["sql"][:200] for query in asked)
