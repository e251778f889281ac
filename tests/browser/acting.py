"""What a person does in a browser, in the words of a story."""

from django.conf import settings
from django.test import Client

from porting.tasks import feed as porting_feed
from porting.tasks import port_outs
from pstn import tasks as pstn_tasks
from simulator import appointments
from simulator.models import Appointment

PASSWORD = "demo-demo-demo"  # noqa: S105  (the demo's, printed at every start)
# Rules of WCAG 2.2 A and AA and axe's own best practices, as axe names them.
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Visitor:
    def __init__(self, page, address, axe):
        self.page, self.address, self.axe = page, address, axe
        self.console_errors = []
        page.emulate_media(reduced_motion="reduce")  # what still fades in has no contrast yet
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.console_errors.append(str(error)))

    def _hear(self, message):
        if message.type == "error" and "status of 4" not in message.text:
            self.console_errors.append(message.text)

    def goes_to(self, path):
        self.page.goto(f"{self.address}{path}")

    def signs_in(self, email):
        self.goes_to("/account/login/")
        self.types("E-mail", email)
        self.types("Password", PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/*")

    def is_signed_in(self, person):
        """Somebody who signed in before: only the session's cookie, no form to fill in."""
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        self.page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": self.address}]
        )

    def _field(self, label):
        """A field of the page itself: the header's search is on every page."""
        labeled = self.page.locator("main, #panel").get_by_label(label)
        # A card or a table of the same name is no field.
        return labeled.and_(self.page.locator("input, select, textarea")).locator("visible=true").first

    def presses(self, name, **where):
        self.page.get_by_role("button", name=name, **where).first.click()

    def follows(self, name, **where):
        self.page.get_by_role("link", name=name, **where).first.click()

    def types(self, label, text):
        self._field(label).fill(text)

    def chooses(self, label, option):
        self._field(label).select_option(option)

    def ticks(self, label):
        self._field(label).check()

    def sees(self, text):
        self.page.get_by_text(text).locator("visible=true").first.wait_for()

    def sees_the_status(self, word):
        """The word beside a status dot or icon, not a filter's choice of the same name."""
        self.page.locator(".status", has_text=word).locator("visible=true").first.wait_for()

    def finds_it_accessible(self):
        """axe, light and dark, at a desk's and at a telephone's width, where nothing may scroll sideways."""
        self.page.wait_for_load_state("networkidle")
        self.page.locator("[aria-busy=true]").first.wait_for(state="detached")
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            results = self.axe.run(self.page, options=AXE)
            assert results.violations_count == 0, f"{self.page.url} {scheme}: {results.generate_report()}"
        size = self.page.viewport_size
        self.page.set_viewport_size({"width": 320, "height": 640})
        self.page.wait_for_timeout(100)  # a list that follows the width needs a moment
        width = self.page.evaluate("document.scrollingElement.scrollWidth")
        assert width <= 320, f"{self.page.url} is {width} px wide at 320 px"
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme="light")


def let_the_carrier_act(rounds=1):
    """The carrier keeps its next appointments now, and the console reads what happened."""
    for _ in range(rounds):
        for pk in list(Appointment.objects.filter(ended_at=None).values_list("pk", flat=True)):
            appointments.keep(pk)
        let_the_console_read()


def let_the_console_read():
    """What happened at the carrier becomes known here."""
    pstn_tasks.take_carrier_events()
    porting_feed.take_carrier_events()
    port_outs.take_carrier_events()
