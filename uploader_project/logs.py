"""One log format for Django, uvicorn and Procrastinate: coloured on a terminal, JSON lines by ``LOG_FORMAT=json``."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from uploads.web.request_id import current_reference

COLOURS = {"DEBUG": "\033[2m", "INFO": "\033[32m", "WARNING": "\033[33m", "ERROR": "\033[31m", "CRITICAL": "\033[1;31m"}
PLAIN = "\033[0m"
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message", "reference"}
"""Attributes that every record has; the rest were given by ``extra``."""


_TOKENS = re.compile(r"(?<=/)(receipts|files|exports|reset)/((?:[A-Za-z0-9]+/)?[A-Za-z0-9_-]{4})[A-Za-z0-9_-]{12,}")
"""Whoever knows such an address may read what is there, so that whoever reads the log must not."""
_SECRETS = re.compile(r"(uploader_[0-9A-Za-z]{4})[0-9A-Za-z]{20,}")


def masked(line: str) -> str:
    """A line of the log without the tokens in addresses, and without those of programs: four letters of each stay, by
    which whoever has one finds its lines."""
    return _SECRETS.sub(r"\1…", _TOKENS.sub(r"\1/\2…", line))


class ReferenceFilter(logging.Filter):
    """Notes the request's reference when the line is logged: a handler may run in another thread."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.reference = current_reference()
        return True


class ConsoleFormatter(logging.Formatter):
    """``12:34:56 WARNING django.request [k3v9…] Not Found: /x``; colours only where a person watches."""

    def __init__(self, *, coloured: bool | None = None) -> None:
        super().__init__()
        self.coloured = sys.stderr.isatty() if coloured is None else coloured

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        level = f"{record.levelname:<7}"
        if self.coloured:
            level = f"{COLOURS.get(record.levelname, '')}{level}{PLAIN}"
        reference = getattr(record, "reference", "")
        mark = f"[{reference}] " if reference else ""
        line = f"{time} {level} {record.name} {mark}{record.getMessage()}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return masked(line)


class JsonFormatter(logging.Formatter):
    """One JSON object a line; what was given by ``extra`` becomes keys of its own."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if reference := getattr(record, "reference", ""):
            line["reference"] = reference
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        line |= {key: value for key, value in vars(record).items() if key not in STANDARD and key not in line}
        return masked(json.dumps(line, ensure_ascii=False, default=str))


def logging_config(*, style: str, level: str) -> dict[str, Any]:
    """For ``logging.config.dictConfig``; ``style`` is ``console`` or ``json``. Everything goes to stderr.

    Raises ``ImproperlyConfigured``.
    """
    formatters = {"console": ConsoleFormatter, "json": JsonFormatter}
    if style not in formatters:
        raise ImproperlyConfigured(f"LOG_FORMAT is “{style}”; it is {' or '.join(formatters)}.")
    levels = logging.getLevelNamesMapping()
    if level.upper() not in levels:
        raise ImproperlyConfigured(f"LOG_LEVEL is “{level}”; it is {', '.join(COLOURS)}.")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"reference": {"()": ReferenceFilter}},
        "formatters": {"line": {"()": formatters[style]}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["reference"]}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            # These bring handlers of their own; ours serves all.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "uvicorn": {"handlers": [], "propagate": True},
            "uvicorn.access": {"handlers": [], "propagate": True},
            "uvicorn.error": {"handlers": [], "propagate": True, "level": logging.WARNING},
            # Procrastinate tells each poll of its queue at this level.
            "procrastinate": {"level": max(logging.INFO, levels[level.upper()])},
            # It tells at each start of each command that its own tasks were added.
            "procrastinate.blueprints": {"level": logging.WARNING},
            # The pool of sessions tells three times of each request that it gives one out and takes it back.
            "psycopg.pool": {"level": logging.WARNING},
            "asyncio": {"level": logging.WARNING},
        },
    }
