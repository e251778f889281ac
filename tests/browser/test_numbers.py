"""Ada looks through many numbers: searches, filters, selects over pages, chooses columns, saves a view."""

import pytest

from accounts.models import Organization
from pstn.models import PhoneNumber
from tests.factories import make_connected_location


@pytest.fixture
def numbers(world, visitor):
    acme = Organization.objects.get(slug="acme")
    hall = make_connected_location(acme, name="Old hall", routing_prefix="8")
    owners = [
        acme.owners.create(name=name, kind=kind)
        for name, kind in (("Anita Perez", "user"), ("Lobby", "workspace"), ("Sales", "call_queue"))
    ]
    kinds = ["standard", "standard", "service", "mobile", "standard", "contact_center"]
    PhoneNumber.unscoped.bulk_create(
        PhoneNumber(
            org=acme,
            location=hall,
            e164=f"+1408556{n:04}",
            tail=f"1408556{n:04}"[::-1],
            state="inactive" if n % 7 == 3 else "active",
            kind=kinds[n % 6],
            extension=f"{4000 + n}" if n % 3 == 0 else "",
            owner=owners[n // 3 % 3] if n % 3 == 0 else None,
            assigned_to=owners[n // 3 % 3].name if n % 3 == 0 else "",
            note={5: "By the door", 6: f"https://wiki.example/{'w' * 150}"}.get(n, ""),
        )
        for n in range(120)
    )
    visitor.signs_in("ada@acme.example")
    visitor.goes_to(f"/acme/numbers/?location={hall.pk}")
    return visitor.page


def box(page, e164):
    return page.locator(f"input[value='{e164}']")


def bar_height(page):
    return page.locator("#bulk-bar").bounding_box()["height"]


def test_searching_filtering_and_looking(visitor, numbers):
    page = numbers
    visitor.sees("120 numbers")
    visitor.finds_it_accessible()
    page.locator("main").get_by_label("Number, extension or person").fill("lobby")
    page.wait_for_url("**q=lobby*")
    visitor.sees("13 numbers")
    page.locator("main").get_by_label("Number, extension or person").fill("408556")
    page.wait_for_url("**q=408556*")
    visitor.sees("120 numbers")  # counted after the page had come
    page.locator("main").get_by_label("Number, extension or person").fill("")
    page.wait_for_url(lambda url: "q=" not in url)
    page.get_by_text("Filters", exact=False).first.click()
    page.locator("#filters").get_by_label("Service", exact=True).check()
    page.wait_for_url("**type=service*")
    visitor.sees("20 numbers")
    visitor.finds_it_accessible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Clear").click()
    page.get_by_label("Actions for +1 408-556-0000").click()
    page.get_by_role("link", name="View history").wait_for()
    visitor.sees("Assigned to Anita Perez. Unassign it first.")


def test_what_is_selected_survives_paging_and_goes_with_the_job(visitor, numbers):
    page = numbers
    box(page, "+14085560001").check()
    visitor.sees("1 selected")
    box(page, "+14085560004").click(modifiers=["Shift"])
    visitor.sees("4 selected")
    page.get_by_role("link", name="Next").click()
    box(page, "+14085560050").wait_for()
    page.get_by_role("link", name="+1 408-556-0050").focus()
    page.keyboard.press("x")
    visitor.sees("5 selected")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    visitor.sees("7 selected")
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    visitor.sees("5 selected")
    assert bar_height(page) <= 44  # one row at a desk's width
    page.get_by_role("link", name="Last").click()
    box(page, "+14085560119").wait_for()
    visitor.presses("Tag")
    visitor.sees("5 numbers are chosen.")
    visitor.presses("Cancel")
    page.locator("#bulk-bar").get_by_text("More").click()
    visitor.finds_it_accessible()
    visitor.presses("Change type")
    visitor.sees("5 numbers are chosen.")
    visitor.presses("Cancel")
    page.keyboard.press("Escape")  # the menu, then the selection
    visitor.sees("5 selected")
    page.keyboard.press("Escape")
    page.get_by_text("5 selected").wait_for(state="hidden")
    page.get_by_label("Select all 120 matching").check()
    visitor.presses("Tag")
    visitor.sees("120 numbers are chosen.")


def test_a_box_that_was_quicker_than_its_script_counts(visitor, numbers):
    page = numbers
    held = []
    page.route("**/static/numbers*.js", lambda route: held.append(route))
    with page.expect_request("**/static/numbers*.js"):
        page.locator("[data-page]").click()
    held.pop().continue_()
    visitor.sees("50 selected")
    assert page.locator("[data-page]").is_checked()


def test_columns_and_a_saved_view(visitor, numbers):
    page = numbers
    page.get_by_role("link", name="Columns").click()
    page.locator("#ask").get_by_label("Note", exact=True).check()
    page.locator("#ask").get_by_role("button", name="Show").click()
    visitor.sees("By the door")
    actions = page.get_by_label("Actions for +1 408-556-0006").bounding_box()
    assert actions["x"] + actions["width"] <= page.viewport_size["width"]  # an address in a note wraps
    visitor.finds_it_accessible()
    page.get_by_role("link", name="Views").click()
    page.locator("#ask").get_by_label("Name", exact=True).fill("Old hall with notes")
    page.locator("#ask").get_by_role("button", name="Save view").click()
    visitor.sees("is saved")
    visitor.goes_to("/acme/numbers/views/")
    visitor.finds_it_accessible()
    visitor.follows("Old hall with notes")
    visitor.sees("By the door")
    visitor.goes_to("/acme/numbers/filters/")
    visitor.finds_it_accessible()
    visitor.goes_to(
        "/acme/numbers/?columns=number,location,assigned,status,provider,type,emergency,tags,note"
    )
    head, row = (page.locator(where).first.bounding_box() for where in ("thead th", "tbody th"))
    assert head["y"] + head["height"] <= row["y"]  # also where the table scrolls sideways
    visitor.goes_to("/acme/numbers/columns/")
    visitor.finds_it_accessible()
