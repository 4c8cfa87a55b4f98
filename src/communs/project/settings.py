"""Django's settings; what changes from place to place comes from the environment.

The variables are listed in docs/operate/settings.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

from csp.constants import NONE, SELF

from communs.project import env, parts

PACKAGE = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

COMMUNS_DATA = env.data_folder(PACKAGE.parent.parent / ("build/test-data" if TESTING else "data"))
COMMUNS_PORT = env.port()
DATABASES = {"default": env.database(COMMUNS_DATA)}
COMMUNS_DATABASE_ROLE = env.env.str("COMMUNS_DATABASE_ROLE", default="communs_app")
COMMUNS_TILES = env.tiles()
COMMUNS_TILES_CREDIT = env.env.str("COMMUNS_TILES_CREDIT", default="")
COMMUNS_TSA = env.address("COMMUNS_TSA")
COMMUNS_TSA_CERTIFICATES = env.env.str("COMMUNS_TSA_CERTIFICATES", default="")
COMMUNS_SOURCE_URL = env.env.str("COMMUNS_SOURCE_URL", default="")

SECRET_KEY = env.secret_key(COMMUNS_DATA)
DEBUG = env.switch("COMMUNS_DEBUG", default=False)
SECURE = env.switch("COMMUNS_HTTPS", default=False)
ALLOWED_HOSTS = env.names("COMMUNS_HOSTS", ["localhost", "127.0.0.1", "[::1]", ".localhost"])
CSRF_TRUSTED_ORIGINS = env.names("COMMUNS_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "communs.project",
    "communs.core.web",
    "communs.core.api",
    "communs.core.live",
    "communs.core.bundles",
    "communs.core.indicators",
    "communs.core.notifications",
    "communs.core.search",
    "communs.core.registry",
    "communs.core.files",
    "communs.core.access",
    "communs.core.people",
    "communs.core.journal",
    "communs.core.jobs",
    "communs.core.communities",
    *parts.discover(),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "communs.core.communities.middleware.AddressMiddleware",
    "communs.core.web.middleware.InstalledOnly",
    "communs.core.web.middleware.PlainRefusals",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "communs.core.registry.middleware.GateMiddleware",
]

ROOT_URLCONF = "communs.project.urls"
WSGI_APPLICATION = "communs.project.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "communs.core.web.jinja.environment",
            "context_processors": ["communs.core.web.context.page"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.Jinja2"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "communs.core.jobs.backend.Queue", "QUEUES": []}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "web:sign_in"
LOGIN_REDIRECT_URL = "web:home"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
CSRF_FAILURE_VIEW = "communs.core.web.views.errors.csrf_failure"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
USE_I18N = True
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Paris"

STATIC_URL = "/static/"
STATIC_ROOT = COMMUNS_DATA / "static"
WHITENOISE_MANIFEST_STRICT = False  # a missing picture must not take its page down
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = TESTING or DEBUG
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": COMMUNS_DATA / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

_TILES = env.origins(COMMUNS_TILES)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *_TILES],
        "connect-src": [SELF, *_TILES],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Anybody may send any host name: it is answered with 400, and is no news.
    "loggers": {"django.security.DisallowedHost": {"handlers": [], "propagate": False}},
}
