"""Settings: environment variables and ``.env`` in, Django's names out. ``.env.example`` lists them all."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from uploader_project.environment import open_id
from uploader_project.environment.buckets import bucket_storage
from uploader_project.environment.databases import database_at
from uploader_project.environment.mail import mailers
from uploader_project.environment.origins import parse_origins
from uploader_project.environment.public_address import public_address
from uploader_project.environment.secret import secret_key
from uploader_project.environment.values import Environment
from uploader_project.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
MEGABYTE = 2**20

env = Environment()
if env.bool("DJANGO_READ_DOT_ENV_FILE", default=True):
    env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", default="") or BASE_DIR / "var")
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key(VAR_DIR / "secret_key")
PUBLIC_ADDRESS = public_address(env.str("SITE_ADDRESS", default=""))
SITE_ADDRESS = PUBLIC_ADDRESS.text
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
if PUBLIC_ADDRESS.host:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, PUBLIC_ADDRESS.host]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORT = env.int("PORT", default=8000)

INSTALLED_APPS = [
    "uploader_project.admin_config.UploaderAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "procrastinate.contrib.django",
    "uploads",
    "uploads.management.files",
    "uploads.management.datasets",
    "uploads.management.site",
]

MIDDLEWARE = [
    "uploads.web.request_id.ReferenceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "uploader_project.static_files.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "uploads.web.body_limit.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "uploads.web.visitors.VisitorMiddleware",
    "uploads.web.error_pages.ErrorPages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "uploader_project.urls"
ASGI_APPLICATION = "uploader_project.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "uploads.web.context.site",
            ],
            "libraries": {"kept": "uploads.web.kept"},
        },
    },
]

EMBEDDED_DATABASE = {
    "ENGINE": "uploader_project.embedded",
    "NAME": "uploader",
    "FOLDER": str(VAR_DIR / "postgres"),
    "DURABLE": True,
    "LISTEN": env.str("DATABASE_LISTEN", default=""),
}
database_url = env.str("DATABASE_URL", default="")  # no setting: pages of errors under DEBUG show these
DATABASES: dict[str, Any] = {
    "default": database_at(database_url) if database_url else EMBEDDED_DATABASE,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "uploads.services.signing_in.hashing.PatientHasher",  # as the first of Django's own, which the others are
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
LOGIN_URL = "sign-in"
PASSWORD_SIGN_IN = env.bool("PASSWORD_SIGN_IN", default=True)
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_ISSUER = open_id.sound_issuer(
    env.str("OIDC_ISSUER", default=""), client_id=OIDC_CLIENT_ID, takes_passwords=PASSWORD_SIGN_IN
)
OIDC_NAME = env.str("OIDC_NAME", default="") or "your organisation"
OIDC_DOMAINS = [domain.strip().lower() for domain in env.list("OIDC_DOMAINS", default=[]) if domain.strip()]
OIDC_GROUPS_CLAIM = env.str("OIDC_GROUPS_CLAIM", default="")
if OIDC_ISSUER:
    INSTALLED_APPS += open_id.APPS
    MIDDLEWARE += open_id.MIDDLEWARE
    # Its migration would write the mail addresses of all accounts in small letters.
    ACCOUNT_USER_MODEL_EMAIL_FIELD = None
WEBHOOKS_PRIVATE = env.bool("WEBHOOKS_PRIVATE", default=False)
MAIL_URL = env.str("MAIL_URL", default="")
MAILERS = mailers(MAIL_URL)
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="") or "uploader@localhost"
PASSWORD_RESET_TIMEOUT = 24 * 3600
CSRF_FAILURE_VIEW = "uploads.web.error_pages.csrf_failure"

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
# Swagger UI for the API's page. As an app, ninja would be imported by every command and before the first page: 0.1 s.
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("ninja", Path(find_spec("ninja").origin).parent / "static/ninja"),  # type: ignore[union-attr,arg-type]  # it is there
]
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = True
"""Serve the static files from their sources too, so that an edit needs no collectstatic."""

MEDIA_ROOT = VAR_DIR / "files"
STORAGE_BUCKET = env.str("STORAGE_BUCKET", default="")
STORAGE_ENDPOINT = env.str("STORAGE_ENDPOINT", default="")
STORAGE_ACCESS_KEY = env.str("STORAGE_ACCESS_KEY", default="")
STORAGE_SECRET_KEY = env.str("STORAGE_SECRET_KEY", default="")
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
if STORAGE_BUCKET:
    STORAGES["default"] = bucket_storage(
        bucket=STORAGE_BUCKET,
        endpoint=STORAGE_ENDPOINT,
        access_key=STORAGE_ACCESS_KEY,
        secret_key=STORAGE_SECRET_KEY,
    )

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
# Sites that may show the embed pages of saved views and dashboards in a frame; all else stays as strict as above.
EMBED_ORIGINS = parse_origins(env.list("EMBED_ORIGINS", default=[]), setting="EMBED_ORIGINS")
# Sites whose pages may send files by tus and call the API from a browser, without its cookies (uploads/web/cors.py).
CORS_ORIGINS = parse_origins(env.list("CORS_ORIGINS", default=[]), setting="CORS_ORIGINS", all_allowed=True)
SECURE_REFERRER_POLICY = "same-origin"
# Behind a proxy that ends TLS; only then may cookies insist on https.
BEHIND_TLS_PROXY = env.bool("BEHIND_TLS_PROXY", default=PUBLIC_ADDRESS.is_https)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS_PROXY else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS_PROXY
# Where the site's address says that it is reached by https, it is by nothing else; who watches it asks it directly.
SECURE_SSL_REDIRECT = PUBLIC_ADDRESS.is_https and BEHIND_TLS_PROXY
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if SECURE_SSL_REDIRECT else 0
# What holds for other names of the domain, and stands in the lists of browsers, its owner says, not one site on it.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
FORWARDED_ALLOW_IPS = env.str("FORWARDED_ALLOW_IPS", default="127.0.0.1")

MAX_FILE_SIZE = env.int("MAX_FILE_SIZE", default=10240) * MEGABYTE
# A rejected row is edited with one field a column, and a table may have 1,590 of them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
MAX_FORM_SIZE = env.int("MAX_FORM_SIZE", default=100) * MEGABYTE
UPLOAD_EXPIRY_HOURS = env.int("UPLOAD_EXPIRY_HOURS", default=24)
ANSWER_EXPIRY_DAYS = env.int("ANSWER_EXPIRY_DAYS", default=30)
KEEP_VISITOR_FILES_DAYS = env.int("KEEP_VISITOR_FILES_DAYS", default=90)
REQUESTS_AT_ONCE = env.int("REQUESTS_AT_ONCE", default=16)
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
MAX_OPEN_UPLOADS = env.int("MAX_OPEN_UPLOADS", default=1000)
MAX_OPEN_UPLOADS_PER_ADDRESS = env.int("MAX_OPEN_UPLOADS_PER_ADDRESS", default=100)
MAX_SIZE_PER_ADDRESS = env.int("MAX_SIZE_PER_ADDRESS", default=102400) * MEGABYTE
MAX_UNPACKED_SIZE = env.int("MAX_UNPACKED_SIZE", default=16384) * MEGABYTE
MAX_ROWS = env.int("MAX_ROWS", default=500_000_000)
MAX_DATASETS_PER_FILE = env.int("MAX_DATASETS_PER_FILE", default=100)
MAX_ROWS_WAITING_PER_ADDRESS = env.int("MAX_ROWS_WAITING_PER_ADDRESS", default=50_000_000)
MAX_DATASETS_WAITING_PER_ADDRESS = env.int("MAX_DATASETS_WAITING_PER_ADDRESS", default=200)
MIN_FREE_DISK = env.int("MIN_FREE_DISK", default=1024) * MEGABYTE
CHUNK_FILE_READ = env.int("CHUNK_FILE_READ", default=50_000)
CHUNK_DB_WRITE = env.int("CHUNK_DB_WRITE", default=50_000)
CSV_DELIMITER = env.str("CSV_DELIMITER", default=";")
WRITER = env.str("WRITER", default="copy")
if WRITER not in {"copy", "bulk_create"}:
    raise ImproperlyConfigured(f"WRITER is “{WRITER}”; it is copy or bulk_create.")
MAX_REJECTED_SHARE = env.float("MAX_REJECTED_SHARE", default=5.0)
MAX_ACTIVE_FILES = env.int("MAX_ACTIVE_FILES", default=1000)
DATASETS_VISIBLE = env.str("DATASETS_VISIBLE", default="signed_in")
if DATASETS_VISIBLE not in {"public", "signed_in", "groups"}:
    raise ImproperlyConfigured(f"DATASETS_VISIBLE is “{DATASETS_VISIBLE}”; it is public, signed_in or groups.")
HTTP_BASIC = env.bool("HTTP_BASIC", default=False)
ANONYMOUS_UPLOAD = env.bool("ANONYMOUS_UPLOAD", default=True)
ACTIVATE_STAFF_UPLOADS = env.bool("ACTIVATE_STAFF_UPLOADS", default=True)
EXPORT_HOURS = env.int("EXPORT_HOURS", default=24)
IN_SEARCH_ENGINES = env.bool("IN_SEARCH_ENGINES", default=True)
PUBLISHER = env.str("PUBLISHER", default="")
INDEX_UNUSED_DAYS = env.int("INDEX_UNUSED_DAYS", default=30)
SQL_SECONDS = env.float("SQL_SECONDS", default=20)
SQL_ROWS = env.int("SQL_ROWS", default=100_000)
LEASE_SECONDS = env.int("LEASE_SECONDS", default=30)
MAX_ATTEMPTS = env.int("MAX_ATTEMPTS", default=3)
READER_MEMORY = env.int("READER_MEMORY", default=2048) * MEGABYTE
READER_CPU_SECONDS = env.int("READER_CPU_SECONDS", default=3600)
READER_SECONDS = env.int("READER_SECONDS", default=7200)

LOG_FORMAT = env.str("LOG_FORMAT", default="console")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_config(style=LOG_FORMAT, level=LOG_LEVEL)
