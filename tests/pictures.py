"""Takes the pictures of docs/pictures: `make pictures`. A throwaway console, its own data, a real Chromium."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
from playwright.sync_api import Page, sync_playwright

from tests import files, number_pictures

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "pictures"
PASSWORD = "demo-demo-demo"  # the demo's, printed at every start
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desk": (1280, 860), "phone": (390, 780)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the console did not start")


class Scenes:
    """What happens behind the pages: see tests/scenes.py."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def asks(self, name: str) -> Any:
        command = [sys.executable, "-m", "tests.scenes", name]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        return json.loads(done.stdout.splitlines()[-1])


class Camera:
    def __init__(self, page: Page, address: str, scenes: Scenes) -> None:
        self.page, self.address, self.scenes = page, address, scenes

    def goes_to(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")
        self.page.wait_for_load_state("networkidle")

    def takes(self, name: str) -> None:
        """One picture at each width, light, and one at a desk's width, dark."""
        for label, (width, height) in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            self._shoot(f"{name}-{label}")
        self.page.set_viewport_size({"width": 1280, "height": 860})
        self.page.emulate_media(color_scheme="dark")
        self._shoot(f"{name}-desk-dark")
        self.page.emulate_media(color_scheme="light")

    def takes_one(self, name: str, width: str = "desk", at: str = "", dark: bool = False) -> None:
        """A single picture; `at` is what stands at its top."""
        wide, high = WIDTHS[width]
        self.page.set_viewport_size({"width": wide, "height": high})
        if dark:
            self.page.emulate_media(color_scheme="dark")
        if at:
            self.page.locator(at).first.evaluate("it => it.scrollIntoView({block: 'start'})")
        self._shoot(f"{name}-{width}" + ("-dark" if dark else ""))
        self.page.set_viewport_size({"width": 1280, "height": 860})
        self.page.emulate_media(color_scheme="light")

    def _shoot(self, name: str) -> None:
        self.page.wait_for_timeout(250)
        self.page.screenshot(path=TARGET / f"{name}.png")

    def fills(self, label: str, text: str) -> None:
        fields = self.page.locator("main, #panel").get_by_label(label)
        fields.and_(self.page.locator("input, select, textarea")).first.fill(text)

    def presses(self, name: str, exact: bool = False) -> None:
        self.page.locator("main, #panel").get_by_role("button", name=name, exact=exact).first.click()
        self.page.wait_for_load_state("networkidle")

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).locator("visible=true").first.wait_for(timeout=60_000)

    def uploads(self, data: bytes, field: str = "main input[type=file]") -> None:
        upload = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": data}
        self.page.locator(field).first.set_input_files(upload)

    def signs_in(self, email: str) -> None:
        self.goes_to("/account/login/")
        self.fills("E-mail", email)
        self.fills("Password", PASSWORD)
        self.presses("Sign in")


def story(camera: Camera) -> None:
    """The newcomer's story, with a picture of each page that matters; then what takes days."""
    page = camera.page
    camera.goes_to("/account/login/")
    camera.takes("sign-in")
    camera.signs_in("ada@acme.example")
    camera.takes("overview")
    page.get_by_role("link", name="Set up PSTN").first.click()
    page.get_by_label("Cisco calling plan").check()
    camera.takes("connection")
    camera.goes_to("/acme/numbers/start/")
    page.get_by_label("Location").first.select_option(label="Austin office")
    page.wait_for_load_state("networkidle")
    camera.presses("Order new numbers")
    camera.page.get_by_label("Area code or city").select_option("512")
    camera.fills("How many?", "6")
    camera.presses("Search")
    camera.takes("order-numbers")
    camera.presses("Next")
    camera.presses("Place order")
    camera.scenes.asks("act")
    camera.sees("Waiting for terms")
    camera.takes("number-order")
    camera.goes_to("/acme/terms/")
    page.get_by_label("I have read these terms").check()
    camera.presses("Accept")
    port(camera)
    split(camera)
    places = camera.scenes.asks("make")
    abroad(camera, places)
    on_its_way(camera, places)
    outsider(camera, places)
    camera.goes_to(places["out"])
    camera.takes_one("port-out")
    camera.takes_one("port-out", "phone")
    number_pictures.story(camera)
    camera.goes_to("/acme/orders/")
    camera.takes("orders")
    camera.goes_to("/acme/emergency/")
    camera.takes("emergency")


