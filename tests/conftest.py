"""The cast. Ada runs Acme, Eli edits there, Vic only looks; Paula is the partner; Mallory runs Globex, next door."""

import gc

import pytest
from django.core.cache import cache
from django.db import connection

from accounts import seal
from accounts.models import Membership, Organization, Role, User
from pstn import tally_sql

DATABASE = frozenset({"db", "transactional_db", "live_server"})
# Of the browser's stories those in which a worker and the pages write at the same time.
ON_EACH_DATABASE = frozenset({"test_imports.py", "test_jobs.py", "test_port.py"})


def pytest_addoption(parser):
    parser.addoption(
        "--database-only",
        action="store_true",
        help="leave out what is the same on each database, as `make test` has run it: what never touches one, "
        "and most of what looks at pages in a browser",
    )


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--database-only"):
        return
    apart = [item for item in items if not _differs_by_database(item)]
    config.hook.pytest_deselected(items=apart)
    items[:] = [item for item in items if _differs_by_database(item)]


def _differs_by_database(item):
    if item.path.parent.name == "browser":
        return item.path.name in ON_EACH_DATABASE
    marked = any(item.get_closest_marker(name) for name in ("django_db", "services"))
    return marked or DATABASE & set(item.fixturenames) or "config" in item.path.parts  # whole processes


def pytest_collection_finish():
    """What is loaded by now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_setup, django_db_blocker):
    """Without migrations nobody has made the triggers that count numbers."""
    if request.config.getoption("nomigrations"):
        with django_db_blocker.unblock(), connection.schema_editor() as schema:
            tally_sql.install(schema)


def join(email: str, name: str, org: Organization, role: Role) -> User:
    user, _ = User.objects.get_or_create(email=email, defaults={"name": name, "password": "!"})
    Membership.objects.create(user=user, org=org, role=role)
    return user


@pytest.fixture
def partner(db):
    return Organization.objects.create(name="Northwind Partners", slug="northwind", kind="partner")


@pytest.fixture
def acme(partner):
    return Organization.objects.create(name="Acme", slug="acme", partner=partner)


@pytest.fixture
def globex(partner):
    return Organization.objects.create(name="Globex", slug="globex", partner=partner)


@pytest.fixture
def ada(acme):
    return join("ada@acme.example", "Ada Park", acme, Role.FULL_ADMIN)


@pytest.fixture
def eli(acme):
    return join("eli@acme.example", "Eli Stone", acme, Role.PSTN_ADMIN)


@pytest.fixture
def vic(acme):
    return join("vic@acme.example", "Vic Lund", acme, Role.READ_ONLY)


@pytest.fixture
def lou(acme):
    """A location administrator; of which location, a test says."""
    return join("lou@acme.example", "Lou Reyes", acme, Role.LOCATION_ADMIN)


@pytest.fixture
def paula(acme):
    return join("paula@partner.example", "Paula Kern", acme, Role.PARTNER_ADMIN)


@pytest.fixture
def mallory(globex):
    return join("mallory@globex.example", "Mallory Voss", globex, Role.FULL_ADMIN)


@pytest.fixture
def staff(db):
    return User.objects.create_user("staff@pstnhub.example", "Sam Staff", is_staff=True, is_superuser=True)


@pytest.fixture(autouse=True)
def _quiet_house(settings, tmp_path):
    """Tasks run where they are queued, files go to a temporary folder, pages need no collected static files."""
    from config.celery import app

    app.conf.task_always_eager = True
    app.conf.task_eager_propagates = True
    settings.MEDIA_ROOT = tmp_path / "documents"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def fresh_limits():
    """How often somebody has tried something is counted in the cache: nobody has tried anything yet."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _append_only_tables_can_be_emptied(request):
    """A test with its own transactions ends by emptying every table; the audit log's triggers refuse that."""
    if "transactional_db" not in request.fixturenames and "live_server" not in request.fixturenames:
        marker = request.node.get_closest_marker("django_db")
        if not (marker and marker.kwargs.get("transaction")):
            yield
            return
    request.getfixturevalue("transactional_db")
    yield
    with connection.schema_editor() as schema:
        seal.unseal_all(None, schema)


@pytest.fixture
def unqueued(monkeypatch):
    """Nothing is told to the queue: what a test begins stands in its table, and there only."""
    from lib import queue

    monkeypatch.setattr(queue, "publish", lambda task, *args: True)


@pytest.fixture
def house(tmp_path):
    """`house(sweep=True, JOB_SLICE="5")`: a console of real processes on this test's database (tests/house.py)."""
    from tests.house import House

    assert connection.vendor == "postgresql", "make test-services runs these on PostgreSQL and Redis"
    opened = []

    def build(**wishes):
        opened.append(House(tmp_path, **wishes))
        return opened[-1]

    yield build
    for each in opened:
        each.close()
