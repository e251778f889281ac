"""Every setting, read from the environment; the defaults run the embedded console with no service
beside it."""

import os
import secrets
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

django_stubs_ext.monkeypatch()  # lets ModelForm[...] and friends be written in annotations and bases

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _kept_secret(name: str) -> str:
    """A secret made on first use and kept in var/, so that an embedded console needs no configuration."""
    path = VAR_DIR / name
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret("secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.str('PORT', default='8000')}")
PRODUCT_NAME = env.str("PRODUCT_NAME", default="PSTN Hub")
# Where the console sends people who need a person; "" shows no such link.
SUPPORT_URL = env.str("SUPPORT_URL", default="")
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="")  # without one: everybody of the support staff
# The terms of service as a text file of your own; "" is the text that comes with the console.
TERMS_FILE = env.str("TERMS_FILE", default="")
# The provider that gains the numbers of a port: the agent that a letter of agency names.
GAINING_PROVIDER = env.str("GAINING_PROVIDER", default="PSTN Hub")
# The seal on signed letters: PEM files of a key without passphrase and of its certificate, older ones after
# it. Without them a self-made pair is kept in var/seal.pem.
SEAL_KEY = env.str("SEAL_KEY", default="")
SEAL_CERT = env.str("SEAL_CERT", default="")

INSTALLED_APPS = [
    "config",
    "accounts",
    "countries",
    "notifications",
    "pstn",
    "porting",
    "emergency",
    "simulator",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "django_htmx",
    "lucide",
    "template_partials",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.LocaleAndZoneMiddleware",
    "accounts.middleware.OrgMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.shell",
            ],
        },
    }
]

# --- Data -----------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'hub.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # BEGIN IMMEDIATE takes the write lock at once, so a transaction never fails half way with
    # "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-16000;"
            "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364"
        ),
    }
    # Tests use a file as well, so that a live server's threads meet the same locks as in use.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / f"test-{os.getpid()}.sqlite3"}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
# Bills and letters: outside the web root, served only by views that ask who is there.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = Path(env.str("STORAGE_ROOT", default=str(VAR_DIR / "documents")))
MEDIA_URL = "/no-public-media/"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# A port plan has a box for each of its 1,000 numbers; a page of numbers may post 5,000 that are chosen.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- People ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.signed_in.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("accounts:home")
LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_FORMS = {"login": "accounts.forms.SignInForm"}
ACCOUNT_ADAPTER = "accounts.adapter.ClosedDoorAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SESSION_ENGINE = "accounts.signed_in"
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=12 * 3600)

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Look -----------------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "console"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- The carrier ----------------------------------------------------------------------------------
CARRIER = env.str("CARRIER", default="simulator.carrier.SimulatedCarrier")
CARRIER_IS_SIMULATED = CARRIER.startswith("simulator.")
# A business day of the simulated carrier in seconds; None is real days.
CARRIER_DAY_SECONDS: float | None = env.float("CARRIER_DAY_SECONDS", default=0) or None
CARRIER_POLL_SECONDS = env.float(
    "CARRIER_POLL_SECONDS", default=2 if CARRIER_IS_SIMULATED and CARRIER_DAY_SECONDS else 60
)
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=5)
# How old an unfinished piece of work must be before the sweep takes it up again.
SWEEP_AFTER_SECONDS = env.float("SWEEP_AFTER_SECONDS", default=15)
HOLD_SECONDS = 600
# A background job: numbers in one transaction; seconds after which it lets others have the worker; and after
# which a worker that says nothing is taken for dead.
JOB_SLICE = env.int("JOB_SLICE", default=2_000)
JOB_SECONDS = env.float("JOB_SECONDS", default=20)
# Rows of a file that one transaction imports; a check reads twice as many.
IMPORT_SLICE = env.int("IMPORT_SLICE", default=5_000)
JOB_LEASE_SECONDS = env.float("JOB_LEASE_SECONDS", default=60)
# How long deleted numbers can be had back.
QUARANTINE_DAYS = env.int("QUARANTINE_DAYS", default=30)

# --- Tasks ----------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "litebroker://"
# The embedded broker renews the lease of a message while its consumer lives, so a short one is safe there.
_visibility = env.float("VISIBILITY_TIMEOUT", default=300 if REDIS_URL else 60)
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": _visibility, "socket_connect_timeout": 2, "max_retries": 1}
    if REDIS_URL
    else {"path": str(VAR_DIR / "broker.sqlite3"), "visibility_timeout": _visibility}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_DB_REUSE_MAX = 1_000  # tasks; Django says when a connection is too old, see config/celery.py
CELERY_WORKER_PREFETCH_MULTIPLIER = 1 if REDIS_URL else 4
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    name: {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 5) * 2}}
    for name, task, seconds in [
        ("number events", "pstn.tasks.take_carrier_events", CARRIER_POLL_SECONDS),
        ("port events", "porting.tasks.feed.take_carrier_events", CARRIER_POLL_SECONDS),
        ("record events", "porting.tasks.records.take_carrier_events", CARRIER_POLL_SECONDS),
        ("record sweep", "porting.tasks.records.sweep", SWEEP_SECONDS),
        ("number sweep", "pstn.tasks.sweep", SWEEP_SECONDS),
        ("job sweep", "pstn.jobs.tasks.sweep", SWEEP_SECONDS),
        ("file sweep", "pstn.imports.tasks.sweep", SWEEP_SECONDS),
        ("ends of rests", "pstn.jobs.tasks.end_rests", max(SWEEP_SECONDS, 60)),
        ("counts", "pstn.jobs.tasks.add_up_crowded", max(SWEEP_SECONDS, 60)),
        ("port sweep", "porting.tasks.net.sweep", SWEEP_SECONDS),
        ("link sweep", "porting.tasks.links.sweep", SWEEP_SECONDS),
        ("port reminders", "porting.tasks.reminders.look_around", max(SWEEP_SECONDS, 3600)),
        ("letter sweep", "porting.tasks.letters.sweep", max(SWEEP_SECONDS, 60)),
        ("port-out events", "porting.tasks.port_outs.take_carrier_events", CARRIER_POLL_SECONDS),
        ("port-out sweep", "porting.tasks.port_outs.sweep", SWEEP_SECONDS),
        ("guard sweep", "porting.tasks.guards.sweep", max(SWEEP_SECONDS, 60)),
        ("mail sweep", "notifications.tasks.sweep", SWEEP_SECONDS),
    ]
}
if CARRIER_IS_SIMULATED:
    CELERY_BEAT_SCHEDULE["simulated carrier"] = {
        "task": "simulator.tasks.tick",
        "schedule": min(CARRIER_POLL_SECONDS, 1 if CARRIER_DAY_SECONDS else 60),
        "options": {"expires": 10},
    }

# --- Mail: without EMAIL_URL every message is kept in the console's mailbox and goes nowhere ------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="") if env.str("EMAIL_URL", default="") else {}
vars().update(EMAIL_CONFIG)
if not EMAIL_CONFIG:
    EMAIL_BACKEND = "notifications.mailbox.MailboxBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="PSTN Hub <no-reply@pstnhub.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Security -------------------------------------------------------------------------------------
_https = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = _https and env.bool("SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_NAME = "__Host-session" if _https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "lib.masking.MaskingFormatter",
            "format": "{levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "fontTools": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
