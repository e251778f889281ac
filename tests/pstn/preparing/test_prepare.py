"""What is prepared for a number that is porting in, one by one or many at a time, has no effect before it comes."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from pstn.models import LocationAdmin, Preparation
from pstn.workflow import number_ports as ports
from pstn.workflow import preparations
from pstn.workflow.preparations import NotPrepared, Wanted
from tests.factories import make_connected_location, make_number
from tests.pstn.preparing.factories import COMING, MANY, OTHER, TEMPORARY, URL, prepare, story


class TestOne:
    def test_it_is_saved_and_nothing_of_it_has_an_effect(self, signed_in, number, eli):
        data = {
            "assigned_to": "  Anita   Perez ",
            "caller_name": "Acme & Co.",
            "capabilities": ["sms"],
            "afterwards": "keep",
            "version": "0",
        }
        assert signed_in.post(URL, data).status_code == 302
        number.refresh_from_db()
        row = number.preparation
        assert (row.assigned_to, row.caller_name, row.capabilities) == (
            "Anita Perez",
            "Acme & Co.",
            ["voice", "sms"],
        )
        assert (number.state, number.assigned_to, number.caller_name) == ("porting", "", "")
        assert story(COMING) == ["prepared"]
        assert AuditEntry.objects.get(what="number.prepare").actor == eli
        page = signed_in.get(f"/acme/numbers/{COMING[1:]}/").content.decode()
        assert "Will be assigned to" in page
        assert "Anita Perez" in page

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("A name of sixteen", "At most 15 characters"),
            ("Zoë", "Only letters A to Z"),
            ("a/b", "Only letters A to Z"),
        ],
    )
    def test_a_name_that_carriers_do_not_take_stays_in_its_field(self, signed_in, number, typed, said):
        response = signed_in.post(URL, {"assigned_to": "Anita", "caller_name": typed, "version": "0"})
        assert response.status_code == 422
        page = response.content.decode()
        assert said in page
        assert 'value="Anita"' in page
        assert not Preparation.unscoped.exists()

    @pytest.mark.parametrize(
        ("e164", "fields"),
        [
            ("+14085550188", None),
            ("+14085550188", {"state": "inactive"}),
            ("+14085550188", {"location": "elsewhere"}),
        ],
    )
    def test_only_an_active_number_of_the_location_stands_in(self, signed_in, acme, number, e164, fields):
        if fields:
            place = number.location
            if fields.pop("location", None):
                place = make_connected_location(acme, name="Elsewhere")
            make_number(place, e164, **fields)
        response = signed_in.post(URL, {"temporary_e164": "408-555-0188", "version": "0"})
        assert response.status_code == 422
        assert "is not an active number of San Jose HQ" in response.content.decode()

    def test_a_number_stands_in_for_one_only(self, number, other, temporary, eli):
        prepare(number, eli, temporary_e164=TEMPORARY)
        with pytest.raises(NotPrepared, match="stands in for another"):
            prepare(other, eli, temporary_e164=TEMPORARY)

    def test_two_may_exchange_their_temporary_numbers(self, acme, number, other, temporary, eli):
        second = make_number(number.location, "+14085550171")
        prepare(number, eli, temporary_e164=TEMPORARY)
        prepare(other, eli, temporary_e164=second.e164)
        wanted = [
            Wanted(number, {"temporary_e164": second.e164}),
            Wanted(other, {"temporary_e164": TEMPORARY}),
        ]
        assert preparations.prepare(acme, wanted, by=eli) == 2
        assert Preparation.unscoped.get(number=other).temporary == temporary

    def test_one_main_number_of_a_location(self, number, other, eli):
        prepare(number, eli, becomes_main=True)
        with pytest.raises(NotPrepared, match="is already to become the main number"):
            prepare(other, eli, becomes_main=True)

    def test_a_stale_tab_is_told_and_keeps_what_was_typed(self, signed_in, number, eli, ada):
        prepare(number, ada, assigned_to="Front desk")
        response = signed_in.post(URL, {"assigned_to": "Anita", "version": "0"})
        page = response.content.decode()
        assert response.status_code == 422
        assert "Ada Park changed this on" in page
        assert "Front desk" in page
        assert 'value="Anita"' in page
        assert Preparation.unscoped.get().assigned_to == "Front desk"
        assert signed_in.post(URL, {"assigned_to": "Anita", "version": "1"}).status_code == 302
        assert Preparation.unscoped.get().assigned_to == "Anita"

    def test_a_number_that_is_here_is_assigned_on_its_own_page(self, signed_in, location):
        make_number(location, COMING)
        assert signed_in.get(URL).url == f"/acme/numbers/{COMING[1:]}/"

    def test_rights(self, client, number, vic, lou, acme):
        client.force_login(vic)
        assert client.post(URL, {}).status_code == 403
        elsewhere = make_connected_location(acme, name="Lou's office")
        seat = LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=elsewhere)
        client.force_login(lou)
        assert client.get(URL).status_code == 404
        seat.location = number.location
        seat.save()
        assert client.post(URL, {"assigned_to": "Lou", "version": "0"}).status_code == 302


class TestMany:
    def test_lines_are_judged_and_nothing_is_saved_by_looking(self, signed_in, number, other, temporary):
        lines = (
            "Number\tAssigned to\tCaller ID name\n"
            "(408) 555-0110\tAnita Perez\tAcme\n"
            "408-555-0111\tBo\tA name that is too long\n"
            "408-555-0199\tNobody\n"
            "408-555-0170\tCleo\n"
            "408-555-0110\tAgain\n"
            "rubbish\tX"
        )
        response = signed_in.post(MANY, {"lines": lines, "do": "check"})
        reading = response.context["reading"]
        assert [one.number.e164 for one in reading.ready] == [COMING]
        said = " ".join(line.sentence for line in reading.lines)
        for words in ("At most 15", "No number of yours", "not porting in", "on a line above"):
            assert words in said
        assert not Preparation.unscoped.exists()

    def test_saving_takes_what_is_ready_and_leaves_out_the_rest(self, signed_in, number, other, temporary):
        lines = f"{COMING};Anita;Acme;calls, text;{TEMPORARY};delete\n{OTHER};Bo;{'x' * 16}"
        assert signed_in.post(MANY, {"lines": lines, "do": "save"}).status_code == 302
        row = Preparation.unscoped.get()
        assert (row.number, row.assigned_to, row.capabilities) == (number, "Anita", ["voice", "sms"])
        assert (row.temporary, row.afterwards) == (temporary, "release")

    def test_an_empty_cell_keeps_and_a_dash_takes_out(self, signed_in, number, eli):
        prepare(number, eli, assigned_to="Anita", caller_name="Acme")
        signed_in.post(MANY, {"lines": f"{COMING},-,", "do": "save"})
        row = Preparation.unscoped.get()
        assert (row.assigned_to, row.caller_name) == ("", "Acme")

    def test_nothing_ready_is_said_at_the_field(self, signed_in, number):
        response = signed_in.post(MANY, {"lines": "rubbish,x", "do": "save"})
        assert response.status_code == 422
        assert "None of these lines can be used" in response.content.decode()

    def test_of_other_organizations_it_says_nothing(self, signed_in, globex, number):
        make_number(make_connected_location(globex), "+14085550999", state="porting")
        reading = signed_in.post(MANY, {"lines": "+14085550999,X", "do": "check"}).context["reading"]
        assert reading.lines[0].sentence == "No number of yours is written so."

    @pytest.mark.parametrize("count", [2, 120])
    def test_it_costs_the_same_however_many(self, acme, location, ada, count, django_assert_max_num_queries):
        from pstn import prepare_lines

        e164s = [f"+1408555{n:04}" for n in range(count)]
        ports.list_as_porting(location, e164s, by=ada)
        text = "\n".join(f"{e164},Person {at},,,{TEMPORARY}" for at, e164 in enumerate(e164s))
        make_number(location, "+14085559170")
        membership = ada.memberships.get()
        with django_assert_max_num_queries(8):
            prepare_lines.read(text, acme, membership)
        wanted = [Wanted(row, {"assigned_to": "Anita"}) for row in acme.phone_numbers.filter(state="porting")]
        with django_assert_max_num_queries(14):
            assert preparations.prepare(acme, wanted, by=ada) == count


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["prepare", "come", "date", "stop"]),
        st.integers(0, 2),
        st.fixed_dictionaries(
            {
                "assigned_to": st.sampled_from(["", "Anita", "Bo"]),
                "caller_name": st.sampled_from(["", "Acme"]),
                "temporary_e164": st.sampled_from(["", TEMPORARY, "+14085550171", "+14085550199"]),
                "afterwards": st.sampled_from(["keep", "release"]),
                "becomes_main": st.booleans(),
            }
        ),
    ),
    max_size=8,
)


@settings(
    max_examples=25,
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=ACTS)
def test_nothing_has_an_effect_before_the_number_comes(acme, location, eli, acts):
    from django.db import transaction

    with transaction.atomic():
        e164s = [f"+1408555011{n}" for n in range(3)]
        ports.list_as_porting(location, e164s, by=eli)
        for e164 in (TEMPORARY, "+14085550171"):
            make_number(location, e164, assigned_to=f"Holder of {e164}")
        for verb, at, values in acts:
            number = acme.phone_numbers.filter(e164=e164s[at]).first()
            if verb == "prepare" and number:
                with suppress(NotPrepared):
                    prepare(number, eli, **values)
            elif verb == "come":
                ports.finish_port(acme, [e164s[at]])
            elif verb == "date":
                ports.set_port_date(acme, [e164s[at]], None)
            elif verb == "stop":
                ports.forget_port(acme, [e164s[at]])
            location.refresh_from_db()
            for row in acme.phone_numbers.all():
                if row.state == "porting":
                    assert (row.assigned_to, row.caller_name, row.extension) == ("", "", "")
                    assert location.main_number_id != row.pk
            for temporary in acme.phone_numbers.filter(e164__in=[TEMPORARY, "+14085550171"]):
                replaced = acme.preparations.filter(temporary=temporary).exclude(used_at=None).exists()
                assert (temporary.state == "active") is not replaced
                assert bool(temporary.assigned_to) is not replaced
        transaction.set_rollback(True)
