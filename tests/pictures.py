"""Takes the pictures of docs/pictures: `make pictures`. A throwaway console, its own data, a real Chromium."""

import os
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

from playwright.sync_api import Page, sync_playwright

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


class Camera:
    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

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

    def _shoot(self, name: str) -> None:
        self.page.wait_for_timeout(250)
        self.page.screenshot(path=TARGET / f"{name}.png")

    def fills(self, label: str, text: str) -> None:
        self.page.locator("main").get_by_label(label).first.fill(text)

    def presses(self, name: str) -> None:
        self.page.locator("main, #panel").get_by_role("button", name=name).first.click()
        self.page.wait_for_load_state("networkidle")

    def signs_in(self, email: str) -> None:
        self.goes_to("/account/login/")
        self.fills("E-mail", email)
        self.fills("Password", PASSWORD)
        self.presses("Sign in")


def story(camera: Camera) -> None:
    """The newcomer's story, with a picture of each page that matters."""
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
    page.wait_for_timeout(6000)
    camera.takes("number-order")
    camera.goes_to("/acme/terms/")
    page.get_by_label("I have read these terms").check()
    camera.presses("Accept")
    port(camera)
    camera.goes_to("/acme/numbers/")
    camera.takes("numbers")
    camera.goes_to("/acme/orders/")
    camera.takes("orders")
    camera.goes_to("/acme/emergency/")
    camera.takes("emergency")


def port(camera: Camera) -> None:
    from tests import files

    page = camera.page
    camera.goes_to("/acme/numbers/start/")
    page.get_by_label("Location").first.select_option(label="Austin office")
    page.wait_for_load_state("networkidle")
    camera.presses("Port numbers over")
    camera.fills("Phone numbers", "(408) 555-0110\n+1 408.555.0111; 4085550112 ext 12\n408-555-9999")
    page.get_by_text("Not portable").locator("visible=true").first.wait_for()
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
    with tempfile.NamedTemporaryFile(suffix=".pdf") as bill:
        Path(bill.name).write_bytes(files.bill_pdf())
        page.set_input_files("input[type=file]", bill.name)
        camera.fills("Date of the bill", (date.today() - timedelta(days=9)).isoformat())
        camera.presses("Next")
    for label, text in {"First name": "Ada", "Last name": "Park", "Job title": "Head of IT"}.items():
        camera.fills(label, text)
    page.get_by_label("I have read the letter").check()
    camera.takes("port-letter")
    camera.presses("Sign")
    camera.presses("Submit")
    page.get_by_text("The postal code differs").locator("visible=true").first.wait_for(timeout=60_000)
    camera.takes("port-rejected")


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        raise SystemExit("Chromium is needed to take the pictures.")
    TARGET.mkdir(parents=True, exist_ok=True)
    var, number = tempfile.mkdtemp(), free_port()
    environment = {**os.environ, "VAR_DIR": var, "PORT": str(number), "CARRIER_DAY_SECONDS": "6"}
    console = subprocess.Popen([sys.executable, "manage.py", "up"], cwd=ROOT, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{number}/account/login/")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 860})
            page.set_default_timeout(20_000)
            story(Camera(page, f"http://127.0.0.1:{number}"))
            browser.close()
    finally:
        console.send_signal(signal.SIGTERM)
        console.wait(30)
        shutil.rmtree(var, ignore_errors=True)


if __name__ == "__main__":
    main()
