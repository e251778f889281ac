"""Ada sends a file of numbers in, reads what is wrong with it, mends it and sends it again; then takes a file out."""

import pytest

from accounts.models import Organization
from pstn.models import PhoneNumber
from tests.factories import make_connected_location

FILE = """number;location;assigned_to;note
+1 408 556 1000;Gateway hall;Anita Perez;front
(408) 556-1001;gateway hall;;
4,08556E+09;Gateway hall;;
+14085561003;Getaway hall;;
'+14085561004;Gateway hall;;=1+1
"""


@pytest.fixture
def ada(visitor):
    visitor.signs_in("ada@acme.example")
    return visitor


@pytest.fixture
def hall(world):
    return make_connected_location(
        Organization.objects.get(slug="acme"), kind="premises", name="Gateway hall"
    )


def send(ada, name, data):
    ada.page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": data})
    ada.presses("Check the file")


def test_a_file_with_errors_is_mended_and_sent_again(ada, hall):
    ada.goes_to("/acme/numbers/import/")
    send(ada, "picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(100))
    ada.sees("This file is a PNG picture, not a table.")
    ada.finds_it_accessible()
    send(ada, "numbers.csv", FILE.encode("cp1252"))
    ada.sees("What would happen")
    ada.sees("a spreadsheet shortened this number and its last digits are gone")
    ada.sees("Getaway hall is not one of your locations.")
    ada.finds_it_accessible()
    assert not hall.phone_numbers.exists()
    ada.presses("Import 3 rows")
    ada.sees("Completed with errors")
    ada.finds_it_accessible()
    assert set(hall.phone_numbers.values_list("e164", "state", "assigned_to", "note")) == {
        ("+14085561000", "inactive", "Anita Perez", "front"),
        ("+14085561001", "inactive", "", ""),
        ("+14085561004", "inactive", "", "=1+1"),
    }
    with ada.page.expect_download() as taken:
        ada.follows("Rows that could not be used")
    bad = taken.value.path().read_text(encoding="utf-8")
    assert bad.count("\n") == 3
    mended = bad.replace("4,08556E+09", "+14085561002").replace("Getaway", "Gateway").replace('"', "")
    ada.follows("Import another file")
    send(ada, "mended.csv", mended.encode())
    ada.presses("Import 2 rows")
    ada.sees_the_status("Completed")
    assert hall.phone_numbers.count() == 5
    ada.follows("Import numbers")
    send(ada, "numbers.csv", FILE.replace("4,08556E+09", "4085561002").replace("Getaway", "Gateway").encode())
    ada.sees("Everything in this file is so already.")


def test_numbers_are_taken_out(ada, hall):
    PhoneNumber.unscoped.create(org=hall.org, location=hall, e164="+14085561000", state="active", note="=1+1")
    ada.goes_to(f"/acme/numbers/export/?location={hall.pk}")
    ada.sees("1 number")
    ada.finds_it_accessible()
    with ada.page.expect_download() as taken:
        ada.presses("Export CSV")
    assert taken.value.path().read_text(encoding="utf-8").splitlines()[1:] == [
        "+14085561000,Gateway hall,standard,,,,active,,,'=1+1"
    ]
