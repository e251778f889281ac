"""What was prepared for a number happens when it comes: all of it, at once, once."""

import pytest

from accounts.models import AuditEntry
from emergency.models import EmergencyAddress
from lib.transitions import Refused
from pstn.models import NumberEvent, PhoneNumber, Preparation
from pstn.workflow import number_ports as ports
from pstn.workflow import numbers as workflow
from pstn.workflow import preparations, quarantine
from pstn.workflow.preparations import Wanted
from tests.factories import make_connected_location, make_number, make_own_address
from tests.pstn.preparing.factories import COMING, OTHER, TEMPORARY, prepare, story


class TestTheDay:
    def test_everything_flips_at_once(self, acme, number, eli):
        prepare(
            number,
            eli,
            assigned_to="Anita",
            caller_name="Acme",
            capabilities=["voice", "fax"],
            becomes_main=True,
        )
        assert ports.finish_port(acme, [COMING]) == []
        number = acme.phone_numbers.select_related("location").get(e164=COMING)
        assert (number.state, number.assigned_to, number.caller_name) == ("active", "Anita", "Acme")
        assert number.billing_from == number.location.today
        assert number.capabilities == ["voice", "fax"]
        assert number.is_main
        assert story(COMING) == ["prepared", "ported_in", "assigned", "named", "made_main"]
        assert AuditEntry.objects.filter(what="number.take_effect").count() == 1
        assert AuditEntry.objects.get(what="location.set_main_number").after == {"main_number": COMING}

    def test_one_that_nobody_prepared_comes_all_the_same(self, acme, number):
        ports.finish_port(acme, [COMING])
        number.refresh_from_db()
        assert (number.state, number.assigned_to) == ("active", "")

    def test_the_temporary_number_gives_what_it_has_and_rests(self, acme, number, temporary, eli):
        address = make_own_address(temporary)
        prepare(number, eli, temporary_e164=TEMPORARY)
        ports.finish_port(acme, [COMING])
        number.refresh_from_db()
        temporary.refresh_from_db()
        address.refresh_from_db()
        assert (number.assigned_to, number.caller_name, number.extension) == ("Anita Perez", "Acme", "4142")
        assert (temporary.state, temporary.assigned_to, temporary.caller_name) == ("inactive", "", "")
        assert address.number == number
        assert "took_over" in story(COMING)
        assert "address_passed" in story(COMING)
        assert story(TEMPORARY) == ["deactivated", "stood_in"]

    def test_what_was_said_for_the_number_goes_before(self, acme, number, temporary, eli):
        mine, theirs = make_own_address(number), make_own_address(temporary, line1="8 Other Street")
        prepare(number, eli, temporary_e164=TEMPORARY, assigned_to="Bo", caller_name="Bo's desk")
        ports.finish_port(acme, [COMING])
        number.refresh_from_db()
        assert (number.assigned_to, number.caller_name) == ("Bo", "Bo's desk")
        assert acme.emergency_addresses.get(number=number) == mine
        assert acme.emergency_addresses.get(number=temporary) == theirs

    def test_released_it_rests_as_any_deleted_number(self, acme, number, temporary, eli):
        prepare(number, eli, temporary_e164=TEMPORARY, afterwards="release")
        ports.finish_port(acme, [COMING])
        assert not acme.phone_numbers.filter(e164=TEMPORARY).exists()
        assert acme.resting_numbers.get().e164 == TEMPORARY
        number.refresh_from_db()
        assert number.assigned_to == "Anita Perez"
        assert story(TEMPORARY) == ["deleted", "stood_in"]

    @pytest.mark.parametrize("afterwards", ["keep", "release"])
    def test_a_temporary_main_number_hands_that_on_too(self, acme, number, temporary, eli, afterwards):
        place = number.location
        place.main_number = temporary
        place.save()
        prepare(number, eli, temporary_e164=TEMPORARY, afterwards=afterwards)
        ports.finish_port(acme, [COMING])
        place.refresh_from_db()
        assert place.main_number == number

    @pytest.mark.parametrize("how", ["deleted", "inactive", "moved"])
    def test_a_temporary_number_that_is_gone_holds_nothing_up(
        self, signed_in, acme, number, temporary, eli, how
    ):
        prepare(number, eli, temporary_e164=TEMPORARY, caller_name="Acme")
        if how == "deleted":
            temporary.delete()
        else:
            changes = (
                {"state": "inactive"}
                if how == "inactive"
                else {"location": make_connected_location(acme, name="Elsewhere")}
            )
            PhoneNumber.unscoped.filter(pk=temporary.pk).update(**changes)
        ports.finish_port(acme, [COMING])
        number.refresh_from_db()
        assert (number.state, number.caller_name, number.assigned_to) == ("active", "Acme", "")
        assert Preparation.unscoped.get().left == "temporary_gone"
        assert "Temporary number of (408) 555-0110" in signed_in.get("/acme/").content.decode()
        page = signed_in.get(f"/acme/numbers/{COMING[1:]}/").content.decode()
        assert "was not available any more" in page
        assert signed_in.post(f"/acme/numbers/{COMING[1:]}/settle/").status_code == 302
        assert "Temporary number of" not in signed_in.get("/acme/").content.decode()
        with pytest.raises(Refused):
            preparations.settle_leftover(Preparation.unscoped.get(), by=eli)

    def test_without_an_address_it_is_active_and_named(self, acme, number, other, eli):
        EmergencyAddress.unscoped.update(state="rejected")
        make_own_address(other)
        prepare(number, eli, assigned_to="Anita")
        assert ports.finish_port(acme, [COMING, OTHER]) == [COMING]
        number.refresh_from_db()
        assert (number.state, number.assigned_to) == ("active", "Anita")

    def test_a_failure_in_the_middle_leaves_nothing_half(
        self, acme, number, other, temporary, eli, monkeypatch
    ):
        prepare(
            number, eli, assigned_to="Bo", temporary_e164=TEMPORARY, afterwards="release", becomes_main=True
        )
        before = list(acme.phone_numbers.order_by("pk").values())
        told = NumberEvent.unscoped.count()

        def fail(*_args, **_kwargs):
            raise RuntimeError("the power is gone")

        monkeypatch.setattr(quarantine, "rest", fail)
        with pytest.raises(RuntimeError):
            ports.finish_port(acme, [COMING, OTHER])
        assert list(acme.phone_numbers.order_by("pk").values()) == before
        assert NumberEvent.unscoped.count() == told
        assert Preparation.unscoped.get().used_at is None
        number.location.refresh_from_db()
        assert number.location.main_number is None
        monkeypatch.undo()
        ports.finish_port(acme, [COMING, OTHER])
        number.refresh_from_db()
        assert (number.state, number.assigned_to) == ("active", "Bo")

    def test_told_twice_it_happens_once(self, acme, number, eli):
        prepare(number, eli, assigned_to="Anita")
        ports.finish_port(acme, [COMING])
        number.refresh_from_db()
        workflow.assign(number, by=eli, assigned_to="Bo")
        assert ports.finish_port(acme, [COMING]) == []
        number.refresh_from_db()
        assert number.assigned_to == "Bo"

    def test_a_port_that_does_not_happen_takes_its_preparation_along(self, acme, number, temporary, eli):
        prepare(number, eli, temporary_e164=TEMPORARY)
        ports.forget_port(acme, [COMING])
        assert not Preparation.unscoped.exists()
        temporary.refresh_from_db()
        assert (temporary.state, temporary.assigned_to) == ("active", "Anita Perez")

    @pytest.mark.parametrize("count", [2, 150])
    def test_it_costs_the_same_however_many(self, acme, location, ada, count, django_assert_max_num_queries):
        e164s = [f"+1408555{n:04}" for n in range(count)]
        ports.list_as_porting(location, e164s, by=ada)
        rows = list(acme.phone_numbers.filter(state="porting"))
        wanted = []
        for at, row in enumerate(rows):
            standing_in = make_number(location, f"+1408556{at:04}", assigned_to=f"Person {at}")
            wanted.append(Wanted(row, {"temporary_e164": standing_in.e164}))
        preparations.prepare(acme, wanted, by=ada)
        with django_assert_max_num_queries(28):  # some statements take 200 rows at a time
            ports.finish_port(acme, e164s)
        assert acme.phone_numbers.filter(state="inactive").count() == count
