"""`python -m tests.bench`: sets Django up, then measures."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

if __name__ == "__main__":
    from tests.bench.paths import main

    main()
