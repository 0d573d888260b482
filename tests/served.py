"""Settings of a server that a test starts beside itself: the test's own database and folders."""

import json
import os

os.environ["DJANGO_READ_DOT_ENV_FILE"] = "false"
os.environ.pop("DATABASE_URL", None)

from uploader_project.settings import *  # noqa: F403 (the environment had to be set first)

DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", **json.loads(os.environ["TEST_DATABASE"])}}
