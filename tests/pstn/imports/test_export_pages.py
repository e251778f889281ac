"""The pages of exports: which numbers, the file at once, and the file that takes longer."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from lib.sheets import open_sheet
from pstn import exports
from pstn.imports import tasks
from pstn.models import LocationAdmin, NumberExport
from tests.factories import make_connected_location, make_number

URL = reverse("pstn:export_numbers", args=["acme"])


@pytest.fixture
def numbers(location):
    return [
        make_number(location, "+14085550142"),
        make_number(location, "+14085550143", state="inactive"),
    ]


def body(response):
    return b"".join(response.streaming_content)


def test_the_lists_query_is_what_is_exported(client, vic, numbers):
    client.force_login(vic)
    page = client.get(f"{URL}?state=inactive").content.decode()
    assert "1 number" in page
    response = client.post(URL, {"all": "1", "query": "state=inactive", "format": "csv"})
    assert body(response).decode().count("+1408") == 1
    assert response["Content-Disposition"] == 'attachment; filename="numbers.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    entry = AuditEntry.objects.get(what="number.export")
    assert (entry.actor, entry.after["query"]) == (vic, "state=inactive")


def test_ticked_numbers_are_exported(client, vic, numbers):
    client.force_login(vic)
    page = client.post(URL, {"numbers": ["+14085550142"]}).content.decode()
    assert '<input type="hidden" name="numbers" value="+14085550142">' in page
    data = body(client.post(URL, {"numbers": ["+14085550142"], "format": "xlsx"}))
    rows = list(open_sheet(io.BytesIO(data), len(data)).rows)
    assert [cells[0] for _line, cells in rows] == ["+14085550142"]


def test_nothing_selected_is_said(client, vic, numbers):
    client.force_login(vic)
    assert "nothing to export" in client.post(URL).content.decode()


def test_a_large_spreadsheet_is_made_by_a_task_and_kept_for_a_while(
    client, vic, numbers, committed, monkeypatch
):
    monkeypatch.setattr(exports, "XLSX_AT_ONCE", 1)
    client.force_login(vic)
    with committed():
        url = client.post(URL, {"all": "1", "query": "", "format": "xlsx"}).url
    assert "The file is ready" in client.get(url).content.decode()
    data = body(client.get(f"{url}download/"))
    assert len(list(open_sheet(io.BytesIO(data), len(data)).rows)) == 2
    export = NumberExport.unscoped.get()
    assert export.rows == 2
    NumberExport.unscoped.update(until=timezone.now() - timedelta(seconds=1))
    assert client.get(f"{url}download/").status_code == 404
    with committed():
        tasks.sweep()
    assert not NumberExport.unscoped.exists()
    assert not export.file.storage.exists(export.file.name)


def test_who_has_lost_their_access_gets_no_file(client, vic, numbers, monkeypatch):
    monkeypatch.setattr(exports, "XLSX_AT_ONCE", 1)
    client.force_login(vic)
    client.post(URL, {"all": "1", "query": "", "format": "xlsx"})
    export = NumberExport.unscoped.get()
    vic.memberships.all().delete()
    tasks.make_export(export.pk)
    export.refresh_from_db()
    assert export.failed_at
    assert not export.file


def test_a_location_administrator_exports_their_own_numbers_only(client, lou, acme, numbers):
    theirs = make_connected_location(acme, name="Annex")
    LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=theirs)
    make_number(theirs, "+14085550150")
    client.force_login(lou)
    text = body(client.post(URL, {"all": "1", "query": "", "format": "csv"})).decode()
    assert "+14085550150" in text
    assert "+14085550142" not in text


def test_more_than_a_sheet_holds_is_told(client, vic, numbers, monkeypatch):
    monkeypatch.setattr(exports, "XLSX_AT_ONCE", 1)
    monkeypatch.setattr("lib.sheets.xlsx_write.SHEET_ROWS", 2)
    client.force_login(vic)
    url = client.post(URL, {"all": "1", "query": "", "format": "xlsx"}).url
    tasks.make_export(NumberExport.unscoped.get().pk)
    assert "A spreadsheet holds at most" in client.get(url).content.decode()
