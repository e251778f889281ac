"""Mode "create": numbers that are new here, with every reason why one is not taken."""

from accounts.models import AuditEntry
from pstn.models import NumberEvent, NumberTally, PhoneNumber
from tests.factories import make_connected_location, make_location, make_number

FULL = "number,location,type,extension,assigned_to,state,emergency_address_id,tags,note"


def test_rows_become_numbers_with_their_history(send, run, acme, location, ada):
    it = send(
        "create",
        '+14085550142,San Jose HQ,standard,0142,Ada Park,active,,"Sales, VIP",Front desk',
        "(408) 555-0143,san jose hq,,,,,,,",
        header=FULL,
    )
    assert it.state == "checked"
    assert it.plan == {"c": 2}
    assert not PhoneNumber.unscoped.exists()  # the dry run changes nothing
    job = run(it)
    assert (job.state, job.done, job.same, job.failed) == ("done", 2, 0, 0)
    first, second = acme.phone_numbers.order_by("e164")
    assert (first.e164, first.tail, first.location, first.state) == (
        "+14085550142",
        "24105558041",
        location,
        "active",
    )
    assert (first.extension, first.assigned_to, first.owner.name, first.note) == (
        "0142",
        "Ada Park",
        "Ada Park",
        "Front desk",
    )
    assert sorted(acme.tags.filter(taggings__number=first).values_list("name", flat=True)) == ["Sales", "VIP"]
    assert (second.state, second.kind, second.assigned_to, second.capabilities) == (
        "inactive",
        "standard",
        "",
        ["voice"],
    )
    events = NumberEvent.unscoped.filter(org=acme).order_by("e164")
    assert [(e.e164, e.what, e.after, e.by, e.job) for e in events] == [
        ("+14085550142", "imported", "active", ada, job),
        ("+14085550143", "imported", "inactive", ada, job),
    ]
    assert AuditEntry.objects.filter(org=acme, what="job.import").count() == 1


def test_the_counts_of_the_page_are_right_afterwards(send, run, acme):
    run(send("create", *[f"+1408555{n:04},San Jose HQ" for n in range(200, 260)]))
    assert NumberTally.unscoped.filter(org=acme).total() == 60


def test_the_same_file_twice_changes_nothing(send, run, acme):
    lines = ["+14085550142,San Jose HQ,inactive", "+14085550143,San Jose HQ,inactive"]
    run(send("create", *lines, header="number,location,state"))
    again = send("create", *lines, header="number,location,state")
    assert again.plan == {"s": 2}
    assert again.wanted == 0
    assert NumberEvent.unscoped.count() == 2


def test_a_note_is_one_line_wherever_it_comes_from(client, ada, send, run, acme):
    line = '+14085550142,San Jose HQ,"  Front\r\ndesk,\nsecond  floor "'
    run(send("create", line, header="number,location,note"))
    number = acme.phone_numbers.get()
    assert number.note == "Front desk, second floor"
    client.force_login(ada)
    client.post(f"{number.get_absolute_url()}describe/", {"note": "  Front\r\ndesk,\nsecond  floor "})
    number.refresh_from_db()
    assert number.note == "Front desk, second floor"


def test_the_same_tags_are_no_other_values(send, run, problems):
    header, line = "number,location,tags,note", '+14085550142,San Jose HQ,"VIP, sales","one\ntwo"'
    run(send("create", line, header=header))
    again = send("create", line, header=header)
    assert again.plan == {"s": 1}
    other = send("create", "+14085550142,San Jose HQ,VIP,", header=header)
    assert problems(other) == {2: ("number", "here_otherwise")}


def test_what_is_here_with_other_values_is_told(send, run, acme, location, problems):
    make_number(location, "+14085550142", extension="11")
    it = send("create", "+14085550142,San Jose HQ,12", header="number,location,extension")
    assert problems(it) == {2: ("number", "here_otherwise")}


def test_each_bad_row_is_reported_with_line_and_column(send, problems, acme):
    make_location(acme, name="Bare")
    make_connected_location(acme, name="Bought")
    it = send(
        "create",
        "4.08555E+09,San Jose HQ,,",
        "+14085550142,Nowhere,,",
        "+14085550143,San Jose HQ,pager,",
        "+14085550144,San Jose HQ,,sleeping",
        "+14085550145,,,",
        ",San Jose HQ,,",
        "+14085550146,Bare,,",
        "+14085550147,Bought,,",
        "+442079460100,San Jose HQ,,",
        "+19005550100,San Jose HQ,,",
        "+18005550100,San Jose HQ,service,",
        "+14085550148,San Jose HQ,toll_free,",
        "+14085550149,San Jose HQ,contact_center,",
        "+14085550150,San Jose HQ,,porting",
        "+14085550151,San Jose HQ,,",
        "14085550151,San Jose HQ,,",
        header="number,location,type,state",
    )
    assert problems(it) == {
        2: ("number", "spreadsheet_damage"),
        3: ("location", "unknown_location"),
        4: ("type", "unknown_type"),
        5: ("state", "unknown_state"),
        6: ("location", "no_location"),
        7: ("number", "no_number"),
        8: ("location", "not_connected"),
        9: ("location", "not_typed_in"),
        10: ("number", "wrong_country"),
        11: ("number", "not_for_locations"),
        12: ("type", "fixed_kind"),
        13: ("type", "kind_not_chosen"),
        14: ("sessions", "needs_sessions"),
        15: ("state", "state_by_itself"),
        17: ("number", "repeated"),
    }
    assert it.plan == {"c": 1, "x": 15}
    assert it.lines.get(line=17).text == "+14085550151 is in line 16 already."


