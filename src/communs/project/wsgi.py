"""The pages and the API, as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from communs.core.kit.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communs.project.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # every page's module: the first reader waited for them
settle()
