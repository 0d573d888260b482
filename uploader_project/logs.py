"""One log format for Django, uvicorn and Procrastinate: coloured on a terminal, JSON lines by ``LOG_FORMAT=json``."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from uploads.web.request_id import current_reference

COLOURS = {"DEBUG": "\033[2m", "INFO": "\033[32m", "WARNING": "\033[33m", "ERROR": "\033[31m", "CRITICAL": "\033[1;31m"}
PLAIN = "\033[0m"
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message", "reference"}
"""Attributes that every record has; the rest were given by ``extra``."""


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
        return line


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
        return json.dumps(line, ensure_ascii=False, default=str)


def logging_config(*, style: str, level: str) -> dict[str, Any]:
    """For ``logging.config.dictConfig``; ``style`` is ``console`` or ``json``. Everything goes to stderr."""
    formatters = {"console": ConsoleFormatter, "json": JsonFormatter}
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
            "procrastinate": {"level": max(logging.INFO, logging.getLevelName(level.upper()))},
            # It tells at each start of each command that its own tasks were added.
            "procrastinate.blueprints": {"level": logging.WARNING},
            "asyncio": {"level": logging.WARNING},
        },
    }
