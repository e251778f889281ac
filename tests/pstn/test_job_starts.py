"""From a selection to a job: the dry run says what would happen, and the button does it once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pstn.models import LocationAdmin, PhoneNumber
from tests.factories import make_connected_location, make_location, make_number

HTMX = {"HX-Request": "true"}


@pytest.fixture
def place(acme):
    return make_connected_location(acme)


@pytest.fixture
def london(acme):
    return make_connected_location(acme, name="London road")


@pytest.fixture
def ask(client, ada):
    """Ada at the page of a kind; its context and its text."""
    client.force_login(ada)

    def ask(what, step="", follow=False, headers=None, **data):
        path = f"/acme/numbers/jobs/{what}/{step}"
        return client.post(path, data, follow=follow, headers=headers or {})

    return ask


def text(response):
    return response.content.decode()


def many(place, count, **fields):
    rows = [f"+1408777{n:04}" for n in range(count)]
    fields = {"state": "active", **fields}
    PhoneNumber.unscoped.bulk_create(
        PhoneNumber(org=place.org, location=place, e164=e164, tail=e164[:0:-1], **fields) for e164 in rows
    )
    return rows


def test_the_dry_run_says_how_many_and_why_not(ask, place):
    rows = many(place, 5, state="inactive")
    place.org.phone_numbers.filter(e164__in=rows[:2]).update(waits_for_terms=True)
    make_number(place)
    body = text(ask("activate", all="1", query=""))
    assert "3 will work" in body
    assert "2 will not" in body
    assert "1 is so already" in body
    assert "The terms of service must be accepted first." in body
    assert '+1 408-777-0000</span>, <span class="num">+1 408-777-0001<' in body
    assert "Activate 3 numbers" in body
    assert not place.org.jobs.exists()


def test_a_dry_run_that_would_change_nothing_says_so(ask, place):
    many(place, 2)
    assert "Nothing would change: 2 are so already." in text(ask("activate", all="1", query=""))
    assert "Nothing would change." in text(ask("activate", all="1", query="?state=pending"))


def test_a_query_is_the_filter_of_the_list(ask, client, place, london):
    many(place, 3, state="inactive")
    make_number(london, state="inactive")
    body = text(ask("activate", all="1", query=f"?location={london.pk}"))
    assert "Activate 1 number" in body
    assert '<span class="chip">Location: London road</span>' in body
    body = text(client.get("/acme/numbers/jobs/activate/", {"query": f"location={place.pk}"}))
    assert "Activate 3 numbers" in body


def test_nothing_chosen_is_said(ask, place):
    assert "No number is chosen" in text(ask("activate"))
    assert "No number is chosen" in text(ask("activate", query="?state=inactive"))  # nothing is ticked
    assert ask("activate", "start/").status_code == 422


def test_an_unknown_kind_is_no_page(ask, place):
    assert ask("import", all="1").status_code == 404
    assert ask("nonsense", all="1").status_code == 404


def test_few_numbers_are_done_at_once(ask, place):
    rows = many(place, 3, state="inactive")
    response = ask("activate", "start/", numbers=rows, key="activate-a", follow=True)
    assert response.redirect_chain == [("/acme/numbers/", 302)]
    assert "3 numbers are activated." in text(response)
    job = place.org.jobs.get()
    assert f'action="/acme/tasks/{job.pk}/undo/"' in text(response)
    assert set(place.org.phone_numbers.values_list("state", flat=True)) == {"active"}
    assert job.told_at


def test_many_numbers_are_a_job_that_one_can_leave(ask, client, place, settings, monkeypatch):
    monkeypatch.setattr("lib.queue.publish", lambda *_: True)
    many(place, 60, state="inactive")
    response = ask(
        "activate", "start/", all="1", query="", key="activate-a", next="/acme/numbers/?state=inactive"
    )
    assert response.url == "/acme/numbers/?state=inactive"
    body = text(client.get(response.url))
    assert "Activate 60 numbers: it has started. You can keep working." in body
    assert "/acme/tasks/pulse/" in body
    assert place.org.jobs.get().state == "queued"


def test_a_double_click_is_one_job(ask, place):
    rows = many(place, 3, state="inactive")
    for _click in range(2):
        assert ask("activate", "start/", numbers=rows, key="activate-a").status_code == 302
    assert place.org.jobs.count() == 1


def test_the_key_of_another_kind_is_not_taken_over(ask, place):
    rows = many(place, 2)
    body = text(ask("unassign", numbers=rows, key="move-a"))
    assert 'name="key" value="unassign-' in body


def test_somewhere_else_is_no_way_back(ask, place):
    rows = many(place, 1, state="inactive")
    response = ask("activate", "start/", numbers=rows, key="activate-a", next="https://evil.example/")
    assert response.url == "/acme/numbers/"


def test_move_offers_places_and_says_why_not_of_the_others(ask, acme, place, london):
    make_location(acme, name="Empty hall")
    rows = many(place, 3)
    body = text(ask("move", numbers=rows))
    assert "3 numbers are chosen." in body
    assert body.index("London road</span>") < body.index("Empty hall<small>")
    assert "Empty hall<small>No PSTN connection yet.</small>" in body
    assert "San Jose HQ<small>They are there already.</small>" in body
    body = text(ask("move", numbers=rows, asked="1", location=london.pk))
    assert "Move 3 numbers" in body
    body = text(ask("move", "start/", numbers=rows, asked="1", key="move-a", location=place.pk))
    assert "They are there already." in body
    assert not acme.jobs.exists()


def test_the_dry_run_alone_follows_a_change(ask, place, london):
    rows = many(place, 3)
    headers = {**HTMX, "HX-Target": "dry-run"}
    body = text(ask("move", numbers=rows, asked="1", location=london.pk, headers=headers))
    assert body.strip().startswith('<div id="dry-run"')
    assert "3 will work" in body


def test_the_dialog_is_the_same_without_the_page(ask, place):
    body = text(
        ask("activate", numbers=many(place, 1, state="inactive"), headers={**HTMX, "HX-Target": "ask"})
    )
    assert body.strip().startswith("<header>")
    assert 'name="dialog"' in body
    assert "<html" not in body
    assert "Activate 1 number" in body


def test_an_assigned_number_offers_what_comes_first(ask, place, london):
    make_number(place, assigned_to="Anita Perez")
    body = text(ask("move", all="1", asked="1", location=london.pk))
    assert "Nothing would change: 1 will not work." in body
    assert 'formaction="/acme/numbers/jobs/unassign/"' in body


def test_enter_begins_nothing_that_was_not_told(ask, place, london):
    make_number(place, assigned_to="Anita Perez")
    rows = [*many(place, 12, state="inactive"), "+14085550142"]

    def first_button(body):
        return body[body.index("<button", body.index('id="dry-run"')) :].split(">")[0]

    assert first_button(text(ask("tag", numbers=rows))).endswith('formaction="/acme/numbers/jobs/tag/"')
    assert first_button(text(ask("delete", numbers=rows))) == "<button hidden"
    headers = {**HTMX, "HX-Target": "dry-run"}
    body = text(ask("move", numbers=rows, asked="1", location=london.pk, headers=headers))
    assert first_button(body).endswith('formaction="/acme/numbers/jobs/move/"')


def test_the_part_knows_where_whole_blocks_are_asked_for(ask, acme, place, london):
    block = acme.number_blocks.create(first="+14087770000", last="+14087770009", size=10)
    rows = many(place, 10, block=block)
    headers = {**HTMX, "HX-Target": "dry-run"}
    body = text(ask("move", numbers=rows[:4], asked="1", location=london.pk, headers=headers))
    assert 'name="whole" value="1" formaction="/acme/numbers/jobs/move/"' in body


def test_a_number_that_is_only_an_extension_is_called_so(ask, place):
    make_number(place, f"x{place.pk}-4900", kind="extension", extension="4900", state="na")
    assert "Extension 4900" in text(ask("activate", all="1", query=""))
    lines = b"".join(ask("activate", "refusals/", all="1", query="").streaming_content).decode()
    assert "\nExtension 4900,extension_only," in lines


def test_the_refused_as_csv(ask, place, london):
    rows = many(place, 3)
    place.org.phone_numbers.filter(e164=rows[1]).update(state="inactive")
    response = ask("move", "refusals/", all="1", asked="1", location=london.pk)
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert lines == [
        "\ufeffnumber,code,reason",
        f"{rows[1]},inactive,Inactive. Activate first.",
    ]


def test_a_type_with_its_calls_at_once(ask, place):
    rows = many(place, 2)
    wanted = {"numbers": rows, "asked": "1", "key": "retype-a", "kind": "contact_center"}
    assert "Say how many calls" in text(ask("retype", "start/", **wanted))
    ask("retype", "start/", sessions="30", **wanted)
    assert set(place.org.phone_numbers.values_list("kind", "sessions")) == {("contact_center", 30)}


def test_assigning_finds_an_owner_by_words(ask, acme, place):
    anita = acme.owners.create(name="Anita Perez")
    for n in range(15):
        acme.owners.create(name=f"Aaron {n:02}")
    rows = many(place, 2)
    body = text(ask("assign", numbers=rows))
    assert "There are more." in body
    assert "Anita Perez" not in body
    headers = {**HTMX, "HX-Target": "dry-run", "HX-Trigger-Name": "find"}
    body = text(ask("assign", numbers=rows, asked="1", find="per", headers=headers))
    assert 'hx-swap-oob="innerHTML:#owners"' in body
    assert "Anita Perez" in body
    ask("assign", "start/", numbers=rows, asked="1", key="assign-a", owner=anita.pk)
    assert set(acme.phone_numbers.values_list("assigned_to", flat=True)) == {"Anita Perez"}


def test_a_tag_is_put_on_and_taken_off(ask, acme, place):
    rows = many(place, 2)
    ask("tag", "start/", numbers=rows, asked="1", key="tag-a", tag="  reception  desk ")
    assert acme.tags.get().taggings.count() == 2
    body = text(ask("tag", numbers=rows))
    assert '<option value="reception desk">' in body
    assert "(optional)" not in body
    ask("tag", "start/", numbers=rows, asked="1", key="tag-b", tag="reception desk", remove="1")
    assert acme.tags.get().taggings.count() == 0
    assert "Write the tag." in text(ask("tag", "start/", numbers=rows, asked="1", key="tag-c", tag=" "))


def test_the_emergency_address_of_another_place(ask, acme, place, london):
    rows = many(place, 2)
    wanted = {"numbers": rows, "asked": "1", "way": "known", "key": "address-a"}
    assert "Choose an address." in text(ask("address", "start/", **wanted))
    ask("address", "start/", address=london.emergency_address.pk, **wanted)
    assert [number.custom_address.line1 for number in acme.phone_numbers.all()] == [london.line1] * 2
    ask("address", "start/", numbers=rows, asked="1", way="clear", key="address-b")
    assert not acme.emergency_addresses.filter(number__isnull=False).exists()


def test_an_address_that_is_not_whole_says_what_is_missing(ask, place):
    wanted = {"numbers": many(place, 1), "asked": "1", "way": "typed", "line1": "5 Elm Street"}
    body = text(ask("address", "start/", postal_code="ABC", **wanted))
    assert "City – This is part of the address." in body
    assert "5 Elm Street" in body


def test_an_address_of_a_country_without_regions(ask, acme):
    london = make_connected_location(
        acme, name="London", country="GB", state="", postal_code="EC1A 1BB", city="London"
    )
    number = make_number(london, "+442071838750")
    body = text(ask("address", numbers=number.e164))
    assert "Postcode" in body
    assert "state_code" not in body


def test_a_note_is_written(ask, acme, place):
    ask("note", "start/", numbers=many(place, 2), asked="1", key="note-a", note="Keep for the fair")
    assert set(acme.phone_numbers.values_list("note", flat=True)) == {"Keep for the fair"}


def test_more_than_ten_are_deleted_only_when_the_count_is_typed(ask, acme, place):
    rows = many(place, 11, state="inactive")
    body = text(ask("delete", numbers=rows))
    assert "Type 11 to delete 11 numbers" in body
    response = ask("delete", "start/", numbers=rows, key="delete-a", confirm="10")
    assert response.status_code == 422
    assert "Type 11: so many numbers are deleted." in text(response)
    assert acme.phone_numbers.count() == 11
    ask("delete", "start/", numbers=rows, key="delete-a", confirm="11")
    assert acme.phone_numbers.count() == 0
    assert acme.resting_numbers.count() == 11


def test_a_torn_block_is_made_whole(ask, acme, place):
    block = acme.number_blocks.create(first="+14087770000", last="+14087770009", size=10)
    rows = many(place, 10, state="inactive", block=block)
    make_number(place)
    body = text(ask("delete", numbers=rows[:4]))
    assert "Nothing would change: 4 will not work." in body
    assert 'name="whole"' in body
    body = text(ask("delete", numbers=rows[:4], whole="1"))
    assert "10 will work." in body
    assert body.count('name="numbers"') == 10
    assert 'name="whole"' not in text(ask("delete", all="1", query=""))


def test_a_location_administrator_reaches_their_own_numbers(client, lou, place, london):
    LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=place)
    client.force_login(lou)
    many(place, 2, state="inactive")
    make_number(london, state="inactive")
    body = text(client.post("/acme/numbers/jobs/activate/", {"all": "1", "query": ""}))
    assert "Activate 2 numbers" in body
    assert "London road" not in text(client.post("/acme/numbers/jobs/move/", {"all": "1", "query": ""}))


def test_a_partner_may_and_a_reader_may_not(client, paula, vic, place):
    rows = many(place, 1, state="inactive")
    client.force_login(vic)
    assert (
        client.post("/acme/numbers/jobs/activate/start/", {"numbers": rows, "key": "activate-a"}).status_code
        == 403
    )
    client.force_login(paula)
    client.post("/acme/numbers/jobs/activate/start/", {"numbers": rows, "key": "activate-b"})
    assert place.org.phone_numbers.get().state == "active"


def test_the_statements_do_not_grow_with_the_numbers(ask, place, london):
    counted = []
    for count in (1, 300):
        place.org.phone_numbers.all().delete()
        many(place, count)
        with CaptureQueriesContext(connection) as queries:
            ask("move", all="1", query="", asked="1", location=london.pk)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 14
