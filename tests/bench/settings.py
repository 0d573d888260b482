"""The project's settings for the benchmark: a home and a PostgreSQL cluster of its own, as durable as in production."""

import os
import tempfile
from pathlib import Path

VAR = Path(os.environ.get("BENCH_VAR") or tempfile.mkdtemp(prefix="uploader-bench-"))
VAR.chmod(0o711)  # the account that runs PostgreSQL when we are root must get through

for name in ("DATABASE_URL", "SECRET_KEY", "DEBUG", "STORAGE_BUCKET", "LOG_FORMAT"):
    os.environ.pop(name, None)
os.environ |= {
    "DJANGO_READ_DOT_ENV_FILE": "false",
    "VAR_DIR": str(VAR),
    "BENCH_VAR": str(VAR),
    "DATASETS_VISIBLE": "public",
    "LOG_LEVEL": "ERROR",
}

from uploader_project.settings import *  # noqa: E402, F403 (the environment had to be set first)
