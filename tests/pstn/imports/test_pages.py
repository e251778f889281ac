"""The pages of imports: a file goes in, its check is read, it is imported, what was bad is taken home."""

import csv
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lib.sheets import open_sheet
from pstn.imports import tasks
from pstn.models import LocationAdmin, NumberImport
from tests.factories import make_connected_location, make_number

START = reverse("pstn:import_start", args=["acme"])
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


@pytest.fixture
def upload(client, ada, location, committed):
    """upload(b"…", mode): what the page answers; tasks have run by then."""
    client.force_login(ada)

    def upload(data, mode="create", name="numbers.csv"):
        with committed():
            file = SimpleUploadedFile(name, data)
            return client.post(START, {"mode": mode, "file": file}, follow=False)

    return upload


def test_a_file_is_checked_shown_imported_and_shown_again(client, upload, committed, acme):
    response = upload(b"number,location\n+14085550142,San Jose HQ\n408,San Jose HQ\n")
    it = NumberImport.unscoped.get()
    assert response.url == it.get_absolute_url()
    page = client.get(response.url)
    assert b"Import 1 row" in page.content
    assert "408 has 3 digits; a number has 10." in page.content.decode()
    with committed():
        client.post(reverse("pstn:import_run", args=["acme", it.pk]))
    assert acme.phone_numbers.get().e164 == "+14085550142"
    page = client.get(response.url).content.decode()
    assert "Completed with errors" in page
    assert "Rows that could not be used" in page


def test_rows_that_a_filter_hides_are_read_and_the_page_says_so(client, upload):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Notes").hide()
        sheet = book.add_worksheet("Numbers")
        sheet.activate()
        for n, row in enumerate(
            [("number", "location"), ("+14085550142", "San Jose HQ"), ("+14085550143", "San Jose HQ")]
        ):
            sheet.write_row(n, 0, row)
        sheet.set_row(2, options={"hidden": True})
    assert "also those that a filter hides" in upload(b"").content.decode()
    upload(out.getvalue(), name="numbers.xlsx")
    assert NumberImport.unscoped.get().plan == {"c": 2}


