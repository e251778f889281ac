"""Modes "update" and "upsert": cells that say something change numbers that are here, by the rules of the pages."""

import pytest

from pstn.models import LocationAdmin, NumberEvent
from tests.factories import make_connected_location, make_number

HEADER = "number,location,type,extension,assigned_to,state,emergency_address_id,tags,note"


@pytest.fixture
def number(location):
    return make_number(location, "+14085550142", note="old", extension="10")


@pytest.fixture
def annex(acme):
    return make_connected_location(acme, kind="premises", name="Annex")


def told(e164="+14085550142"):
    return list(NumberEvent.unscoped.filter(e164=e164).order_by("pk").values_list("what", flat=True))


def test_blank_cells_leave_everything_as_it_is(send, run, number):
    it = send("update", "+14085550142,,,,,,,,", header=HEADER)
    assert it.plan == {"s": 1}


def test_cells_change_the_number_and_its_history_tells_each_change(send, run, number, annex, acme):
    it = send("update", '+14085550142,Annex,service,20,Ada Park,active,,"a,b",new', header=HEADER)
    job = run(it)
    assert (job.done, job.failed, job.same) == (1, 0, 0)
    number.refresh_from_db()
    assert (number.location, number.kind, number.extension, number.note) == (annex, "service", "20", "new")
    assert (number.assigned_to, number.owner.kind) == ("Ada Park", "user")
    assert told() == ["moved", "retyped", "assigned", "extended", "noted", "tagged"]
    assert acme.tags.filter(taggings__number=number).count() == 2
    assert send("update", '+14085550142,Annex,service,20,Ada Park,active,,"b,a",new', header=HEADER).plan == {
        "s": 1
    }


def test_a_dash_clears(send, run, number, acme):
    run(send("update", "+14085550142,,,,Ada Park,,,x,", header=HEADER))
    run(send("update", "+14085550142,,,-,-,inactive,,-,-", header=HEADER))
    number.refresh_from_db()
    assert (number.extension, number.assigned_to, number.owner, number.note) == ("", "", None, "")
    assert number.state == "inactive"
    assert not acme.tags.filter(taggings__number=number).exists()


def test_a_dash_with_an_apostrophe_is_a_dash(send, run, number):
    run(send("update", "+14085550142,'-", header="number,note"))
    number.refresh_from_db()
    assert number.note == "-"


def test_the_owner_is_somebody_known_by_that_name(send, run, number, acme):
    lobby = acme.owners.create(kind="workspace", name="Lobby")
    run(send("update", "+14085550142,Lobby", header="number,assigned_to"))
    number.refresh_from_db()
    assert number.owner == lobby
    assert acme.owners.count() == 1


def test_features_and_people_of_one_name_are_kept_apart(send, run, acme, location):
    rows = ["+14085550150,San Jose HQ,Reception", "+18005550150,San Jose HQ,Reception"]
    it = send("create", *rows, header="number,location,assigned_to")
    assert it.facts["new_owners"] == 1
    run(it)
    kinds = acme.phone_numbers.order_by("e164").values_list("owner__kind", flat=True)
    assert list(kinds) == ["user", "auto_attendant"]


def test_whom_a_contact_centers_number_is_for_follows_from_its_own_type(send, run, acme, number):
    number.kind, number.sessions = "contact_center", 20
    number.save()
    acme.owners.create(kind="user", name="Queue")
    run(send("update", "+14085550142,Queue", header="number,assigned_to"))
    number.refresh_from_db()
    assert (number.owner.kind, number.owner.location) == ("contact_center", number.location)


