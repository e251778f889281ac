"""Another carrier asks for numbers that are in service here: a port-out for demonstrations and tests."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from carrier.base import CarrierRefused
from lib.paste import read_paste
from simulator import port_outs


class Command(BaseCommand):
    """`manage.py simulator_port_out NUMBER… [--pin PIN] [--from CARRIER] [--date 2031-12-24]`."""

    help = "Asks for numbers that are in service with the simulated carrier, in another carrier's name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("numbers", nargs="+", metavar="NUMBER", help=_("A number, or a range of them."))
        parser.add_argument("--pin", default="", help=_("The PIN that the gaining carrier was given."))
        parser.add_argument(
            "--from", dest="carrier", default="Tideline Wireless", help=_("The gaining carrier's name.")
        )
        parser.add_argument(
            "--date", type=date.fromisoformat, help=_("The date it asks for; else three business days ahead.")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        paste = read_paste("\n".join(options["numbers"]))
        unread = [piece.text for piece in paste.pieces if not piece.is_ready]
        if unread:
            raise CommandError(_("No phone numbers: %(pieces)s.") % {"pieces": ", ".join(unread)})
        try:
            row = port_outs.request(paste.numbers, options["carrier"], options["pin"], options["date"])
        except CarrierRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{row.reference}: {row.get_state_display()}")