def test_a_contact_centers_number_brings_its_calls_at_once(send, run, problems, acme, location):
    it = send(
        "create",
        "+14085550142,San Jose HQ,contact_center,25",
        "+14085550143,San Jose HQ,contact_center,",
        "+14085550144,San Jose HQ,,25",
        "+14085550145,San Jose HQ,service,25",
        "+14085550146,San Jose HQ,contact_center,10001",
        "+14085550147,San Jose HQ,contact_center,0",
        "+14085550148,San Jose HQ,contact_center,many",
        header="number,location,type,Calls at once",
    )
    assert problems(it) == {
        3: ("sessions", "needs_sessions"),
        4: ("sessions", "no_contact_center"),
        5: ("sessions", "no_contact_center"),
        6: ("sessions", "bad_sessions"),
        7: ("sessions", "bad_sessions"),
        8: ("sessions", "bad_sessions"),
    }
    run(it)
    number = acme.phone_numbers.get()
    assert (number.e164, number.kind, number.sessions) == ("+14085550142", "contact_center", 25)


def test_good_rows_are_imported_and_bad_ones_are_kept_as_errors(send, run, acme):
    it = send("create", "+14085550142,San Jose HQ", "+14085550143,Nowhere", "408,San Jose HQ")
    job = run(it)
    assert (job.done, job.failed) == (1, 2)
    errors = job.errors.values_list("line", "column", "code")
    assert list(errors) == [(3, "location", "unknown_location"), (4, "number", "too_short")]
    assert not it.lines.exists()  # what was staged is forgotten


def test_another_organizations_number_is_refused_without_saying_whose(send, globex, problems):
    make_number(make_connected_location(globex, name="Globex Tower"), "+14085550142")
    it = send("create", "+14085550142,San Jose HQ")
    assert problems(it) == {2: ("number", "not_to_be_had")}
    assert "Globex" not in it.lines.get().text


def test_without_a_validated_address_numbers_come_inactive_and_unassigned(send, acme, location, problems):
    acme.emergency_addresses.update(state="unchecked")
    it = send(
        "create",
        "+14085550142,San Jose HQ,active,",
        "+14085550143,San Jose HQ,,Ada Park",
        "+14085550144,San Jose HQ,inactive,",
        "+18005550145,San Jose HQ,active,",
        header="number,location,state,assigned_to",
    )
    assert problems(it) == {2: ("state", "no_address"), 3: ("assigned_to", "no_address")}


def test_an_extension_is_there_once_at_a_location(send, location, problems):
    make_number(location, "+14085550100", extension="10")
    it = send(
        "create",
        "+14085550142,San Jose HQ,10,",
        "+14085550143,San Jose HQ,11,",
        "+14085550144,San Jose HQ,11,",
        ",San Jose HQ,12,extension",
        header="number,location,extension,type",
    )
    assert problems(it) == {
        2: ("extension", "extension_taken"),
        4: ("extension", "extension_repeated"),
    }


def test_a_row_with_only_an_extension(send, run, acme, location):
    run(send("create", "Extension only,San Jose HQ,42", header="type,location,extension"))
    row = acme.phone_numbers.get()
    assert (row.e164, row.state, row.kind, row.is_extension_only) == (
        f"x{location.pk}-42",
        "na",
        "extension",
        True,
    )


def test_a_number_that_came_since_the_check_is_an_error_and_not_lost(send, run, acme, location):
    it = send("create", "+14085550142,San Jose HQ", "+14085550143,San Jose HQ")
    make_number(location, "+14085550142", note="mine")
    job = run(it)
    assert (job.done, job.failed) == (1, 1)
    assert job.errors.get().code == "came_meanwhile"
    assert acme.phone_numbers.get(e164="+14085550142").note == "mine"


def test_a_location_that_cannot_take_numbers_any_more_is_asked_again(send, run, location):
    it = send("create", "+14085550142,San Jose HQ")
    location.connection.delete()
    job = run(it)
    assert (job.done, job.failed) == (0, 1)
    assert job.errors.get().code == "not_connected"


def test_the_same_number_again_and_again_counts_once(send, problems):
    it = send("create", *["+14085550142,San Jose HQ"] * 500)
    assert it.plan == {"c": 1, "x": 499}
    assert set(problems(it).values()) == {("number", "repeated")}


def test_one_row_too_many_refuses_the_file(send, monkeypatch):
    monkeypatch.setattr("lib.sheets.open.ROW_LIMIT", 3)
    it = send("create", *[f"+1408555014{n},San Jose HQ" for n in range(4)])
    assert (it.state, it.problem) == ("refused", "too_many_rows")


def test_who_has_lost_their_rights_imports_nothing(send, run, ada, acme):
    it = send("create", "+14085550142,San Jose HQ")
    ada.memberships.update(role="read_only")
    assert run(it).state == "failed"
    assert not acme.phone_numbers.exists()


def test_what_rests_after_deletion_is_restored_not_added(send, acme, location, ada, problems):
    from pstn.workflow import quarantine

    quarantine.rest(acme, [make_number(location, "+14085550142", state="inactive")], by=ada)
    it = send("create", "+14085550142,San Jose HQ")
    assert problems(it) == {2: ("number", "resting")}