def begin_a_port(camera: Camera, numbers: str) -> None:
    camera.goes_to("/acme/numbers/start/")
    camera.page.get_by_label("Location").first.select_option(label="Austin office")
    camera.page.wait_for_load_state("networkidle")
    camera.presses("Port numbers over")
    camera.fills("Phone numbers", numbers)


def port(camera: Camera) -> None:
    page = camera.page
    begin_a_port(camera, "(408) 555-0110\n+1 408.555.0111; 4085550112 ext 12\n408-555-9999")
    camera.sees("Not portable")
    camera.takes("port-numbers")
    camera.fills("Phone numbers", "(408) 555-0110\n+1 408.555.0111; 4085550112 ext 12")
    camera.presses("Next")
    camera.presses("Next")
    for label, text in {
        "Account number": "VT-204418",
        "Company name": "Acme, Inc.",
        "Authorized name": "Ada Park",
        "Billing telephone number": "(408) 555-0110",
        "Service address": "100 Main Street",
        "City": "San Jose",
        "ZIP code": "95113",
    }.items():
        camera.fills(label, text)
    page.get_by_label("State").last.select_option("CA")
    camera.takes("port-carrier")
    camera.presses("Next")
    issued = date.today() - timedelta(days=9)
    camera.uploads(
        files.bill_pdf(
            carrier="Valley Telephone",
            company="Acme, Inc.",
            address="100 Main Street, San Jose, CA 95112",
            account="VT-204418",
            btn="(408) 555-0110",
            numbers=("(408) 555-0110", "(408) 555-0111", "(408) 555-0112"),
            issued=issued,
        )
    )
    camera.fills("Date of the bill", issued.isoformat())
    camera.presses("Next")
    order = re.sub(r"edit/.*", "", page.url.removeprefix(camera.address))
    camera.goes_to(f"{order}edit/carrier/")
    camera.sees("What the bill says")
    camera.takes_one("bill-beside", at="#bill-reading")
    camera.goes_to(f"{order}edit/loa/")
    for label, text in {"First name": "Ada", "Last name": "Park", "Job title": "Head of IT"}.items():
        camera.fills(label, text)
    page.get_by_label("I have read the letter").check()
    camera.takes("port-letter")
    camera.presses("Sign", exact=True)
    camera.sees("Will it be rejected?")
    camera.takes_one("preflight")
    camera.takes_one("preflight", dark=True)
    camera.takes_one("preflight", "phone", at="text=Will it be rejected?")
    letter(camera, order)
    camera.goes_to(f"{order}edit/review/")
    page.get_by_label("Send it anyway").check()
    camera.presses("Submit")
    camera.scenes.asks("act")
    camera.goes_to(order)
    camera.sees("The postal code differs")
    camera.takes("port-rejected")


def letter(camera: Camera, order: str) -> None:
    """The last page of the signed letter, and what the console says of its file."""
    camera.goes_to(f"{order}edit/loa/")
    link = camera.page.get_by_role("link", name="Download the signed letter")
    data = camera.page.request.get(f"{camera.address}{link.get_attribute('href')}").body()
    document = pypdfium2.PdfDocument(data)
    document[len(document) - 1].render(scale=1.2).to_pil().save(TARGET / "letter-evidence.png", optimize=True)
    camera.goes_to("/acme/letters/verify/")
    camera.uploads(data)
    camera.presses("Verify")
    camera.takes_one("letter-verify")


