"""Fills the simulated carrier's stock with very many numbers, for measurements; run twice it changes
nothing.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from simulator import filling


class Command(BaseCommand):
    """`manage.py simulator_stock --numbers 10000000 --sold 0.7`."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--numbers", type=int, default=1_000_000, help=_("How many numbers there shall be.")
        )
        parser.add_argument("--sold", type=float, default=0.0, help=_("The share that is sold already: 0.7."))
        parser.add_argument("--seed", type=int, default=1, help=_("Chooses which are sold."))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added = filling.fill(options["numbers"], sold=options["sold"], seed=options["seed"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_("%(count)s numbers were added to the stock.") % {"count": f"{added:,}"})
