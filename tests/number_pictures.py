"""The pictures of the numbers page, of tasks, of files in and out, of orders: a part of `make pictures`."""

from typing import TYPE_CHECKING

from tests.number_scenes import FILE

if TYPE_CHECKING:
    from tests.pictures import Camera


def story(camera: "Camera") -> None:
    places = camera.scenes.asks("fill")
    for name in ("tag", "deactivate", "delete"):
        camera.goes_to(places[name])
        camera.sees("Completed")
    numbers(camera, places)
    tasks(camera, places)
    sheets(camera)
    orders(camera, places)


def everywhere(camera: "Camera", name: str) -> None:
    """At a desk and on a telephone, light, and at a desk, dark."""
    camera.takes_one(name)
    camera.takes_one(name, "phone")
    camera.takes_one(name, dark=True)


def numbers(camera: "Camera", places: dict[str, str]) -> None:
    page = camera.page
    camera.goes_to("/acme/numbers/")
    camera.takes("numbers")
    dallas = f"/acme/numbers/?location={places['dallas']}"
    camera.goes_to(
        f"{dallas}&state=active&assignment=user&columns=number,extension,assigned,status,emergency,tags"
    )
    page.locator("summary", has_text="Filters").click()
    camera.sees("Contact center")
    camera.takes_one("numbers-filters")
    camera.takes_one("numbers-filters", "phone")
    camera.goes_to(dallas)
    for n in (1, 3, 5):
        page.locator("tbody input[type=checkbox]").nth(n).check()
    camera.takes_one("numbers-chosen")
    camera.takes_one("numbers-chosen", "phone")
    page.get_by_role("button", name="Select none").click()
    page.get_by_role("link", name="Views").click()
    camera.sees("Free in Dallas")
    camera.takes_one("numbers-views")
    camera.goes_to(dallas)
    page.get_by_role("link", name="Columns").click()
    camera.sees("Billing since")
    camera.takes_one("numbers-columns")
    camera.goes_to(places["number"])
    everywhere(camera, "number")
    camera.goes_to(places["block"])
    camera.takes_one("number-block")
    camera.goes_to("/acme/owners/")
    camera.takes_one("owners")
    camera.goes_to(places["owner"])
    camera.takes_one("owner")
    camera.goes_to("/acme/numbers/deleted/")
    camera.takes_one("numbers-deleted")


def tasks(camera: "Camera", places: dict[str, str]) -> None:
    page = camera.page
    camera.goes_to(places["deactivate"])
    camera.takes_one("task-ended")
    busy = camera.scenes.asks("busy")
    camera.goes_to(f"/acme/numbers/?location={places['dallas']}")
    page.locator("#bulk-bar input[name=all]").check()
    page.locator("#bulk-bar").get_by_role("button", name="Delete").click()
    camera.sees("will work")
    everywhere(camera, "task-dry-run")
    camera.goes_to(busy["moving"])
    everywhere(camera, "task-progress")
    camera.goes_to("/acme/tasks/")
    camera.takes_one("tasks")


def sheets(camera: "Camera") -> None:
    page = camera.page
    camera.goes_to("/acme/numbers/import/")
    camera.takes_one("import")
    page.get_by_label("Add and change").check()
    upload = {"name": "portland-june.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    page.locator("main input[type=file]").first.set_input_files(upload)
    camera.presses("Check the file")
    camera.sees("What would happen")
    everywhere(camera, "import-errors")
    page.locator("main button.primary").first.click()
    camera.sees("Completed")
    camera.takes_one("import-ended")
    camera.goes_to("/acme/numbers/export/")
    camera.takes_one("export")


def begin(camera: "Camera", location: str, button: str) -> None:
    camera.goes_to("/acme/numbers/start/")
    camera.page.get_by_label("Location").first.select_option(label=location)
    camera.page.wait_for_load_state("networkidle")
    camera.presses(button)


def orders(camera: "Camera", places: dict[str, str]) -> None:
    page = camera.page
    begin(camera, "Austin office", "Order new numbers")
    page.get_by_label("Area code or city").select_option("512")
    camera.fills("How many?", "6")
    page.locator("summary", has_text="Pattern").click()
    camera.fills("Digits or letters", "22")
    camera.presses("Search")
    page.get_by_role("button", name="Memorable").click()
    page.wait_for_load_state("networkidle")
    camera.takes_one("order-pattern", at="#held")
    begin(camera, "Austin office", "Order a consecutive block")
    page.get_by_label("Area code or city").select_option("512")
    page.get_by_label("Size of the block").select_option("50")
    camera.presses("Search")
    camera.sees("Free blocks")
    camera.takes_one("order-block")
    begin(camera, "Austin office", "Order toll-free numbers")
    camera.takes_one("order-toll-free")
    camera.goes_to(places["asked"])
    camera.takes_one("order-asked")
    camera.goes_to(places["offered"])
    everywhere(camera, "order-offer")
    camera.goes_to(places["partly"])
    camera.takes_one("order-partly")