def test_the_calls_at_once_of_a_contact_center_are_set_changed_and_taken_away(send, run, problems, number):
    def after(line, header="number,type,sessions"):
        it = send("update", line, header=header)
        if it.plan == {"s": 1}:
            return "same"
        run(it)
        number.refresh_from_db()
        return number.kind, number.sessions

    assert problems(send("update", "+14085550142,20", header="number,sessions")) == {
        2: ("sessions", "no_contact_center")
    }
    assert after("+14085550142,contact_center,20") == ("contact_center", 20)
    assert NumberEvent.unscoped.filter(what="retyped").last().note == "20 calls at once"
    assert after("+14085550142,contact_center,20") == "same"
    assert (
        after(
            "+14085550142,contact_center,",
        )
        == "same"
    )
    assert after("+14085550142,30", "number,sessions") == ("contact_center", 30)
    assert after("+14085550142,standard,") == ("standard", None)
    assert told() == ["retyped", "retyped", "retyped"]


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("+14085550142,Bought,,,,,,,", "location", "other_provider"),
        ("+14085550142,,toll_free,,,,,,", "type", "kind_not_chosen"),
        ("+14085550142,,contact_center,,,,,,", "sessions", "needs_sessions"),
        ("+14085550142,,,77,,,,,", "extension", "extension_taken"),
        ("+14085550142,,,,,porting,,,", "state", "state_by_itself"),
        ("+14085550142,,,,,,999,,", "emergency_address_id", "unknown_address"),
        ("+14085550143,,,,,,,,x", "number", "not_here"),
        ("+14085550142,,,1,,,,,", "extension", "bad_extension"),
    ],
)
def test_the_rules_of_the_pages_hold(send, problems, number, acme, location, line, column, code):
    make_connected_location(acme, name="Bought")
    make_number(location, "+14085550177", extension="77")
    assert problems(send("update", line, header=HEADER)) == {2: (column, code)}


def test_a_number_that_is_assigned_does_not_become_inactive(send, problems, number, acme):
    number.assigned_to = "Ada Park"
    number.save()
    assert problems(send("update", "+14085550142,inactive", header="number,state")) == {
        2: ("state", "assigned")
    }


def test_upsert_adds_and_changes(send, run, number, acme):
    it = send(
        "upsert",
        "+14085550142,San Jose HQ,new",
        "+14085550143,San Jose HQ,first",
        header="number,location,note",
    )
    assert it.plan == {"u": 1, "c": 1}
    job = run(it)
    assert (job.done, job.failed) == (2, 0)
    assert dict(acme.phone_numbers.values_list("e164", "note")) == {
        "+14085550142": "new",
        "+14085550143": "first",
    }


def test_an_own_emergency_address_is_copied_and_taken_away(send, run, number, annex, acme):
    there = acme.emergency_addresses.get(location=annex)
    run(send("update", f"+14085550142,{there.pk}", header="number,emergency_address_id"))
    own = acme.emergency_addresses.get(number=number)
    assert (own.fields, own.state) == (there.fields, "validated")
    same = send("update", f"+14085550142,{own.pk}", header="number,emergency_address_id")
    assert same.plan == {"s": 1}
    run(send("update", "+14085550142,-", header="number,emergency_address_id"))
    assert not acme.emergency_addresses.filter(number=number).exists()
    assert told() == ["address_set", "address_cleared"]


def test_what_changed_since_the_check_is_judged_again(send, run, number):
    it = send("update", "+14085550142,inactive", header="number,state")
    number.assigned_to = "Ada Park"
    number.save()
    job = run(it)
    assert (job.done, job.failed) == (0, 1)
    assert job.errors.get().code == "assigned"
    number.refresh_from_db()
    assert number.state == "active"


def test_a_location_administrator_reaches_only_what_is_theirs(send, number, annex, lou, problems):
    theirs = lou.memberships.get()
    LocationAdmin.unscoped.create(membership=theirs, location=annex)
    make_number(annex, "+14085550150")
    it = send(
        "upsert",
        "+14085550142,,x",
        "+14085550150,San Jose HQ,",
        "+14085550150,Annex,y",
        "+14085550151,Annex,z",
        header="number,location,note",
        by=theirs,
    )
    assert problems(it) == {2: ("number", "elsewhere"), 3: ("location", "unknown_location")}
    assert it.plan == {"u": 1, "c": 1, "x": 2}
