"""Ports outside North America: London with its lines and a signature here, Berlin with a wished time and papers."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import Organization
from porting.models import PortOrder
from tests import files
from tests.browser.acting import let_the_carrier_act
from tests.factories import make_connected_location


@pytest.fixture
def ada(visitor):
    visitor.signs_in("ada@acme.example")
    return visitor


@pytest.fixture
def picture(ada):
    """Keeps what is seen where PICTURES says, for people who want to look."""

    def keep(name):
        if folder := os.environ.get("PICTURES"):
            for width in (1280, 390):
                for scheme in ("light", "dark"):
                    ada.page.set_viewport_size({"width": width, "height": 900})
                    ada.page.emulate_media(color_scheme=scheme)
                    path = Path(folder) / f"{name}-{width}-{scheme}.png"
                    ada.page.screenshot(path=path, full_page=True)
            ada.page.set_viewport_size({"width": 1280, "height": 720})
            ada.page.emulate_media(color_scheme="light")

    return keep


def office(country, **fields):
    acme = Organization.objects.get(slug="acme")
    return make_connected_location(acme, country=country, state="", **fields)


def begins_a_port(ada, location):
    ada.goes_to(f"/acme/numbers/start/?location={location.pk}")
    ada.presses("Port numbers over")


def uploads_the_bill(ada, tmp_path):
    bill = tmp_path / "bill.pdf"
    bill.write_bytes(files.bill_pdf())
    ada.page.set_input_files("input[type=file]", bill)
    ada.types("Date of the bill", (timezone.localdate() - timedelta(days=9)).isoformat())
    ada.presses("Next")


def test_a_british_multi_line_is_ported(ada, picture, tmp_path):
    london = office(
        "GB",
        name="London",
        line1="14 Lantern Yard",
        city="London",
        postal_code="EC1A 1BB",
        time_zone="Europe/London",
    )
    begins_a_port(ada, london)
    ada.types("Phone numbers", "020 7946 0110 - 12")
    ada.sees("Portable")
    assert ada.page.get_by_label("Line of +44 20 7946 0110").input_value() == "multi"
    picture("gb-numbers")
    ada.finds_it_accessible()
    ada.presses("Next")
    ada.sees("Your wish, not a promise")
    assert not ada.page.get_by_label("Time", exact=True).count()
    ada.presses("Next")
    assert not ada.page.get_by_label("State").count()
    ada.types("Account number", "ABT/40917")
    ada.types("Company name", "Thistle and Vine Ltd")
    ada.types("Authorized name", "Fiona Marsh")
    ada.types("Postcode", "ec1a1bb")
    picture("gb-account")
    ada.finds_it_accessible()
    ada.presses("Next")
    uploads_the_bill(ada, tmp_path)
    ada.types("First name", "Fiona")
    ada.types("Last name", "Marsh")
    ada.types("Job title", "Owner")
    ada.ticks("I have read the letter")
    picture("gb-letter")
    ada.presses("Sign")
    ada.sees("14 Lantern Yard, London, EC1A 1BB")
    picture("gb-review")
    ada.ticks("Send it anyway")  # the bill is another company's
    ada.presses("Submit")
    ada.sees_the_status("Submitted")
    order = PortOrder.unscoped.get(location=london)
    assert {row.line_kind for row in order.numbers.all()} == {"multi"}
    assert order.btn == "+442079460110"
    let_the_carrier_act(8)
    order.refresh_from_db()
    assert order.is_here, (order.state, order.reject_code, order.reject_detail)


def test_a_german_account_wishes_a_time_and_adds_its_papers(ada, picture, tmp_path):
    berlin = office(
        "DE",
        name="Berlin",
        line1="Lindenstraße 12",
        city="Berlin",
        postal_code="10969",
        time_zone="Europe/Berlin",
    )
    begins_a_port(ada, berlin)
    ada.types("Phone numbers", "030 23125110\n030 23125111")
    ada.sees("Portable")
    assert not ada.page.get_by_text("Multi line").count()
    picture("de-numbers")
    ada.presses("Next")
    ada.chooses("Time", "06:30")
    picture("de-date")
    ada.finds_it_accessible()
    ada.presses("Next")
    ada.types("Account number", "HN 2204-118")
    ada.types("Company name", "Kranich Büromöbel GmbH")
    ada.types("Authorized name", "Jonas Weidmann")
    ada.types("Register or tax number", "HRB 000118 B")
    picture("de-account")
    ada.finds_it_accessible()
    ada.presses("Next")
    ada.sees("Further documents")
    picture("de-bill")
    ada.finds_it_accessible()
    ada.follows("Add Extract from the company register")
    extract = tmp_path / "extract.pdf"
    extract.write_bytes(files.bill_pdf())
    ada.page.set_input_files("input[type=file]", extract)
    picture("de-document")
    ada.finds_it_accessible()
    ada.presses("Add")
    ada.sees("Added: Extract from the company register.")
    uploads_the_bill(ada, tmp_path)
    picture("de-letter")
    order = PortOrder.unscoped.whole().get(location=berlin)
    assert f"{order.requested_time:%H:%M}" == "06:30"
    assert order.identifiers["company_id"] == "HRB 000118 B"
    assert order.paper("register_extract")
    assert [step for step in order.missing() if step != "loa"] == []
