"""Deleted numbers rest for thirty days, and come back as they were; then the carrier's go back to it."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lib.transitions import Refused
from pstn import terms_text, trial
from pstn.jobs import tasks
from pstn.jobs.deleting import Restore
from pstn.models import NumberTag, Owner, PhoneNumber, RestingNumber, Tag
from pstn.selection import Selection
from pstn.workflow import extensions, number_ports, quarantine
from pstn.workflow import numbers as verbs
from tests.factories import make_connected_location, make_number, make_number_order, make_own_address

pytestmark = pytest.mark.django_db
E164 = "+14085550142"


@pytest.fixture
def gateway(acme):
    return make_connected_location(acme, "premises", name="Gateway")


def add(location, *e164s, by):
    verbs.add(location, e164s, kind="standard", active=True, by=by)


def over(org):
    org.resting_numbers.update(until=timezone.now())
    tasks.end_rests()


def test_it_comes_back_as_it_was(acme, ada, location):
    order = make_number_order(location)
    block = acme.number_blocks.create(first="+14085550140", last="+14085550149", size=10)
    number = make_number(
        location,
        kind="contact_center",
        sessions=9,
        extension="4001",
        note="Front door",
        block=block,
        number_order=order,
        billing_from=date(2026, 5, 1),
        caller_name="ACME",
        capabilities=["voice", "sms"],
    )
    NumberTag.unscoped.create(number=number, tag=Tag.unscoped.create(org=acme, name="VIP"))
    make_own_address(number, line1="1 Side Street", checked_at=timezone.now())
    names = [field.attname for field in PhoneNumber._meta.concrete_fields]
    kept = [name for name in names if name not in ("id", "created_at", "updated_at")]
    before = acme.phone_numbers.values(*kept).get()
    address = acme.emergency_addresses.filter(number=number).values("line1", "state", "checked_at").get()

    quarantine.rest(acme, [number], by=ada)
    assert not acme.phone_numbers.exists()
    assert quarantine.restore(acme, [E164], by=ada) == {}

    back = acme.phone_numbers.get()
    assert acme.phone_numbers.values(*kept).get() == before
    assert [tagging.tag.name for tagging in back.taggings.all()] == ["VIP"]
    assert (
        acme.emergency_addresses.filter(number=back).values("line1", "state", "checked_at").get() == address
    )
    assert not acme.resting_numbers.exists()
    assert acme.number_events.latest("pk").what == "restored"


def test_a_trial_does_not_get_more_numbers_by_deleting_and_restoring(acme, ada, location):
    order = make_number_order(location)
    fields = {"number_order": order, "billing_from": date(2026, 5, 1)}
    numbers = [make_number(location, f"+1408555020{n}", **fields) for n in range(10)]
    acme.is_trial = True
    acme.save()
    assert (trial.left(acme), "Deleted numbers" in trial.sentence(acme)) == (0, False)
    quarantine.rest(acme, numbers[:4], by=ada)
    assert trial.left(acme) == 0
    assert "Deleted numbers count for as long as they can be restored." in trial.sentence(acme)
    quarantine.restore(acme, [number.e164 for number in numbers[:2]], by=ada)
    assert trial.left(acme) == 0
    over(acme)
    assert trial.left(acme) == 2


def test_what_it_belonged_to_may_have_gone(acme, ada, location):
    owner = Owner.unscoped.create(org=acme, name="Sales", kind="call_queue")
    number = make_number(location, owner=owner, assigned_to="Sales", extension="4001")
    NumberTag.unscoped.create(number=number, tag=Tag.unscoped.create(org=acme, name="VIP"))
    quarantine.rest(acme, [number], by=ada)
    acme.tags.all().delete()
    owner.delete()
    make_number(location, "+14085550143", extension="4001")
    quarantine.restore(acme, [E164], by=ada)
    back = acme.phone_numbers.get(e164=E164)
    assert (back.owner, back.assigned_to, back.extension) == (None, "", "")
    assert back.taggings.get().tag.name == "VIP"


def test_an_extension_comes_back_once(acme, ada, location):
    for last in (2, 3):  # the second was given what the first had, then both were deleted
        quarantine.rest(acme, [make_number(location, f"+1408555014{last}", extension="4001")], by=ada)
    quarantine.restore(acme, ["+14085550142", "+14085550143"], by=ada)
    assert dict(acme.phone_numbers.values_list("e164", "extension")) == {E164: "4001", "+14085550143": ""}


def test_what_is_only_an_extension_does_not_come_back_without_it(acme, ada, location):
    alone = extensions.add(location, "4001", by=ada)
    key = alone.e164
    quarantine.rest(acme, [alone], by=ada)
    quarantine.rest(acme, [make_number(location, extension="4001")], by=ada)
    membership = ada.memberships.select_related("org", "user").get()
    made = make_number(location, "+14085550143", extension="4001")
    assert Restore().check(acme, membership, Selection(numbers=(key,)), {}).cannot == 1
    assert quarantine.restore(acme, [key], by=ada) == {key: "taken"}
    made.delete()
    assert quarantine.restore(acme, [key, E164], by=ada) == {}
    assert dict(acme.phone_numbers.values_list("e164", "extension")) == {key: "4001", E164: ""}


def test_an_owner_who_has_another_name_now_keeps_it(acme, ada, location):
    owner = Owner.unscoped.create(org=acme, name="Sales", kind="call_queue")
    quarantine.rest(acme, [make_number(location, owner=owner, assigned_to="Sales")], by=ada)
    owner.name = "Sales West"
    owner.save()
    quarantine.restore(acme, [E164], by=ada)
    assert acme.phone_numbers.get().assigned_to == "Sales West"


def test_it_is_not_in_service_where_no_help_can_be_sent(acme, ada, location):
    quarantine.rest(acme, [make_number(location)], by=ada)
    location.emergency_address.delete()
    quarantine.restore(acme, [E164], by=ada)
    assert acme.phone_numbers.get().state == "inactive"


def test_terms_that_were_accepted_meanwhile_hold_nothing_up(acme, ada, location):
    quarantine.rest(acme, [make_number(location, state="inactive", waits_for_terms=True)], by=ada)
    terms = terms_text.current()
    acme.terms_acceptances.create(version=terms.version, sha256=terms.sha256, by=ada, role="full_admin")
    quarantine.restore(acme, [E164], by=ada)
    back = acme.phone_numbers.get()
    assert (back.waits_for_terms, back.state, back.billing_from) == (False, "active", location.today)


def test_many_cost_what_one_costs(acme, ada, location):
    costs = []
    for count in (1, 40):  # SQLite takes more rows than that in more statements
        numbers = [make_number(location, f"+1408555{n:04}", note="x") for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            quarantine.rest_many(acme, numbers, by=ada)
            quarantine.restore(acme, [number.e164 for number in numbers], by=ada)
        costs.append(len(captured))
        acme.phone_numbers.all().delete()
    assert costs[0] == costs[1]


def test_the_carriers_own_go_back_to_it_after_their_rest(acme, ada, location, committed):
    quarantine.rest(acme, [make_number(location)], by=ada)
    tasks.end_rests()
    assert acme.resting_numbers.get().is_from_carrier
    assert not acme.returned_numbers.exists()
    with committed():
        over(acme)
    assert acme.returned_numbers.get().told_at
    assert not acme.resting_numbers.exists()
    assert acme.number_events.latest("pk").what == "released"


def test_one_of_ones_own_provider_is_just_forgotten(acme, ada, gateway, committed):
    quarantine.rest(acme, [make_number(gateway)], by=ada)
    with committed():
        over(acme)
    assert not acme.resting_numbers.exists()
    assert not acme.returned_numbers.exists()


def test_a_number_that_was_ordered_may_be_ordered_again_after_its_rest(acme, ada, location, committed):
    order = make_number_order(location, (E164,))
    order.lines.update(is_placed=True)
    quarantine.rest(acme, [make_number(location, number_order=order)], by=ada)
    assert order.lines.get().is_placed
    with committed():
        over(acme)
    assert not order.lines.get().is_placed


def test_ones_own_is_restored_not_added_again(acme, ada, gateway):
    add(gateway, E164, by=ada)
    quarantine.rest(acme, [acme.phone_numbers.get()], by=ada)
    with pytest.raises(Refused, match="Restore"):
        add(gateway, E164, "+14085550143", by=ada)
    assert not acme.phone_numbers.exists()


def test_the_verdict_of_a_paste_says_so(client, acme, ada, gateway):
    quarantine.rest(acme, [make_number(gateway)], by=ada)
    client.force_login(ada)
    page = client.post(
        "/acme/numbers/add/verdicts/", {"location": gateway.pk, "kind": "standard", "numbers": E164}
    )
    assert "It was deleted a short while ago" in page.content.decode()


def test_what_is_its_own_providers_another_organization_may_take(acme, ada, gateway, globex, mallory):
    theirs = make_connected_location(globex, "premises")
    quarantine.rest(acme, [make_number(gateway)], by=ada)
    add(theirs, E164, by=mallory)
    assert quarantine.restore(acme, [E164], by=ada) == {E164: "taken"}
    assert acme.resting_numbers.exists()


def test_what_is_the_carriers_another_organization_may_not(acme, ada, location, globex, mallory):
    theirs = make_connected_location(globex, "premises")
    quarantine.rest(acme, [make_number(location)], by=ada)
    with pytest.raises(Refused, match="Not to be had"):
        add(theirs, E164, by=mallory)


def test_a_number_that_is_ported_in_has_come_from_elsewhere(acme, ada, location, gateway):
    quarantine.rest(acme, [make_number(gateway)], by=ada)
    quarantine.make_way(acme, [E164], by_port=True)
    assert not acme.resting_numbers.exists()


def test_the_carriers_is_nobodys_to_order_or_to_port_in(acme, ada, location, globex):
    """It is restored, or it goes back to the carrier; until then it is in nobody's stock."""
    quarantine.rest(acme, [make_number(location)], by=ada)
    theirs = make_connected_location(globex)
    for place, why in ((location, "Restore them instead"), (theirs, "Not to be had any more")):
        order = make_number_order(place, (E164,))
        with pytest.raises(Refused, match=why), transaction.atomic():
            verbs.list_as_pending(order, [E164], by=ada)
        with pytest.raises(Refused, match=why):
            number_ports.list_as_porting(place, [E164], by=ada)
    assert not PhoneNumber.unscoped.exists()


def test_who_is_not_there_cannot_be_restored(acme, ada, globex, gateway):
    theirs = make_connected_location(globex, "premises")
    quarantine.rest(globex, [make_number(theirs)], by=None)
    assert quarantine.restore(acme, [E164], by=ada) == {E164: "not_resting"}
    assert RestingNumber.unscoped.count() == 1


def test_the_rest_is_as_long_as_the_operator_says(acme, ada, location, settings):
    settings.QUARANTINE_DAYS = 3
    quarantine.rest(acme, [make_number(location)], by=ada)
    left = acme.resting_numbers.get().until - timezone.now()
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)
