"""Start the whole console with one command: prepare the data, then supervise web, worker and beat."""

import os
import sys
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.supervisor import Child, Supervisor, is_free

DEMO_DAY_SECONDS = "10"
DEMO_PASSWORD = "demo-demo-demo"  # noqa: S105  (it is on the welcome page of every demo)
DEMO_PEOPLE = {
    "ada@acme.example": gettext_lazy("full administrator of Acme"),
    "eli@acme.example": gettext_lazy("PSTN administrator of Acme"),
    "vic@acme.example": gettext_lazy("read-only at Acme"),
    "paula@partner.example": gettext_lazy("partner administrator of Acme and Globex"),
    "mallory@globex.example": gettext_lazy("full administrator of Globex"),
    "staff@pstnhub.example": gettext_lazy("support staff; also /admin/"),
}


def children(host: str, port: int) -> list[Child]:
    """The three processes of a console on one machine."""
    celery = (sys.executable, "-m", "celery", "--quiet", "-A", "config")
    return [
        Child(
            "web",
            (sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port))
            # Stalled uploads hold a thread each, hence sixteen; nothing here speaks web sockets.
            + ("--workers", "1", "--blocking-threads", "16", "--no-ws", "--log-level", "error")
            + ("--workers-kill-timeout", "5", "config.wsgi:application"),
            address=(host, port),
        ),
        Child(
            "worker",
            (*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING")
            + ("--without-gossip", "--without-mingle", "--without-heartbeat"),
            # In a container root is who everybody is; the guide for operators says what to do elsewhere.
            environment={"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"},
        ),
        # A process of its own: a beat inside the worker is not restarted when it alone dies.
        Child("beat", (*celery, "beat", "--loglevel", "WARNING", "--pidfile=")),
    ]


class Command(BaseCommand):
    """`manage.py up`: HOST and PORT say where, DEMO=0 leaves the demonstration data out."""

    help = "Prepares the data and runs the web server, the worker and the scheduler until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        demo = os.environ.get("DEMO", "1") != "0"
        if demo and "CARRIER_DAY_SECONDS" not in os.environ:
            # The settings were read before this command could speak, so it starts over with the demo's clock.
            os.environ["CARRIER_DAY_SECONDS"] = DEMO_DAY_SECONDS
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606
        os.umask(0o077)  # the folder of the data holds bills and signatures: nobody else's to read
        host, port = os.environ.get("HOST", "127.0.0.1"), self._port()
        if not is_free((host, port)):
            raise CommandError(
                _(
                    "Port %(port)s is taken by another program. "
                    "Stop it, or choose another: PORT=%(other)s make run"
                )
                % {"port": port, "other": port + 1}
            )
        self._prepare(demo)
        Supervisor(
            children(host, port), say=self._say, ready=lambda: self._welcome(f"http://{host}:{port}/", demo)
        ).run()
        self._say(_("Stopped."))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _port(self) -> int:
        text = os.environ.get("PORT", "8000")
        if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
            raise CommandError(
                _("PORT must be a number from 1 to 65535, and it is “%(text)s”.") % {"text": text}
            )
        return int(text)

    def _prepare(self, demo: bool) -> None:
        self._say(_("Preparing the data…"))
        try:
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            if isinstance(staticfiles_storage, ManifestFilesMixin):
                call_command("collectstatic", interactive=False, verbosity=0)
            if demo:
                call_command("demo")
        except OperationalError as error:
            host = settings.DATABASES["default"].get("HOST") or settings.DATABASES["default"]["NAME"]
            raise CommandError(
                _("The database at %(host)s does not answer: %(error)s") % {"host": host, "error": error}
            ) from error
        connections.close_all()

    def _welcome(self, address: str, demo: bool) -> None:
        lines = ["", _("PSTN Hub is ready at %(address)s") % {"address": address}]
        if demo:
            lines.append(_("Sign in with the password %(password)s as") % {"password": DEMO_PASSWORD})
            lines += [f"  {email:<24}{who}" for email, who in DEMO_PEOPLE.items()]
        self._say("\n".join([*lines, _("Press Ctrl-C to stop."), ""]))
