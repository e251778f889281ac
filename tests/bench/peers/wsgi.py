"""The application of whichever settings the server was started with."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
