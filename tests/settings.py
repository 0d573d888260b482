"""The project's settings for tests: a throw-away home and PostgreSQL cluster, deaf to this machine's ``.env``."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

VAR = Path(tempfile.mkdtemp(prefix="uploader-tests-"))
VAR.chmod(0o711)  # the account that runs PostgreSQL when we are root must get through
MAKER = os.getpid()


@atexit.register
def _remove_var() -> None:
    """Runs after PostgreSQL has been left: the last registered goes first."""
    if os.getpid() == MAKER:
        shutil.rmtree(VAR, ignore_errors=True)


for name in (
    *("DATABASE_URL", "DATABASE_LISTEN", "SECRET_KEY", "DEBUG", "STORAGE_BUCKET", "LOG_FORMAT"),
    *("SITE_ADDRESS", "BEHIND_TLS_PROXY", "MAIL_URL", "ALLOWED_HOSTS", "OIDC_ISSUER", "PASSWORD_SIGN_IN"),
):
    os.environ.pop(name, None)
os.environ["DJANGO_READ_DOT_ENV_FILE"] = "false"
os.environ["VAR_DIR"] = str(VAR)
os.environ["DATASETS_VISIBLE"] = "public"  # most tests read as a visitor; what it is by default has a test
os.environ["HTTP_BASIC"] = "true"  # tests of the API come by name and password too; that it is off elsewhere has a test

from uploader_project.settings import *  # noqa: E402, F403 (the environment had to be set first)
from uploader_project.settings import DATABASES, STORAGES  # noqa: E402

DATABASES["default"]["DURABLE"] = False
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir()
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
