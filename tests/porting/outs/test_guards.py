"""PINs and locks: who sets them, who sees them, and what the carrier is told."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from porting.models import GuardChange, NumberGuard, OrganizationGuard
from porting.tasks import guards as tasks
from tests.factories import make_connected_location, make_number
from tests.porting.outs.factories import NUMBERS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carrier", "number")]
HTMX = {"HX-Request": "true", "HX-Target": "secret-pin"}


def url(name, *more):
    return reverse(f"guards:{name}", args=["acme", *more])


EDIT, OWN = url("guard_edit"), url("number_guard_edit", NUMBERS[0])


@pytest.fixture
def guard_sweep(swept):
    return lambda: swept(tasks)


@pytest.fixture
def second(office):
    return make_number(office, NUMBERS[1])


def test_the_organizations_pin_guards_all_its_numbers(acme, globex, ada, second, signed_in, carrier):
    make_number(make_connected_location(acme, kind="premises", name="Own gateway"), "+14085550160")
    make_number(make_connected_location(globex), "+14085550161")
    make_number(second.location, "+14085550162", state="porting")
    assert signed_in(ada).post(EDIT, {"pin": "482915", "is_locked": "on"}).status_code == 302
    change = GuardChange.unscoped.get()
    assert carrier.told == [("guard", f"guard-{change.pk}", NUMBERS, "482915", True)]
    assert change.told_at
    assert (change.by, change.changes_pin) == (ada, True)


def test_the_same_again_is_no_change(ada, signed_in, carrier):
    client = signed_in(ada)
    client.post(EDIT, {"pin": "482915"})
    client.post(EDIT, {"pin": "482915"})
    client.post(EDIT, {"pin": ""})  # an empty field keeps what is stored
    assert len(carrier.told) == 1
    assert OrganizationGuard.unscoped.get().pin == "482915"


@pytest.mark.parametrize("pin", ["123", "12345678901", "12a4", "12 34", "１２３４", "0000", "-1234"])
def test_a_pin_is_four_to_ten_digits(ada, signed_in, carrier, pin):
    page = signed_in(ada).post(EDIT, {"pin": pin})
    assert page.status_code == 422
    assert page.context["form"].errors["pin"]
    assert not carrier.told


def test_removing_the_pin_and_typing_one_at_once_is_asked_about(ada, signed_in, carrier):
    client = signed_in(ada)
    client.post(EDIT, {"pin": "482915"})
    assert client.post(EDIT, {"pin": "7788", "remove_pin": "on"}).status_code == 422
    client.post(EDIT, {"remove_pin": "on"})
    assert carrier.told[-1][3:] == ("", False)


def test_a_number_has_its_own_and_goes_back(ada, second, signed_in, carrier):
    client = signed_in(ada)
    client.post(EDIT, {"pin": "482915"})
    client.post(OWN, {"pin": "7788", "is_locked": "on"})
    client.post(EDIT, {"pin": "5566"})
    client.post(url("number_guard_clear", NUMBERS[0]))
    assert (
        [facts[2:] for facts in carrier.told]
        == [
            (NUMBERS, "482915", False),
            (NUMBERS[:1], "7788", True),
            (NUMBERS[1:], "5566", False),  # who has its own does not follow
            (NUMBERS[:1], "5566", False),
        ]
    )
    assert not NumberGuard.unscoped.exists()


def test_a_change_that_arrives_late_says_what_holds_now(ada, signed_in, carrier, guard_sweep):
    carrier.down = True
    client = signed_in(ada)
    client.post(EDIT, {"pin": "1234"})
    client.post(EDIT, {"pin": "5566"})
    carrier.down = False
    GuardChange.unscoped.update(next_try_at=timezone.now() - timedelta(seconds=1))
    guard_sweep()
    assert [facts[3] for facts in carrier.told] == ["5566", "5566"]
    guard_sweep()
    assert len(carrier.told) == 2


def test_numbers_that_come_in_later_are_guarded_too(ada, office, signed_in, carrier, guard_sweep):
    signed_in(ada).post(EDIT, {"pin": "1234"})
    guard_sweep()
    assert len(carrier.told) == 1
    make_number(office, NUMBERS[1])
    guard_sweep()
    assert carrier.told[-1][2:] == (NUMBERS[1:], "1234", False)
    OrganizationGuard.unscoped.update(covered_until=F("covered_until") + timedelta(minutes=2))
    guard_sweep()
    assert len(carrier.told) == 2


def test_a_number_that_left_the_console_is_not_spoken_of(acme, ada, signed_in, carrier, guard_sweep):
    carrier.down = True
    signed_in(ada).post(OWN, {"pin": "7788"})
    acme.phone_numbers.all().delete()
    carrier.down = False
    GuardChange.unscoped.update(next_try_at=timezone.now() - timedelta(seconds=1))
    guard_sweep()
    assert carrier.told == []
    assert GuardChange.unscoped.get().told_at
    assert not NumberGuard.unscoped.exists()


def test_a_number_of_another_provider_is_not_ours_to_guard(acme, ada, signed_in, carrier):
    make_number(make_connected_location(acme, kind="premises", name="Own gateway"), "+14085550160")
    page = signed_in(ada).post(url("number_guard_edit", "+14085550160"), {"pin": "7788"}, follow=True)
    assert "its own provider guards it" in page.content.decode()
    assert not carrier.told


def test_the_pin_is_never_in_a_page_and_revealing_it_is_on_record(ada, signed_in):
    client = signed_in(ada)
    client.post(EDIT, {"pin": "482915"})
    client.post(OWN, {"pin": "771133"})
    for address in (url("guard_detail"), OWN, reverse("pstn:number_detail", args=["acme", NUMBERS[0]])):
        page = client.get(address).content.decode()
        assert "482915" not in page
        assert "771133" not in page
    assert client.post(url("guard_reveal"), headers=HTMX).content == b"482915"
    assert client.post(url("number_guard_reveal", NUMBERS[0]), headers=HTMX).content == b"771133"
    assert AuditEntry.objects.filter(what="port_out_guard.reveal").count() == 2
    assert "482915" in client.post(url("guard_reveal")).content.decode()  # without script


def test_the_audit_log_says_that_it_changed_and_not_what_it_is(ada, signed_in):
    signed_in(ada).post(EDIT, {"pin": "482915", "is_locked": "on"})
    entry = AuditEntry.objects.get(what="port_out_guard.change")
    assert (entry.org.slug, entry.after) == ("acme", {"pin": "•••", "locked": True})
    assert "482915" not in str([entry.before, entry.subject, list(GuardChange.unscoped.values())])


@pytest.mark.parametrize("who", ["vic", "lou"])
def test_who_may_not_let_numbers_go_sees_that_there_is_a_pin_and_no_more(
    request, ada, office, signed_in, who
):
    signed_in(ada).post(EDIT, {"pin": "482915"})
    person = request.getfixturevalue(who)
    if who == "lou":
        office.administrators.create(membership=person.memberships.get())
    client = signed_in(person)
    assert client.post(EDIT, {"pin": ""}).status_code == 403
    assert client.post(url("guard_reveal")).status_code == 403
    assert client.get(OWN).status_code == 403
    page = client.get(url("guard_detail")).content.decode()
    assert "••••" in page
    assert url("guard_reveal") not in page


def test_a_numbers_panel_shows_what_guards_it(acme, ada, signed_in):
    client = signed_in(ada)
    address = reverse("pstn:number_detail", args=["acme", NUMBERS[0]])
    client.post(EDIT, {"pin": "482915"})
    assert "Inherited from</dt><dd>Acme" in client.get(address).content.decode()
    client.post(OWN, {"is_locked": "on"})
    page = client.get(address).content.decode()
    assert "Locked" in page
    assert "Inherited from</dt><dd>Acme" not in page
