"""The demonstration: complete, harmless when run again, and not put beside real customers."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.http import QueryDict

from accounts.models import AuditEntry, Membership, Organization, User
from config.management.commands.up import DEMO_PASSWORD, DEMO_PEOPLE
from pstn.listing.filters import NumberFilter
from pstn.models import NumberOrder, PhoneNumber

pytestmark = pytest.mark.django_db


def demo(*args):
    out = StringIO()
    call_command("demo", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def acme():
    demo()
    return Organization.objects.get(slug="acme")


def test_everybody_on_the_welcome_page_can_sign_in(acme):
    for email in DEMO_PEOPLE:
        assert User.objects.get(email=email).check_password(DEMO_PASSWORD), email
    assert User.objects.count() == len(DEMO_PEOPLE)
    assert User.objects.get(is_staff=True).is_superuser


def test_the_roles_are_those_of_the_guide(acme):
    roles = {
        (m.user.email.split("@")[0], m.org.slug): m.role
        for m in Membership.objects.select_related("user", "org")
    }
    assert roles == {
        ("ada", "acme"): "full_admin",
        ("eli", "acme"): "pstn_admin",
        ("vic", "acme"): "read_only",
        ("paula", "acme"): "partner_admin",
        ("paula", "globex"): "partner_admin",
        ("mallory", "globex"): "full_admin",
    }
    assert acme.partner.kind == "partner"
    assert Organization.objects.get(slug="globex").is_trial


def test_the_newcomers_location_is_not_connected(acme):
    assert acme.locations.get(name="San Jose HQ").missing() == [
        "connection",
        "emergency_address",
        "numbers",
        "main_number",
    ]


def test_the_calling_plan_is_ready_for_orders_and_the_terms_are_open(acme):
    austin = acme.locations.get(name="Austin office")
    assert austin.ready_connection.sells_numbers
    assert austin.has_valid_emergency_address
    assert not acme.terms_acceptances.exists()


def test_the_warehouse_has_numbers_of_its_own_and_a_main_number(acme):
    portland = acme.locations.get(name="Portland warehouse")
    assert portland.missing() == []
    assert not portland.ready_connection.sells_numbers
    assert set(portland.phone_numbers.values_list("state", flat=True)) == {"active"}
    assert portland.main_number.e164 == "+15035550170"


def test_there_is_something_of_everything_to_look_at(acme):
    numbers = acme.phone_numbers.all()
    kinds = {"standard", "toll_free", "mobile", "service", "contact_center", "extension", "reserved", "elin"}
    assert set(numbers.values_list("kind", flat=True)) == kinds
    assert set(numbers.values_list("state", flat=True)) == {"active", "inactive", "na"}
    assert len(set(acme.owners.filter(phone_numbers__isnull=False).values_list("kind", flat=True))) == 8
    assert set(acme.tags.values_list("name", flat=True)) == {"Ground floor", "Sales", "VIP"}
    assert set(acme.emergency_addresses.exclude(number=None).values_list("state", flat=True)) == {
        "validated",
        "rejected",
    }
    assert acme.resting_numbers.count() == 2
    assert set(acme.jobs.values_list("kind", "state")) == {("deactivate", "done"), ("retype", "paused")}
    assert set(acme.number_orders.values_list("kind", "state")) == {
        ("standard", "back_ordered"),
        ("assisted", "requested"),
    }
    for view in acme.saved_views.all():
        query = QueryDict(view.query.removeprefix("?"))
        assert NumberFilter.read(query, acme.locations.all()).apply(numbers).exists(), view


def test_at_a_carrier_that_is_none_of_ours_nothing_is_ordered(settings):
    settings.CARRIER_IS_SIMULATED = False
    demo()
    assert not NumberOrder.unscoped.exists()
    assert PhoneNumber.unscoped.exists()


def test_what_was_done_is_done_in_somebodys_name(acme):
    entries = AuditEntry.objects.filter(org=acme)
    assert entries.exists()
    assert set(entries.values_list("actor__email", "acting_as")) == {("ada@acme.example", "full_admin")}


def test_running_it_again_doubles_and_resets_nothing(acme):
    ada = User.objects.get(email="ada@acme.example")
    ada.set_password("a password of her own")
    ada.save()
    Organization.objects.filter(slug="acme").update(name="Acme Corporation")
    acme.locations.get(name="San Jose HQ").delete()
    counts = [model.objects.count() for model in (Organization, User, Membership, AuditEntry)]
    assert "nothing is changed" in demo()
    assert [model.objects.count() for model in (Organization, User, Membership, AuditEntry)] == counts
    assert User.objects.get(email="ada@acme.example").check_password("a password of her own")
    assert not acme.locations.filter(name="San Jose HQ").exists()
    acme.refresh_from_db()
    assert acme.name == "Acme Corporation"


def test_a_console_in_use_gets_no_demonstration_by_accident():
    Organization.objects.create(name="Contoso", slug="contoso")
    with pytest.raises(CommandError, match="DEMO=0"):
        demo()
    assert not User.objects.exists()
    demo("--force")
    assert Organization.objects.filter(slug="acme").exists()


def test_an_organization_added_to_the_demonstration_does_not_stop_the_next_start(acme):
    Organization.objects.create(name="Contoso", slug="contoso")
    assert "nothing is changed" in demo()


def test_without_the_simulated_carrier_its_records_are_left_alone(settings, monkeypatch):
    called = []
    monkeypatch.setattr("config.management.commands.demo.call_command", lambda *a, **k: called.append(a))
    settings.CARRIER_IS_SIMULATED = False
    Organization.objects.bulk_create([Organization(name=n, slug=n) for n in ("acme", "globex")])
    demo()
    assert called == []