def split(camera: Camera) -> None:
    begin_a_port(
        camera,
        "(408) 555-0160 - 0162\n(415) 555-0160\n(415) 555-0161\n(650) 555-0160\n(650) 555-0161\n(800) 555-0160",
    )
    camera.sees("Order of its own")
    camera.presses("Next")
    camera.sees("This becomes 4 orders.")
    camera.takes_one("port-plan")
    camera.takes_one("port-plan", dark=True)
    camera.takes_one("port-plan", "phone")
    camera.presses("Make 4 orders")
    camera.sees("Group of port orders")
    camera.takes_one("port-group")
    camera.takes_one("port-group", "phone")


def abroad(camera: Camera, places: dict[str, str]) -> None:
    for country, numbers in {"london": "020 7946 0110 - 12", "berlin": "030 23125110\n030 23125111"}.items():
        camera.goes_to(f"/acme/numbers/start/?location={places[country]}")
        camera.presses("Port numbers over")
        camera.fills("Phone numbers", numbers)
        camera.sees("Portable")
        camera.takes_one(f"port-{country}-numbers")
        camera.presses("Next")
        camera.presses("Next")
        camera.takes_one(f"port-{country}-account")


def on_its_way(camera: Camera, places: dict[str, str]) -> None:
    camera.goes_to("/acme/port-calendar/")
    camera.takes_one("port-calendar")
    camera.takes_one("port-calendar", "phone")
    camera.goes_to(f"{places['confirmed']}reschedule/")
    camera.takes_one("port-reschedule")
    camera.goes_to(f"{places['late']}cancel/")
    camera.takes_one("port-cancel")
    camera.goes_to(f"{places['come']}day/")
    camera.takes_one("port-day")
    camera.takes_one("port-day", "phone")
    camera.takes_one("port-day-tests", at="text=Test calls")
    camera.goes_to(f"{places['confirmed']}prepare/")
    camera.takes_one("port-prepare")
    camera.takes_one("port-prepare", "phone")
    camera.goes_to(places["sent"])
    camera.takes_one("port-thread", at="#c-thread")
    camera.takes_one("port-thread", dark=True, at="#c-thread")


def outsider(camera: Camera, places: dict[str, str]) -> None:
    """Jane, who has no account, with the link in her mail."""
    browser = camera.page.context.browser
    assert browser, "the pictures are taken by a browser"
    page = browser.new_page(viewport={"width": 390, "height": 780})
    jane = Camera(page, camera.address, camera.scenes)
    jane.goes_to(places["link"])
    jane.takes_one("link-door", "phone")
    jane.presses("Send me the code")
    jane.sees("We sent a code to")
    for _ in range(20):
        if code := re.search(r"^(\d{6})$", camera.scenes.asks("mail"), re.MULTILINE):
            break
    else:
        raise SystemExit("no mail with a code came")
    jane.fills("Code", code[1])
    jane.presses("Continue")
    jane.sees("Upload the last bill")
    jane.takes_one("link-task", "phone")
    page.close()


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        raise SystemExit("Chromium is needed to take the pictures.")
    TARGET.mkdir(parents=True, exist_ok=True)
    var, number = tempfile.mkdtemp(), free_port()
    # A day is long: what happens at the carrier happens when a scene asks for it.
    environment = {**os.environ, "VAR_DIR": var, "PORT": str(number), "CARRIER_DAY_SECONDS": "3600"}
    console = subprocess.Popen([sys.executable, "manage.py", "up"], cwd=ROOT, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{number}/account/login/")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 860})
            page.set_default_timeout(30_000)
            story(Camera(page, f"http://127.0.0.1:{number}", Scenes(environment)))
            browser.close()
    finally:
        console.send_signal(signal.SIGTERM)
        console.wait(30)
        shutil.rmtree(var, ignore_errors=True)


if __name__ == "__main__":
    main()
