"""The project's settings for faults: a home, temporary files and a cluster of their own, and leases that lapse soon."""

import os
import tempfile
from pathlib import Path

THROW_AWAY = "FAULTS_VAR" not in os.environ
VAR = Path(os.environ.get("FAULTS_VAR") or tempfile.mkdtemp(prefix="uploader-faults-"))
VAR.mkdir(exist_ok=True)
VAR.chmod(0o711)  # the account that runs PostgreSQL when we are root must get through

for name in ("DATABASE_URL", "SECRET_KEY", "DEBUG", "STORAGE_BUCKET", "LOG_FORMAT"):
    os.environ.pop(name, None)
os.environ |= {
    "DJANGO_READ_DOT_ENV_FILE": "false",
    "VAR_DIR": str(VAR),
    "FAULTS_VAR": str(VAR),
    "LEASE_SECONDS": "3",
    "DATASETS_VISIBLE": "public",
}
os.environ.setdefault("LOG_LEVEL", "CRITICAL")

from uploader_project.settings import *  # noqa: E402, F403 (the environment had to be set first)
