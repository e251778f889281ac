"""Fills the simulated carrier with stock, accounts and unknown streets; run twice it changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from simulator import demo_page, demo_rows
from simulator.models import ServiceAccount, StockBlock


class Command(BaseCommand):
    """`manage.py simulator_demo`; with --restore it also makes the accounts as they were first."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--restore", action="store_true", help=_("Make the demonstration's accounts as they were first.")
        )
        parser.add_argument(
            "--page", action="store_true", help=_("Only print the tables of docs/rehearsal.md.")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["page"]:
            for name, table in demo_page.tables().items():
                self.stdout.write(f"<!-- {name} -->\n{table}\n")
            return
        if options["restore"]:
            demo_rows.restore()
        else:
            demo_rows.fill()
        self.stdout.write(
            _("The simulated carrier has %(blocks)s blocks of numbers and %(accounts)s accounts.")
            % {"blocks": StockBlock.objects.count(), "accounts": ServiceAccount.objects.count()}
        )
