"""Django settings. What differs between places comes from the environment; state lies under MINGCHAN_HOME."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlparse

from csp.constants import NONE, SELF

PACKAGE = Path(__file__).resolve().parent.parent
MINGCHAN_HOME = Path(os.environ.get("MINGCHAN_HOME", "var")).resolve()
COUNTY = os.environ.get("MINGCHAN_COUNTY", "140932")
PACK = os.environ.get("MINGCHAN_PACK", "pianguan_2020")
PAPER_FONTS = os.environ.get("MINGCHAN_PAPER_FONTS", "")
TESTING = "PYTEST_VERSION" in os.environ


def _secret_key() -> str:
    """The signing key of this installation, made on first start and readable by its owner only."""
    path = MINGCHAN_HOME / "keys" / "session.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text()


SECRET_KEY = secrets.token_urlsafe(64) if TESTING else _secret_key()
DEBUG = False
LAN = os.environ.get("MINGCHAN_LAN") == "1"
ALLOWED_HOSTS = ["*"] if LAN else ["127.0.0.1", "localhost", "[::1]"] + (["testserver"] if TESTING else [])

CONTEXTS = (
    "mingchan.foundation.policy",
    "mingchan.foundation.evidence",
    "mingchan.foundation.directory",
    "mingchan.foundation.ledger",
    "mingchan.foundation.procedures",
    "mingchan.register.funding",
    "mingchan.register.assets",
    "mingchan.register.depreciation",
    "mingchan.register.tracing",
    "mingchan.register.rights",
    "mingchan.register.survey",
    "mingchan.register.sites",
    "mingchan.register.labels",
    "mingchan.register.handover",
    "mingchan.lifecycle.custody",
    "mingchan.lifecycle.operation",
    "mingchan.lifecycle.maintenance",
    "mingchan.lifecycle.income",
    "mingchan.lifecycle.distribution",
    "mingchan.lifecycle.performance",
    "mingchan.lifecycle.stocktake",
    "mingchan.lifecycle.disposal",
    "mingchan.lifecycle.revival",
    "mingchan.oversight.workplan",
    "mingchan.oversight.disclosure",
    "mingchan.oversight.complaints",
    "mingchan.oversight.supervision",
    "mingchan.interfaces.exchange",
    "mingchan.interfaces.field",
    "mingchan.interfaces.portal",
    "mingchan.interfaces.web",
)
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "mingchan.kernel.ui",
    "mingchan.config",
    *CONTEXTS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mingchan.kernel.ui.language.LanguageMiddleware",
    "mingchan.kernel.ui.unit.UnitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mingchan.interfaces.web.middleware.GateMiddleware",
]
ROOT_URLCONF = "mingchan.config.urls"
WSGI_APPLICATION = "mingchan.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "kernel" / "ui" / "templates"]
        + [PACKAGE / Path(*name.split(".")[1:]) / "templates" for name in CONTEXTS],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "mingchan.kernel.ui.environment.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "mingchan.interfaces.web.context.shell",
            ],
        },
    },
]


def _database() -> dict[str, object]:
    """The database of DATABASE_URL (`postgres://user:password@host:port/name`), else SQLite under MINGCHAN_HOME."""
    url = urlparse(os.environ.get("DATABASE_URL", ""))
    if url.scheme in ("postgres", "postgresql"):
        options: dict[str, object] = dict(parse_qsl(url.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 60,
            "OPTIONS": options,
        }
    path = (
        unquote(url.path) if url.scheme == "sqlite" and url.path.strip("/") else str(MINGCHAN_HOME / "mingchan.sqlite3")
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
            ),
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = ["mingchan.foundation.directory.backends.AccountBackend"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.Argon2PasswordHasher"]
)
LOGIN_URL = "web:login"
LOGIN_REDIRECT_URL = "web:desk"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LAN
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = MINGCHAN_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = TESTING
MEDIA_ROOT = MINGCHAN_HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend" if TESTING else "django_tasks_db.DatabaseBackend"
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]
