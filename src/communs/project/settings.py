"""Django's settings; what changes from place to place comes from the environment.

The variables are listed in docs/operate/settings.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

from csp.constants import NONE, SELF

from communs.project import env, files, logs, operating, parts, reaching

PACKAGE = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

COMMUNS_DATA = env.data_folder(PACKAGE.parent.parent / ("build/test-data" if TESTING else "data"))
COMMUNS_PORT = env.port()
DATABASES = operating.databases(env.database(COMMUNS_DATA))
DATABASE_ROUTERS = ["communs.project.routing.Router"] if "replica" in DATABASES else []
COMMUNS_DATABASE_ROLE = env.env.str("COMMUNS_DATABASE_ROLE", default="communs_app")
COMMUNS_TILES = env.tiles()
COMMUNS_TILES_CREDIT = env.env.str("COMMUNS_TILES_CREDIT", default="")
COMMUNS_API_RATE = env.count("COMMUNS_API_RATE", default=600)
COMMUNS_TSA = env.address("COMMUNS_TSA")
COMMUNS_TSA_CERTIFICATES = env.env.str("COMMUNS_TSA_CERTIFICATES", default="")
COMMUNS_CLAMD = files.clamd()
COMMUNS_FILES_HOST = files.host()
COMMUNS_FILES_QUOTA = files.quota()
COMMUNS_BACKUPS = operating.backups()
COMMUNS_BACKUP_PASSPHRASE = env.env.str("COMMUNS_BACKUP_PASSPHRASE", default="")
COMMUNS_LOGS = operating.logs()
COMMUNS_METRICS_TOKEN = operating.metrics_token()
COMMUNS_SECURITY_CONTACT = operating.security_contact()
COMMUNS_URL = reaching.own_address(COMMUNS_PORT)
COMMUNS_LIVE, COMMUNS_LIVE_PORT = reaching.live(), reaching.live_port(COMMUNS_PORT)
COMMUNS_MQTT = reaching.broker()
COMMUNS_SMS_URL = env.address("COMMUNS_SMS_URL")
COMMUNS_SMS_TOKEN = env.env.str("COMMUNS_SMS_TOKEN", default="")
COMMUNS_SOURCE_URL = env.env.str("COMMUNS_SOURCE_URL", default="")
COMMUNS_TRUSTED_KEYS = env.trusted_keys()

SECRET_KEY = env.secret_key(COMMUNS_DATA)
DEBUG = env.switch("COMMUNS_DEBUG", default=False)
SECURE = env.switch("COMMUNS_HTTPS", default=False)
ALLOWED_HOSTS = env.names("COMMUNS_HOSTS", ["localhost", "127.0.0.1", "[::1]", ".localhost"])
if COMMUNS_FILES_HOST:
    ALLOWED_HOSTS.append(COMMUNS_FILES_HOST.partition(":")[0])
CSRF_TRUSTED_ORIGINS = env.names("COMMUNS_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "communs.project",
    "communs.core.web",
    "communs.core.api",
    "communs.core.live",
    "communs.core.bundles",
    "communs.core.indicators",
    "communs.core.notifications",
    "communs.core.privacy",
    "communs.core.search",
    "communs.core.forms",
    "communs.core.sensing",
    "communs.core.registry",
    "communs.core.files",
    "communs.core.geo",
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
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "communs.project.observing.Observing",
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
    "communs.core.people.limits.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "communs.core.access.middleware.SecondFactorFirst",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "communs.core.registry.middleware.GateMiddleware",
    "communs.core.api.middleware.SameAnswer",
    "communs.project.routing.ReadsFromReplica",
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
            "context_processors": [
                "communs.core.web.context.page",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.Jinja2"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "communs.core.jobs.backend.Queue", "QUEUES": []}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    *(["django.contrib.auth.hashers.MD5PasswordHasher"] if TESTING else []),  # the tests' own: fast
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:home"
_MAIL = env.mail_server()
EMAIL_BACKEND, EMAIL_FILE_PATH = _MAIL.backend, COMMUNS_DATA / "mail"
EMAIL_HOST, EMAIL_PORT, EMAIL_USE_SSL, EMAIL_USE_TLS = _MAIL.host, _MAIL.port, _MAIL.ssl, _MAIL.tls
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_TIMEOUT = _MAIL.user, _MAIL.password, 10
DEFAULT_FROM_EMAIL = env.env.str("COMMUNS_MAIL_FROM", default="Communs <communs@localhost>")
COMMUNS_OIDC = env.identity_providers()
COMMUNS_SECOND_FACTOR = env.switch("COMMUNS_SECOND_FACTOR", default=False)
COMMUNS_PROXIES = env.proxies()
ALLAUTH_TRUSTED_PROXY_COUNT = COMMUNS_PROXIES
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_ADAPTER = "communs.core.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = ACCOUNT_EMAIL_NOTIFICATIONS = ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,5/10m/key",
    "reset_password": "20/m/ip,5/10m/key",
}
ACCOUNT_FORMS = {
    "login": "communs.core.people.forms.SignInForm",
    "confirm_login_code": "communs.core.people.forms.ConfirmSignInForm",
    "confirm_email_verification_code": "communs.core.people.forms.ConfirmAddressForm",
    "confirm_password_reset_code": "communs.core.people.forms.ConfirmResetForm",
    "add_email": "communs.core.people.forms.AddressForm",
    "change_password": "communs.core.people.forms.ChangePasswordForm",
    "set_password": "communs.core.people.forms.ChoosePasswordForm",
    "reset_password": "communs.core.people.forms.ResetForm",
    "reset_password_from_key": "communs.core.people.forms.ReplacePasswordForm",
    "reauthenticate": "communs.core.people.forms.ReauthenticateForm",
}
MFA_ADAPTER = "communs.core.people.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "communs.core.people.forms.SecondFactorForm",
    "reauthenticate": "communs.core.people.forms.ReauthenticateFactorForm",
    "activate_totp": "communs.core.people.forms.ActivateTotpForm",
    "add_webauthn": "communs.core.people.forms.AddPasskeyForm",
    "edit_webauthn": "communs.core.people.forms.RenamePasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "communs.core.people.social.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_FORMS = {
    "signup": "communs.core.people.forms.SignUpFromElsewhereForm",
    "disconnect": "communs.core.people.forms.DisconnectForm",
}
# Rows, not a cache of each process: a session that was ended must be over everywhere.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
if SECURE:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
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
    "default": files.storage(COMMUNS_DATA),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

_TILES = env.origins(COMMUNS_TILES)
_FILES = [COMMUNS_FILES_HOST] if COMMUNS_FILES_HOST else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *_TILES, *_FILES],
        "media-src": [SELF, *_FILES],
        "connect-src": [
            SELF,
            *_TILES,
            *reaching.live_origins(COMMUNS_LIVE, ALLOWED_HOSTS),
        ],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *env.issuers(COMMUNS_OIDC)],
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
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = ["communs.core.files.uploading.BoundedUploadHandler"]

LOGGING = logs.settings(COMMUNS_LOGS)
