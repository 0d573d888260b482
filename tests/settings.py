"""The project's settings for tests: a throw-away home and PostgreSQL cluster, deaf to this machine's ``.env``."""

import os
import tempfile
from pathlib import Path

VAR = Path(tempfile.mkdtemp(prefix="uploader-tests-"))
VAR.chmod(0o711)  # the account that runs PostgreSQL when we are root must get through

for name in ("DATABASE_URL", "SECRET_KEY", "DEBUG", "STORAGE_BUCKET"):
    os.environ.pop(name, None)
os.environ["DJANGO_READ_DOT_ENV_FILE"] = "false"
os.environ["VAR_DIR"] = str(VAR)

from uploader_project.settings import *  # noqa: E402, F403 (the environment had to be set first)
from uploader_project.settings import DATABASES, STORAGES  # noqa: E402

DATABASES["default"]["DURABLE"] = False
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
