"""The WSGI callable that the web process serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# What was loaded so far stays: nobody needs to look again and again for garbage in it. A request makes a few
# thousand objects that go by themselves, so looking after every 700 of them finds nothing either.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
