"""A plain Django project on our database: the stock middleware and templates, Django's admin as it comes."""

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR
from config.settings import INSTALLED_APPS as ALL_APPS

PLAIN_ADMIN = "django.contrib.admin.apps.SimpleAdminConfig"  # our own admin pages stay out
INSTALLED_APPS = [
    PLAIN_ADMIN if app == "django.contrib.admin" else app for app in ALL_APPS if not app.startswith("allauth")
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
ROOT_URLCONF = "tests.bench.peers.urls"
WSGI_APPLICATION = None
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "tests" / "bench" / "peers"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
