"""Settings of the platform, all from the environment (see docs/runbook.md)."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from xaso.config import environment, logs, wires

LOGGING = logs.LOGGING
PACKAGE = Path(__file__).resolve().parent.parent
XASO_HOME = environment.home()
XASO_PORT = int(environment.text("XASO_PORT", "8000"))
XASO_DEMO = environment.flag("XASO_DEMO")
XASO_HTTPS = environment.flag("XASO_HTTPS")  # a proxy in front speaks TLS
# Where browsers find the live stream: the same origin behind a proxy, else the next port.
XASO_LIVE_URL = environment.text("XASO_LIVE_URL")

DEBUG = environment.flag("XASO_DEBUG")
SECRET_KEY = environment.secret("XASO_SECRET_KEY", XASO_HOME)
SECRET_KEY_FALLBACKS = [k for k in environment.text("XASO_SECRET_KEY_OLD").split(",") if k]
XASO_TSA_URL = environment.text("XASO_TSA_URL")  # time stamping service (RFC 3161)
XASO_FIELD_KEY = environment.secret("XASO_FIELD_KEY", XASO_HOME)
XASO_FIELD_KEY_OLD = environment.text("XASO_FIELD_KEY_OLD")
XASO_INDEX_KEY = environment.secret("XASO_INDEX_KEY", XASO_HOME)

# `XASO_HOSTS` names the hosts of an installation; by default this machine alone.
ALLOWED_HOSTS = environment.text("XASO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
_SCHEME = "https" if XASO_HTTPS else "http"
CSRF_TRUSTED_ORIGINS = [f"{_SCHEME}://{host.lstrip('.')}" for host in ALLOWED_HOSTS if host != "*"]
if XASO_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "xaso.kernel.tenancy",
    "xaso.kernel.audit",
    "xaso.kernel.jobs",
    "xaso.kernel.measures",
    "xaso.kernel.places",
    "xaso.kernel.working_time",
    "xaso.kernel.payments",
    "xaso.kernel.identity",
    "xaso.kernel.attachments",
    "xaso.kernel.notifications",
    "xaso.kernel.live",
    "xaso.kernel.voices",
    "xaso.kernel.open_api",
    "xaso.kernel.web",
    "xaso.population",
    "xaso.documents",
    "xaso.reports",
    "xaso.dossiers",
    "xaso.portal",
    "xaso.desk",
    "xaso.ioc",
    "xaso.demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
]

# Public pages come from memory for this long: a crowd asks the database once (0: never).
XASO_KEEP_SECONDS = float(environment.text("XASO_KEEP_SECONDS", "1"))

MIDDLEWARE = [
    "xaso.kernel.web.middleware.kept.Kept",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "xaso.kernel.web.middleware.SecurityHeaders",
    "xaso.kernel.web.middleware.ChosenLanguage",
    "xaso.kernel.web.middleware.CommuneOfAddress",
    "xaso.kernel.web.middleware.ReadOnlyWhenFull",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "xaso.kernel.identity.middleware.SignedInForNow",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "xaso.kernel.web.middleware.SayWhy",
]

# Addresses of a standard that writes errors in its own way: (start of the path, who writes them).
XASO_ERROR_SHAPES = [
    (r"(/[a-z][a-z0-9-]+)?/open311(/|$)", "xaso.reports.views.open311.errors.page"),
]

ROOT_URLCONF = "xaso.config.urls"  # a commune's addresses
SHARED_URLCONF = "xaso.config.urls_shared"  # addresses of no commune
WSGI_APPLICATION = "xaso.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "xaso.kernel.web.context.page",
            ],
        },
    },
]

DATABASES = {"default": environment.database(environment.text("DATABASE_URL", "dbname=xaso"))}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if environment.text("XASO_POOL", "8") != "0":
    DATABASES["default"]["OPTIONS"]["pool"] = {  # type: ignore[index]
        "min_size": 1,
        "max_size": int(environment.text("XASO_POOL", "8")),
        "timeout": 5,
        "connection_class": wires.Wire,
    }
FORM_RENDERER = "xaso.kernel.web.controls.Look"
XASO_MENU = "xaso.config.menu"
XASO_VOICES = "xaso.config.voices"
XASO_AWAY = "xaso.config.away"
XASO_KEEPERS = "xaso.config.keepers"
# Pages that open without a network. 0 takes the worker and its copies off every phone that calls.
XASO_OFFLINE = environment.text("XASO_OFFLINE", "1") != "0"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = environment.text("XASO_STATIC_ROOT") or XASO_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "xaso.kernel.web.files.Hashed"},
}
MEDIA_ROOT = XASO_HOME / "files"
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
XASO_MAX_BODY_BYTES = 64 * 1024 * 1024  # twenty photos straight from a phone
XASO_MAX_RAW_BYTES = 25 * 1024 * 1024  # one picture or recording sent by itself, read as a stream
XASO_DISK_GUARD = environment.text("XASO_DISK_GUARD", "1") != "0"
# What may still be sent when only reading is left: signing in, looks, a resident's words.
XASO_OPEN_WHEN_FULL = {
    "account_login",
    "account_logout",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "web:switch",
    "reports:send",
    "api:put_report",
    "api:receipt",
}
XASO_S3 = {
    "bucket": environment.text("XASO_S3_BUCKET"),
    "endpoint": environment.text("XASO_S3_ENDPOINT"),
    "access_key": environment.text("XASO_S3_ACCESS_KEY"),
    "secret_key": environment.text("XASO_S3_SECRET_KEY"),
}

# --- people who sign in -----------------------------------------------------------------------
AUTH_USER_MODEL = "identity.Official"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_REDIRECT_URL = "/can-bo/"
LOGOUT_REDIRECT_URL = "/"

SESSION_COOKIE_NAME = "__Host-xaso" if XASO_HTTPS else "xaso"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = XASO_HTTPS
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if XASO_HTTPS else "csrf"
CSRF_FAILURE_VIEW = "xaso.kernel.web.views.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "ngon_ngu"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# --- headers ----------------------------------------------------------------------------------
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_LIVE = (
    [XASO_LIVE_URL]
    if XASO_LIVE_URL
    else [f"http://{h}:{XASO_PORT + 1}" for h in ("localhost", "127.0.0.1")]
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF, *_LIVE],
        "worker-src": [SELF, "blob:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": XASO_HTTPS,
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}

# --- background work --------------------------------------------------------------------------
# What the worker calls beside its jobs, and the seconds between two calls.
XASO_BEATS = {"xaso.kernel.audit.actions.keep_sealed": 2.0}

# --- mail -------------------------------------------------------------------------------------
_MAIL = environment.email(environment.text("XASO_EMAIL_URL"))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _MAIL["HOST"], _MAIL["PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["USER"], _MAIL["PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL["TLS"], _MAIL["SSL"]
EMAIL_TIMEOUT = 10
XASO_EMAIL_ON = bool(environment.text("XASO_EMAIL_URL"))
# By this key browsers know our messages (RFC 8292); on where there is one.
XASO_PUSH_KEY = environment.optional_secret("XASO_PUSH_KEY", XASO_HOME)
XASO_PUSH = environment.text("XASO_PUSH", "1") != "0"
_WAYS = "xaso.kernel.notifications.adapters."
# Which module serves a channel. What needs an account that nobody set up goes to the twin: in a
# demo the administrator's page, else nowhere, and the message says so.
XASO_CHANNEL_TWIN = _WAYS + ("demo" if XASO_DEMO else "absent")
XASO_CHANNELS = {
    "email": _WAYS + "email" if XASO_EMAIL_ON else XASO_CHANNEL_TWIN,
    "sms": _WAYS + "sms_gateway",
    "zalo": _WAYS + "zalo_oa",
    "push": _WAYS + ("web_push" if XASO_PUSH_KEY and XASO_PUSH else "absent"),
    "demo": _WAYS + "demo",
}
# Accounts for every commune of the installation, as JSON; a commune's own settings come first.
XASO_CHANNEL_ACCOUNTS = {
    "sms": environment.json_object("XASO_SMS"),
    "zalo": environment.json_object("XASO_ZALO"),
}
# Hosts inside our own network that channels may speak to (a gateway in the same machine room).
XASO_PRIVATE_HOSTS = [h for h in environment.text("XASO_PRIVATE_HOSTS").split(",") if h]
DEFAULT_FROM_EMAIL = environment.text("XASO_EMAIL_FROM", "xaso@localhost")
# Whom the operator of a push service may write to (RFC 8292 §2.1).
XASO_PUSH_CONTACT = environment.text("XASO_PUSH_CONTACT", f"mailto:{DEFAULT_FROM_EMAIL}")

from xaso.config.accounts import *  # noqa: E402, F403  (settings of the sign-in packages)
