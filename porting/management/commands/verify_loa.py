"""`manage.py verify_loa FILE`: whether a file is a letter that was signed here, unchanged."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lib.documents.seal import MAX_BYTES, SealBroken
from porting.letters.files import Answer, Finding, verify

# The exit code tells a script what the sentence tells a person; 0 is a letter of ours, unchanged.
CODES = {Answer.CHANGED: 1, Answer.FOREIGN: 2}
UNREADABLE = 3


class Command(BaseCommand):
    help = "Say whether a file is a letter of agency that was signed here, and unchanged since it was sealed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the PDF to look at")

    def handle(self, *args: Any, **options: Any) -> None:
        finding = self._found(options["file"])
        if finding.answer == Answer.CHANGED:
            raise CommandError(
                "Changed after sealing: this file carries our seal, but it is not what was sealed.",
                returncode=CODES[finding.answer],
            )
        if finding.answer == Answer.FOREIGN:
            raise CommandError(
                "Not a letter of ours: this file carries no seal of this console.",
                returncode=CODES[finding.answer],
            )
        self.stdout.write(self.style.SUCCESS(_headline(finding)))
        for line in _facts(finding):
            self.stdout.write(line)

    def _found(self, path: Path) -> Finding:
        try:
            with path.open("rb") as file:
                return verify(file.read(MAX_BYTES + 1))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=UNREADABLE) from None
        except SealBroken as error:
            raise CommandError(
                f"The seal of this console cannot be used: {error}", returncode=UNREADABLE
            ) from None


def _headline(finding: Finding) -> str:
    if finding.answer == Answer.KEPT:
        return "Unchanged: the same as the letter that is kept here. It has no seal of ours."
    return "Sealed by us and unchanged."


def _facts(finding: Finding) -> list[str]:
    lines = [f"Sealed:  {finding.sealed_at:%Y-%m-%d %H:%M:%S} UTC"] if finding.sealed_at else []
    document, signature = finding.document, finding.signature
    if document is None or signature is None:
        return [*lines, "No order of this console has this letter any more."]
    who = (
        f"{signature}, {signature.signer_address}" if not signature.is_on_paper else f"{signature}, on paper"
    )
    lines += [
        f"Signed:  {signature.signed_at:%Y-%m-%d %H:%M:%S} UTC",
        f"Signer:  {who}",
        f"Order:   {document.order.reference}, {document.order.org.name}",
    ]
    if document.superseded_at:
        lines.append(f"A newer letter replaced it on {document.superseded_at:%Y-%m-%d %H:%M} UTC.")
    return lines