def test_the_bad_rows_come_home_with_their_problem_and_go_in_again_once_mended(
    client, upload, committed, acme
):
    upload(b"number,location,note\n+14085550142,San Jose HQ,x\n408,San Jose HQ,=1+1\n")
    it = NumberImport.unscoped.get()
    url = reverse("pstn:import_errors", args=["acme", it.pk])
    before = b"".join(client.get(url).streaming_content).decode()
    with committed():
        client.post(reverse("pstn:import_run", args=["acme", it.pk]))
    after = b"".join(client.get(url).streaming_content).decode()
    assert before == after
    assert list(csv.reader(io.StringIO(after))) == [
        ["number", "location", "note", "line", "problem"],
        ["408", "San Jose HQ", "'=1+1", "3", "408 has 3 digits; a number has 10."],
    ]
    mended = after.replace("408,", "+14085550143,", 1)
    upload(mended.encode())
    again = NumberImport.unscoped.latest("pk")
    assert (again.plan, again.facts["unknown"]) == ({"c": 1}, [])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This file is empty."),
        (PNG, "This file is a PNG picture, not a table."),
        (b"+14085550142\n+14085550143\n", "The first row must name the columns"),
        (b"location,note\nx,y\n", "There is no column of numbers."),
        (b"number,tel\n1,2\n", "Two columns are both read as number."),
        (b"PK\x03\x04 nothing", "This spreadsheet is damaged or is none."),
    ],
)
def test_what_is_no_table_of_numbers_is_refused_at_the_field(client, upload, data, words):
    response = upload(data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not NumberImport.unscoped.exists()


def test_no_file_is_told_at_the_field(client, ada):
    client.force_login(ada)
    response = client.post(START, {"mode": "create"})
    assert response.status_code == 422
    assert "Choose the file." in response.content.decode()


def test_a_file_that_turns_out_useless_says_why(client, upload):
    response = upload(b"number,location\n" + b"x" * 100_000)
    page = client.get(response.url).content.decode()
    assert "This file cannot be used." in page
    assert "Line 2 has more than 65,536 characters" in page


def test_the_same_file_again_offers_nothing_to_import(client, upload, location):
    make_number(location, "+14085550142")
    page = client.get(upload(b"number,location\n+14085550142,San Jose HQ\n").url).content.decode()
    assert "Everything in this file is so already." in page
    assert "pstn:import_run" not in page
    it = NumberImport.unscoped.get()
    client.post(reverse("pstn:import_run", args=["acme", it.pk]))
    it.refresh_from_db()
    assert (it.state, it.job) == ("checked", None)


def test_pressed_twice_it_is_one_job(client, upload, acme):
    upload(b"number,location\n+14085550142,San Jose HQ\n")
    url = reverse("pstn:import_run", args=["acme", NumberImport.unscoped.get().pk])
    client.post(url)
    client.post(url)
    assert acme.jobs.count() == 1


def test_many_deletions_are_confirmed_by_typing_how_many(client, upload, committed, acme, location):
    numbers = [make_number(location, f"+140855501{n:02}", state="inactive").e164 for n in range(11)]
    url = upload("\n".join(["number", *numbers]).encode(), mode="delete").url
    assert "Type 11 to delete 11 numbers" in client.get(url).content.decode()
    for typed in ("", "10"):
        response = client.post(f"{url}run/", {"confirm": typed})
        assert response.status_code == 422
        assert "Type 11: so many numbers are deleted." in response.content.decode()
    assert acme.phone_numbers.count() == 11
    with committed():
        assert client.post(f"{url}run/", {"confirm": "11"}).status_code == 302
    assert not acme.phone_numbers.exists()


def test_a_file_can_be_discarded(client, upload, django_capture_on_commit_callbacks):
    upload(b"number,location\n+14085550142,San Jose HQ\n")
    it = NumberImport.unscoped.get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("pstn:import_discard", args=["acme", it.pk]))
    it.refresh_from_db()
    assert it.state == "expired"
    assert not it.lines.exists()
    assert not it.file.storage.exists(it.file.name)
    assert "is not kept any more" in client.get(it.get_absolute_url()).content.decode()


def test_while_it_is_checked_the_page_asks_for_news(client, ada, acme):
    client.force_login(ada)
    it = acme.number_imports.create(original_name="numbers.csv", size=9, created_by=ada)
    page = client.get(it.get_absolute_url()).content.decode()
    assert "The file is being checked" in page
    assert 'hx-trigger="every 1s"' in page
    news = {"HX-Request": "true", "HX-Target": "live"}
    assert client.get(f"{it.get_absolute_url()}?seen=checking-0-0-", headers=news).status_code == 204


def test_the_page_costs_the_same_however_many_rows(client, upload, django_assert_max_num_queries):
    many = b"".join(b"408%04d,San Jose HQ\n" % n for n in range(300))
    url = upload(b"number,location\n" + many).url
    with django_assert_max_num_queries(5):
        client.get(url)


def test_the_template_lists_reachable_locations_and_imports_as_nothing(client, lou, acme, location, send):
    theirs = make_connected_location(acme, name="=Annex", kind="premises")
    LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=theirs)
    client.force_login(lou)
    url = reverse("pstn:import_template", args=["acme"])
    book = client.get(url).content
    text = client.get(f"{url}?format=csv").content
    assert b"San Jose HQ" not in text
    assert "'=Annex" in text.decode()
    for data in (book, text):
        sheet = open_sheet(io.BytesIO(data), len(data))
        assert sheet.header[:3] == ["number", "location", "type"]
        it = send("create", data=data)
        assert (it.state, it.problem, it.rows) == ("refused", "no_rows", 0)


def test_tasks_that_were_lost_are_found_by_the_sweep(ada, acme, location, settings):
    settings.SWEEP_AFTER_SECONDS = -1
    it = acme.number_imports.create(
        original_name="n.csv", size=50, created_by=ada, membership=ada.memberships.get()
    )
    it.file.save("n.csv", SimpleUploadedFile("n.csv", b"number,location\n+14085550142,San Jose HQ\n"))
    tasks.sweep()
    it.refresh_from_db()
    assert (it.state, it.plan) == ("checked", {"c": 1})
