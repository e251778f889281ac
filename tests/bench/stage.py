"""The databases of a run, who is signed in where, and the switch from one to the other."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, connections

from accounts.models import Organization, User
from tests.bench import data, machine, servers

WORDS = {10_000: "10 thousand", 1_000_000: "1 million", 10_000_000: "10 million"}
TEMPLATE = "bench_template"


@dataclass
class Stage:
    """What every measurement is given."""

    sizes: tuple[int, ...]
    rounds: int
    seconds: float  # of one turn in a round
    is_full: bool
    foreign: list[float] = field(default_factory=list)
    postmaster: int = 0

    @property
    def middle(self) -> int:
        """The size for which most goals are set: a million, or the largest there is."""
        return min(1_000_000, self.largest)

    @property
    def largest(self) -> int:
        return max(self.sizes)

    def prepare(self) -> None:
        """Make the tables once, then a filled database for each size; with REUSE=1 only what is not there."""
        connection.ensure_connection()
        self.postmaster = machine.parent(connection.connection.info.backend_pid)
        there = databases() if os.environ.get("REUSE") else set()
        if TEMPLATE not in there:
            self.make_database(TEMPLATE)
            with self.on(TEMPLATE):
                call_command("migrate", interactive=False, verbosity=0)
                call_command("createcachetable", verbosity=0)
                data.make_people()
        for size in self.sizes:
            if name_of(size) in there:
                continue
            self.make_database(name_of(size), TEMPLATE)
            began = time.monotonic()
            with self.on(name_of(size)):
                data.make_numbers(list(Organization.objects.order_by("pk")), size)
            print(f"{size:,} numbers made in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)

    def make_database(self, name: str, template: str = "template0") -> None:
        connections.close_all()
        with psycopg.connect(servers.database_url("postgres"), autocommit=True) as line:
            line.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]
            line.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")  # type: ignore[arg-type]

    def copy_of(self, size: int, name: str) -> AbstractContextManager[str]:
        """A database of its own for work that changes much; gone afterwards. Django is switched to it."""
        return self.passing(name, name_of(size))

    def built(self, name: str) -> AbstractContextManager[str]:
        """The same with the organizations and no numbers."""
        return self.passing(name, TEMPLATE)

    @contextmanager
    def passing(self, name: str, template: str) -> Iterator[str]:
        """A copy of another database of the run; gone afterwards."""
        self.make_database(name, template)
        try:
            with self.on(name):
                yield name
        finally:
            connections.close_all()
            with psycopg.connect(servers.database_url("postgres"), autocommit=True) as line:
                line.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        """Everything that uses Django's connection inside the block works on this database."""
        before = connection.settings_dict["NAME"]
        url = os.environ["DATABASE_URL"]
        connections.close_all()
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict["NAME"], os.environ["DATABASE_URL"] = before, url


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


def name_of(size: int) -> str:
    return f"bench_{size}"


def tenant(number: int = 1) -> Organization:
    """The organization that pages are asked of; the first one has the prefix +1201200."""
    return Organization.objects.get(slug=f"tenant-{number:02}")


def administrator(number: int = 1) -> User:
    """Who runs a tenant, and no other."""
    return User.objects.get(memberships__org=tenant(number))


def signed_in(stage: Stage, database: str, number: int = 1) -> str:
    """A session of a tenant's administrator in a database: the value of the cookie."""
    with stage.on(database):
        return _session(administrator(number), settings.AUTHENTICATION_BACKENDS[0])


def signed_in_at_peers(stage: Stage, database: str) -> str:
    """The same at the plain Django project, whose only user is its superuser."""
    with stage.on(database):
        return _session(User.objects.get(email=data.PEER), "django.contrib.auth.backends.ModelBackend")


def _session(person: User, backend: str) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def raw(database: str, **options: Any) -> "psycopg.Connection[Any]":
    """A connection without Django, as Django would use it: statements are not prepared on the server."""
    return psycopg.connect(servers.database_url(database), autocommit=True, prepare_threshold=None, **options)
