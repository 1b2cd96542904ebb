"""The WSGI application that gunicorn serves."""
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
for addresses in (settings.ROOT_URLCONF, settings.SCHOOL_URLCONF):
    import_module(addresses)  # once, before gunicorn's --preload forks: else each worker's first visitor waits for it
